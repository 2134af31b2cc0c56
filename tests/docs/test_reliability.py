"""The figures of docs/reliability.md are those of the records."""

from __future__ import annotations

from benchmarks.attack import QUESTIONS, questions
from benchmarks.reliability import BEGIN, END, PAGE, lines
from geo.atlas import load_atlas
from geo.siting.question import read_site_question


def test_the_page_has_the_figures_of_the_records() -> None:
    text = PAGE.read_text("utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0].strip().splitlines() == lines()


def test_the_attack_asks_different_questions_that_can_be_answered() -> None:
    asked = [dict(pair.split("=") for pair in each.partition("?")[2].split("&")) for each in questions()]
    assert len({each["radius"] for each in asked}) == QUESTIONS
    assert read_site_question(load_atlas(), asked[0]).each_district
