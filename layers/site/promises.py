"""The pages of the promises on the public site: one each, and one that lists them all."""

from __future__ import annotations

from collections import Counter

from geo.report.promise.page import all_promises, promise_page
from geo.text import translate
from geo.vocabulary import PROMISE_LABELS
from layers.site.pages import Site


def promise_pages(site: Site, lang: str) -> dict[str, bytes]:
    """Path -> content, for one language."""
    promises = all_promises(site.atlas, site.as_of, lang)
    labels = {state: translate(label, lang) for state, label in PROMISE_LABELS.items()}
    states = Counter(one.verdict.state for one in promises)
    made = [
        site.render(
            "promises.html",
            "promises/index.html",
            lang,
            promises=promises,
            counts=[(state, label, states[state]) for state, label in labels.items() if states[state]],
            labels=labels,
        )
    ]
    for one in promises:
        page = promise_page(site.atlas, one.item_id, site.as_of, lang)
        made.append(site.render("promise.html", f"promises/{one.item_id}.html", lang, p=page))
    return dict(made)
