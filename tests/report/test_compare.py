"""Districts compared: the counts are those of the one function on any day, ranks keep to their ranges, drawings say what tables say."""

from __future__ import annotations

import csv
import io
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.coverage.question import answer_coverage, demand_of, read_question
from geo.errors import UnknownIdError
from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.register.progress import progress
from geo.report.compare.block import comparison
from geo.report.compare.district_lead import district_lead
from geo.report.compare.measures import WORK_MEASURES, get_measure, measures
from geo.report.compare.numbers import district_numbers
from geo.report.compare.ranking import Ranking, coverage_moments, rank, ranking_on, work_moments
from geo.report.compare.sheet import ranking_csv, sheet
from geo.text import LANGUAGES

ATLAS = load_atlas()
SPAN = ATLAS.city.days
DAYS = st.dates(SPAN.first, SPAN.last)
DAY = date(2021, 12, 31)
CODES = list(ATLAS.districts.index)


def on(day: date, measure_id: str = FIRST_MEASURE) -> Ranking:
    numbers = {day.isoformat(): district_numbers(ATLAS, day)}
    return rank(ATLAS, get_measure(ATLAS, measure_id), day, numbers)


@pytest.fixture(scope="module")
def rankings() -> dict[str, Ranking]:
    """Every measure on one day."""
    known, numbers = measures(ATLAS), work_moments(ATLAS, DAY)
    shares = coverage_moments(ATLAS, tuple(key for key, each in known.items() if each.indicator), DAY)
    return {key: rank(ATLAS, each, DAY, numbers, shares) for key, each in known.items()}


@settings(max_examples=8)
@given(day=DAYS)
def test_on_any_day_districts_have_the_counts_of_every_other_surface(day: date) -> None:
    numbers = district_numbers(ATLAS, day)
    wanted = progress(ATLAS.register, day, "district").loc[CODES]
    for name in ("named", "placed", "done"):
        assert list(numbers[name]) == list(wanted[name])
    for name in ("done", "km_open"):
        assert (numbers[f"{name}_low"] <= numbers[f"{name}_high"]).all()
    assert (numbers["done_high"] <= numbers["named"]).all()
    assert (numbers["km_open_high"] <= numbers["km_planned"] + 1e-9).all()


@settings(max_examples=8)
@given(day=DAYS, measure=st.sampled_from([each.measure_id for each in WORK_MEASURES]))
def test_a_rank_lies_among_those_that_the_range_allows(day: date, measure: str) -> None:
    known = on(day, measure).known
    assert (known["rank_best"] <= known["rank"]).all()
    assert (known["rank"] <= known["rank_worst"]).all()
    for code, row in known.iterrows():
        others = known.drop(code)
        assert row["rank"] == 1 + (others["value"] > row["value"]).sum()
        assert row["rank_best"] == 1 + (others["low"] > row["high"]).sum()
        assert row["rank_worst"] == 1 + (others["high"] > row["low"]).sum()
    assert list(known["value"]) == sorted(known["value"], reverse=True)


def test_kilometres_are_the_shares_of_lines_of_whole_works_or_else_of_their_sections() -> None:
    state = ATLAS.register.state(DAY)
    lines = state[state["line_id"].notna() & (state["counted"] == "yes") & (state["kind"] != "station")]
    with_line = set(lines.index[lines["kind"] == "work"])
    wanted = dict.fromkeys(CODES, 0.0)
    for work_id, work in lines.iterrows():
        if work["kind"] == "section" and work["parent_id"] in with_line:
            continue
        length = ATLAS.pack.lines.at[work["line_id"], "length_km"]
        drawn, shares = ATLAS.line_shares[work["line_id"]]
        for code in CODES:
            wanted[code] += float(shares.get(code, 0.0)) * (drawn if pd.isna(length) else length)
        assert work_id != "T09a"  # the tunnel is a part of the motorway, which has a line of its own
    numbers = district_numbers(ATLAS, DAY)
    assert dict(numbers["km_planned"]) == pytest.approx(wanted)
    assert numbers["km_planned"].sum() > 200


