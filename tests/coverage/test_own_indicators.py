"""An indicator of one's own gives what coverage says of the same kinds and reach, and a row that is wrong is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.coverage.demand import modelled_demand
from geo.coverage.matrix import matrix
from geo.coverage.own_indicators import LONGEST_NAME, MOST, own_indicators, own_text
from geo.coverage.question import answer_coverage, read_question
from geo.errors import ParameterError
from geo.questions.matrix import MatrixQuestion
from geo.report.matrix_workbook import matrix_workbook
from tests.depth import examples

KINDS = [str(kind) for kind in load_atlas().vocabulary("kinds").index]
ROW = st.tuples(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=LONGEST_NAME),
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=4, unique=True),
    st.sampled_from(("straight", "walk")),
    st.integers(1, 1440).map(float),
    st.none() | st.integers(1, 100).map(float),
)


@given(st.lists(ROW, max_size=MOST))
def test_what_is_written_is_read(rows: list[tuple[str, list[str], str, float, float | None]]) -> None:
    found = own_indicators(load_atlas(), own_text(rows))
    assert [each.indicator_id for each in found] == [f"own-{n}" for n in range(1, len(rows) + 1)]
    for each, (name, kinds, reach, far, mark) in zip(found, rows, strict=True):
        assert each.name_zh == name.replace(";", "；").replace("~", "～")
        assert (list(each.kinds), each.reach, each.checked) == (kinds, reach, False)
        assert (each.threshold_m or each.threshold_min) == far
        assert (each.mark.share if each.mark else None) == (pytest.approx(mark / 100) if mark else None)


@examples(quick=4)
@given(kind=st.sampled_from(("metro_station", "bus_stop", "school_primary")), metres=st.integers(100, 3000))
def test_its_share_is_that_of_coverage(kind: str, metres: int) -> None:
    city = load_atlas()
    text = own_text([("试", [kind], "straight", float(metres), 50.0)])
    question = MatrixQuestion.read({"as_of": "2026-11-29", "own": text, "set": "as_of"})
    rows = matrix(city, question=question).table.set_index("zone_code")
    asked = read_question(city, {"kind": kind, "radius": str(metres), "as_of": "2026-11-29"})
    single = answer_coverage(city, asked, modelled_demand(city)).table
    np.testing.assert_array_equal(
        rows.loc[single.index, "share"].to_numpy("float64"), single["share_residents"].to_numpy("float64")
    )
    assert set(rows["pass_mark"]) == {">=50%"}
    assert not rows["pass_mark_checked"].astype(bool).any()


def test_own_ones_stand_behind_those_asked_for_and_in_the_workbook() -> None:
    question = MatrixQuestion.read(
        {
            "as_of": "2026-11-29",
            "indicator": "metro_800",
            "own": "近~metro_station~straight~500;走~park~walk~10",
        }
    )
    answer = matrix(load_atlas(), question=question)
    assert list(dict.fromkeys(answer.table["indicator_id"])) == ["metro_800", "own-1", "own-2"]
    assert (
        answer.table.loc[answer.table["indicator_id"] == "own-2", "reasons"] == "not_computed"
    ).all()  # no streets
    assert len(matrix_workbook(load_atlas(), answer, "zh")) > 5000


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a~park~straight", "1"),
        ("a~park~straight~500;b~castle~straight~500", "castle"),
        ("a~park~fly~500", "fly"),
        ("a~park~straight~nan", "nan"),
        ("a~park~straight~-5", "-5"),
        ("a~park~walk~1e9", "1e9"),
        ("a~park~straight~500~101", "101"),
        ("a~metro_800+castle_500~all~~80", "castle_500"),
        ("a~circle_15~any", "1"),
        ("a~circle_15~any~~", "circle_15"),
        ("a~park~all~~", "park"),
        (";".join(["a~park~straight~500"] * (MOST + 1)), str(MOST)),
    ],
)
def test_a_row_that_is_wrong_is_named(text: str, part: str) -> None:
    with pytest.raises(ParameterError) as refused:
        own_indicators(load_atlas(), text)
    assert part in refused.value.text("zh")
