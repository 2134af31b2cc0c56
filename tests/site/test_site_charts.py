"""The charts of the public site: the message of the front page, districts on every measure, their files, all without a script."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.report.compare.district_lead import district_lead
from geo.report.compare.measures import measures
from geo.report.compare.ranking import ranking_on
from geo.report.front import front
from geo.text import LANGUAGES
from tests.site.site_days import DAY

ROOTS = {"zh": "", "en": "en/"}


def page(files: dict[str, bytes], name: str) -> str:
    return unescape(files[name].decode())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_front_page_says_what_the_register_says(files: dict[str, bytes], atlas: Atlas, lang: str) -> None:
    message, root = front(atlas, DAY, lang), ROOTS[lang]
    text = page(files, f"{root}index.html")
    counts = re.findall(
        r'href="promises/index\.html#outcome-(\w+)"><img class="sign"[^>]*><span><b>(\d+)</b>', text
    )
    assert {word: int(number) for word, number in counts} == {
        part.outcome: part.count for part in message.outcomes.shown
    }
    for story in message.stories:
        assert story.sentence in text
    for news in message.latest:
        assert news.what in text
        assert f'href="{news.url}"' in text if news.url else news.source in text
    order = [
        text.index(part)
        for part in ('class="outcome-bar"', message.stories[0].sentence, message.latest[0].what, 'id="map"')
    ]
    assert order == sorted(order)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_part_of_the_chart_leads_to_its_promises(
    files: dict[str, bytes], atlas: Atlas, lang: str
) -> None:
    text = page(files, f"{ROOTS[lang]}promises/index.html")
    message = front(atlas, DAY, lang)
    for part in message.outcomes.shown:
        listed = text.split(f'id="outcome-{part.outcome}"')[1].split("</ul>")[0]
        items = re.findall(r'<li><a href="(\w+)\.html">', listed)
        assert items == [one.item_id for one in message.promises if one.outcome == part.outcome]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_measure_has_a_page_with_its_rows_and_files(
    files: dict[str, bytes], atlas: Atlas, lang: str
) -> None:
    root = ROOTS[lang]
    for key, measure in measures(atlas).items():
        text = page(files, f"{root}districts/{'index' if key == FIRST_MEASURE else f'by-{key}'}.html")
        assert f"<h2>{measure.name(lang)}</h2>" in text
        table = list(
            csv.DictReader(io.StringIO(files[f"charts/districts-{key}.{lang}.csv"].decode("utf-8-sig")))
        )
        shown = text.split('class="ranking-table"')[1].split("</table>")[0]
        assert re.findall(r'data-district="(\w+)"', shown) == [row["district_code"] for row in table]
        assert len(table) == len(atlas.districts)
        picture = files[f"charts/districts-{key}.{lang}.svg"]
        assert ElementTree.fromstring(picture).tag.endswith("svg")  # noqa: S314 (our own drawing)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_district_opens_with_its_sentence(files: dict[str, bytes], atlas: Atlas, lang: str) -> None:
    ranking = ranking_on(atlas, measures(atlas)[FIRST_MEASURE], DAY)
    for code in map(str, atlas.districts.index):
        text = page(files, f"{ROOTS[lang]}districts/{code}.html")
        sentence = district_lead(atlas, code, ranking, lang).sentence
        assert f'<p class="verdict">{sentence} ' in text
        assert text.index(sentence) < text.index('class="figures"')
