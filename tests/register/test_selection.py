"""Which works are meant: one rule for list, files and reports."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import ParameterError
from geo.questions.works import SCOPES
from geo.register.city import Atlas
from geo.register.selection import Selection


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
