"""Atom feeds (RFC 4287) of what the register learns: of all works, of one promise, of one district; by feedgen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import pandas as pd
from feedgen.feed import FeedGenerator

from geo.display.event_labels import event_text
from geo.display.labels import day_text, name_of, note_of, plan_titles, source_publisher, source_title
from geo.errors import UnknownIdError
from geo.register.city import Atlas
from geo.register.plan_items import require_items
from geo.register.progress import in_district
from geo.text import LANGUAGE_TAGS, translate
from geo.text import mark as _
from geo.vocabulary import PROGRESS_EVENTS

MEDIA_TYPE: Final = "application/atom+xml"
NEWEST: Final = 100
"""Entries of one feed."""


NEWS_TEXTS: Final = {
    "since": _("您上次来是 {day}；那天起有 {n} 条新记载"),
    "private": _("上次来的日期只记在您的浏览器里，从不发给服务器。"),
    "forget": _("忘掉这个日期"),
}
"""What a page says of the records since a visitor's last visit (``static/shared/last_visit.js``)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a feed is about: one promise, one district (their ids), or everything."""

    item: str = ""
    district: str = ""


def feed(
    atlas: Atlas, topic: Topic, as_of: date, lang: str, *, own: str, address_of: Callable[[str], str]
) -> bytes:
    """The newest records of a topic, the last learnt first.

    Parameters
    ----------
    atlas : Atlas
    topic : Topic
    as_of : date
        Records that are dated later and confirmed are left out; planned ones say so.
    lang : str
        ``zh`` or ``en``.
    own : str
        Address of the feed itself.
    address_of : callable
        Work id -> address of its card.

    Returns
    -------
    bytes
        UTF-8. The same register gives the same bytes.

    Raises
    ------
    UnknownIdError
        There is no such promise or district.
    """
    title = _title(atlas, topic, lang)
    events = _events(atlas, topic, as_of)
    made = FeedGenerator()
    of_plan = f":{atlas.plan_parameter}" if atlas.plan_parameter else ""
    made.id(_urn(atlas, f"feed:{topic.item}:{topic.district}:{lang}{of_plan}"))
    made.title(title)
    made.subtitle(translate(_("城建项目登记的新记载；每条都有来源。"), lang))
    made.link(href=own, rel="self", type=MEDIA_TYPE)
    made.author(name=atlas.city.author.of(lang))
    made.rights(f"{atlas.city.licence.label}. {atlas.city.credit_line(lang)}")
    made.language(LANGUAGE_TAGS[lang])
    made.updated(max(events["learnt"], default=_midnight(atlas.city.days.first)))
    works, sources = _named_in(events, atlas)
    for event in events.to_dict("records"):
        title = _entry_title(works[event["work_id"]], event, lang)
        _add(made, atlas, {**event, "title": title, "source": sources[event["source_id"]]}, lang, address_of)
    return bytes(made.atom_str(pretty=True))


def news(atlas: Atlas, as_of: date, lang: str) -> dict[str, Any]:
    """The records of the feed of everything, for a browser that knows when it was here last.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        As in :func:`feed`.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
        ``text`` (:data:`NEWS_TEXTS`), ``entries``: day on which the register learnt it (ISO), work id, and the title in the feed; the last learnt first.
    """
    events = _events(atlas, Topic(), as_of)
    works, _sources = _named_in(events, atlas)
    return {
        "text": {name: translate(text, lang) for name, text in NEWS_TEXTS.items()},
        "entries": [
            [
                event["learnt"].date().isoformat(),
                str(event["work_id"]),
                _entry_title(works[event["work_id"]], event, lang),
            ]
            for event in events.to_dict("records")
        ],
    }


def _named_in(events: pd.DataFrame, atlas: Atlas) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """The works and the sources that events name, by id: field -> value."""
    works = atlas.register.works.loc[events["work_id"].unique(), ["name_zh", "name_en"]]
    sources = atlas.pack.sources.loc[events["source_id"].unique()]
    return works.to_dict("index"), sources.to_dict("index")


def _entry_title(work: Mapping[str, Any], event: Mapping[Any, Any], lang: str) -> str:
    name = name_of(work, lang)
    planned = "" if event["confirmed"] else translate(_("计划/预计"), lang)
    colon = "：" if lang == "zh" else ": "
    return f"{name}{colon}{' '.join(filter(None, (planned, event_text(event, lang))))}"


def _title(atlas: Atlas, topic: Topic, lang: str) -> str:
    parts = [atlas.city.program_name(lang), *plan_titles(atlas, lang)]
    if topic.item:
        require_items([topic.item], atlas.pack.plan_items)
        parts.append(name_of(pd.Series(atlas.pack.plan_items.loc[topic.item]), lang))
    if topic.district:
        known = atlas.districts.index
        if topic.district not in known:
            raise UnknownIdError(
                _("没有区县 {item}。"), hint=_("可用：{known}。"), item=topic.district, known="、".join(known)
            )
        parts.append(name_of(pd.Series(atlas.districts.loc[topic.district]), lang))
    return " · ".join(parts)


def _events(atlas: Atlas, topic: Topic, as_of: date) -> pd.DataFrame:
    """Records of progress with ``learnt``, the moment at which the register learnt them (its day where no more is known)."""
    works, events = atlas.register.works, atlas.register.events
    chosen = works["counted"].isin(("yes", "probable")) | works["parent_id"].notna()
    if topic.item:
        chosen &= (works["item_id"] == topic.item).astype(bool)
    if topic.district:
        chosen &= in_district(works, topic.district)
    mine = events[events["kind"].isin(PROGRESS_EVENTS) & events["work_id"].isin(works.index[chosen])]
    happened = (~mine["confirmed"].astype(bool)) | mine["date"].map(lambda day: day <= as_of).astype(bool)
    mine = mine[mine["date"].notna() & happened]
    learnt = [_moment(value, day) for value, day in zip(mine["recorded_at"], mine["date"], strict=True)]
    newest = mine.assign(learnt=learnt).sort_values(["learnt", "date", "event_id"], ascending=False)
    return newest.head(NEWEST)


def _moment(recorded: Any, day: date) -> datetime:
    if not recorded or pd.isna(recorded):
        return _midnight(day)
    moment = datetime.fromisoformat(str(recorded))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _urn(atlas: Atlas, name: str) -> str:
    return uuid5(NAMESPACE_URL, f"{atlas.city.code}:{name}").urn


def _add(
    made: FeedGenerator, atlas: Atlas, event: Mapping[Any, Any], lang: str, address_of: Callable[[str], str]
) -> None:
    source = event["source"]
    day = day_text(event["date"], event["date_precision"], lang)
    planned = "" if event["confirmed"] else translate(_("计划/预计"), lang)
    by = " ".join(filter(None, (source_publisher(source, lang), source_title(source))))
    entry = made.add_entry(order="append")
    entry.id(_urn(atlas, f"event:{event['event_id']}"))
    entry.title(event["title"])
    entry.link(href=address_of(str(event["work_id"])), rel="alternate")
    entry.updated(event["learnt"])
    entry.summary(" · ".join(filter(None, (day, planned, note_of(event, lang, "reason"), by))))
