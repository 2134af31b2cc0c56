"""Whose errors make an interval wide: against answers asked one by one."""

from __future__ import annotations

from datetime import date

import pytest

from geo.atlas import load_atlas
from geo.coverage.answer import coverage
from geo.coverage.certainty import BASELINE, certainty
from geo.coverage.demand import census_demand, land_demand
from geo.coverage.reach import Reach
from geo.register.facilities import Facilities, facility_set

EVE = date(2020, 12, 31)


def metro(which: str) -> Facilities:
    return facility_set(load_atlas().register, ("metro_station",), which, EVE)


def width(facilities: Facilities, share: str) -> float:
    row = coverage(load_atlas(), facilities, census_demand(load_atlas()), Reach.straight(800)).table.iloc[-1]
    return float(row[f"{share}_high"] - row[f"{share}_low"])


def test_the_width_is_that_of_the_answer_and_shrinks_by_what_is_known_exactly() -> None:
    found = certainty(metro("planned"), census_demand(load_atlas()), Reach.straight(800))
    assert found["width"].iloc[0] == pytest.approx(width(metro("planned"), "share_residents"), abs=1e-9)
    assert (found["without"] <= found["width"] + 1e-12).all()
    assert found["without"].is_monotonic_increasing
    assert found["facilities"].sum() == len(metro("planned").placed)
    line = found.index[0]
    exact = metro("planned").frame.copy()
    exact.loc[exact["work_id"] == line, "accuracy_m"] = 0.0
    same = Facilities(exact, metro("planned").unnamed, "EPSG:4549", {"set": "user"})
    assert found["without"].iloc[0] == pytest.approx(width(same, "share_residents"), abs=1e-9)


def test_what_cannot_be_certain_is_counted() -> None:
    """S2's stations are known to 350 to 3,000 m: some can never be certain within 800 m, the old ones all can."""
    found = certainty(metro("planned"), census_demand(load_atlas()), Reach.straight(800))
    assert found.loc[BASELINE, "never_certain"] == 0
    assert found["never_certain"].max() > 0
    assert found.loc[found["never_certain"].idxmax(), "accuracy_max_m"] == 3000


def test_of_land_alone_and_of_nothing() -> None:
    land = certainty(metro("before"), land_demand(load_atlas()), Reach.straight(800))
    assert list(land.index) == [BASELINE]
    assert land["width"].iloc[0] == pytest.approx(width(metro("before"), "share_area"), abs=1e-9)
    nothing = metro("before").with_ids([])
    assert certainty(nothing, land_demand(load_atlas()), Reach.straight(800)).empty
