"""Where to build, ours and spopt (with its default solver, CBC): same instance, same optimum, end to end.

``python -m benchmarks.bench_siting [--quick]``. Each go runs in a process of its own, the two ways taking turns; time
includes building the model. Prints a Markdown table and writes ``docs/performance/siting.json``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks.timing import digits, in_fresh_process, machine, peak_growth_mib, print_table, write_record
from geo.atlas import load_atlas
from geo.coverage.demand import census_demand
from geo.coverage.reach import Reach
from geo.kernels.lattice import Lattice
from geo.siting.groups import merged
from geo.siting.instance import Instance, reach_instance
from geo.siting.plan import make_plan
from geo.siting.task import Task

SEED = 2026
# name: demand points (0: every cell of the lattice), sites, k, metres, rounds
CASES = {
    "5,000 x 500, k = 30": (5_000, 500, 30, 2_500.0, 3),
    "19,000 x 500, k = 30": (19_000, 500, 30, 2_500.0, 1),
    "460,000 cells x 500, k = 30": (0, 500, 30, 2_500.0, 1),
}
QUICK = {"1,000 x 100, k = 10": (1_000, 100, 10, 2_500.0, 1)}
NOBODY = (np.empty(0), np.empty(0), np.empty(0))


@lru_cache(maxsize=1)
def outline_lattice() -> Lattice:
    """Every 100 m cell of the districts' outlines, lakes too, with a made-up demand that differs from cell to cell."""
    from dataclasses import replace

    from geo.kernels.zones import Zones

    projected = "EPSG:4549"

    districts = load_atlas().districts
    zones = Zones.from_polygons(tuple(districts.index), districts.geometry.to_crs(projected).to_numpy())
    lattice = Lattice.over(zones)
    rng = np.random.default_rng(SEED)
    weight = np.where(lattice.zone >= 0, rng.lognormal(1.0, 1.0, lattice.shape), 0.0)
    return replace(lattice, weight=weight)


def places(n: int, salt: int) -> tuple[np.ndarray, np.ndarray]:
    """Places on land: half anywhere, half around thirty centres."""
    zones = census_demand(load_atlas()).zones
    rng = np.random.default_rng([SEED, salt])
    low, high = zones.index.edges[:, :2].min(axis=0), zones.index.edges[:, :2].max(axis=0)
    found = np.empty((0, 2))
    centres = rng.uniform(low, high, (30, 2))
    while len(found) < n:
        anywhere = rng.uniform(low, high, (n, 2))
        around = centres[rng.integers(0, 30, n)] + rng.normal(0, 4_000, (n, 2))
        both = np.concatenate([anywhere, around])[rng.permutation(2 * n)]
        found = np.concatenate([found, both[zones.locate(both[:, 0], both[:, 1]) >= 0]])
    return np.ascontiguousarray(found[:n, 0]), np.ascontiguousarray(found[:n, 1])


def points_instance(case: tuple[int, int, int, float, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances (demand, sites), and weights."""
    demand, sites, _k, metres, _rounds = case
    x, y = places(demand, 1)
    sx, sy = places(sites, 2)
    far = np.hypot(x[:, None] - sx, y[:, None] - sy)
    return far, np.random.default_rng([SEED, 3]).integers(1, 200, demand).astype(float), np.array([metres])


def ours(case: tuple[int, int, int, float, int]) -> float:
    demand, sites, k, metres, _rounds = case
    if demand:
        from scipy.spatial import cKDTree

        x, y = places(demand, 1)
        weight = np.random.default_rng([SEED, 3]).integers(1, 200, demand).astype(float)
        near = cKDTree(np.column_stack([x, y])).query_ball_point(np.column_stack(places(sites, 2)), metres)
        row = np.concatenate([np.asarray(each, "int64") for each in near])
        column = np.repeat(np.arange(sites), [len(each) for each in near])
        value, sums, zone = merged(row, column, weight, np.zeros(demand, "int64"), sites)
        total = np.array([weight.sum()])
        instance = Instance(value, sums, zone, total, np.zeros(1), ("all",), {"cells": demand})
    else:
        instance = cells_instance(sites, metres)
    plan = make_plan(instance, Task(k=k, time_limit_s=600.0, curve=False))
    assert plan.status == "optimal", plan.status
    return plan.value


def cells_instance(sites: int, metres: float) -> Instance:
    return reach_instance(outline_lattice(), NOBODY, places(sites, 2), Reach.straight(metres))


def spopt(case: tuple[int, int, int, float, int]) -> float:
    import pulp
    from spopt.locate import MCLP

    demand, sites, k, metres, _rounds = case
    if demand:
        far, weight, _metres = points_instance(case)
    else:  # cells one by one would need a matrix of 2 GB and a model of gigabytes: it gets our groups
        instance = cells_instance(sites, metres)
        weight = instance.weight
        far = np.where(instance.value.toarray() > 0, 0.0, 2 * metres)
    model = MCLP.from_cost_matrix(far, weight, metres, p_facilities=k)
    model = model.solve(pulp.PULP_CBC_CMD(msg=False))
    return float(pulp.value(model.problem.objective))


WAYS = {"ours": ours, "spopt + CBC": spopt}


def one(way: str, name: str) -> dict[str, float]:
    """One go in this process: what is loaded beforehand (districts, packages) is not counted."""
    case = (CASES | QUICK)[name]
    places(10, 9)
    if not case[0]:
        outline_lattice()
    warm = (300, 20, 3, 2_500.0, 1)
    WAYS[way](warm)
    kept: dict[str, float] = {}

    def go() -> None:
        start = time.perf_counter()
        kept["value"] = WAYS[way](case)
        kept["ms"] = 1000 * (time.perf_counter() - start)

    kept["mib"] = peak_growth_mib(go)
    return kept


def measure(cases: dict[str, Any]) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for name, case in cases.items():
        goes: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _round in range(case[4]):
            for way in WAYS:
                goes[way].append(in_fresh_process("benchmarks.bench_siting", "--one", way, name))
                print(name, way, goes[way][-1], file=sys.stderr, flush=True)
        ours_value, theirs = (goes[way][0]["value"] for way in WAYS)
        assert abs(ours_value - theirs) <= 1e-4 * theirs, (ours_value, theirs)
        median = {way: statistics.median(go["ms"] for go in found) for way, found in goes.items()}
        rows[name] = {
            way: {
                "ms": median[way],
                "times_ours": median[way] / median["ours"],
                "peak_mib": max(go["mib"] for go in found),
                "value": found[0]["value"],
            }
            for way, found in goes.items()
        }
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", nargs=2)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one(*arguments.one)))
        return
    about = machine()
    rows = measure(QUICK if arguments.quick else CASES)
    table = [
        [name, way, digits(row["ms"] / 1000), digits(row["times_ours"]), digits(row["peak_mib"])]
        for name, ways in rows.items()
        for way, row in ways.items()
    ]
    print_table("Best k sites (MCLP)", ["instance", "way", "s", "x ours", "peak MiB"], table)
    write_record("siting", {"machine": about, "cases": rows}, quick=arguments.quick)


if __name__ == "__main__":
    main()
