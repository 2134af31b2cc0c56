"""The numbers of an item from columns, against the same counted by frames that are grouped and joined."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.register.amounts import done_lower_bound
from geo.register.item_counts import COUNTED_FIELDS, CountedRows

ITEMS = ("A", "B")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "item_id": st.sampled_from([*ITEMS, None]),
            "kind": st.sampled_from(["work", "work", "section", "station", "aggregate", "aggregate"]),
            "parent_id": st.sampled_from([None, None, None, "P"]),
            "counted": st.sampled_from(["yes", "yes", "probable", "no"]),
            "quantity": st.sampled_from([np.nan, 0.0, 0.1, 0.2, 7.0]),
            "district_code": st.sampled_from([None, "D1", "D1", "D2", "D1|D2"]),
            "street": st.sampled_from([None, None, "s1", "s2"]),
            "done": st.booleans(),
            "placed": st.booleans(),
            "status_date": st.none(),
            "quantity_done": st.sampled_from([np.nan, 0.0, 0.3, 5.0, 20.0]),
        }
    ),
    max_size=12,
)


def state_of(rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = list(COUNTED_FIELDS)
    texts = dict.fromkeys(columns, object) | {"quantity": "float64", "quantity_done": "float64"}
    frame = pd.DataFrame(rows, columns=columns).astype(texts).astype({"done": bool, "placed": bool})
    return frame.set_index(pd.Index([f"W{at}" for at in range(len(rows))], dtype=object))


def bound_of_frames(named: pd.DataFrame, totals: pd.DataFrame) -> float:
    """The rule with pandas: a district has the larger of its named works and its reports; a citywide total competes with the sum."""
    done = named[named["done"]]
    reported = totals[totals["quantity_done"].notna()]
    place = reported["district_code"].fillna("")
    local = reported[place != ""]
    street = local["street"].notna()
    parts = pd.concat(
        [
            done.groupby(done["district_code"].fillna(""))["weight"].sum(),
            local[~street].groupby("district_code")["quantity_done"].max(),
            local[street].groupby("district_code")["quantity_done"].sum(),
        ],
        axis=1,
    )
    citywide = reported.loc[place == "", "quantity_done"].max()
    return float(np.nanmax([parts.max(axis=1).sum(), citywide, 0.0]))


@settings(max_examples=40)
@given(ROWS, st.sampled_from(["count", "quantity"]))
def test_items_are_counted_as_frames_count_them(rows: list[dict[str, object]], measure: str) -> None:
    state = state_of(rows)
    counted = CountedRows(state)
    for item in (*ITEMS, "none"):
        mine = state[state["item_id"] == item]
        whole = mine[(mine["kind"] == "work") & mine["parent_id"].isna()]
        named = whole[whole["counted"] == "yes"]
        weight = pd.Series(1.0, named.index) if measure == "count" else named["quantity"].fillna(0.0)
        totals = mine[(mine["kind"] == "aggregate") & (mine["counted"] == "yes")]
        at = counted.named(item)
        assert list(counted.works[at]) == list(named.index)
        assert list(counted.works[counted.probable(item)]) == list(
            whole.index[whole["counted"] == "probable"]
        )
        assert counted.amount(at, measure) == pytest.approx(weight.sum())
        expected = bound_of_frames(named.assign(weight=weight), totals)
        assert counted.done_at_least(item, measure) == pytest.approx(expected)
        assert done_lower_bound(named.assign(weight=weight), totals) == pytest.approx(expected)
