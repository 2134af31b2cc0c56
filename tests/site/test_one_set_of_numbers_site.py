"""The card and the site's tables show the one set of numbers too: counted anew, row by row, by districts and days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from geo.display.card import dated
from geo.register.city import Atlas
from geo.vocabulary import COUNTED, STATUSES
from layers.map.payload import day_number
from tests.report.test_one_set_of_numbers import DAYS, counted
from tests.site.reading import table
from tests.site.test_site_numbers import shown_on

YES, WORK, PART, TOTAL = COUNTED.index("yes"), 0, 1, 2


def listed(core: dict[str, Any], day: date, code: str) -> list[dict[str, Any]]:
    """The site's rows of the plan's works in a district (empty: the city), on a day."""
    fields = core["works"]["fields"]
    rows = [dict(zip(fields, values, strict=True)) for values in shown_on(core["works"], day)]
    return [
        row for row in rows if row["counted"] == YES and (not code or code in row["districts"].split("|"))
    ]


def status_on(card: dict[str, Any], day: date) -> str:
    """The status that a card of the site says on a day: the last one up to it."""
    return STATUSES[
        [fields["status"] for at, fields in card["on"] if at <= day_number(day) and "status" in fields][-1]
    ]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_site_s_list_and_cards_count_what_every_surface_counts(
    files: dict[str, bytes], core: dict[str, Any], atlas: Atlas, day: date
) -> None:
    state, cards = atlas.register.state(day), table(files, "cards.zh")
    for code in ("", *map(str, atlas.districts.index)):
        wanted, rows = counted(state, code), listed(core, day, code)
        works = [row for row in rows if row["row"] == WORK]
        said = [status_on(cards[row["id"]], day) for row in works]
        assert {
            "works": len(works),
            "placed": sum(row["placed"] for row in works),
            "done": said.count("completed"),
            "silent": said.count("unknown"),
            "parts": sum(row["row"] == PART for row in rows),
            "totals": sum(row["row"] == TOTAL for row in rows),
        } == wanted, code
        assert sum(row["done"] for row in works) == wanted["done"]


@pytest.mark.parametrize("day", DAYS[1:4:2], ids=str)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_app_s_card_says_what_the_site_s_card_says(
    files: dict[str, bytes], core: dict[str, Any], atlas: Atlas, day: date, lang: str
) -> None:
    """Of every work of the plan, each fact that follows the day."""
    state, cards = atlas.register.state(day), table(files, f"cards.{lang}")
    for row in listed(core, day, ""):
        shown = {
            name: value
            for at, fields in cards[row["id"]]["on"]
            if at <= day_number(day)
            for name, value in fields.items()
        }
        app = dated(atlas, pd.Series(state.loc[row["id"]]), state, lang)
        for name in ("name", "status_date", "district", "quantity", "unit", "place", "parts", "count_note"):
            assert shown[name] == app[name], (row["id"], name)
        assert STATUSES[shown["status"]] == app["status"] == state.loc[row["id"], "status"]
