"""The front page: its chart counts what every other surface counts, and its stories are true on any day."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.register.progress import progress
from geo.report.blocks import block_environment
from geo.report.changes import latest
from geo.report.front import front, promises_csv
from geo.report.picture import png_of
from geo.report.promise.overview import OUTCOMES, outcome_picture
from geo.report.stories import SHOWN, Story, stories
from geo.text import LANGUAGES
from geo.vocabulary import PROMISE_FULFILLED, UNKNOWN

ATLAS = load_atlas()
SPAN = ATLAS.city.days
DAYS = st.dates(SPAN.first, SPAN.last)
LANGS = st.sampled_from(LANGUAGES)


def numbers_in(sentence: str) -> list[float]:
    return [float(text.replace(",", "")) for text in re.findall(r"\d[\d,]*(?:\.\d+)?", sentence)]


@settings(max_examples=4)
@given(day=DAYS, lang=LANGS)
def test_on_any_day_the_chart_counts_what_the_one_function_counts(day: date, lang: str) -> None:
    message = front(ATLAS, day, lang)
    states = Counter(progress(ATLAS.register, day, "item")["promise"])
    counts = {part.outcome: part.count for part in message.outcomes.parts}
    assert list(counts) == list(OUTCOMES)
    assert {word: counts[word] for word in PROMISE_FULFILLED} == {
        word: states[word] for word in PROMISE_FULFILLED
    }
    assert sum(counts.values()) == len(ATLAS.pack.plan_items) == len(message.promises)
    assert counts == {word: sum(one.outcome == word for one in message.promises) for word in OUTCOMES}
    ends = [part.start + part.share for part in message.outcomes.shown]
    assert [part.start for part in message.outcomes.shown] == pytest.approx([0.0, *ends[:-1]])
    assert ends[-1] == pytest.approx(1.0)
    for part in message.outcomes.shown:
        assert part.label in message.outcomes.sentence
        assert part.count in numbers_in(message.outcomes.sentence)


@settings(max_examples=4)
@given(day=DAYS, lang=LANGS)
def test_on_any_day_there_are_three_stories_of_things_that_exist(day: date, lang: str) -> None:
    made = stories(ATLAS, day, lang)
    assert len({story.sentence for story in made}) == len(made) == SHOWN
    known = {
        "promise": ATLAS.pack.plan_items.index,
        "district": ATLAS.districts.index,
        "work": ATLAS.register.works.index,
    }
    for story in made:
        assert story.subject in known[story.kind]
        assert "{" not in story.sentence


def of_kind(day: date, kind: str) -> Story | None:
    return next((story for story in stories(ATLAS, day, "zh") if story.kind == kind), None)


@settings(max_examples=8)
@given(day=DAYS)
def test_on_any_day_the_numbers_of_a_story_are_those_of_the_register(day: date) -> None:
    behind = of_kind(day, "district")
    districts = progress(ATLAS.register, day, "district").loc[list(ATLAS.districts.index)]
    shares = districts["done"] / districts["named"].where(districts["named"] > 0)
    if behind is not None:
        own = districts.loc[behind.subject]
        assert numbers_in(behind.sentence)[:2] == [own["named"], own["done"]]
        assert numbers_in(behind.sentence)[-2] / numbers_in(behind.sentence)[-1] == pytest.approx(
            shares.max()
        )
        assert shares[behind.subject] == shares.min()
    else:
        assert shares.min() == shares.max()
    gap = of_kind(day, "promise")
    if gap is not None:
        item = progress(ATLAS.register, day, "item").loc[gap.subject]
        told = numbers_in(gap.sentence.split("答应")[1].replace("m²", ""))
        assert told == [item["target"], item["done"], item["target"] - item["done"]]


@settings(max_examples=8)
@given(day=DAYS)
def test_a_silence_is_counted_from_the_last_record_there_is(day: date) -> None:
    story = next((one for one in stories(ATLAS, day, "zh") if "没有消息" in one.sentence), None)
    if story is None:
        return
    works, events = ATLAS.register.works, ATLAS.register.events
    mine = {story.subject, *works.index[works["parent_id"] == story.subject]}
    days = [
        event["date"]
        for _id, event in events.iterrows()
        if event["work_id"] in mine
        and event["confirmed"]
        and event["date"] is not None
        and event["date"] <= day
    ]
    assert max(days).isoformat() in story.sentence
    assert ATLAS.register.state(day).at[story.subject, "status"] != UNKNOWN


@settings(max_examples=6)
@given(day=DAYS, lang=LANGS)
def test_what_changed_lately_is_the_newest_first_and_says_who_says_so(day: date, lang: str) -> None:
    news = latest(ATLAS, day, lang)
    assert 0 < len(news) <= 3
    starts = [one.day[:7] for one in news]
    assert starts == sorted(starts, reverse=True)
    for one in news:
        assert one.day[:7] <= day.isoformat()[:7]
        assert one.source
        assert one.url == "" or one.url.startswith(("http://", "https://"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_taken_away_is_complete_in_itself(lang: str) -> None:
    day = date(2021, 12, 31)
    message = front(ATLAS, day, lang)
    drawing = outcome_picture(ATLAS, day, message.outcomes, lang)
    text = "".join(ElementTree.fromstring(drawing).itertext())  # noqa: S314 (our own drawing)
    for part in message.outcomes.shown:
        assert part.label in text
    assert day.isoformat() in text
    assert ATLAS.city.licence.label in text
    assert png_of(drawing).startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(promises_csv(ATLAS, message, lang).decode("utf-8-sig"))))
    assert Counter(row["outcome"] for row in rows) == {
        part.outcome: part.count for part in message.outcomes.shown
    }


def test_words_of_others_stay_words() -> None:
    evil = '</a><script>alert(1)</script>"x"'
    text = (
        block_environment()
        .from_string('{% from "front.html" import front_page %}{{ front_page(front, links, [], t) }}')
        .render(front=HostileFront(evil), links=HostileLinks(), t=lambda message, **_values: message)
    )
    assert "<script>" not in text
    assert 'title=""x""' not in text


class HostileLinks:
    """Links of a test page."""

    def outcome(self, outcome: str) -> str:
        return outcome

    def work(self, work_id: str) -> str:
        return work_id

    def story(self, story: Story) -> str:
        return story.subject


class HostileFront:
    """The message of a day, with names that try to run."""

    def __init__(self, evil: str) -> None:
        message = front(ATLAS, date(2021, 12, 31), "zh")
        self.promises, self.outcomes = message.promises, message.outcomes
        self.stories = [Story(evil, "work", evil)]
        self.latest = [
            {
                "day": evil,
                "work_id": evil,
                "name": evil,
                "what": evil,
                "source": evil,
                "url": "https://x/" + evil,
            }
        ]
