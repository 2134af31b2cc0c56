"""Existing facilities that serve at most their capacity: the answer is that of a model written apart, and nobody counts twice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array

from geo.coverage.question import demand_of
from geo.coverage.reach import Reach
from geo.errors import ParameterError
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.siting import Setting, Siting, Task, choose_sites
from geo.siting.candidates import grid_candidates
from geo.siting.conditions import Conditions, apart
from geo.siting.instance import Instance, Standing
from geo.siting.plan import make_plan
from tests.depth import examples
from tests.siting.instances import HERE


@dataclass(frozen=True, eq=False)
class Town:
    """Demand, who reaches it, and what each can take: new sites first, then what stands."""

    instance: Instance
    reach: np.ndarray
    limit: np.ndarray
    new: int
    cost: np.ndarray
    budget: float

    def flows(self, is_open: np.ndarray) -> float:
        """The most that open places take together: a linear programme of its own."""
        group, place = np.nonzero(self.reach * is_open)
        if not len(group):
            return 0.0
        rows = np.zeros((len(self.reach) + len(self.limit), len(group)))
        rows[group, np.arange(len(group))] = 1
        rows[len(self.reach) + place, np.arange(len(group))] = 1
        top = np.concatenate([self.instance.weight, self.limit])
        return -float(linprog(-np.ones(len(group)), A_ub=rows, b_ub=top).fun)

    @property
    def alone(self) -> float:
        return self.flows(np.arange(len(self.limit)) >= self.new)


@st.composite
def towns(draw: st.DrawFn) -> Town:
    groups, new, old = draw(st.integers(3, 12)), draw(st.integers(2, 7)), draw(st.integers(0, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    reach = rng.random((groups, new + old)) < draw(st.sampled_from([0.25, 0.5, 0.8]))
    reach[0, 0] = True
    hit = reach.any(axis=1)
    reach = reach[hit]
    weight, zone = rng.integers(1, 30, len(reach)).astype(float), rng.integers(0, 2, len(reach))
    limit = rng.integers(0, draw(st.sampled_from([10, 40, 200])), new + old).astype(float) + 1
    already = rng.integers(0, 20, 2).astype(float)
    cost = rng.integers(1, 9, new).astype(float)
    budget = float(cost.min() + draw(st.integers(0, 20)))
    value = csc_array(reach.astype(float))
    instance = Instance(
        value[:, :new].tocsc(),
        weight,
        zone,
        np.bincount(zone, weight, 2) + already,
        already,
        ("a", "b"),
        {"cells": groups},
        Conditions(apart((np.arange(new) * 100.0, np.zeros(new)), 0.0), cost, budget),
        limit[:new],
        Standing(value[:, new:].tocsc(), limit[new:]),
    )
    return Town(instance, reach, limit, new, cost, budget)


def written_apart(town: Town, k: int, wanted: float | None = None) -> float | None:
    """The best of scipy's own solver: the most that ``k`` sites add, or (``wanted``) the fewest sites that serve so much."""
    group, place = np.nonzero(town.reach)
    places, pairs = len(town.limit), len(group)
    at = np.arange(pairs)
    served = np.zeros((len(town.reach), places + pairs))
    served[group, places + at] = 1
    taken = np.zeros((places, places + pairs))
    taken[place, places + at] = 1
    taken[np.arange(places), np.arange(places)] = -town.limit
    spent = np.concatenate([town.cost, np.zeros(places - town.new + pairs)])
    number = np.concatenate([np.ones(town.new), np.zeros(places - town.new + pairs)])
    everyone = np.concatenate([np.zeros(places), np.ones(pairs)])
    rows = [
        LinearConstraint(served, ub=town.instance.weight),
        LinearConstraint(taken, ub=np.zeros(places)),
        LinearConstraint(spent[None], ub=town.budget + 1e-9),
        LinearConstraint(number[None], ub=float(k)),
    ]
    if wanted is not None:
        rows.append(LinearConstraint(everyone[None], lb=wanted * (1 - 1e-9)))
    low = np.concatenate([(np.arange(places) >= town.new) * 1.0, np.zeros(pairs)])
    high = np.concatenate([np.ones(places), np.full(pairs, np.inf)])
    whole = np.concatenate([np.ones(places), np.zeros(pairs)])
    cost = number if wanted is not None else -everyone
    outcome = milp(cost, constraints=rows, bounds=Bounds(low, high), integrality=whole)
    if not outcome.success:
        return None
    return float(outcome.fun) if wanted is not None else -float(outcome.fun) - town.alone


@examples(25)
@given(towns(), st.integers(1, 4))
def test_what_new_sites_add_to_what_stands_is_that_of_a_model_written_apart(town: Town, k: int) -> None:
    k = min(k, town.new)
    best = written_apart(town, k)
    plan = make_plan(town.instance, Task(k=k, budget=town.budget))
    assert plan.status == "optimal"
    assert plan.value == pytest.approx(best, rel=1e-5, abs=1e-5)
    assert plan.assigned is not None
    assert plan.standing is not None
    # what stands serves as much as it would alone, and together no more than there are
    assert sum(plan.standing) == pytest.approx(town.alone, rel=1e-6, abs=1e-6)
    assert all(np.asarray(plan.standing) <= town.limit[town.new :] * (1 + 1e-6))
    assert all(np.asarray(plan.assigned) <= town.limit[plan.chosen] * (1 + 1e-6))
    assert sum(plan.standing) + sum(plan.assigned) <= town.instance.weight.sum() * (1 + 1e-6)
    is_open = np.arange(len(town.limit)) >= town.new
    is_open[plan.chosen] = True
    assert plan.value == pytest.approx(town.flows(is_open) - town.alone, rel=1e-6, abs=1e-5)
    assert town.cost[plan.chosen].sum() <= town.budget * (1 + 1e-9)
    quick = make_plan(town.instance, Task(k=k, budget=town.budget, method="greedy"))
    assert quick.value <= plan.value * (1 + 1e-9) + 1e-9
    assert quick.bound >= plan.value * (1 - 1e-9)


