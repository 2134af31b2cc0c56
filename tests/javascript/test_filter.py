"""The filter rule in the browser is the filter rule in Python: on every combination of what may be chosen, for rows of every
kind, with and without values, on several days, in the map's own path and in that of the public site's list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.questions.works import SCOPES
from geo.register.city import Atlas
from geo.register.selection import COUNTED_IN_SCOPE, Selection
from geo.vocabulary import CERTAINTIES, COUNTED, STATUSES
from layers.map.config import map_config
from layers.map.payload import day_number
from layers.map.registry import get_layer
from layers.map.spec import MapContext

Call = Callable[..., Any]
DAYS = (date(2019, 12, 31), date(2021, 12, 31), date(2026, 11, 23))
UNKNOWN = STATUSES.index("unknown")
# Which rows of several days pass, as one text: a hexadecimal digit stands for four rows.
HEX = """(passes) => {
  let text = "";
  for (let i = 0; i < passes.length; i += 4) {
    text += (8 * passes[i] + 4 * (passes[i + 1] || 0) + 2 * (passes[i + 2] || 0) + (passes[i + 3] || 0)).toString(16);
  }
  return text;
}"""
MAP = f"""async ({{ AtlasMap }}, {{ config, rows, days, choices }}) => {{
  const hex = {HEX};
  const {{ rowsFromColumns }} = await import("/static/map/rows.js");
  const plainRows = rowsFromColumns(rows, config);
  const map = Object.create(AtlasMap.prototype);
  Object.assign(map, {{ config, unknownStatus: config.statuses.findIndex((status) => status.id === "unknown") }});
  return choices.map((choice) => hex(days.flatMap((day) => {{
    map.setState({{ ...choice, day }});
    return plainRows.map((row) => map.visibleStatus(row) !== null);
  }})));
}}"""
SITE = f"""({{ tables, filteredWorks }}, {{ core, days, choices }}) => {{
  const hex = {HEX};
  tables.core = core;
  const passing = choices.map(() => []);
  for (const day of days) choices.forEach((choice, i) => {{
    const ids = new Set(filteredWorks(day, choice).map((work) => work.id));
    passing[i].push(...core.works.first.map(([id]) => ids.has(id)));
  }});
  return passing.map(hex);
}}"""


def passing(states: list[pd.DataFrame], selection: Selection) -> str:
    """Which rows of several days pass the rule in Python, one bit a row."""
    rows = pd.concat(states, ignore_index=True)
    bits = np.zeros(-(-len(rows) // 8) * 8, bool)
    bits[selection.apply(rows).index.to_numpy()] = True
    return np.packbits(bits).tobytes().hex()[: -(-len(rows) // 4)]


def statuses_on_days(start: int) -> list[int]:
    """Another status on each of the days, so that every status stands on every day in some row."""
    return [(start + i) % len(STATUSES) for i in range(len(DAYS))]


@pytest.fixture(scope="module")
def kinds() -> list[dict[str, Any]]:
    """A row of every kind: each value and none at all, and a work in two districts."""
    histories = [None, *range(len(STATUSES))]
    rows = product(
        (None, "road", "metro"),
        (None, "d1", "d1|d2"),
        (None, *CERTAINTIES),
        (None, *COUNTED),
        histories,
    )
    names = ("category", "district_code", "certainty", "counted", "history")
    return [dict(zip(names, row, strict=True)) | {"id": f"w{i}"} for i, row in enumerate(rows)]


@pytest.fixture(scope="module")
def choices() -> list[Selection]:
    """Every combination: nothing chosen, each value alone, several at once."""
    lists = (
        ((), ("road",), ("road", "metro")),
        ((), ("d1",), ("d2",)),
        ((), *((word,) for word in STATUSES), STATUSES[:2]),
        ((), *((word,) for word in CERTAINTIES), CERTAINTIES[1:3]),
        SCOPES,
    )
    return [
        Selection(categories=a, districts=b, statuses=c, certainties=d, scope=e)
        for a, b, c, d, e in product(*lists)
    ]


@pytest.fixture(scope="module")
def expected(kinds: list[dict[str, Any]], choices: list[Selection]) -> list[str]:
    states = states_of(kinds)
    found = [passing(states, choice) for choice in choices]
    assert len(set(found)) > len(choices) / 2, "the combinations must differ, or nothing is compared"
    return found


def as_choice(selection: Selection) -> dict[str, Any]:
    lists = ("categories", "districts", "statuses", "certainties")
    return {name: list(getattr(selection, name)) for name in lists} | {"scope": selection.scope}


def states_of(kinds: list[dict[str, Any]]) -> list[pd.DataFrame]:
    """The rows as ``Register.state`` has them on each day."""
    frame = pd.DataFrame(kinds)
    starts = [row["history"] for row in kinds]
    return [
        frame.assign(status=[STATUSES[UNKNOWN if s is None else statuses_on_days(s)[i]] for s in starts])
        for i in range(len(DAYS))
    ]


def code(word: str | None, words: tuple[str, ...]) -> int:
    return -1 if word is None else words.index(word)


def config() -> dict[str, Any]:
    return {
        "statuses": [{"id": word} for word in STATUSES],
        "certainties": [{"id": word} for word in CERTAINTIES],
        "counted": list(COUNTED),
        "scopes": {scope: list(words) for scope, words in COUNTED_IN_SCOPE.items()},
    }


def wire(kinds: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The rows as ``layers.payload`` sends them."""
    numbers = [day_number(day) for day in DAYS]

    def history(start: int | None) -> list[int]:
        return (
            []
            if start is None
            else [part for pair in zip(numbers, statuses_on_days(start), strict=True) for part in pair]
        )

    return {
        "id": [row["id"] for row in kinds],
        "category": [row["category"] or "" for row in kinds],
        "districts": [row["district_code"] or "" for row in kinds],
        "certainty": [code(row["certainty"], CERTAINTIES) for row in kinds],
        "counted": [code(row["counted"], COUNTED) for row in kinds],
        "history": [history(row["history"]) for row in kinds],
    }


