"""``read_objects``: objects of an OSM extract by their tags, as safely as any import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.reading.brought import brought
from geo.reading.kinds import FORMATS
from geo.reading.limits import Limits
from geo.reading.model import Note, ObjectsWanted
from geo.reading.wire import unpack

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_EXTRACTS: Final = (*FORMATS["osm"].endings, *FORMATS["osm.pbf"].endings)
ENDINGS: Final = (*_EXTRACTS, ".zip")
"""Of an extract, or of a zip that holds one."""


@dataclass(frozen=True, eq=False)
class Objects:
    """What was read of an OSM extract.

    Attributes
    ----------
    name, sha256 : str
        Of the file, as :class:`geo.reading.model.Opened` has them.
    frames : tuple of GeoDataFrame
        One for each that was asked for, EPSG:4326: ``osm_id`` (``n5``, ``w7``, ``r9``), ``rule`` (place of the rule that decided what the object
        is) and one column a tag, NaN where an object lacks it.
    elsewhere : int
        Objects that a rule wants outside the box, in all; 0 where that was not asked for.
    notes : tuple of Note
        What was done and found while reading: deleted objects, ways without their nodes.
    """

    name: str
    sha256: str
    frames: tuple[GeoDataFrame, ...]
    elsewhere: int
    notes: tuple[Note, ...]


def is_extract(name: str) -> bool:
    """Whether a file's name is that of an OSM extract."""
    return name.lower().endswith(_EXTRACTS)


def read_objects(
    path: Path,
    wanted: Sequence[ObjectsWanted],
    *,
    name: str = "",
    limits: Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Objects:
    """Objects of an OSM extract, read by a process of its own that opens the file once for all of them.

    Parameters
    ----------
    path : Path
        A local ``.osm`` or ``.osm.pbf`` file, or a zip with one.
    wanted : sequence of ObjectsWanted
    name : str
        What the person calls it; default the path's own name.
    limits : Limits or None
        Beyond which a file is refused; :data:`geo.reading.limits.LIMITS` if None.
    cancelled : callable or None
        Asked many times a second; True stops the reading.

    Returns
    -------
    Objects

    Raises
    ------
    ParameterError
        An address, or another ending.
    IngestError
        As :func:`geo.reading.read_file.read_file`.
    """
    import geopandas as gpd

    with brought(path, ENDINGS, name=name, limits=limits) as file:
        details = [asdict(each) for each in wanted]
        letter = file.copy.run("objects", cancelled, kind=file.kind, wanted=details)
        layers = unpack(file.copy.folder, letter)[0]
        shown, sha256 = file.copy.name, file.sha256
    frames = [gpd.GeoDataFrame(each.frame, geometry=each.geometry, crs=each.crs) for each in layers]
    notes = [note for each in layers for note in each.notes]
    return Objects(shown, sha256, tuple(frames), int(letter["elsewhere"]), tuple(notes))
