"""The page of a promise: its sentence agrees with the register on any day, its parts sum up, and no text breaks out of it."""

from __future__ import annotations

import dataclasses
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.errors import UnknownIdError
from geo.register.city import Atlas
from geo.register.progress import progress
from geo.register.register import Register
from geo.report.blocks import block_environment
from geo.report.model import Chart, Quote, Sources
from geo.report.promise.page import PromisePage, all_promises, promise_page
from geo.report.promise.parts import MISSING, parts_of
from geo.vocabulary import STATUSES_THAT_FULFIL

ATLAS = load_atlas()
ITEMS = list(ATLAS.pack.plan_items.index)
DAYS = st.dates(date(2020, 6, 1), date(2026, 12, 31))
EVIL = '</text><script>alert(1)</script> & "x" {{ 7 * 7 }}'


def charts(page: PromisePage) -> list[Chart]:
    return [block for block in page.blocks if isinstance(block, Chart)]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)


def html(page: PromisePage) -> str:
    text = '{% from "blocks.html" import block as show %}{% for one in blocks %}{{ show(one) }}{% endfor %}'
    return block_environment().from_string(text).render(blocks=page.blocks)


@settings(max_examples=5)
@given(day=DAYS, lang=st.sampled_from(("zh", "en")))
def test_on_any_day_the_sentence_is_of_the_state_that_every_other_surface_shows(day: date, lang: str) -> None:
    items = progress(ATLAS.register, day, "item")
    for one in all_promises(ATLAS, day, lang):
        item = items.loc[one.item_id]
        assert one.verdict.state == item["promise"]
        assert "{" not in one.verdict.sentence
        if item["verb"] != "advance":
            assert item["due_date"].isoformat() in one.verdict.sentence or item["promise"] == "unknown"


@settings(max_examples=10)
@given(day=DAYS, item_id=st.sampled_from(ITEMS))
def test_on_any_day_the_parts_are_the_whole_and_what_is_done_is_in_them(day: date, item_id: str) -> None:
    item = progress(ATLAS.register, day, "item").loc[item_id]
    state = ATLAS.register.state(day)
    works = state[(state["item_id"] == item_id) & (state["counted"] == "yes") & (state["kind"] == "work")]
    parts = {part.key: part.value for part in parts_of(item, works[works["parent_id"].isna()])}
    if not parts:
        assert item["target"] == 1 or item["measure"] == "share"
        return
    assert all(value > 0 for value in parts.values())
    assert parts.get("completed", 0) + parts.get("reported", 0) == pytest.approx(item["done"])
    known = sum(value for key, value in parts.items() if key != MISSING)
    assert sum(parts.values()) == pytest.approx(max(item["target"], known))


@pytest.mark.parametrize("item_id", ITEMS)
def test_a_page_quotes_the_plan_and_its_drawings_have_words_and_tables(atlas: Atlas, item_id: str) -> None:
    page = promise_page(atlas, item_id, date(2026, 11, 1), "zh")
    quote = next(block for block in page.blocks if isinstance(block, Quote))
    sources = next(block for block in page.blocks if isinstance(block, Sources))
    assert quote.text == atlas.pack.plan_items.at[item_id, "quote_zh"]
    assert set(quote.refs) <= {source.number for source in sources.items}
    for chart in charts(page):
        assert parsed(chart.svg).tag.endswith("svg")
        assert chart.alt
        assert chart.table.rows
    text = html(page)
    assert "<script" not in text
    assert " style=" not in text


def test_a_late_start_says_since_when(atlas: Atlas) -> None:
    """The day that decides, counted from the events themselves."""
    items = atlas.pack.plan_items
    for one in all_promises(atlas, date(2026, 11, 1), "en"):
        item = items.loc[one.item_id]
        if one.verdict.state != "kept_late" or item["verb"] not in STATUSES_THAT_FULFIL:
            continue
        events = atlas.register.events
        works = atlas.register.works
        mine = works.index[
            (works["item_id"] == one.item_id) & (works["counted"] == "yes") & works["parent_id"].isna()
        ]
        hits = events[
            events["work_id"].isin(mine)
            & events["confirmed"].astype(bool)
            & (events["kind"] == "status")
            & events["value"].isin(STATUSES_THAT_FULFIL[item["verb"]])
        ]
        first = min(hits["date"])
        assert first > item["due_date"]
        assert str(first.year) in one.verdict.sentence


def test_a_number_that_was_reached_says_on_which_day(atlas: Atlas) -> None:
    """The day, found by asking the register on every day of its events."""
    day, item_id = date(2026, 11, 1), "U01"
    target = progress(atlas.register, day, "item").at[item_id, "done"] - 2
    days = sorted({each for each in atlas.register.events["date"] if each and each <= day})
    first = next(
        each for each in days if progress(atlas.register, each, "item").at[item_id, "done"] >= target
    )
    for due, state in ((first, "kept"), (date(2021, 1, 1), "kept_late")):
        items = atlas.pack.plan_items.copy()
        items.loc[item_id, ["target", "due_date"]] = [target, due]
        pack = dataclasses.replace(atlas.pack, plan_items=items)
        changed = dataclasses.replace(atlas, pack=pack, register=Register.from_pack(pack))
        found = promise_page(changed, item_id, day, "zh").verdict
        assert found.state == progress(changed.register, day, "item").at[item_id, "promise"] == state
        assert first.isoformat() in found.sentence


def test_names_of_strangers_stay_text(atlas: Atlas) -> None:
    works = atlas.pack.works.assign(name_zh=EVIL, name_en=EVIL)
    register = Register.from_pack(dataclasses.replace(atlas.pack, works=works))
    page = promise_page(dataclasses.replace(atlas, register=register), ITEMS[0], date(2026, 11, 1), "zh")
    for chart in charts(page):
        assert not parsed(chart.svg).findall(".//{*}script")
    assert "<script" not in html(page)


def test_no_such_promise(atlas: Atlas) -> None:
    with pytest.raises(UnknownIdError, match="X99"):
        promise_page(atlas, "X99", date(2026, 11, 1), "zh")
