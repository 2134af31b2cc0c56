"""Open data that was fetched, read by workers: an extract as a baseline, rasters as a data set of the city."""

from __future__ import annotations

from pathlib import Path

from geo.atlas import load_atlas
from geo.coverage.city_raster import cut_to_city
from geo.coverage.saved_data import Saved
from geo.ingest.plan.osm import Baseline, read_osm
from geo.reading.read_file import read_file
from layers.workers.handover import Parcel
from layers.workers.heavy import heavy
from layers.workers.limits import OPEN_DATA_S


@heavy(seconds=OPEN_DATA_S, remembered=0)
def extract_of(parcel: Parcel) -> Baseline:
    """What an OSM extract holds for this city; the parcel has the path of the file."""
    return read_osm(read_file(Path(parcel.value)), load_atlas())


@heavy(seconds=OPEN_DATA_S, remembered=0)
def raster_of(parcel: Parcel) -> Saved:
    """The residents that rasters have in the city, kept as a data set; the parcel has ``(paths, name, credit)``."""
    paths, name, credit = parcel.value
    return cut_to_city(load_atlas(), [Path(path) for path in paths], name=name, credit=credit)
