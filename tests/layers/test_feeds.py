"""Atom feeds: well-formed to a reader's own library, every record of the topic once, and no text that breaks out."""

from __future__ import annotations

import dataclasses
from datetime import date

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.errors import UnknownIdError
from geo.register.city import Atlas
from geo.register.register import Register
from geo.vocabulary import PROGRESS_EVENTS
from layers.feeds import NEWEST, Topic, feed, news
from tests.depth import examples

DAY = date(2026, 11, 1)
ATLAS = load_atlas()
TOPICS = st.one_of(
    st.just(Topic()),
    st.sampled_from([Topic(item=str(key)) for key in ATLAS.pack.plan_items.index]),
    st.sampled_from([Topic(district=str(code)) for code in ATLAS.districts.index]),
)
EVIL = '</title><script>alert(1)</script> & "x" <![CDATA['


def made(atlas: Atlas, topic: Topic, day: date = DAY, lang: str = "zh") -> bytes:
    return feed(
        atlas, topic, day, lang, own="https://x.test/all.atom", address_of="https://x.test/?work={}".format
    )


def read(content: bytes) -> feedparser.FeedParserDict:
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


@examples(quick=15)
@given(topic=TOPICS, day=st.dates(date(2020, 6, 1), date(2026, 12, 31)), lang=st.sampled_from(("zh", "en")))
def test_any_feed_is_read_and_holds_no_later_record(topic: Topic, day: date, lang: str) -> None:
    found = read(made(ATLAS, topic, day, lang))
    assert len({entry.id for entry in found.entries}) == len(found.entries) <= NEWEST
    moments = [entry.updated for entry in found.entries]
    assert moments == sorted(moments, reverse=True)
    assert all(
        entry.summary and entry.title and entry.link.startswith("https://x.test/") for entry in found.entries
    )


def test_a_promise_s_feed_has_each_of_its_records_once(atlas: Atlas) -> None:
    item = str(atlas.pack.works["item_id"].value_counts().index[-1])
    works = atlas.register.works
    mine = works.index[
        (works["item_id"] == item) & (works["counted"].isin(("yes", "probable")) | works["parent_id"].notna())
    ]
    events = atlas.pack.events
    wanted = events[
        events["work_id"].isin(mine) & events["kind"].isin(PROGRESS_EVENTS) & events["date"].notna()
    ]
    assert len(read(made(atlas, Topic(item=item))).entries) == min(len(wanted), NEWEST)


def test_words_of_strangers_stay_words() -> None:
    works = ATLAS.pack.works.assign(name_zh=EVIL)
    register = Register.from_pack(dataclasses.replace(ATLAS.pack, works=works))
    found = read(made(dataclasses.replace(ATLAS, register=register), Topic()))
    assert found.entries
    assert all(
        "<script" not in entry.title_detail.value or entry.title_detail.type == "text/plain"
        for entry in found.entries
    )


@pytest.mark.parametrize("topic", [Topic(item="X99"), Topic(district="<b>")])
def test_a_topic_that_is_not_there_is_refused(topic: Topic) -> None:
    with pytest.raises(UnknownIdError):
        made(ATLAS, topic)


def test_news_are_the_entries_of_the_feed(atlas: Atlas) -> None:
    found = read(made(atlas, Topic()))
    entries = news(atlas, DAY, "zh")["entries"]
    assert [(day, title) for day, _work, title in entries] == [
        (entry.updated[:10], entry.title) for entry in found.entries
    ]
    assert all(
        entry.link.endswith(f"={work}") for entry, (_d, work, _t) in zip(found.entries, entries, strict=True)
    )
