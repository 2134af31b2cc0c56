"""Composite indicators equal what numpy and a k-d tree say of the same cells, and lie where the rule puts them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from geo.atlas import load_atlas
from geo.coverage.demand import modelled_demand
from geo.coverage.matrix import matrix
from geo.coverage.own_indicators import own_text
from geo.questions.matrix import MatrixQuestion
from geo.register.facilities import facility_set
from geo.register.indicators import load_indicators
from geo.report.matrix_workbook import matrix_workbook
from tests.depth import examples

DAY = date(2026, 11, 29)
SINGLE = ("metro_800", "bus_500", "bus_area_300", "hospital_2000", "primary_radius_500", "middle_radius_1000")
PARTS = st.lists(st.sampled_from(SINGLE), min_size=1, max_size=4, unique=True)
SHARES = ["share_low", "share", "share_high"]
FEW = examples(quick=6)


def shares(rule: str, parts: list[str], which: str = "as_of") -> dict[str, np.ndarray]:
    """Rows (zones, 3) of the composite indicator and of each part."""
    question = MatrixQuestion.read(
        {
            "as_of": DAY.isoformat(),
            "indicator": "|".join(parts),
            "own": own_text([("合", parts, rule, None, None)]),
            "set": which,
        }
    )
    table = matrix(load_atlas(), question=question).table
    return {
        str(key): rows[SHARES].to_numpy("float64") for key, rows in table.groupby("indicator_id", sort=False)
    }


def cells_near(indicator_id: str) -> np.ndarray:
    """Which cells lie within the radius of a facility of the indicator, and where too: by a k-d tree, by cell (ny * nx)."""
    row = load_indicators(load_atlas().pack.root)[indicator_id]
    lattice = modelled_demand(load_atlas()).lattice
    middles = np.column_stack([each.ravel() for each in np.meshgrid(*lattice.centres())])
    facilities = facility_set(load_atlas().register, row.kinds, "as_of", DAY)
    return np.asarray(cKDTree(np.column_stack(facilities.xy)).query(middles)[0] <= row.threshold_m)


@FEW
@given(parts=PARTS, rule=st.sampled_from(("all", "any")))
def test_the_share_is_that_of_the_cells_which_the_rule_holds_for(parts: list[str], rule: str) -> None:
    lattice = modelled_demand(load_atlas()).lattice
    near = np.stack([cells_near(part) for part in parts])
    met = near.all(axis=0) if rule == "all" else near.any(axis=0)
    zone, weight = lattice.zone.ravel(), lattice.weight.ravel()
    of_parts = shares(rule, parts)
    for k, share in enumerate(of_parts["own-1"][:-1, 1]):
        here = zone == k
        if np.isnan(np.stack([of_parts[part] for part in parts])[:, k]).any():
            assert np.isnan(share)
        else:
            assert share == pytest.approx(weight[here & met].sum() / weight[here].sum(), rel=1e-6)


@FEW
@given(parts=PARTS, which=st.sampled_from(("before", "as_of", "planned")))
def test_all_is_at_most_the_least_part_and_any_at_least_the_most(parts: list[str], which: str) -> None:
    every, some = shares("all", parts, which), shares("any", parts, which)
    single = np.stack([every[part] for part in parts])
    known = ~np.isnan(single).any(axis=(0, 2))
    assert (np.isnan(every["own-1"]).all(axis=1) == ~known).all()
    tolerance = 2e-3  # even residents follow land, which cells stand for here
    assert (every["own-1"][known] <= single[:, known].min(axis=0) + tolerance).all()
    assert (some["own-1"][known] >= single[:, known].max(axis=0) - tolerance).all()
    assert (np.diff(every["own-1"][known]) >= 0).all()


@FEW
@given(parts=PARTS, rule=st.sampled_from(("all", "any")))
def test_the_order_of_the_parts_does_not_matter(parts: list[str], rule: str) -> None:
    np.testing.assert_array_equal(shares(rule, parts)["own-1"], shares(rule, parts[::-1])["own-1"])


def test_what_a_part_lacks_is_missing_from_the_whole_and_named() -> None:
    question = MatrixQuestion.read({"as_of": DAY.isoformat(), "indicator": "circle_15|services_gb_15"})
    table = matrix(load_atlas(), question=question, lang="en").table
    assert set(table["reasons"]) == {"not_computed"}
    why = dict(zip(table["indicator_id"], table["why"], strict=True))
    names = load_indicators(load_atlas().pack.root)
    assert all(
        names[part].name_en in why["circle_15"]
        for part in names["circle_15"].parts
        if part != "hospital_2000"
    )
    assert "Hospital" not in why["circle_15"]


def test_it_stands_in_the_workbook_with_its_rule() -> None:
    question = MatrixQuestion.read(
        {"as_of": DAY.isoformat(), "indicator": "metro_800", "own": "合~metro_800+bus_500~all~~80"}
    )
    answer = matrix(load_atlas(), question=question)
    own = answer.table[answer.table["indicator_id"] == "own-1"]
    assert own["reasons"].str.contains("all_parts|unknown").all()
    assert len(matrix_workbook(load_atlas(), answer, "zh")) > 5000
