"""Several kinds at once: the answer is that of a model written apart, one parcel takes one kind, one budget pays for all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from geo.coverage.answer import coverage
from geo.coverage.question import demand_of, question_facilities
from geo.coverage.reach import Reach
from geo.errors import ParameterError
from geo.kernels.lattice import Lattice
from geo.places.crs import convert
from geo.register.city import Atlas
from geo.siting import Land, Task, answer_sites, read_site_question
from geo.siting.candidates import Candidates, candidate_frame
from geo.siting.conditions import TOUCH_M
from geo.siting.ground import capacities_of
from geo.siting.instance import Instance, Standing
from geo.siting.joined import joined
from geo.siting.measured import with_sites
from geo.siting.plan import make_plan
from geo.siting.prepared import Prepared
from geo.siting.question import questions_of_kinds
from tests.depth import examples
from tests.siting.instances import HERE
from tests.siting.test_siting_land import ground

CRS = "EPSG:4549"
LATTICE = Lattice(0.0, 0.0, 100.0, np.zeros((1, 1), "int16"), np.ones((1, 1)), ("a",))


@dataclass(frozen=True, eq=False)
class Kinds:
    """A small question on several kinds, as a planner has it."""

    parts: list[Prepared]
    tasks: list[Task]
    weights: list[float]

    @property
    def kind(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.parts)), [len(part.pool) for part in self.parts])

    @property
    def frame(self) -> pd.DataFrame:
        return pd.concat([part.pool.frame for part in self.parts], ignore_index=True)


@st.composite
def questions(draw: st.DrawFn) -> Kinds:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    gap, per_parcel = draw(st.sampled_from([0.0, 0.0, 150.0, 400.0])), draw(st.integers(1, 3))
    in_parcels, limited, number_of = (
        draw(st.sampled_from([True, True, False])),
        draw(st.booleans()),
        draw(st.integers(1, 3)),
    )
    budget = float(draw(st.integers(3, 40))) if in_parcels and draw(st.booleans()) else None
    mixed = rng.random(4) < draw(st.sampled_from([0.0, 0.5, 1.0]))
    parts, tasks, weights = [], [], []
    for nth in range(draw(st.integers(2, 3))):
        sites, groups, old = rng.integers(1, 6), rng.integers(2, 10), rng.integers(0, 3)
        x, y = rng.integers(0, 6, (2, sites)) * 100.0
        lon, lat = convert(x + 530_000, y + 3_495_000, source=CRS, target="WGS84")
        frame = candidate_frame([f"{nth}-{k}" for k in range(sites)], lon, lat, [HERE] * sites, "points")
        if in_parcels:
            row = rng.integers(0, number_of, sites)
            frame["parcel_row"], frame["mixed"], frame["cost"] = (
                row,
                mixed[row],
                rng.integers(1, 9, sites) * 1.0,
            )
        reach = rng.random((groups, sites + old)) < 0.35
        reach = reach[reach.any(axis=1)]
        weight = rng.integers(1, 30, len(reach)).astype(float)
        capacity = float(rng.integers(5, 40)) if limited else None
        value = csc_array(reach.astype(float))
        standing = Standing(value[:, sites:].tocsc(), rng.integers(1, 30, old) * 1.0) if limited else None
        if not limited:
            hit = reach[:, :sites].any(axis=1)
            value, weight = csc_array(reach[hit].astype(float)), weight[hit]
        number = None if budget is not None and rng.random() < 0.5 else int(rng.integers(1, 5))
        task = Task(
            k=number, budget=budget, gap_m=gap, per_parcel=per_parcel, capacity=capacity, time_limit_s=10
        )
        pool = Candidates(frame, CRS, {})
        instance = Instance(
            value[:, :sites].tocsc(), weight, np.zeros(len(weight), "int64"), np.array([weight.sum() + 1]),
            np.zeros(1), ("a",), {"cells": len(weight)}, None, capacities_of(pool, task), standing,
        )  # fmt: skip
        parts.append(Prepared(pool, LATTICE, instance, None))
        tasks.append(task)
        weights.append(float(rng.choice([0.5, 1.0, 3.0])))
    return Kinds(parts, tasks, weights)


def written_apart(asked: Kinds) -> float:
    """The best weighed sum, by scipy's own solver: every pair that may not be together is a row of its own."""
    frame, kind = asked.frame, asked.kind
    sites, first = len(frame), asked.tasks[0]
    x, y = (np.concatenate([part.pool.xy[axis] for part in asked.parts]) for axis in (0, 1))
    rows: list[tuple[np.ndarray, float]] = []

    def row(members: np.ndarray | list[int], top: float, values: np.ndarray | float = 1.0) -> None:
        one = np.zeros(sites)
        one[members] = values
        rows.append((one, top))

    for a, b in itertools.combinations(range(sites), 2):
        near = np.hypot(x[a] - x[b], y[a] - y[b])
        too_near = kind[a] == kind[b] and near < first.gap_m - TOUCH_M
        if too_near or ("parcel_row" not in frame and near < 0.5):
            row([a, b], 1)
    if "parcel_row" in frame:
        for members in frame.groupby("parcel_row").indices.values():
            for here, top in in_a_parcel(
                members, kind, bool(frame["mixed"].iloc[members[0]]), first.per_parcel
            ):
                row(here, top)
    for nth, task in enumerate(asked.tasks):
        if task.k is not None:
            row(np.flatnonzero(kind == nth), task.k)
    if first.budget is not None:
        row(np.arange(sites), first.budget + 1e-9, frame["cost"].to_numpy())
    return _solved(asked, rows) - _solved(asked, [], built=False)


