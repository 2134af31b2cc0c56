"""Main roads and railways of a city pack: ``python -m tools.base_map`` writes ``base_map.geojson`` anew.

From OpenStreetMap as the package scgraph_data has it (ODbL). It and momepy are large and needed once, so they are installed
beside the project (docs/base-map.md). The same packages give the same bytes.
"""

from __future__ import annotations

import ast
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.paths import data_dir
from geo.places.districts import load_districts

SOURCE: Final = "OpenStreetMap, in PyPI scgraph_data 2.0.0"
ACCURACY_M: Final = 100
"""The package rounds to 0.001 degrees."""
_KINDS: Final = {"road": "world_highways", "rail": "world_railways"}
_AROUND_DEG: Final = 0.08
"""How far beyond the city lines are drawn, so that no road ends at its border."""
_TOLERANCE_M: Final = 55.0
_LEAST_METRES: Final = ((20_000, 8), (11_000, 9), (6_000, 10), (3_000, 11), (1_200, 12), (0, 13))
"""Length of a stroke, and the zoom from which one so long is drawn."""


def network(package_file: Path) -> tuple[list[dict[int, float]], np.ndarray[Any, Any]]:
    """Neighbours of each node, and the nodes' longitude and latitude (n, 2), read without running the package's code.

    The module is two literals, ``graph=`` and ``nodes=``; importing it would build a search tree of the whole world.
    """
    text = package_file.read_text("utf-8")
    start, middle = text.index("graph="), text.index("nodes=")
    end = text.index(f"{package_file.stem}_geograph")
    neighbours = ast.literal_eval(text[start + len("graph=") : middle].strip())
    nodes = np.array(ast.literal_eval(text[middle + len("nodes=") : end].strip()), "float64")
    return neighbours, nodes[:, ::-1]


def edges(
    neighbours: list[dict[int, float]], nodes: np.ndarray[Any, Any], bounds: tuple[float, ...]
) -> gpd.GeoSeries:
    """The straight edges with both ends in ``bounds`` (west, south, east, north), each once, EPSG:4326."""
    west, south, east, north = bounds
    x, y = nodes.T
    near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    within = set(near.tolist())
    pairs = {
        tuple(sorted(((x[a], y[a]), (x[b], y[b])))) for a in within for b in neighbours[a] if b in within
    }
    return gpd.GeoSeries(shapely.linestrings(sorted(pair for pair in pairs if pair[0] != pair[1])), crs=4326)


def strokes(lines: gpd.GeoSeries, projected: str) -> gpd.GeoDataFrame:
    """Edges joined where they go straight on (momepy.COINS), with the zoom from which each is drawn; in ``projected``.

    The data has no classes of roads; a long stroke is a main road more often than a short one.
    """
    import momepy  # noqa: PLC0415  (installed for this command alone)

    joined = momepy.COINS(
        gpd.GeoDataFrame(geometry=lines.to_crs(projected)), angle_threshold=120
    ).stroke_gdf()
    joined["from_zoom"] = [
        next(zoom for least, zoom in _LEAST_METRES if length >= least) for length in joined.length
    ]
    return joined.set_geometry(joined.geometry.simplify(_TOLERANCE_M))


def features(root: Path) -> list[dict[str, Any]]:
    """One feature for each kind and zoom, of the city whose pack is in ``root``."""
    description = json.loads((root / "datapackage.json").read_text("utf-8"))
    projected = str(description["city"]["projected_crs"])
    west, south, east, north = load_districts(root).total_bounds
    bounds = (west - _AROUND_DEG, south - _AROUND_DEG, east + _AROUND_DEG, north + _AROUND_DEG)
    made = []
    for kind, module in _KINDS.items():
        drawn = strokes(edges(*network(_package_file(module)), bounds), projected).to_crs(4326)
        for zoom, rows in drawn.groupby("from_zoom"):
            made.append(_feature(kind, int(zoom), rows))
    return made


def _package_file(module: str) -> Path:
    spec = find_spec("scgraph_data")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("install scgraph_data==2.0.0 and momepy beside the project first (docs/base-map.md)")
    return Path(spec.submodule_search_locations[0]) / f"{module}.py"


def _feature(kind: str, zoom: int, rows: pd.DataFrame) -> dict[str, Any]:
    parts = [np.round(shapely.get_coordinates(part), 3).tolist() for part in shapely.get_parts(rows.geometry)]
    return {
        "type": "Feature",
        "id": f"{kind}-{zoom}",
        "properties": {
            "way_id": f"{kind}-{zoom}",
            "kind": kind,
            "from_zoom": zoom,
            "accuracy_m": ACCURACY_M,
            "source": SOURCE,
            "licence": "ODbL-1.0",
            "attribution": "© OpenStreetMap contributors",
        },
        "geometry": {"type": "MultiLineString", "coordinates": sorted(parts)},
    }


def main() -> None:
    """Write the file of the pack in force."""
    root = data_dir()
    collection = {"type": "FeatureCollection", "name": "base_map", "features": features(root)}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    (root / "base_map.geojson").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
