"""A lattice over zones, and both engines against each other."""

from __future__ import annotations

import inspect
import json
import math
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo.errors import ParameterError
from geo.kernels.cell_reach import nearest_distance, reach_counts, served_weight, within_reach
from geo.kernels.discs import union_area
from geo.kernels.lattice import Lattice
from geo.kernels.zones import Zones
from tests.kernels.lattice_cases import brute_counts, brute_nearest, lattice
from tests.kernels.test_lattice import on_the_edge_of_rounding

ROOT = Path(__file__).parents[2]


TOWN = [
    shapely.Polygon([(13, 27), (2990, -310), (2500, 1800), (700, 1490)]),
    shapely.Polygon([(2500, 1800), (700, 1490), (-450, 3333), (1900, 3900)]),
    shapely.Polygon(
        [(2990, -310), (2500, 1800), (4100, 2300), (4700, 100)],
        [[(3000, 800), (3700, 900), (3600, 1500), (3100, 1300)]],
    ),
]


@pytest.mark.parametrize("size", [10.0, 33.3, 100.0])
def test_a_lattice_over_zones_has_their_areas(size: float) -> None:
    """Only cells that the outline meets can be counted wrongly: outline times the side of a cell."""
    cells = Lattice.over(Zones.from_polygons(("a", "b", "c"), TOWN), size=size)
    assert cells.codes == ("a", "b", "c")
    for total, polygon in zip(cells.totals, TOWN, strict=True):
        assert abs(total - polygon.area) <= polygon.length * size
    assert cells.totals.sum() == pytest.approx(shapely.union_all(TOWN).area, rel=3 * size / 4000)
    assert (cells.weight[cells.zone < 0] == 0).all()
    assert (cells.weight[cells.zone >= 0] == size * size).all()


@pytest.mark.parametrize("size", [10.0, 33.3, 100.0])
def test_a_lattice_over_zones_asks_shapely_the_same(size: float) -> None:
    cells = Lattice.over(Zones.from_polygons(("a", "b", "c"), TOWN), size=size)
    ny, nx = cells.shape
    assert cells.x0 / size == pytest.approx(round(cells.x0 / size), abs=1e-9)
    assert cells.y0 / size == pytest.approx(round(cells.y0 / size), abs=1e-9)
    assert -450 - size < cells.x0 <= -450
    assert -310 - size < cells.y0 <= -310
    assert 4700 <= cells.x0 + nx * size < 4700 + size
    assert 3900 <= cells.y0 + ny * size < 3900 + size
    east, north = cells.centres()
    assert (east.size, north.size) == (nx, ny)
    points = shapely.points(*np.meshgrid(east, north))
    for code, polygon in enumerate(TOWN):
        clear = shapely.distance(polygon.boundary, points) > 1e-6
        assert ((cells.zone == code) == shapely.contains(polygon, points))[clear].all()


def test_finer_cells_come_closer_to_the_union_of_discs() -> None:
    """What the lattice says is served approaches the exact area; never further off than outline times side."""
    zones = Zones.from_polygons(("a", "b", "c"), TOWN)
    rng = np.random.default_rng(2)
    x, y, r = rng.uniform(-500, 5000, 20), rng.uniform(-500, 4000, 20), rng.uniform(200, 700, 20)
    exact = union_area(x, y, r, zones)
    worst = []
    for size in (80.0, 20.0, 5.0):
        cells = Lattice.over(zones, size=size)
        off = np.abs(served_weight(cells, reach_counts(cells, x, y, r)) - exact)
        outline = shapely.length(TOWN) + 2 * math.pi * r.sum()
        assert (off <= outline * size).all()
        worst.append(float(off.max()))
    assert all(finer < coarser / 2 for coarser, finer in pairwise(worst))


@pytest.mark.parametrize("size", [0, -100, math.nan, math.inf])
def test_cells_without_a_size_are_refused(size: float) -> None:
    with pytest.raises(ParameterError, match="格网边长"):
        Lattice.over(Zones.from_polygons(("a", "b", "c"), TOWN), size=size)


def test_a_lattice_over_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="分区是空的"):
        Lattice.over(Zones.from_polygons(("a",), [shapely.Polygon()]))


