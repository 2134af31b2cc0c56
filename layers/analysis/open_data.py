"""Open data that was fetched, read by workers: an extract as a baseline and as a base map, rasters as a data set of the city."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from geo.atlas import load_atlas
from geo.coverage.city_raster import cut_to_city
from geo.coverage.saved_data import Saved
from geo.detailed_map.make import Made, make_base_map
from geo.ingest.plan.osm import Baseline, read_osm
from geo.ingest.plan.osm_objects import read_extract
from geo.places.districts import city_box
from geo.reading.limits import PROVINCE
from geo.text import mark as _
from layers.workers.handover import Parcel
from layers.workers.heavy import heavy
from layers.workers.limits import OPEN_DATA_S

_MAP_STEPS: Final = {
    "read": _("详细底图：读取摘录…"),
    "sort": _("详细底图：按类别整理…"),
    "write": _("详细底图：切成矢量瓦片…"),
}


@heavy(seconds=OPEN_DATA_S, remembered=0)
def extract_of(parcel: Parcel) -> Baseline:
    """What an OSM extract holds for this city; the parcel has the path of the file."""
    atlas = load_atlas()
    found = read_extract(Path(parcel.value), atlas, limits=PROVINCE)
    parcel.begin_step(_("认设施、居住用地和街道…"))
    return read_osm(found, atlas)


@heavy(seconds=OPEN_DATA_S, remembered=0)
def detailed_map_of(parcel: Parcel) -> Made:
    """The detailed base map of an OSM extract, in its place; the parcel has the path of the file."""
    box = city_box(load_atlas().districts)
    return make_base_map(Path(parcel.value), box, progress=lambda step: parcel.begin_step(_MAP_STEPS[step]))


@heavy(seconds=OPEN_DATA_S, remembered=0)
def raster_of(parcel: Parcel) -> Saved:
    """The residents that rasters have in the city, kept as a data set; the parcel has ``(paths, name, credit)``."""
    paths, name, credit = parcel.value
    return cut_to_city(load_atlas(), [Path(path) for path in paths], name=name, credit=credit)
