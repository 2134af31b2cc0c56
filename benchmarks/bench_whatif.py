"""One edit against our own full recompute: straight lines at 20,000 facilities, and 200,000 nodes of streets.

``python -m benchmarks.bench_whatif [--quick]``. Both sides answer the same edited question, taking turns; before any
time counts the answers are compared to the last digit. Writes ``docs/performance/whatif.json``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.bench_network import Case, streets
from benchmarks.coverage_cases import facilities
from benchmarks.timing import digits, interleaved, machine, once_ms, print_table, rows_of, write_record
from geo.atlas import load_atlas
from geo.coverage.answer import LEVELS
from geo.coverage.demand import Demand, census_demand
from geo.coverage.reach import MAX_REACH_M, Reach, measure_at, snapped_cells
from geo.kernels.cell_reach import nearest_distance
from geo.kernels.edited_streets import EditedStreets, Link, edit_streets
from geo.kernels.lattice import Lattice
from geo.kernels.network import StreetNetwork, snap, walk_distance
from geo.kernels.quantiles import weighted
from geo.kernels.zones import Zones
from geo.whatif.answer_state import State, StraightState, WalkState

RADIUS = 500.0
WALK_M = 2_000.0
ERROR_M = 50.0
EDIT, FULL = "one edit", "full recompute"


def radii(n: int, metres: float, error: float) -> dict[str, np.ndarray]:
    return {
        "low": np.full(n, metres - error),
        "central": np.full(n, metres),
        "high": np.full(n, metres + error),
    }


def straight_case(kind: str, cell_m: float, n: int) -> tuple[Demand, np.ndarray, np.ndarray]:
    census = census_demand(load_atlas())
    lattice = Lattice.over(census.zones, size=cell_m)
    people = np.random.default_rng(5).exponential(15, lattice.shape)
    demand = replace(
        census, kind=kind, lattice=replace(lattice, weight=np.where(lattice.zone >= 0, people, 0.0))
    )
    return demand, *facilities(n, census.zones)


def walk_case(side: int) -> tuple[Demand, StreetNetwork, np.ndarray]:
    """Cells of 100 m over the whole of a simulated town, one zone; 300 facilities."""
    import shapely

    case = Case(side, 300)
    town = Zones.from_polygons(("town",), [shapely.box(0, 0, side * 100.0, side * 100.0)])
    lattice = Lattice.over(town)
    demand = Demand("census", town, np.array([1e6]), lattice)
    network = streets(side)
    return demand, network, network.nodes[case.origins]


def quantiles(demand: Demand, far: np.ndarray) -> np.ndarray:
    weights, _scale = demand.lattice.whole
    groups = [demand.lattice.zone == k for k in range(len(demand.lattice.codes))]
    rows = []
    for here in [*groups, demand.lattice.zone >= 0]:
        order = np.argsort(far[here], kind="stable")
        rows.append(weighted(far[here][order], weights[here][order]))
    return np.array(rows)


class Turns:
    """An edit and its opposite in turns, and the full answer of whatever the state is at the moment."""

    def __init__(
        self, state: State, forth: Callable[[], None], back: Callable[[], None], full: Callable[[bool], Any]
    ) -> None:
        self.state, self.forth, self.back, self.full = state, forth, back, full
        self.done = False

    def edit(self) -> Any:
        (self.back if self.done else self.forth)()
        self.done = not self.done
        return self.state.served(), self.state.quantiles()

    def whole(self) -> Any:
        return self.full(self.done)


def straight_full(demand: Demand, x: np.ndarray, y: np.ndarray, spans: dict[str, np.ndarray]) -> Any:
    served = measure_at(x, y, demand, Reach.straight(RADIUS))
    far = nearest_distance(demand.lattice, x, y)
    return {level: served(spans[level]) for level in LEVELS}, quantiles(demand, far)


def walk_full(demand: Demand, network: StreetNetwork, x: np.ndarray, y: np.ndarray) -> Any:
    served = measure_at(x, y, demand, Reach.walk(network, metres=WALK_M))
    spans = radii(len(x), WALK_M, 0.0)
    inside = demand.lattice.zone >= 0
    far = np.full(demand.lattice.shape, np.nan)
    cells = snapped_cells(demand.lattice, network.ground)
    far[inside] = walk_distance(network, snap(network, x, y), cells, limit=MAX_REACH_M)
    return {level: served(spans[level]) for level in LEVELS}, quantiles(demand, far)


def same(answers: dict[str, Any]) -> None:
    (ours, far), (fresh, far_fresh) = answers[EDIT], answers[FULL]
    for level in LEVELS:
        assert np.array_equal(ours[level].land, fresh[level].land), level
        assert np.array_equal(ours[level].residents, fresh[level].residents), level
    assert np.array_equal(far, far_fresh)


def straight_turns(kind: str, cell_m: float, n: int) -> dict[str, Turns]:
    demand, x, y = straight_case(kind, cell_m, n)
    spans = radii(n, RADIUS, ERROR_M)
    state = StraightState(demand, x, y, spans)
    rng = np.random.default_rng(9)
    k = int(rng.integers(n))
    here, there = (float(x[k]), float(y[k])), (float(x[k]) + 400.0, float(y[k]) + 250.0)
    one = {level: float(each[0]) for level, each in radii(1, RADIUS, ERROR_M).items()}
    none = dict.fromkeys(LEVELS, float("nan"))

    def put(at: tuple[float, float] | None, slot: int) -> Callable[[], None]:
        if at is None:
            return lambda: state.change(slot, float("nan"), float("nan"), none)
        return lambda: state.change(slot, *at, one)

    def full(
        change: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    ) -> Callable[[bool], Any]:
        changed = change(x, y)
        return lambda done: straight_full(
            demand, *(changed if done else (x, y)), radii(len(changed[0] if done else x), RADIUS, ERROR_M)
        )

    def moved(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        at = np.arange(n) == k
        return np.where(at, there[0], x), np.where(at, there[1], y)

    return {
        "add": Turns(state, put(there, n), put(None, n), full(lambda x, y: (np.append(x, there[0]), np.append(y, there[1])))),
        "remove": Turns(state, put(None, k), put(here, k), full(lambda x, y: (np.delete(x, k), np.delete(y, k)))),
        "move": Turns(state, put(there, k), put(here, k), full(moved)),
    }  # fmt: skip


def walk_turns(side: int) -> dict[str, Turns]:
    demand, network, places = walk_case(side)
    x, y = places.T
    n = len(x)
    state = WalkState(demand, network, x, y, radii(n, WALK_M, 0.0))
    rng = np.random.default_rng(4)
    at = network.nodes[rng.integers(len(network.nodes))]
    one = dict.fromkeys(LEVELS, WALK_M)
    none = dict.fromkeys(LEVELS, float("nan"))
    a = int(rng.integers(len(network.nodes)))
    b = int(np.argsort(np.hypot(*(network.nodes - network.nodes[a]).T))[60])
    metres = float(np.hypot(*(network.nodes[a] - network.nodes[b])))
    linked = edit_streets(network, [Link(min(a, b), max(a, b), metres)], [])
    shut = edit_streets(network, [], [int(np.flatnonzero(network.u == network.u[network.u >= a][0])[0])])

    def relink(to: StreetNetwork) -> Callable[[], None]:
        pairs = to.pairs if isinstance(to, EditedStreets) else {}
        return lambda: state.relink(pairs)

    def streets_full(to: StreetNetwork) -> Callable[[bool], Any]:
        return lambda done: walk_full(demand, to if done else network, x, y)

    def more(done: bool) -> Any:
        return walk_full(
            demand, network, np.append(x, at[0]) if done else x, np.append(y, at[1]) if done else y
        )

    def fewer(done: bool) -> Any:
        return walk_full(demand, network, x[1:] if done else x, y[1:] if done else y)

    return {
        "add": Turns(state, lambda: state.change(n, *at, one), lambda: state.change(n, np.nan, np.nan, none), more),
        "remove": Turns(state, lambda: state.change(0, np.nan, np.nan, none), lambda: state.change(0, x[0], y[0], one), fewer),
        "add a link": Turns(state, relink(linked), relink(network), streets_full(linked)),
        "close a street": Turns(state, relink(shut), relink(network), streets_full(shut)),
    }  # fmt: skip


def measured(turns: dict[str, Turns], rounds: int) -> dict[str, Any]:
    """Every edit and its opposite, beside the full recompute of the state that it leaves."""
    found = {}
    for name, turn in turns.items():
        ways = {EDIT: turn.edit, FULL: turn.whole}
        # an even number of goes a turn would compare an edit with the answer before it; what is timed does not care
        ms = interleaved(ways, rounds, check=same)
        if turn.done:
            turn.edit()
        found[name] = rows_of(ms, EDIT, p90_ms={EDIT: slowest_tenth_ms(turn)})
    return found


def slowest_tenth_ms(turn: Turns, goes: int = 40) -> float:
    """Nine tenths of the edits, one after another as a person draws them, take no longer than this."""
    times = [once_ms(turn.edit)[1] for _go in range(goes)]
    return float(np.quantile(times, 0.9))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    n, side, rounds = (2_000, 100, 3) if quick else (20_000, 447, 9)
    record: dict[str, Any] = {"machine": machine(), "cases": {}}
    makers: dict[str, Callable[[], dict[str, Turns]]] = {
        "land and census": lambda: straight_turns("census", 92.5, n),
        "population raster": lambda: straight_turns("raster", 92.5, n),
        "streets": lambda: walk_turns(side),
    }
    for name, make in makers.items():
        turns, ready_ms = once_ms(make)
        lattice = next(iter(turns.values())).state._demand.lattice
        found = measured(turns, rounds)
        record["cases"][name] = {
            "cells": int((lattice.zone >= 0).sum()),
            "facilities": 300 if name == "streets" else n,
            "nodes": side * side if name == "streets" else None,
            "ready_ms": ready_ms,
            "edits": found,
        }
        print_table(
            f"{name}: {record['cases'][name]['cells']:,} cells",
            ["edit", "one edit, ms", "p90, ms", "full recompute, ms", "ratio"],
            [
                [
                    edit,
                    digits(rows[EDIT]["ms"]),
                    digits(rows[EDIT]["p90_ms"]),
                    digits(rows[FULL]["ms"]),
                    digits(rows[FULL]["times_ours"]),
                ]
                for edit, rows in found.items()
            ],
        )
    write_record("whatif", record, quick=quick)


if __name__ == "__main__":
    main()