def test_every_row_is_a_measure_with_its_drawing_and_its_table(rankings: dict[str, Ranking]) -> None:
    assert FIRST_MEASURE in rankings
    assert {each.measure_id for each in WORK_MEASURES} < set(rankings)
    for ranking in rankings.values():
        for lang in LANGUAGES:
            shown = sheet(ATLAS, ranking, lang)
            text = "".join(ElementTree.fromstring(shown.picture).itertext())  # noqa: S314 (our own drawing)
            for row in shown.rows:
                assert row.name in text
                assert row.value in text
            for _fill, numbers in shown.legend:
                assert numbers in text
            assert len(shown.history) == len(CODES)
            assert {len(row) for row in shown.history} == {len(shown.heads)}
        rows = list(csv.DictReader(io.StringIO(ranking_csv(ATLAS, ranking, "en").decode("utf-8-sig"))))
        assert [row["district_code"] for row in rows] == list(ranking.table.index)
        values = [float(row["value"]) if row["value"] else None for row in rows]
        assert values == [None if pd.isna(each) else round(each, 4) for each in ranking.table["value"]]


def test_coverage_is_that_of_the_page_of_coverage(rankings: dict[str, Ranking]) -> None:
    question = read_question(ATLAS, {"indicator": "metro_800", "as_of": DAY, "set": "as_of"})
    answer = answer_coverage(ATLAS, question, demand_of(ATLAS, "residents")).table.set_index("district_code")
    own = rankings["metro_800"].table
    for code in CODES:
        assert own.at[code, "value"] == pytest.approx(100 * answer.at[code, "share_residents"])
        assert own.at[code, "low"] == pytest.approx(100 * answer.at[code, "share_residents_least"])


def test_where_a_list_is_not_complete_a_share_is_at_least_that(rankings: dict[str, Ranking]) -> None:
    known = rankings["kindergarten_radius_300"].known
    assert len(known) > 1
    assert set(known["high"]) == {100.0}
    assert set(known["rank_best"]) == {1.0}


@settings(max_examples=8)
@given(day=DAYS, code=st.sampled_from(CODES), lang=st.sampled_from(LANGUAGES))
def test_on_any_day_a_district_opens_with_a_sentence_that_is_true(day: date, code: str, lang: str) -> None:
    lead = district_lead(ATLAS, code, on(day), lang)
    wanted = progress(ATLAS.register, day, "district").loc[code]
    assert (lead.named, lead.done) == (wanted["named"], wanted["done"])
    assert str(ATLAS.districts.at[code, f"name_{lang}"]) in lead.sentence
    assert "{" not in lead.sentence
    assert lead.late + lead.done <= lead.named
    if lead.named:
        for number in (lead.named, lead.done, lead.rank):
            assert str(number) in lead.sentence


def test_a_district_without_a_named_work_says_so(atlas: Atlas) -> None:
    ranking = on(DAY)
    ranking.table.loc[CODES[0], "value"] = float("nan")
    assert sheet(atlas, ranking, "zh").rows[0].value
    assert "不知道" in " ".join(row.value for row in sheet(atlas, ranking, "zh").rows)


def test_a_measure_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(UnknownIdError, match="nonsense"):
        ranking_on(ATLAS, get_measure(ATLAS, "nonsense"), DAY)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_of_the_city_has_the_comparison_of_that_day(lang: str) -> None:
    chart = comparison(ATLAS, DAY, lang)
    wanted = progress(ATLAS.register, DAY, "district").loc[CODES]
    names = ATLAS.districts[f"name_{lang}"]
    shown = {row[1].text: row[3].text for row in chart.table.rows}
    assert shown == {
        names[code]: f"{wanted.at[code, 'done']:.0f} / {wanted.at[code, 'named']:.0f}" for code in CODES
    }
    assert chart.caption in chart.alt
    assert all(name in chart.svg for name in names)