def in_a_parcel(
    members: np.ndarray, kind: np.ndarray, mixed: bool, most: int
) -> Iterator[tuple[np.ndarray, int]]:
    """Which candidates of a parcel, and how many of them at most: of each kind, or in all and no two kinds."""
    if mixed:
        yield from ((members[kind[members] == one], most) for one in set(kind[members]))
        return
    yield members, most
    for a, b in itertools.combinations(members, 2):
        if kind[a] != kind[b]:
            yield np.array([a, b]), 1


def _flows(asked: Kinds) -> tuple[list[tuple[int, int, float]], list[float], list[float], list[int]]:
    """Pairs (group, place, weight of its kind), demand, capacities of all places, and which place is which candidate."""
    pairs, demand, limits, site = [], [], [], []
    start = 0
    for part, weight in zip(asked.parts, asked.weights, strict=True):
        one = part.instance
        reach = [one.value.toarray()] + ([one.standing.value.toarray()] if one.standing else [])
        group, place = np.nonzero(np.hstack(reach))
        pairs += [
            (g + len(demand), p + len(limits), weight)
            for g, p in zip(group.tolist(), place.tolist(), strict=True)
        ]
        everyone = np.full(one.candidates, one.weight.sum()) if one.capacity is None else one.capacity
        limits += [*everyone, *(one.standing.capacity if one.standing else [])]
        old = len(one.standing.capacity) if one.standing else 0
        site += [*range(start, start + one.candidates), *([-1] * old)]
        demand += one.weight.tolist()
        start += one.candidates
    return pairs, demand, limits, site


def _solved(asked: Kinds, rows: list[tuple[np.ndarray, float]], *, built: bool = True) -> float:
    pairs, demand, limits, site = _flows(asked)
    sites = len(asked.frame)
    columns = sites + len(pairs)
    if not pairs:
        return 0.0
    served, taken = np.zeros((len(demand), columns)), np.zeros((len(limits), columns))
    top = np.zeros(len(limits))
    for at, (group, place, _weight) in enumerate(pairs):
        served[group, sites + at] = taken[place, sites + at] = 1
    for place, (limit, of) in enumerate(zip(limits, site, strict=True)):
        if of < 0:
            top[place] = limit
        else:
            taken[place, of] = -limit
    constraints = [LinearConstraint(served, ub=demand), LinearConstraint(taken, ub=top)]
    for one, most in rows:
        constraints.append(LinearConstraint(np.concatenate([one, np.zeros(len(pairs))])[None], ub=most))
    cost = np.concatenate([np.zeros(sites), [-weight for _g, _p, weight in pairs]])
    high = np.concatenate([np.full(sites, float(built)), np.full(len(pairs), np.inf)])
    whole = np.concatenate([np.ones(sites), np.zeros(len(pairs))])
    return -float(milp(cost, constraints=constraints, bounds=Bounds(0, high), integrality=whole).fun)


