"""``read_objects``: objects of an OSM extract by their tags, as safely as any import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.local_file import allowed_ending
from geo.reading.isolate import staged
from geo.reading.kinds import FORMATS, display_name, kind_of
from geo.reading.limits import LIMITS, Limits
from geo.reading.model import ObjectsWanted
from geo.reading.plain_file import head_and_digest
from geo.reading.wire import unpack

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

ENDINGS: Final = (*FORMATS["osm"].endings, *FORMATS["osm.pbf"].endings)


def read_objects(
    path: Path, wanted: Sequence[ObjectsWanted], *, limits: Limits | None = None
) -> list[GeoDataFrame]:
    """Objects of an OSM extract, read by a process of its own.

    Parameters
    ----------
    path : Path
        A local ``.osm`` or ``.osm.pbf`` file.
    wanted : sequence of ObjectsWanted
    limits : Limits or None
        Beyond which a file is refused; :data:`geo.reading.limits.LIMITS` if None.

    Returns
    -------
    list of GeoDataFrame
        One for each of ``wanted``, EPSG:4326: ``osm_id`` (text; of a relation negative) and one column a tag, None where an object lacks it.

    Raises
    ------
    ParameterError
        An address, or another ending.
    IngestError
        As :func:`geo.reading.read_file.read_file`.
    """
    import geopandas as gpd

    allowed_ending(path, ENDINGS)
    limits, shown = limits or LIMITS, display_name(path.name)
    head, __ = head_and_digest(path, shown, limits)
    kind = kind_of(head, shown).key
    with staged(path, shown, FORMATS[kind].endings[0], limits=limits, parts={}) as copy:
        letter = copy.run("objects", kind=kind, wanted=[asdict(each) for each in wanted])
        layers = unpack(copy.folder, letter)[0]
    return [gpd.GeoDataFrame(each.frame, geometry=each.geometry, crs=each.crs) for each in layers]