@examples(15)
@given(towns(), st.floats(0.1, 1.0))
def test_the_fewest_sites_beside_what_stands_are_those_of_a_model_written_apart(
    town: Town, share: float
) -> None:
    instance = town.instance
    wanted = share * instance.total.sum() - instance.already.sum()
    fewest = written_apart(town, town.new, max(wanted, 0.0))
    task = Task(goal="fewest", share=share, budget=town.budget)
    if fewest is None:
        with pytest.raises(ParameterError, match="达不到目标"):
            make_plan(instance, task)
        return
    plan = make_plan(instance, task)
    assert plan.status == "optimal"
    assert len(plan.chosen) == round(fewest)


def test_free_places_of_what_stands_come_before_new_ones() -> None:
    """Two schools in a row: the full one's children find a place in the other before anybody builds."""
    reach = csc_array(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]))
    town = Instance(
        reach[:, :1].tocsc(), np.array([100.0, 60.0]), np.zeros(2, "int64"), np.array([160.0]), np.zeros(1), ("a",),
        {"cells": 2}, None, np.array([500.0]), Standing(reach[:, 1:].tocsc(), np.array([90.0, 50.0])),
    )  # fmt: skip
    plan = make_plan(town, Task(k=1))
    assert plan.standing == pytest.approx([90.0, 50.0])
    assert plan.assigned == pytest.approx([20.0])


def schools(atlas: Atlas, known: float | None) -> Facilities:
    """Four invented schools in one district: places of three are given, of the last only where ``known`` says."""
    points = gpd.GeoDataFrame(
        {"accuracy_m": 0.0},
        geometry=gpd.points_from_xy([120.290, 120.295, 120.300, 120.305], [31.575, 31.575, 31.580, 31.580]),
        crs=4326,
        index=list("abcd"),
    )
    made = Facilities.from_frame(points, atlas.city.projected_crs)
    frame = made.frame.assign(
        capacity=[900.0, 400.0, 1600.0, known], capacity_unit=["学位"] * 3 + ["学位" if known else None]
    )
    return replace(made, frame=frame, inputs={"kinds": [], "set": "user", "as_of": "2021-12-31"})


def answered(atlas: Atlas, known: float | None, unknown: str) -> Siting:
    candidates = grid_candidates(atlas, [HERE], 800)
    task = Task(k=2, capacity=12_000, people_per_unit=14, unknown_capacity=unknown, time_limit_s=20)
    demand = demand_of(atlas, "residents")
    return choose_sites(
        atlas, schools(atlas, known), demand, Reach.straight(500), candidates, task, Setting([HERE])
    )


def test_what_is_not_known_of_existing_places_is_counted_and_bounds_the_gain(atlas: Atlas) -> None:
    """With any capacity of the school that has none in the register the gain lies between the two ways to count it."""
    least, most = answered(atlas, None, "enough"), answered(atlas, None, "none")
    assert least.capacity is not None
    assert (least.capacity.known, least.capacity.unknown, least.capacity.unplaced) == (3, 1, 0)
    assert least.capacity.capacity == pytest.approx(14 * (900 + 400 + 1600))
    assert any(
        "3 处知道容量（共 2,900 学位" in line and "1 处不知道容量" in line for line in least.messages()
    )
    for known in (50.0, 1200.0):
        true = answered(atlas, known, "enough")
        assert true.capacity is not None
        assert most.plan.value >= true.plan.value - 0.01
        assert true.plan.value >= least.plan.value - 0.01
        assert true.capacity.new == pytest.approx(true.plan.value)
        assert true.capacity.new <= 2 * 12_000 + 0.01
        row = true.summary()
        assert row["placed_after"] - row["placed_before"] == pytest.approx(true.plan.value, abs=0.2)
        assert row["placed_after"] <= true.capacity.demand
    assert all(one.plan.status == "optimal" for one in (least, most))


@pytest.mark.parametrize(
    ("task", "demand", "message"),
    [
        (Task(k=1, people_per_unit=14, unit="床"), "residents", "没有以“床”计的容量"),
        (Task(k=1, people_per_unit=14), "area", "不能用于只看陆地"),
    ],
)
def test_capacities_that_cannot_be_counted_are_refused(
    atlas: Atlas, task: Task, demand: str, message: str
) -> None:
    candidates, served = grid_candidates(atlas, [HERE], 2000), demand_of(atlas, demand)
    with pytest.raises(ParameterError, match=message):
        choose_sites(
            atlas, schools(atlas, None), served, Reach.straight(500), candidates, task, Setting([HERE])
        )
