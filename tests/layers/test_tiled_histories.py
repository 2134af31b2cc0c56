"""Works as vector tiles: on any day, any filter counts in the tiles, and in the legend, what pandas counts in the register."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.register.selection import COUNTED_IN_SCOPE, Selection
from geo.vocabulary import CERTAINTIES, COUNTED, NAMED_WORK_KINDS, STATUSES
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.map.tiled import large
from layers.map.tiled.large import large_table, numbers_on
from layers.map.tiled.table import FeatureTable
from layers.map.tiled.tiles import make_tile
from tests.depth import examples
from tests.layers.test_tiled import made, marks, members, point_table, tiles_of

DISTRICTS = ("", "320213", "320205", "320205|320213")
CHANGES = (20190630, 20211231, 20240229)
DAYS = (20180101, 20190630, 20200615, 20211230, 20211231, 20230101, 20240229, 20251231)

histories = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.integers(0, len(STATUSES) - 1)),
    max_size=3,
    unique_by=lambda change: change[0],
).map(sorted)
works = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.integers(0, 60),
        st.sampled_from(DISTRICTS),
        st.booleans(),
        st.sampled_from(("road", "parking")),
        histories,
    ),
    min_size=1,
    max_size=80,
)


def frame_of(drawn: list[Any]) -> pd.DataFrame:
    rows = made([(x, y, districts, 0, 0) for x, y, districts, *_rest in drawn])
    rows["category"] = [category for *_rest, category, _history in drawn]
    rows["is_placed"] = [is_placed for *_rest, is_placed, _category, _history in drawn]
    rows["changes"] = [history for *_rest, history in drawn]
    rows["history"] = [[number for change in history for number in change] for history in rows["changes"]]
    rows.loc[~rows["is_placed"], ["x", "y"]] = np.nan
    return rows.drop(columns=["opened", "closed"])


def statuses(rows: pd.DataFrame, day: int) -> pd.Series[Any]:
    """By the changes themselves, one after the other."""
    return rows["changes"].map(
        lambda changes: next((STATUSES[code] for at, code in reversed(changes) if at <= day), "unknown")
    )


def passing(table: FeatureTable, chosen: dict[str, set[str]]) -> dict[int, bool]:
    """Which groups of a day pass: what static/map/filter.js does with them."""
    base = pd.DataFrame(table.groups)
    return {
        at * len(STATUSES) + place: bool(
            (not chosen["categories"] or group.category in chosen["categories"])
            and (not chosen["districts"] or chosen["districts"] & set(group.districts.split("|")))
            and (not chosen["statuses"] or status in chosen["statuses"])
        )
        for at, group in enumerate(base.itertuples())
        for place, status in enumerate(STATUSES)
    }


def in_tiles(bodies: list[bytes]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for mark in (mark for body in bodies for mark in marks(body)):
        for group, n in members(mark["m"]) if "m" in mark else [(int(mark["g"]), 1)]:
            numbers[group] = numbers.get(group, 0) + n
    return numbers


@examples(30)
@given(
    works,
    st.fixed_dictionaries(
        {
            "categories": st.sets(st.sampled_from(("road", "parking")), max_size=1),
            "districts": st.sets(st.sampled_from(("320213", "320205"))),
            "statuses": st.sets(st.sampled_from(STATUSES), max_size=3),
        }
    ),
    st.sampled_from(DAYS),
    st.integers(4, 14),
)
def test_any_filter_on_any_day_counts_works_alike(
    drawn: list[Any], chosen: dict[str, set[str]], day: int, zoom: int
) -> None:
    rows = frame_of(drawn)
    table = point_table(rows.drop(columns=["is_placed", "changes"]))
    kept = rows["category"].isin(chosen["categories"] or {"road", "parking"})
    kept &= rows["districts"].map(
        lambda codes: not chosen["districts"] or bool(chosen["districts"] & {*codes.split("|")})
    )
    kept &= statuses(rows, day).isin(chosen["statuses"] or STATUSES)
    passes, told = passing(table, chosen), numbers_on(table, day)
    assert sum(n for group, n in enumerate(told["n"]) if passes[group]) == kept.sum()
    placed = rows[rows["is_placed"]]
    if len(placed):
        of_day = table.on_day(told["day"])  # the day that names the tiles
        drawn_in = in_tiles([make_tile(of_day, tile) for tile in tiles_of(zoom, placed)])
        assert sum(n for group, n in drawn_in.items() if passes[group]) == (kept & rows["is_placed"]).sum()
    for work in rows.itertuples():
        assert (table.place_of(work.id) is not None) == work.is_placed


@pytest.fixture(scope="module")
def shipped() -> Any:
    return load_atlas(DATA_DIR)


@pytest.fixture(scope="module")
def many(shipped: Any) -> FeatureTable:
    """The shipped works, as if they were many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "TILED_FROM", 10)
        table = large_table(get_layer("works"), MapContext(atlas=shipped))
    assert table is not None
    return table


@examples(25)
@given(
    st.dates(date(2018, 1, 1), date(2026, 12, 31)),
    st.sampled_from(list(COUNTED_IN_SCOPE)),
    st.sets(st.sampled_from(STATUSES), max_size=2),
    st.sets(st.sampled_from(CERTAINTIES), max_size=2),
    st.booleans(),
)
def test_the_legend_counts_the_registers_works(
    shipped: Any,
    many: FeatureTable,
    day: date,
    scope: str,
    chosen: set[str],
    certainties: set[str],
    one_district: bool,
) -> None:
    """The legend's numbers by status and by certainty, from the groups alone, against a table of the register."""
    districts = ("320213",) if one_district else ()
    state = shipped.register.state(date(9999, 12, 31))
    state = state[state["kind"].isin(NAMED_WORK_KINDS) & (state["certainty"] != "line")]
    state = state.assign(status=shipped.register.state(day)["status"].reindex(state.index).fillna("unknown"))
    selection = Selection(
        statuses=tuple(chosen), certainties=tuple(certainties), districts=districts, scope=scope
    )
    kept = selection.apply(state)
    wanted = kept[(kept["kind"] == "work") & kept["parent_id"].isna()]["status"].value_counts().to_dict()
    numbers = np.reshape(numbers_on(many, int(f"{day:%Y%m%d}"))["n"], (-1, len(STATUSES)))
    groups = pd.DataFrame(many.groups)
    is_kept = groups["counted"].map(lambda at: COUNTED[at]).isin(COUNTED_IN_SCOPE[scope])
    is_kept &= groups["certainty"].map(lambda at: CERTAINTIES[at]).isin(certainties or CERTAINTIES)
    is_kept &= groups["districts"].map(
        lambda codes: not districts or bool({*districts} & {*codes.split("|")})
    )
    is_kept &= groups["counts"] >= 0
    found = dict(zip(STATUSES, numbers[is_kept.to_numpy()].sum(axis=0).tolist(), strict=True))
    assert {status: n for status, n in found.items() if n and (not chosen or status in chosen)} == wanted


def test_a_small_register_travels_as_rows(shipped: Any) -> None:
    assert large_table(get_layer("works"), MapContext(atlas=shipped)) is None
    assert large_table(get_layer("stations"), MapContext(atlas=shipped)) is None
