"""The pages of the promises on the public site: one each, and one that lists them all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from geo.report.promise.overview import outcomes
from geo.report.promise.page import PromisePage, all_promises, promise_page
from geo.report.promise.plan_fates import fates_chart
from geo.report.promise.verdict import Verdict
from layers.site.charts import chart_links
from layers.site.pages import Site


def promises_of(site: Site, lang: str) -> list[PromisePage]:
    """:func:`geo.report.promise.page.all_promises`, each found again where nothing of its works changed."""
    atlas, families = site.atlas, site.families
    items = [str(item) for one in atlas.of_each_plan() for item in one.pack.plan_items.index]
    made_of = {item: families.digest(families.of_item(item)) for item in items}

    def make(names: list[str]) -> dict[str, Any]:
        return {
            one.item_id: [one.name, asdict(one.verdict), one.outcome]
            for one in all_promises(atlas, site.as_of, lang, names)
        }

    kind = f"promises {lang} {atlas.pack.plan} {site.as_of.isoformat()}"
    found = site.earlier.pieces(kind, made_of, make)
    rows = ((item, *found[item]) for item in items)
    return [PromisePage(item, name, Verdict(**decided), outcome) for item, name, decided, outcome in rows]


def promise_pages(site: Site, promises: Sequence[PromisePage], lang: str) -> dict[str, bytes]:
    """The page of each promise, and the one of all.

    Parameters
    ----------
    site : Site
    promises : sequence of PromisePage
        All of the plan, with their verdicts (:func:`promises_of`).
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
        Path -> content.
    """
    made = [
        site.render(
            "promises.html",
            "promises/index.html",
            lang,
            promises=promises,
            counted=outcomes((one.outcome for one in promises), lang),
            fates=fates_chart(site.atlas, site.as_of, lang),
            address="{}.html".format,
            outcome_address="#outcome-{}".format,
            files=chart_links("../" * site.path("promises/index.html", lang).count("/"), "promises", lang),
        )
    ]
    files = dict(made)
    for one in promises:
        files |= _page(site, one.item_id, lang)
    return files


def _page(site: Site, item_id: str, lang: str) -> dict[str, bytes]:
    remarks = site.remarks_of(lang, item_id)

    def made() -> dict[str, bytes]:
        page = promise_page(site.atlas, item_id, site.as_of, lang)
        return dict([site.render("promise.html", f"promises/{item_id}.html", lang, p=page, remarks=remarks)])

    rows = site.families.digest(site.families.of_item(item_id))
    return site.files("promise", lang, item_id, rows, json.dumps(remarks), make=made)
