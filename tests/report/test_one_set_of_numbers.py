"""Every surface shows one set of numbers: counted here anew, row by row, for every item, every district and a set of days."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
import pytest

from geo.atlas import load_atlas
from geo.display.number_heads import NUMBER_HEADS
from geo.files import Content, get_system
from geo.questions.works import ProgressQuestion
from geo.register.city import Atlas
from geo.register.progress import progress
from geo.register.selection import Selection
from geo.register.work_counts import counted_certainty, work_counts
from geo.report.counts import amount, figures, items_blocks, number
from geo.report.model import Figures, Table
from geo.report.promise.page import all_promises, promise_page
from geo.report.request import ReportRequest, selected_works
from geo.text import translate
from geo.vocabulary import CERTAINTIES, PROMISE_LABELS, VERB_LABELS, promise_label
from layers.api.progress import answer
from layers.map.payload import day_number
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.report.map import legend_counts
from layers.report.map_sheet import MapSheet

DAYS = (date(2020, 12, 31), date(2021, 6, 30), date(2021, 12, 31), date(2023, 5, 17), date(2026, 11, 23))
PLACES = ("", *map(str, load_atlas().districts.index))


def counted(state: pd.DataFrame, code: str) -> dict[str, int]:
    """Works of the plan in a district (empty: the city), by plain loops over the rows."""
    found = {"works": 0, "placed": 0, "done": 0, "silent": 0, "parts": 0, "totals": 0}
    for key, row in state.iterrows():
        if row["counted"] != "yes" or (code and code not in str(row["district_code"] or "").split("|")):
            continue
        if row["kind"] == "aggregate":
            found["totals"] += 1
        elif row["kind"] != "work" or isinstance(row["parent_id"], str):
            found["parts"] += 1
        else:
            parts = state[state["parent_id"] == key]
            found["works"] += 1
            found["placed"] += row["certainty"] != "none" or bool((parts["certainty"] != "none").any())
            found["done"] += row["status"] == "completed"
            found["silent"] += row["status"] == "unknown"
    return found


@lru_cache(maxsize=8)
def state_on(day: date) -> pd.DataFrame:
    return load_atlas().register.state(day)


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("code", PLACES)
def test_a_district_has_the_same_numbers_on_every_surface(atlas: Atlas, code: str, day: date) -> None:
    wanted = counted(state_on(day), code)
    rows = Selection(districts=(code,) if code else ()).apply(state_on(day))
    told = work_counts(rows)
    assert {name: getattr(told, name) for name in wanted} == wanted
    unplaced = wanted["works"] - wanted["placed"]
    said = [int(text) for text in re.findall(r"\d+", told.sentence("zh"))]
    assert said == [
        wanted["works"],
        wanted["placed"],
        unplaced,
        wanted["done"],
        wanted["parts"],
        wanted["totals"],
    ]
    assert sorted(re.findall(r"\d+", told.sentence("en"))) == sorted(map(str, said))

    request = ReportRequest(code, day, day)
    report = {label: value for value, label in figures(selected_works(atlas, request), "zh")}
    names = {"named": "works", "placed": "placed", "done": "done", "silent": "silent"}
    assert report == {NUMBER_HEADS[head]: number(wanted[name]) for head, name in names.items()} | {
        NUMBER_HEADS["unplaced"]: number(unplaced)
    }
    picture = legend_counts(MapSheet(atlas, rows, day, "zh", focus=code))
    assert sum(picture.values()) == wanted["works"]
    assert picture.get("completed", 0) == wanted["done"]
    facts = Content(atlas, rows, day, get_system("WGS84", atlas.city)).facts
    assert told.sentence("zh").replace("*", "") in facts.values()
    assert legend_of_the_map(atlas, code, day) == {
        "works": wanted["works"],
        "done": wanted["done"],
        "unplaced": unplaced,
    }
    if code:
        row = progress(atlas.register, day, "district").loc[code]
        table = next(
            each
            for each in answer(ProgressQuestion.read({"by": "district", "as_of": day.isoformat()}))["rows"]
            if each["district_code"] == code
        )
        for one in (row, table):
            assert [one[name] for name in ("named", "placed", "done", "unplaced", "reported_totals")] == [
                wanted["works"],
                wanted["placed"],
                wanted["done"],
                unplaced,
                sum(state_on(day).loc[rows.index[rows["kind"] == "aggregate"], "district_code"] == code),
            ]


def legend_of_the_map(atlas: Atlas, code: str, day: date) -> dict[str, int]:
    """What the browser counts from the rows that the map is sent (static/map/counts.js)."""
    found = {"works": 0, "done": 0, "unplaced": 0}
    for row in map_rows(atlas):
        if row["counted"] != 0 or row["counts"] < 0 or (code and code not in row["districts"].split("|")):
            continue
        history = list(zip(row["history"][::2], row["history"][1::2], strict=True))
        status = next((code for at, code in reversed(history) if at <= day_number(day)), None)
        found["works"] += 1
        found["done"] += status == 4
        found["unplaced"] += row["counts"] == len(CERTAINTIES) - 1
    return found


@lru_cache(maxsize=1)
def map_rows(atlas: Atlas) -> list[dict[str, Any]]:
    context = MapContext(atlas=atlas, lang="zh")
    columns = get_layer("works").payload(context)["columns"]
    names = list(columns)
    points = [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    lines = [each["properties"] for each in get_layer("lines").payload(context)["features"]]
    return [*points, *lines]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_item_has_the_same_numbers_on_every_surface(atlas: Atlas, day: date) -> None:
    items = progress(atlas.register, day, "item")
    api = {
        row["item_id"]: row
        for row in answer(ProgressQuestion.read({"by": "item", "as_of": day.isoformat()}))["rows"]
    }
    report = next(
        block
        for block in items_blocks(atlas, state_on(day), ReportRequest("", day, day))
        if isinstance(block, Table)
    )
    overview = {one.item_id: one.verdict for one in all_promises(atlas, day, "zh")}
    for (item_id, item), cells in zip(items.iterrows(), report.rows, strict=True):
        four = [item[name] for name in ("target", "named", "placed", "done")]
        assert [api[item_id][name] for name in ("target", "named", "placed", "done")] == four
        assert [cell.text for cell in cells[1:5]] == [number(value) for value in four]
        label = promise_label(item["promise"], item["verb"])
        page = promise_page(atlas, str(item_id), day, "zh")
        assert cells[5].text == page.verdict.label == overview[str(item_id)].label == label
        assert page.verdict == overview[str(item_id)]
        for block in page.blocks:
            if isinstance(block, Figures):
                assert [value for value, _label in block.items] == [
                    amount(item[name], item["unit"], "zh") for name in ("target", "done", "named", "placed")
                ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_promise_to_begin_is_not_said_to_be_finished(lang: str) -> None:
    """312 was to be pushed on: nothing of it is built, and the promise is kept."""
    finished = {translate(label, lang) for label in PROMISE_LABELS.values()} - {
        translate(PROMISE_LABELS[state], lang) for state in ("pending", "unknown")
    }
    for verb in ("advance", "start", "prepare"):
        assert translate(promise_label("kept", verb), lang) not in finished
    for verb in VERB_LABELS:
        assert all(translate(promise_label(state, verb), lang) for state in PROMISE_LABELS)


def test_the_certainty_that_counts_is_the_best_of_a_work_and_its_parts(atlas: Atlas) -> None:
    for day in DAYS:
        state = state_on(day)
        told = counted_certainty(state)
        for key, row in state[(state["kind"] == "work") & state["parent_id"].isna()].iterrows():
            parts = list(state.loc[state["parent_id"] == key, "certainty"])
            best = (
                row["certainty"]
                if row["certainty"] != "none"
                else min(["none", *parts], key=CERTAINTIES.index)
            )
            assert told[key] == best
        assert ((told != "none") == state.loc[told.index, "placed"].astype(bool)).all()
