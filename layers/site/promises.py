"""The pages of the promises on the public site: one each, and one that lists them all."""

from __future__ import annotations

from geo.report.promise.overview import outcomes
from geo.report.promise.page import all_promises, promise_page
from geo.report.promise.plan_fates import fates_chart
from layers.site.charts import chart_links
from layers.site.pages import Site


def promise_pages(site: Site, lang: str) -> dict[str, bytes]:
    """Path -> content, for one language."""
    promises = all_promises(site.atlas, site.as_of, lang)
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
    for one in promises:
        page = promise_page(site.atlas, one.item_id, site.as_of, lang)
        remarks = site.remarks_of(lang, one.item_id)
        made.append(
            site.render("promise.html", f"promises/{one.item_id}.html", lang, p=page, remarks=remarks)
        )
    return dict(made)
