"""Streets of a file that a person brought: to walk on, and with the tags of roads for driving and cycling where the file has them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.kernels.network import StreetNetwork
from geo.kernels.roads import BARRIER_TAGS, TAGS, TaggedStreets
from geo.local_file import allowed_ending
from geo.places.base_map import OSM_CREDIT
from geo.reading.model import ShapesWanted
from geo.reading.shapes import read_shapes

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

NO_STREETS: Final = (
    "raceway", "bus_guideway", "busway", "escape", "emergency_bay", "rest_area", "services", "platform", "construction",
    "proposed", "planned", "abandoned", "disused", "razed", "no",
)  # fmt: skip
NOT_WALKED: Final = ("motorway", "motorway_link", *NO_STREETS)
_STREETS: Final = ShapesWanted("LineString", needed="highway", refused={"highway": NO_STREETS}, tags=TAGS)
"""Lines that are streets; of OpenStreetMap the ways that something may travel on."""
_BARRIERS: Final = ShapesWanted("Point", needed="barrier", tags=BARRIER_TAGS)
_ENDINGS: Final = (".gpkg", ".geojson", ".json", ".shp", ".fgb", ".osm.pbf", ".osm")


def read_streets(path: Path, projected: str) -> StreetNetwork:
    """The network of a file of centre lines.

    Parameters
    ----------
    path : Path
        A local GeoPackage, GeoJSON, Shapefile, FlatGeobuf (every line of the first layer of lines), ``.osm`` or
        ``.osm.pbf`` (the ways that may be walked on: no motorway, no ``foot=no``).
    projected : str
        ``EPSG:n`` of the system whose metres the network is measured in.

    Returns
    -------
    StreetNetwork
        To walk on; where the file has ``highway``, :meth:`StreetNetwork.by` gives those of vehicles too.

    Raises
    ------
    ParameterError
        An address instead of a local file, an unknown extension, or no line to walk on.
    CrsError
        As :meth:`StreetNetwork.from_lines`.
    DataError
        The file cannot be read or is not what its extension says.
    """
    osm = allowed_ending(path, _ENDINGS).startswith(".osm")
    frame = read_shapes(path, _ENDINGS, _STREETS)
    tags = {tag: _texts(frame, tag) for tag in TAGS}
    walked = ~(np.isin(tags["highway"].astype(str), NOT_WALKED) | (tags["foot"] == "no"))
    network = StreetNetwork.from_lines(frame[walked], projected)
    network.report.update({"source": path.name} | ({"credit": OSM_CREDIT} if osm else {}))
    if "highway" not in frame.columns:
        return network
    barriers = read_shapes(path, _ENDINGS, _BARRIERS) if osm else None
    return _with_roads(network, frame, tags, barriers, projected)


def _with_roads(
    network: StreetNetwork,
    frame: GeoDataFrame,
    tags: dict[str, NDArray[np.object_]],
    barriers: GeoDataFrame | None,
    projected: str,
) -> TaggedStreets:
    is_line = np.isin(shapely.get_type_id(frame.geometry.to_numpy()), (1, 2, 5))
    roads, row = shapely.get_parts(frame[is_line].to_crs(projected).geometry.to_numpy(), return_index=True)
    places = np.empty((0, 2)) if barriers is None else _places(barriers, projected)
    return TaggedStreets(
        network.nodes,
        network.u,
        network.v,
        network.length,
        network.report,
        roads=roads,
        tags={tag: texts[is_line][row] for tag, texts in tags.items()},
        barriers=places,
        barrier_tags={tag: _texts(barriers, tag) for tag in BARRIER_TAGS},
    )


def _places(points: GeoDataFrame, projected: str) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(points.to_crs(projected).geometry.to_numpy()), "float64")


def _texts(frame: Any, tag: str) -> NDArray[np.object_]:
    """A column as texts, "" for nothing and where there is no such column."""
    count = 0 if frame is None else len(frame)
    if frame is None or tag not in frame.columns:
        return np.full(count, "", object)
    return np.array([value if isinstance(value, str) else "" for value in frame[tag]], object)
