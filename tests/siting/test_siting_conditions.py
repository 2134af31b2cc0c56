"""Spacing, sites a parcel and a budget: the answer is that of a model written apart, and holds every condition."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, vstack

from geo.errors import ParameterError
from geo.siting import Task
from geo.siting.conditions import TOUCH_M, Conditions, apart, at_most_of_each
from geo.siting.instance import Instance
from geo.siting.plan import make_plan
from tests.siting.instances import QUICK, most_assigned


@dataclass(frozen=True, eq=False)
class Ground:
    """A small question with its conditions as a planner has them, beside the instance that is solved."""

    instance: Instance
    xy: np.ndarray
    parcel: np.ndarray
    cost: np.ndarray
    gap: float
    per_parcel: int
    budget: float

    def allows(self, chosen: list[int]) -> bool:
        """Whether sites hold all conditions, by looking at each."""
        pairs = itertools.combinations(chosen, 2)
        near = any(np.hypot(*(self.xy[a] - self.xy[b])) < self.gap - TOUCH_M for a, b in pairs)
        crowded = max(np.bincount(self.parcel[chosen], minlength=1), default=0) > self.per_parcel
        return not near and not crowded and self.cost[chosen].sum() <= self.budget * (1 + 1e-9)


@st.composite
def grounds(draw: st.DrawFn, *, metres: bool = False) -> Ground:
    groups, sites, zones = draw(st.integers(4, 16)), draw(st.integers(3, 10)), draw(st.integers(1, 2))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    # whole hundreds, so that distances just as long as the spacing occur
    xy = rng.integers(0, draw(st.sampled_from([4, 8, 20])), (sites, 2)) * 100.0
    reach = rng.random((groups, sites)) < draw(st.sampled_from([0.2, 0.4, 0.7]))
    reach[0, 0] = True
    value = reach * (rng.integers(1, 40, reach.shape) if metres else 1.0)
    weight, zone = rng.integers(1, 30, groups).astype(float), rng.integers(0, zones, groups)
    hit = reach.any(axis=1)
    already = rng.integers(0, 20, zones).astype(float)
    total = np.bincount(zone, weight, zones) + already
    parcel, cost = rng.integers(0, 5, sites), rng.integers(1, 9, sites).astype(float)
    gap = draw(st.sampled_from([0.0, 100.0, 300.0, 500.0, 900.0]))
    per_parcel = draw(st.integers(1, 3))
    budget = float(cost.min() + draw(st.integers(0, 20)))
    rows = vstack([apart((xy[:, 0], xy[:, 1]), gap), at_most_of_each(parcel, per_parcel)]).tocsr()
    instance = Instance(
        csc_array(value[hit].astype(float)),
        weight[hit],
        zone[hit],
        total,
        already,
        tuple("ab"[:zones]),
        {"cells": groups, "metres_before": 0.0},
        Conditions(rows, cost, budget),
    )
    return Ground(instance, xy, parcel, cost, gap, per_parcel, budget)


def written_apart(ground: Ground, k: int) -> float:
    """The most that ``k`` sites can serve: a model of pairs, parcels and costs, given to scipy's own solver."""
    sites, groups = len(ground.cost), len(ground.instance.weight)
    reach = ground.instance.value.toarray()
    far = np.hypot(*(ground.xy[:, None] - ground.xy[None]).transpose(2, 0, 1))
    pairs = [(a, b) for a, b in itertools.combinations(range(sites), 2) if far[a, b] < ground.gap - TOUCH_M]
    rows, tops = [np.ones(sites)], [float(k)]
    for a, b in pairs:
        rows.append(np.isin(np.arange(sites), [a, b]) * 1.0)
        tops.append(1.0)
    for parcel in np.unique(ground.parcel):
        rows.append((ground.parcel == parcel) * 1.0)
        tops.append(float(ground.per_parcel))
    rows.append(ground.cost)
    tops.append(ground.budget)
    limits = np.hstack([np.array(rows), np.zeros((len(rows), groups))])
    served = np.hstack([-reach, np.eye(groups)])  # a group is served by no more than its open sites
    outcome = milp(
        np.concatenate([np.zeros(sites), -ground.instance.weight]),
        integrality=np.concatenate([np.ones(sites), np.zeros(groups)]),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(limits, ub=tops), LinearConstraint(served, ub=0)],
    )
    return float(-outcome.fun)


@QUICK
@given(grounds(), st.integers(1, 5))
def test_the_best_sites_are_those_of_a_model_written_apart(ground: Ground, k: int) -> None:
    k = min(k, ground.instance.candidates)
    best = written_apart(ground, k)
    plan = make_plan(ground.instance, Task(k=k))
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(best, abs=1e-6)
    assert ground.allows(plan.chosen)
    for point in plan.curve:
        most = written_apart(ground, point["k"])
        assert point["gain"] <= most + 1e-6
        assert point["bound"] >= most - 1e-6


@QUICK
@given(grounds())
def test_a_budget_alone_says_how_many(ground: Ground) -> None:
    plan = make_plan(ground.instance, Task(budget=ground.budget))
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(written_apart(ground, len(ground.cost)), abs=1e-6)
    assert ground.allows(plan.chosen)


