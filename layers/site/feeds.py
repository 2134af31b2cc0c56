"""Atom feeds of the public site: one of everything, one of each promise and of each district; addresses in them are relative."""

from __future__ import annotations

from urllib.parse import urlencode

from layers.feeds import Topic, feed
from layers.site.pages import Site


def feeds(site: Site, lang: str) -> dict[str, bytes]:
    """Path -> content, for one language."""
    atlas = site.atlas
    topics = {"all": Topic()}
    topics |= {f"item-{key}": Topic(item=str(key)) for key in atlas.pack.plan_items.index}
    topics |= {f"district-{code}": Topic(district=str(code)) for code in atlas.districts.index}
    return {
        site.path(f"feeds/{name}.atom", lang): feed(
            atlas, topic, site.as_of, lang, own=f"{name}.atom", address_of=_card
        )
        for name, topic in topics.items()
    }


def _card(work_id: str) -> str:
    return f"../index.html?{urlencode({'work': work_id, 'scope': 'all'})}"
