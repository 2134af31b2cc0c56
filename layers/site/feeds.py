"""Atom feeds of the public site: one of everything, one of each promise and of each district; addresses in them are relative."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from layers.feeds import Topic, feed
from layers.site.pages import Site


def feeds(site: Site, lang: str) -> dict[str, bytes]:
    """Path -> content, for one language."""
    atlas, families = site.atlas, site.families
    topics = {"all": (Topic(), frozenset(families.works_of))}
    for item in map(str, atlas.pack.plan_items.index):
        topics[f"item-{item}"] = Topic(item=item), families.of_item(item)
    for code in map(str, atlas.districts.index):
        topics[f"district-{code}"] = Topic(district=code), families.of_district(code)
    files: dict[str, bytes] = {}
    for name, (topic, about) in topics.items():
        files |= site.files(
            "feed", lang, name, families.digest(about), make=partial(_feed, site, name, topic, lang)
        )
    return files


def _feed(site: Site, name: str, topic: Topic, lang: str) -> dict[str, bytes]:
    path, own = site.path(f"feeds/{name}.atom", lang), f"{name}.atom"
    return {path: feed(site.atlas, topic, site.as_of, lang, own=own, address_of=_card)}


def _card(work_id: str) -> str:
    return f"../index.html?{urlencode({'work': work_id, 'scope': 'all'})}"