@QUICK
@given(grounds(), st.integers(1, 5))
def test_the_quick_answer_holds_the_conditions_and_its_bound(ground: Ground, k: int) -> None:
    k = min(k, ground.instance.candidates)
    plan = make_plan(ground.instance, Task(k=k, method="greedy"))
    assert ground.allows(plan.chosen)
    assert plan.value <= written_apart(ground, k) + 1e-6 <= plan.bound + 2e-6


def choices(ground: Ground, k: int) -> list[list[int]]:
    every = (itertools.combinations(range(len(ground.cost)), number) for number in range(k + 1))
    return [list(chosen) for chosen in itertools.chain(*every) if ground.allows(list(chosen))]


@QUICK
@given(grounds(metres=True), st.integers(1, 4))
def test_the_shortest_ways_are_those_of_enumeration(ground: Ground, k: int) -> None:
    k = min(k, ground.instance.candidates)
    plan = make_plan(ground.instance, Task(goal="nearest", k=k))
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(max(ground.instance.worth(chosen) for chosen in choices(ground, k)))
    assert ground.allows(plan.chosen)


@QUICK
@given(grounds(), st.floats(0.05, 1.0))
def test_the_fewest_are_those_of_enumeration(ground: Ground, share: float) -> None:
    instance = ground.instance
    need = share * instance.total.sum() * (1 - 1e-9)
    reached = [
        chosen
        for chosen in choices(ground, instance.candidates)
        if instance.already.sum() + instance.worth(chosen) >= need
    ]
    task = Task(goal="fewest", share=share)
    if not reached:
        with pytest.raises(ParameterError, match=r"达不到|没有一种选法"):
            make_plan(instance, task)
        return
    plan = make_plan(instance, task)
    assert plan.status == "optimal"
    assert len(plan.chosen) == min(map(len, reached))
    assert ground.allows(plan.chosen)


@QUICK
@given(grounds(), st.integers(1, 4), st.floats(0.05, 0.7))
def test_floors_are_held_with_the_conditions(ground: Ground, k: int, floor: float) -> None:
    instance, k = ground.instance, min(k, ground.instance.candidates)
    zones = instance.total > 0

    def shares(chosen: list[int]) -> np.ndarray:
        return ((instance.already + instance.by_zone(chosen))[zones]) / instance.total[zones]

    fair = [chosen for chosen in choices(ground, k) if (shares(chosen) >= floor * (1 - 1e-9)).all()]
    if not fair:
        with pytest.raises(ParameterError, match=r"达不到|无法让"):
            make_plan(instance, Task(k=k, floor=floor))
        return
    plan = make_plan(instance, Task(k=k, floor=floor))
    assert plan.value == pytest.approx(max(instance.worth(chosen) for chosen in fair))
    assert (shares(plan.chosen) >= floor * (1 - 1e-6)).all()
    assert ground.allows(plan.chosen)


@QUICK
@given(grounds(), st.integers(1, 3), st.integers(0, 2**32))
def test_capacities_of_each_site_are_kept_with_the_conditions(ground: Ground, k: int, seed: int) -> None:
    k = min(k, ground.instance.candidates)
    capacity = np.random.default_rng(seed).uniform(1, 60, ground.instance.candidates)
    instance = replace(ground.instance, capacity=capacity)
    plan = make_plan(instance, Task(k=k))
    assert plan.assigned is not None
    assert (np.array(plan.assigned) <= capacity[plan.chosen] * (1 + 1e-6)).all()
    assert ground.allows(plan.chosen)
    best = max(most_assigned(ground.instance, chosen, capacity[chosen]) for chosen in choices(ground, k))
    assert plan.value == pytest.approx(best, rel=1e-5)
    quick = make_plan(instance, Task(k=k, method="greedy"))
    assert ground.allows(quick.chosen)
    assert quick.value <= best * (1 + 1e-9) <= quick.bound * (1 + 2e-9)


@QUICK
@given(st.integers(0, 2**32), st.integers(2, 40), st.floats(1, 600))
def test_rows_of_a_distance_are_broken_by_just_the_pairs_that_are_nearer(
    seed: int, sites: int, gap: float
) -> None:
    xy = np.random.default_rng(seed).uniform(0, 1000, (sites, 2))
    rows = apart((xy[:, 0], xy[:, 1]), gap)
    both = (rows.T @ rows).toarray() > 0  # two sites that share a row cannot both be chosen
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    apart_from_itself = ~np.eye(sites, dtype=bool)
    assert (both[apart_from_itself] == (far < gap - TOUCH_M)[apart_from_itself]).all()


def test_a_budget_that_buys_nothing_is_refused_with_what_the_cheapest_costs() -> None:
    instance = Instance(
        csc_array(np.eye(2)), np.ones(2), np.zeros(2, int), np.array([2.0]), np.zeros(1), ("a",), {"cells": 2}
    )
    costs = Conditions(apart((np.arange(2.0), np.zeros(2)), 0), np.array([700.0, 900.0]), 650.0)
    with pytest.raises(ParameterError, match=r"预算 650 不够.*700"):
        make_plan(replace(instance, conditions=costs), Task(budget=650.0))
