"""Coverage, ours and the usual ways: area of unions of discs, residents within reach, nearest distance, growth.

``python -m benchmarks.bench_coverage [--quick]``. Same data, one run, the ways taking turns; answers are compared
before any time counts. Prints Markdown tables and writes ``docs/performance/{coverage,growth}.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.spatial import cKDTree

from benchmarks import postgis
from benchmarks.coverage_apart import answer_peak, numpy_only, peak_mib, work
from benchmarks.coverage_cases import Case
from benchmarks.coverage_setting import OURS, SEED, UNEQUAL
from benchmarks.coverage_tables import show, show_growth, slope
from benchmarks.coverage_ways import WAYS, area_ours, area_unequal, bytes_touched
from benchmarks.stream import bandwidth, beside_bound
from benchmarks.timing import (
    interleaved,
    machine,
    once_ms,
    rows_of,
    write_record,
)
from geo.atlas import load_atlas
from geo.coverage.demand import census_demand
from geo.kernels.lattice import Lattice
from geo.kernels.zones import Zones

SAMPLE = 20_000  # cells that PostGIS finds the nearest facility of


NUMPY = "ours, numpy only"


POSTGIS = "PostGIS"


AREA_CASES = ((100, 1000.0), (2_000, 1000.0), (20_000, 500.0))


REACH_CASES = (100, 2_000, 20_000)


REACH_M = 500.0


GROWTH_CELLS_M = (444.0, 314.0, 222.0, 157.0, 111.0, 78.5, 50.0)


GROWTH_FACILITIES = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    area: tuple[tuple[int, float], ...] = AREA_CASES
    lattices: tuple[str, ...] = ("500", "land", "outline")
    reach: tuple[int, ...] = REACH_CASES
    nearest: tuple[str, ...] = ("land", "outline")
    verify: tuple[int, float] = (2_000, 1000.0)
    growth_cells: tuple[float, ...] = GROWTH_CELLS_M
    growth_facilities: tuple[int, ...] = GROWTH_FACILITIES
    rounds: int = 5
    memory: bool = True


QUICK = Plan(
    area=AREA_CASES[:2],
    lattices=("500", "land"),
    reach=REACH_CASES[:2],
    nearest=("land",),
    verify=(100, 1000.0),
    growth_cells=GROWTH_CELLS_M[1:-1:2],
    growth_facilities=GROWTH_FACILITIES[:-1:2],
    rounds=3,
    memory=False,
)


def bench_area(db: postgis.Database | None, plan: Plan) -> list[dict[str, Any]]:
    out = []
    for n, radius in plan.area:
        case = Case(n, radius)
        ways = {name: prepare(case) for name, prepare in WAYS["area"].items()}
        sql = postgis.AREA.format(radius=radius)
        if db:
            db.load_facilities(*case.xy)
            ways[POSTGIS] = lambda sql=sql: np.array(db.rows(sql))[:, 0]
        errors: dict[str, float] = {}
        ms = interleaved(
            ways, plan.rounds, check=lambda answers, errors=errors: compare_areas(answers, errors)
        )
        peaks = {}
        if plan.memory and n == max(plan.area)[0]:
            peaks = {name: peak_mib("area", name, case) for name in WAYS["area"]}
            peaks |= {POSTGIS: db.peak_mib(sql)} if db else {}
        out.append(
            {
                "facilities": n,
                "radius_m": radius,
                "bound": beside_bound(ms[OURS], bytes_touched("area", case)),
                "ways": rows_of(ms, OURS, city_error=errors, peak_mib=peaks),
            }
        )
    return out


def compare_areas(answers: dict[str, np.ndarray], errors: dict[str, float]) -> None:
    """Polygons lie inside their circles: by at most 0.65 % of the area with 8 segments a quarter, 0.17 % with 16."""
    ours = answers[OURS].sum()
    for name, areas in answers.items():
        if name != UNEQUAL:
            errors[name] = float(areas.sum() / ours - 1)
            assert -(0.0065 if "8" in name else 0.0017) < errors[name] < 1e-9, (name, errors[name])


def verify_area(plan: Plan) -> dict[str, Any]:
    """Ours against shapely's union of polygons with 512 segments a quarter, equal and unequal radii.

    A polygon's loss falls with the square of its segments, so two sizes give the limit as well.
    """
    case = Case(*plan.verify)
    out: dict[str, Any] = {"facilities": case.n, "radius_m": case.radius}
    for name, radius, prepare in (
        ("equal", case.radius, area_ours),
        ("unequal", case.unequal, area_unequal),
    ):
        ours = prepare(case)()
        coarse, fine = (polygon_areas(case, radius, segments) for segments in (256, 512))
        limit = fine + (fine - coarse) / 3
        out[name] = {
            "city_512": float(fine.sum() / ours.sum() - 1),
            "city_limit": float(limit.sum() / ours.sum() - 1),
            "worst_district_512": float(np.abs(fine / ours - 1).max()),
            "worst_district_limit": float(np.abs(limit / ours - 1).max()),
        }
        assert abs(out[name]["city_512"]) < 3e-6, out
        assert out[name]["worst_district_limit"] < 1e-6, out
    return out


def polygon_areas(case: Case, radius: Any, segments: int) -> np.ndarray:
    covered = shapely.union_all(shapely.buffer(shapely.points(*case.xy), radius, quad_segs=segments))
    return shapely.area(shapely.intersection(case.zones.polygons, covered))


def bench_within(db: postgis.Database | None, plan: Plan) -> list[dict[str, Any]]:
    out = []
    for lattice_name in plan.lattices:
        if db:
            cells = Case(1, REACH_M, lattice_name).cells
            db.load_points("cells", cells.assign(id=range(len(cells))))
        for n in plan.reach:
            memory = plan.memory and (lattice_name, n) == (plan.lattices[-1], plan.reach[-1])
            out.append(within_case(db, Case(n, REACH_M, lattice_name), plan.rounds, memory=memory))
    return out


def within_case(db: postgis.Database | None, case: Case, rounds: int, *, memory: bool) -> dict[str, Any]:
    ways = {name: prepare(case) for name, prepare in WAYS["within"].items()}
    more: dict[str, Any] = {}
    with ExitStack() as stack:
        ways[NUMPY] = worker = stack.enter_context(numpy_only(case))
        if db:
            db.load_facilities(*case.xy)
            sql, more["postgis_wordings_ms"] = db.fastest_within("cells", case.radius)
            ways[POSTGIS] = lambda: db.rows(sql)
        ms = interleaved(ways, rounds, check=lambda answers: more.update(compare_within(case, answers)))
        peaks = {}
        if memory:
            peaks = {name: peak_mib("within", name, case) for name in WAYS["within"]} | {
                NUMPY: worker("peak")
            }
            peaks |= {POSTGIS: db.peak_mib(sql)} if db else {}
    size = {
        "cells": len(case.cells),
        "lattice": case.lattice_name,
        "facilities": case.n,
        "radius_m": case.radius,
    }
    bound = beside_bound(ms[OURS], bytes_touched("within", case))
    return size | more | {"bound": bound, "ways": rows_of(ms, OURS, peak_mib=peaks)}


def compare_within(case: Case, answers: dict[str, Any]) -> dict[str, int]:
    """The same cells served and the same weight by zone; ours equal to brute force on a sample, count by count."""
    inside = case.lattice.zone >= 0
    weights, counts = answers[OURS]
    served, zone = counts[inside] > 0, case.cells["zone"].to_numpy()
    by_zone = np.bincount(zone[served], minlength=len(weights))
    compare_brute(case, counts[inside])
    for name in ("geopandas sjoin_nearest", "scipy cKDTree"):
        theirs, rows = answers[name]
        assert np.array_equal(np.sort(rows), np.flatnonzero(served)), f"{name}: other cells are served"
        np.testing.assert_allclose(theirs, weights, rtol=1e-9)
    assert answers[NUMPY]["served"] == by_zone.tolist()
    np.testing.assert_allclose(answers[NUMPY]["weights"], weights, rtol=1e-9)
    for k, number, weight in answers.get(POSTGIS, ()):
        assert number == by_zone[k], f"PostGIS: {number} cells of zone {k} are served, not {by_zone[k]}"
        np.testing.assert_allclose(weight, weights[k], rtol=1e-9)
    distance = cKDTree(np.column_stack(case.xy)).query(case.cells[["x", "y"]].to_numpy(), workers=-1)[0]
    return {
        "served_cells": int(served.sum()),
        "within_1_mm_of_border": int((abs(distance - case.radius) < 1e-3).sum()),
    }


def compare_brute(case: Case, counts: np.ndarray) -> None:
    x, y = case.xy
    for row in np.random.default_rng(SEED).choice(len(counts), 500, replace=False):
        dx, dy = case.cells["x"].to_numpy()[row] - x, case.cells["y"].to_numpy()[row] - y
        assert (dx * dx + dy * dy <= case.radius**2).sum() == counts[row]


def bench_nearest(db: postgis.Database | None, plan: Plan) -> list[dict[str, Any]]:
    out = []
    for lattice_name in plan.nearest:
        case = Case(2_000, REACH_M, lattice_name)
        ways = {name: prepare(case) for name, prepare in WAYS["nearest"].items()}
        sample = np.sort(np.random.default_rng(SEED).choice(len(case.cells), SAMPLE, replace=False))
        if db:
            db.load_facilities(*case.xy)
            db.load_points("sample", case.cells.iloc[sample][["x", "y"]].assign(id=range(SAMPLE)))
            ways[POSTGIS] = lambda: db.rows(postgis.NEAREST)
        gaps: dict[str, float] = {}
        check = nearest_check(case, sample, gaps)
        ms = interleaved(ways, plan.rounds, check=check)
        if db:
            ms[POSTGIS] *= len(case.cells) / SAMPLE
        peaks = {name: peak_mib("nearest", name, case) for name in WAYS["nearest"]} if plan.memory else {}
        size = {
            "cells": len(case.cells),
            "lattice": lattice_name,
            "facilities": case.n,
            "postgis_sample": SAMPLE,
        }
        bound = beside_bound(ms[OURS], bytes_touched("nearest", case))
        out.append(size | {"bound": bound, "ways": rows_of(ms, OURS, largest_gap_m=gaps, peak_mib=peaks)})
    return out


def nearest_check(case: Case, sample: np.ndarray, gaps: dict[str, float]) -> Callable[[dict[str, Any]], None]:
    def check(answers: dict[str, Any]) -> None:
        ours = answers[OURS][case.lattice.zone >= 0]
        for name, theirs in answers.items():
            if name == POSTGIS:
                gaps[name] = float(np.abs(np.array(theirs)[:, 1] - ours[sample]).max())
            elif name != OURS:
                gaps[name] = float(np.abs(theirs - ours).max())
        assert all(gap < 1e-6 for gap in gaps.values()), gaps

    return check


def bench_growth(plan: Plan) -> dict[str, Any]:
    """Time and memory of ours as cells grow (2,000 facilities) and as facilities grow (100 m cells, R = 500 m)."""
    by_cells = [Case(2_000, REACH_M, str(size)) for size in plan.growth_cells]
    by_facilities = [Case(n, REACH_M) for n in plan.growth_facilities]
    return {
        "cells": [growth("within", by_cells, plan), growth("nearest", by_cells, plan)],
        "facilities": [growth(task, by_facilities, plan) for task in ("within", "nearest", "area")],
    }


def growth(task: str, cases: list[Case], plan: Plan) -> dict[str, Any]:
    sizes = [case.n if cases[0].n != cases[-1].n else int((case.lattice.zone >= 0).sum()) for case in cases]
    ways = {str(size): WAYS[task][OURS](case) for size, case in zip(sizes, cases, strict=True)}
    ms = list(interleaved(ways, plan.rounds).values())
    out = {
        "task": task,
        "sizes": sizes,
        "ms": ms,
        "slope": slope(sizes, ms),
        "slope_end": slope(sizes[-3:], ms[-3:]),
    }
    if plan.memory:
        out["peak_mib"] = [peak_mib(task, OURS, case) for case in cases]
        out["memory_slope_end"] = slope(sizes[-3:], out["peak_mib"][-3:])
    return out


def prepared() -> dict[str, float]:
    """Milliseconds of what every way has ready before its time counts."""
    demand = census_demand(load_atlas())
    case = Case(2_000, REACH_M)
    polygons, codes = demand.zones.polygons, demand.zones.codes
    return {
        "ours: index of the districts": once_ms(lambda: Zones.from_polygons(codes, polygons))[1],
        "ours: lattice of 100 m": once_ms(lambda: Lattice.over(demand.zones))[1],
        "geopandas: points of the cells": once_ms(lambda: case.cell_points)[1],
    }


def run(plan: Plan, *, quick: bool) -> None:
    record: dict[str, Any] = {"machine": machine(), "seed": SEED, "prepared_ms": prepared()}
    record["bytes_a_second"] = bandwidth()
    print(json.dumps(record["machine"]))
    with ExitStack() as stack:
        db = stack.enter_context(postgis.database()) if postgis.installed() else None
        if db:
            record["postgis"] = {"version": db.version(), "settings": postgis.SETTINGS}
            print(f"PostGIS: {db.version()}; {', '.join(f'{k} = {v}' for k, v in postgis.SETTINGS.items())}")
            db.load_districts(Case(1, 1.0).zones.polygons)
        record["area"] = bench_area(db, plan)
        show("Land area within R, by district", record["area"])
        record["area_check"] = verify_area(plan)
        print(f"\nOurs against 512 segments a quarter: {json.dumps(record['area_check'])}")
        record["within"] = bench_within(db, plan)
        show("Residents within R, by district", record["within"])
        record["nearest"] = bench_nearest(db, plan)
        show(
            f"Distance of every cell to the nearest facility (PostGIS: {SAMPLE:,} cells, scaled)",
            record["nearest"],
        )
    write_record("coverage", record, quick=quick)
    grown = bench_growth(plan)
    show_growth(grown)
    write_record("growth", {"machine": record["machine"], "seed": SEED, **grown}, quick=quick)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="smaller cases, no memory, nothing recorded in docs/"
    )
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments.worker)
    elif arguments.peak:
        answer_peak(arguments.peak)
    else:
        run(QUICK if arguments.quick else Plan(), quick=arguments.quick)


if __name__ == "__main__":
    main()
