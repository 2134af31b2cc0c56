"""The four numbers of the plan's items, with the promise beside them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from geo.display import labels
from geo.display.number_heads import NUMBER_HEADS
from geo.vocabulary import promise_label
from pages.parts.shell import html, segments
from pages.parts.shell.loaders import atlas, progress_on
from pages.parts.shell.texts import language, t


def item_rows(items: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of ``progress(by="item")`` as the template shows them."""
    return [
        {
            "name": labels.name_of(item, language()),
            "address": html.page_address("promise", item=str(item_id)),
            "unit": labels.unit_label(item["unit"], language()),
            "promise_text": t(promise_label(item["promise"], item["verb"])),
        }
        | {name: item[name] for name in ("target", "named", "placed", "done", "probable", "promise")}
        for item_id, item in items.iterrows()
    ]


def show_items(as_of: date) -> None:
    """The headline items, or all of them, as the switch says."""
    items = progress_on(as_of, "item", atlas().version)
    labels = {"headline": t("点名条目"), "all": t("全部 {n} 项", n=len(items))}
    which = segments.linked("items", t("条目范围"), labels, "headline", titled=False)
    shown = items if which == "all" else items[items["headline"].astype(bool)]
    caption = t("截至 {day} 的计划条目", day=as_of.isoformat())
    html.show("items.html", rows=item_rows(shown), caption=caption, heads=NUMBER_HEADS)