@examples(40)
@given(questions())
def test_kinds_chosen_at_once_are_those_of_a_model_written_apart(asked: Kinds) -> None:
    instance = joined(asked.parts, asked.tasks, asked.weights)
    numbers = [task.k for task in asked.tasks]
    k = None if None in numbers else sum(number or 0 for number in numbers)
    first = asked.tasks[0]
    task = Task(
        k=k if k is None else min(k, instance.candidates), budget=first.budget, curve=False, time_limit_s=10
    )
    best = written_apart(asked)
    if best <= 1e-6 and not instance.value.nnz:
        return
    try:
        plan = make_plan(instance, task)
    except ParameterError as error:
        assert "不够建任何一处" in str(error) or not instance.value.nnz  # noqa: PT017 (which of the two is the point)
        return
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(best, rel=1e-5, abs=1e-5)
    kind, frame = asked.kind[plan.chosen], asked.frame.iloc[plan.chosen]
    for nth, each in enumerate(asked.tasks):
        assert each.k is None or (kind == nth).sum() <= each.k
    assert first.budget is None or frame["cost"].sum() <= first.budget * (1 + 1e-9)
    if "parcel_row" in frame:
        alone = ~frame["mixed"].to_numpy("bool")
        pairs = set(zip(frame["parcel_row"][alone], kind[alone], strict=True))
        assert len(pairs) == len({parcel for parcel, _kind in pairs})


ALSO = "kind=bus_stop,radius=300,k=2,weight=0.5,land_use=R2+A35"


@pytest.mark.parametrize("mixed", ["", "mixed"])
def test_every_kind_is_measured_by_coverage_and_stands_where_it_may(atlas: Atlas, mixed: str) -> None:
    land = ground(8, atlas.city.projected_crs)
    parcels = land.parcels.assign(mixed=["是", "否", "", "yes", "0"] * 5)
    given_parameters = {
        "kind": "school_primary", "radius": "500", "as_of": "2021-12-31", "district": HERE, "parcels": "-", "k": "2",
        "land_use": "A3", "also": ALSO, "budget": "1900", "spacing": "200", "weight": "2", "mixed_column": mixed,
    }  # fmt: skip
    question = read_site_question(atlas, {name: text for name, text in given_parameters.items() if text})
    demand = demand_of(atlas, "residents")
    answer = answer_sites(atlas, question, demand, land=Land(parcels))
    sites = answer.best.sites
    assert answer.plan.status == "optimal"
    assert sites["cost"].sum() <= 1900
    assert sites["rank"].tolist() == list(range(1, len(sites) + 1))
    by_name = parcels.set_index("地块编号")
    assert set(by_name.loc[sites.loc[sites["kind"] == "school_primary", "parcel"], "用地代码"]) <= {
        "A33",
        "A35",
    }
    assert set(by_name.loc[sites.loc[sites["kind"] == "bus_stop", "parcel"], "用地代码"]) <= {"R2", "A35"}
    for parcel, kinds in sites.groupby("parcel")["kind"]:
        assert len(kinds) == 1 or (mixed and by_name.loc[parcel, "mixed"] in ("是", "yes"))
    weighed = 0.0
    for part, each in zip(answer.kinds, questions_of_kinds(question), strict=True):
        now = question_facilities(atlas, each)
        assert part.radius_m == each.radius_m
        mine = sites[sites["kind"] == part.key]
        served = [
            coverage(atlas, facilities, demand, Reach.straight(part.radius_m)).table.set_index(
                "district_code"
            )
            for facilities in (now, with_sites(now, mine))
        ]
        gained = served[1].loc[HERE, "residents_served"] - served[0].loc[HERE, "residents_served"]
        assert part.effect.gained == pytest.approx(gained, rel=1e-9)
        weighed += part.weight * gained
    # residents are counted by cell here as there, so that the proof is of these very numbers
    assert answer.plan.value == pytest.approx(weighed, rel=1e-6)


@pytest.mark.parametrize(
    ("also", "more", "message"),
    [
        ("kind=clinic,radius=1000", {}, "选址数量 k"),
        ("kind=clinic,radius=1000,k=1", {"goal": "nearest"}, "几类一起选只用于"),
        ("kind=clinic,radius=1000,k=1", {"own": "120.3,31.57"}, "几类一起选只用于"),
        ("clinic", {}, "不是 名=值"),
        ("radius=1000,k=1", {}, "没有写类型"),
        ("kind=clinic,k=1", {}, "二者取一"),
        ("kind=moon,radius=9,k=1", {}, "moon"),
        ("kind=clinic,radius=9,k=0", {}, "参数 k"),
        ("kind=clinic,radius=9,k=1,waight=2", {}, "是否想写 weight"),
        (";".join(["kind=clinic,radius=9,k=1"] * 5), {}, "最多 4 类"),
    ],
)
def test_faults_of_further_kinds_are_named(
    atlas: Atlas, also: str, more: dict[str, str], message: str
) -> None:
    parameters = {"kind": "school_primary", "radius": "500", "k": "1", "district": HERE, "also": also} | more
    demand = demand_of(atlas, "census")
    with pytest.raises(ParameterError, match=message):
        answer_sites(atlas, read_site_question(atlas, parameters), demand)