def answers(case: dict[str, Any]) -> dict[str, Any]:
    """What one engine says; the other engine runs this function's text in its own process."""
    cells = Lattice(
        case["x0"], case["y0"], case["size"],
        np.array(case["zone"], "int16"), np.array(case["weight"]), ("a", "b", "c"),
    )  # fmt: skip
    counts = reach_counts(cells, case["x"], case["y"], case["r"])
    zones = Zones.from_polygons(("a", "b"), [shapely.from_wkt(text) for text in case["polygons"]])
    few = slice(10)
    return {
        "counts": counts.tolist(),
        "served": served_weight(cells, counts).tolist(),
        "within": within_reach(cells, case["x"], case["y"], case["r"])[1].tolist(),
        "nearest": np.nan_to_num(nearest_distance(cells, case["x"], case["y"]), nan=-1.0).tolist(),
        "area": union_area(case["x"][few], case["y"][few], case["r"][few], zones).tolist(),
        "located": zones.locate(case["x"], case["y"]).tolist(),
        "none": reach_counts(cells, [], [], []).tolist(),
        "fine": [
            reach_counts(Lattice(x0, y0, size, cells.zone, cells.weight, cells.codes), x, y, r).tolist()
            for x0, y0, size, x, y, r in case["fine"]
        ],
    }


OTHER_ENGINE = f"""
import json, sys
from typing import Any
import numpy as np
import shapely
from geo.kernels.compiling import ENGINE
from geo.kernels.discs import union_area
from geo.kernels.cell_reach import nearest_distance, reach_counts, served_weight, within_reach
from geo.kernels.lattice import Lattice
from geo.kernels.zones import Zones

{inspect.getsource(answers)}
print(json.dumps({{"engine": ENGINE, **answers(json.load(sys.stdin))}}))
"""


def test_both_engines_say_the_same() -> None:
    """Compiled and plain: the same counts, and floats within 1e-9; brute force says it is not the same mistake."""
    rng = np.random.default_rng(2026)
    cells = lattice(40, 50, 2.0, (-10.0, 6.0), seed=9)
    x = [*rng.integers(-40, 120, 30).tolist(), *rng.uniform(-40, 120, 30).tolist()]
    y = [*rng.integers(-40, 120, 30).tolist(), *rng.uniform(-40, 120, 30).tolist()]
    r = [*rng.choice([0, 5, 13, 25], 30).tolist(), *rng.uniform(0, 40, 30).tolist()]
    fine = [on_the_edge_of_rounding(size) for size in (0.1, 0.3, 1 / 3)]
    case = {
        "fine": [(few.x0, few.y0, few.size, *(v.tolist() for v in discs)) for few, *discs in fine],
        "x0": cells.x0, "y0": cells.y0, "size": cells.size,
        "zone": cells.zone.tolist(), "weight": cells.weight.tolist(), "x": x, "y": y, "r": r,
        "polygons": [
            "POLYGON ((-30 -20, 45 -35, 40 90, -20 80, -30 -20), (0 10, 5 30, 25 20, 0 10))",
            "POLYGON ((45 -35, 40 90, 110 100, 105 -10, 45 -35))",
        ],
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", OTHER_ENGINE],
        input=json.dumps(case),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "ATLAS_NO_NUMBA": "1", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    plain = json.loads(done.stdout)
    assert plain["engine"] == "numpy"
    here = answers(case)
    assert plain["counts"] == here["counts"] == brute_counts(cells, x, y, r).tolist()
    assert plain["fine"] == here["fine"] == [brute_counts(*known).tolist() for known in fine]
    assert plain["none"] == here["none"] == np.zeros((40, 50), int).tolist()
    assert plain["located"] == here["located"]
    assert {-1, 0, 1} <= set(here["located"])
    assert plain["served"] == pytest.approx(here["served"], rel=1e-9)
    assert plain["within"] == pytest.approx(here["within"], rel=1e-9)
    assert here["within"] == pytest.approx(here["served"], rel=1e-12)
    assert plain["area"] == pytest.approx(here["area"], rel=1e-9)
    assert min(here["area"]) > 0
    near = np.nan_to_num(brute_nearest(cells, x, y), nan=-1.0)
    for said in (plain["nearest"], here["nearest"]):
        assert np.allclose(said, near, rtol=1e-9, atol=1e-12)
