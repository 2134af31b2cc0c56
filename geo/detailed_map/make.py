"""Makes the detailed base map of this installation from an OSM extract, and says where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import DataError
from geo.paths import var_dir
from geo.reading.limits import PROVINCE, Limits
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.detailed_map.coast import Box

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: where it lies, its bytes, and how many objects each layer has."""

    path: Path
    size: int
    objects: dict[str, int]


def archive_path() -> Path:
    """Where the detailed base map is kept: ``base_map/detailed.pmtiles`` in ``ATLAS_VAR``."""
    return var_dir() / "base_map" / "detailed.pmtiles"


def archive_version() -> str:
    """A word that changes with the file; empty where there is none."""
    try:
        status = archive_path().stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"


def make_base_map(
    extract: Path, box: Box | None, *, limits: Limits = PROVINCE, progress: Progress | None = None
) -> Made:
    """Make the detailed base map and put it in the place of an earlier one, which stays if this one fails.

    Parameters
    ----------
    extract : Path
        ``.osm`` or ``.osm.pbf`` on this machine.
    box : Box or None
        What is kept of it: west, south, east, north in degrees; None for all that it has.
    limits : Limits
        Beyond which a file is refused.
    progress : callable or None
        Called with ``read``, ``sort`` and ``write`` as each begins.

    Returns
    -------
    Made

    Raises
    ------
    ParameterError
        No such file name.
    IngestError
        It cannot be read, or is larger than the limits.
    DataError
        Nothing that is drawn lies in the box.
    """
    # a server only looks where the map is kept
    from geo.detailed_map.archive import write_archive
    from geo.detailed_map.kinds import map_layers, objects_wanted
    from geo.places.base_map import OSM_CREDIT
    from geo.reading.objects import read_objects

    begin = progress or (lambda _step: None)
    begin("read")
    objects = read_objects(extract, objects_wanted(box), limits=limits).frames
    begin("sort")
    if not any(map(len, objects)):
        raise DataError(
            _("{name} 里没有一处在本市范围内，底图未改。"),
            hint=_("请换成本市的摘录；要画别处，命令行用 --everywhere。"),
            name=extract.name,
        )
    frame = box or _bounds(objects)
    layers = map_layers(objects, frame)
    begin("write")
    path = archive_path()
    write_archive(layers, frame, path, {"name": extract.name, "attribution": OSM_CREDIT, "type": "baselayer"})
    return Made(path, path.stat().st_size, {layer: len(rows) for layer, rows in layers.items()})


def _bounds(objects: Sequence[GeoDataFrame]) -> Box:
    edges = [frame.total_bounds for frame in objects if len(frame)]
    west, south = (min(float(each[at]) for each in edges) for at in (0, 1))
    east, north = (max(float(each[at]) for each in edges) for at in (2, 3))
    return west, south, east, north
