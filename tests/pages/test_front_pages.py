"""The message of the front page and the comparison of districts, in the app: they show what the core says."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from geo.atlas import load_atlas
from geo.questions.works import FIRST_MEASURE
from geo.report.compare.district_lead import district_lead
from geo.report.compare.measures import measures
from geo.report.compare.ranking import ranking_on
from geo.report.front import front
from tests.pages.test_pages import html_of, open_page


def test_home_opens_with_what_has_become_of_the_promises() -> None:
    day = date(2021, 12, 31)
    for lang in ("zh", "en"):
        message = front(load_atlas(), day, lang)
        text = unescape(html_of(open_page(as_of=day.isoformat(), lang=lang)))
        shown = re.findall(r'outcome=(\w+)&[^"]*"><img class="sign"[^>]*><span><b>(\d+)</b>', text)
        assert dict(shown) == {part.outcome: str(part.count) for part in message.outcomes.shown}
        for story in message.stories:
            assert story.sentence in text


def test_an_outcome_of_the_chart_lists_its_promises() -> None:
    day = date(2021, 12, 31)
    wanted = [one.item_id for one in front(load_atlas(), day, "zh").promises if one.outcome == "kept"]
    text = html_of(open_page("promise.py", outcome="kept", as_of=day.isoformat()))
    assert re.findall(r'<li><a href="promise\?item=(\w+)', text) == wanted
    assert len(re.findall(r'<li><a href="promise\?item=', html_of(open_page("promise.py")))) == len(
        load_atlas().pack.plan_items
    )


@pytest.mark.parametrize("measure", ["", "km_open", "metro_800", "<script>"])
def test_the_page_of_districts_compares_them(measure: str) -> None:
    day = date(2021, 12, 31)
    known = measures(load_atlas())
    ranking = ranking_on(load_atlas(), known[measure if measure in known else FIRST_MEASURE], day)
    text = html_of(open_page("district.py", measure=measure, as_of=day.isoformat()))
    shown = text.split('class="ranking-table"')[1].split("</table>")[0]
    assert re.findall(r'data-district="(\w+)"', shown) == list(ranking.table.index)
    assert "<script>" not in text


def test_a_district_opens_with_its_sentence() -> None:
    day = date(2021, 12, 31)
    ranking = ranking_on(load_atlas(), measures(load_atlas())[FIRST_MEASURE], day)
    text = html_of(open_page("district.py", d="320213", as_of=day.isoformat()))
    assert district_lead(load_atlas(), "320213", ranking, "zh").sentence in text
