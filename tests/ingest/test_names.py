"""Matching of names, by properties: how a name is written never matters, its numbers always do."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
from hypothesis import assume, example, given
from hypothesis import strategies as st

from geo.ingest.cells.columns import atlas_district
from geo.ingest.plan.match import match_rows
from geo.places.gazetteer import Gazetteer
from geo.register.city import Atlas
from geo.register.ids import name_key
from tests.depth import examples

WORDS = st.text("东西南北中山河湖春秋新华荆溪梅园锡惠金匮", min_size=2, max_size=6)
NUMBERS = st.sampled_from(["", "一", "二", "三", "十二", "1", "27"])
ENDS = st.sampled_from(["村", "新村", "小区", "苑", "家园"])
NAMES = st.builds(lambda word, number, end: word + number + end, WORDS, NUMBERS, ENDS)
FORMS = (
    lambda name: name,
    lambda name: f"  {name}\t",
    " ".join,
    lambda name: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in name),
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: f"“{name}”",
    "·".join,
)
WRITTEN = st.sampled_from(FORMS)


def frame(names: list[str], **more: object) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"name_zh": names, "district_code": "320213", "item_id": "U01", "year": "2021"}, dtype=object
    )
    rows = rows.assign(lon=np.nan, lat=np.nan, accuracy_m=np.nan, kind="work", work_id=None)
    return rows.assign(**more)


def register(names: list[str]) -> pd.DataFrame:
    works = frame(names).drop(columns="work_id")
    return works.set_index(pd.Index([f"W-{at}" for at in range(len(names))]))


@given(NAMES, WRITTEN, WRITTEN)
def test_width_spaces_and_marks_never_matter(name: str, first, second) -> None:
    assert name_key(first(name)) == name_key(second(name)) == name_key(name_key(name))
    assert name_key(first(name), whole=True) == name_key(name, whole=True)


@example("A´")  # the accent alone is a space and a mark that joins the letter before it
@given(st.text(max_size=60))
def test_a_key_is_its_own_key_and_never_fails(text: str) -> None:
    key = name_key(text, whole=True)
    assert name_key(key, whole=True) == key
    short = name_key(text)
    assert name_key(short) == short


@given(NAMES, st.text("期东区改造", min_size=1, max_size=5))
def test_what_stands_in_brackets_is_another_phase_of_one_place(name: str, added: str) -> None:
    assert name_key(f"{name}（{added}）") == name_key(name)
    assert name_key(f"{name}({added})", whole=True) != name_key(name, whole=True)


@examples(40)
@given(st.lists(NAMES, min_size=1, max_size=8, unique_by=name_key), st.data())
def test_a_known_name_is_found_however_it_is_written(names: list[str], data) -> None:
    at = data.draw(st.integers(0, len(names) - 1))
    written = data.draw(WRITTEN)(names[at])
    found = match_rows(frame([written]), register(names)).iloc[0]
    assert (found["work_id"], found["likeness"], found["score"]) == (f"W-{at}", "sure", 100.0)


@examples(40)
@given(WORDS, st.tuples(NUMBERS, NUMBERS), ENDS)
def test_other_numbers_are_other_places(word: str, numbers: tuple[str, str], end: str) -> None:
    assume(numbers[0] != numbers[1])
    known, new = (word + number + end for number in numbers)
    assert match_rows(frame([new]), register([known])).iloc[0]["likeness"] == "none"


@examples(25)
@given(st.lists(NAMES, min_size=1, max_size=6), st.lists(NAMES, min_size=1, max_size=6), st.randoms())
def test_the_order_of_rows_and_works_does_not_matter(new: list[str], known: list[str], random) -> None:
    rows, works = frame(new), register(known)
    order, other = list(rows.index), list(works.index)
    random.shuffle(order)
    random.shuffle(other)
    one = match_rows(rows, works)
    two = match_rows(rows.loc[order], works.loc[other]).loc[rows.index]
    assert one["likeness"].tolist() == two["likeness"].tolist()
    assert one["score"].tolist() == two["score"].tolist()


@examples(25)
@given(NAMES, NAMES, st.sampled_from(["320205", "320213"]))
def test_sure_asks_for_the_same_name_in_the_same_district(new: str, known: str, district: str) -> None:
    found = match_rows(frame([new], district_code=district), register([known])).iloc[0]
    if found["likeness"] == "sure":
        assert district == "320213"
        assert name_key(new, whole=True) == name_key(known, whole=True)
    if district != "320213":
        assert found["likeness"] == "none"


def test_abolished_districts_are_no_names_of_places(gazetteer: Gazetteer, atlas: Atlas) -> None:
    former = {"崇安区", "北塘区", "南长区"}
    assert not former & set(gazetteer.places["name_zh"])
    assert {"崇安寺", "北大街", "南禅寺"} <= set(gazetteer.places["name_zh"])
    assert atlas_district(atlas, "崇安区").value == "320213"  # an old list still says where it was