def test_the_map_and_python_agree_on_every_combination(
    call: Call, kinds: list[dict[str, Any]], choices: list[Selection], expected: list[str]
) -> None:
    value = {
        "config": config(),
        "rows": wire(kinds),
        "days": [day_number(day) for day in DAYS],
        "choices": [as_choice(choice) for choice in choices],
    }
    shown = call("static/map/atlas_map.js", MAP, value)
    assert [choice for choice, a, b in zip(choices, shown, expected, strict=True) if a != b] == []


def test_the_sites_list_and_python_agree_on_every_combination(
    call: Call, kinds: list[dict[str, Any]], choices: list[Selection], expected: list[str]
) -> None:
    states, columns = states_of(kinds), wire(kinds)
    names = ("id", "category", "districts", "certainty", "counted")
    first = [[columns[name][i] for name in names] + [UNKNOWN] for i in range(len(kinds))]
    changes = [
        [day_number(day), i, {"status": STATUSES.index(status)}]
        for day, state in zip(DAYS, states, strict=True)
        for i, status in enumerate(state["status"])
    ]
    works = {"fields": [*names, "status"], "first": first, "changes": changes}
    value = {
        "core": {"config": config(), "works": works},
        "days": [day_number(day) for day in DAYS],
        "choices": [as_choice(choice) for choice in choices],
    }
    shown = call("site/static/tables.js", SITE, value)
    assert [choice for choice, a, b in zip(choices, shown, expected, strict=True) if a != b] == []


def test_the_map_shows_the_works_of_the_real_register_that_python_selects(call: Call, atlas: Atlas) -> None:
    """Each real category with each real district in each scope, from the layer as it is sent."""
    columns = get_layer("works").payload(MapContext(atlas=atlas))["columns"]
    states = [atlas.register.state(day).loc[columns["id"]] for day in DAYS]
    categories = [(), *((word,) for word in atlas.names("categories", "zh"))]
    districts = [(), *((str(word),) for word in atlas.districts.index)]
    choices = [
        Selection(categories=a, districts=b, scope=c) for a, b, c in product(categories, districts, SCOPES)
    ]
    value = {
        "config": map_config(atlas, "zh"),
        "rows": columns,
        "days": [day_number(day) for day in DAYS],
        "choices": [as_choice(choice) for choice in choices],
    }
    shown = call("static/map/atlas_map.js", MAP, value)
    expected = [passing(states, choice) for choice in choices]
    assert [choice for choice, a, b in zip(choices, shown, expected, strict=True) if a != b] == []
    assert len(set(expected)) > 50


def test_what_is_no_work_is_asked_for_its_district_its_opening_and_its_closing(call: Call) -> None:
    rows = {
        "id": ["a", "b", "c", "e"],
        "districts": ["d1", "d2", "", "d1"],
        "opened": [0, 20211231, 20220101, 0],
        "closed": [0, 0, 0, 20211231],
    }
    value = {
        "config": config(),
        "rows": rows,
        "days": [20211230, 20211231, 20220101],
        "choices": [
            {"categories": ["road"], "statuses": ["done"], "certainties": ["exact"], "scope": "plan"},
            {"districts": ["d1"], "scope": "plan"},
        ],
    }
    bits = [bin(int(text, 16))[2:].zfill(12) for text in call("static/map/atlas_map.js", MAP, value)]
    assert bits == ["100111001110", "100110001000"]
