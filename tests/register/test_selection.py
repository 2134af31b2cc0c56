"""Which works are meant: one rule for list, files and reports."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.errors import ParameterError
from geo.files import Content, all_formats, get_system, title_of, write_file
from geo.questions.works import SCOPES
from geo.register.city import Atlas
from geo.register.selection import COUNTED_IN_SCOPE, Selection
from geo.register.work_counts import work_counts
from geo.vocabulary import CERTAINTIES, STATUSES


def test_a_selection_is_the_rows_that_pass_every_part(atlas: Atlas) -> None:
    state = atlas.register.state(date(2021, 12, 31))
    code = atlas.districts.index[0]
    rows = Selection(districts=(code,), categories=("metro", "road"), scope="all").apply(state)
    expected = [
        work_id
        for work_id, row in state.iterrows()
        if code in str(row["district_code"]).split("|") and row["category"] in {"metro", "road"}
    ]
    assert list(rows.index) == expected
    assert set(Selection(items=("T06",)).apply(state)["item_id"]) == {"T06"}


def test_scopes_only_widen(atlas: Atlas) -> None:
    state = atlas.register.state(date(2021, 12, 31))
    sizes = [len(Selection(scope=scope).apply(state)) for scope in SCOPES]
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(state)


def test_an_unknown_scope_is_told() -> None:
    with pytest.raises(ParameterError, match="everything"):
        Selection(scope="everything")


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Any filter that a person can set, those that nothing passes included."""
    atlas = load_atlas()

    def some(words: list[str]) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(words), max_size=2, unique=True)))

    return Selection(
        categories=some([*atlas.names("categories", "zh")]),
        districts=some([*atlas.districts.index]),
        statuses=some([*STATUSES]),
        certainties=some([*CERTAINTIES]),
        items=some([*atlas.pack.plan_items.index]),
        scope=draw(st.sampled_from(SCOPES)),
    )


def passes(row: pd.Series, asked: Selection) -> bool:
    """The rule, written out a second time."""
    return (
        row["counted"] in COUNTED_IN_SCOPE[asked.scope]
        and row["category"] in (asked.categories or (row["category"],))
        and row["status"] in (asked.statuses or (row["status"],))
        and row["certainty"] in (asked.certainties or (row["certainty"],))
        and row["item_id"] in (asked.items or (row["item_id"],))
        and (not asked.districts or bool(set(str(row["district_code"]).split("|")) & set(asked.districts)))
    )


@given(selections(), st.dates(date(2018, 1, 1), date(2027, 1, 1)))
def test_every_filter_leaves_a_whole_table(asked: Selection, day: date) -> None:
    state = load_atlas().register.state(day)
    rows = asked.apply(state)
    assert list(rows.columns) == list(state.columns), "a table without rows has its columns too"
    assert list(rows.index) == [work_id for work_id, row in state.iterrows() if passes(row, asked)]
    told = work_counts(rows)
    assert told.works + told.parts + told.totals == len(rows)


@pytest.mark.parametrize("form", sorted(form.id for form in all_formats()))
@pytest.mark.parametrize("districts", [(), ("320213",)])
def test_every_format_takes_a_filter_that_nothing_passes(
    form: str, districts: tuple[str, ...], atlas: Atlas
) -> None:
    asked = Selection(categories=("nothing of this kind",), districts=districts)
    content = Content(
        atlas=atlas,
        state=asked.apply(atlas.register.state(date(2021, 12, 31))),
        as_of=date(2021, 12, 31),
        system=get_system("WGS84", atlas.city),
        lang="zh",
        title=title_of(atlas, districts, "zh"),
    )
    assert write_file(content, form)
