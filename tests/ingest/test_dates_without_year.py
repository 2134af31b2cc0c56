"""Dates as offices write them without a year (``9月中旬``): the row's year, the one that the list states, else asked once."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.cells.dates import DATE_YEAR, read_date
from geo.ingest.plan.recipes import recipe_of
from tests.depth import examples
from tests.ingest.brought_files import remarks

_NUMERALS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        ("9月中旬", date(2021, 9, 20), "ten_days"),
        ("9月上旬", date(2021, 9, 10), "ten_days"),
        ("2月下旬", date(2021, 2, 28), "ten_days"),
        ("９月　中旬", date(2021, 9, 20), "ten_days"),
        ("九月中旬", date(2021, 9, 20), "ten_days"),
        ("9月上中旬", date(2021, 9, 30), "month"),
        ("9月初", date(2021, 9, 10), "circa"),
        ("9月底", date(2021, 9, 30), "month"),
        ("9月底前", date(2021, 9, 30), "circa"),
        ("年底", date(2021, 12, 31), "circa"),
        ("今年年底", date(2021, 12, 31), "circa"),
        ("本年底", date(2021, 12, 31), "circa"),
        ("三季度", date(2021, 9, 30), "quarter"),
        ("第三季度末", date(2021, 9, 30), "quarter"),
        ("Q3", date(2021, 9, 30), "quarter"),
        ("9月", date(2021, 9, 30), "month"),
        ("9月份", date(2021, 9, 30), "month"),
        ("9月15日", date(2021, 9, 15), "day"),
        ("上半年", date(2021, 6, 30), "half"),
    ],
)
def test_without_a_year_it_is_asked_and_with_one_read(cell: str, day: date, precision: str) -> None:
    asked = read_date(cell)
    assert (asked.value, asked.level, asked.rule) == (None, "question", DATE_YEAR)
    read = read_date(cell, year=2021)
    assert (read.value, read.detail, read.level) == (day, precision, "")


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        ("2021年9月中旬", date(2021, 9, 20), "ten_days"),
        ("2021.9中旬", date(2021, 9, 20), "ten_days"),
        ("二〇二一年九月下旬", date(2021, 9, 30), "ten_days"),
        ("2021年9月10日前", date(2021, 9, 10), "circa"),
        ("2021年底前", date(2021, 12, 31), "circa"),
        ("2021-Q3", date(2021, 9, 30), "quarter"),
        ("Q3 2021", date(2021, 9, 30), "quarter"),
        ("2021年三季度末", date(2021, 9, 30), "quarter"),
        ("2021.9", date(2021, 9, 30), "month"),
    ],
)
def test_a_year_in_the_cell_needs_no_other(cell: str, day: date, precision: str) -> None:
    for year in (None, 1999):
        read = read_date(cell, year=year)
        assert (read.value, read.detail, read.level) == (day, precision, "")


@pytest.mark.parametrize("cell", ["21/9", "21.9", "21年9月", "21年三季度", "21年9月中旬"])
def test_two_digits_of_a_year_are_asked(cell: str) -> None:
    asked = read_date(cell)
    ((answer, shown),) = asked.choices
    assert (asked.level, asked.rule) == ("question", "short_year")
    assert read_date(cell, {"short_year": answer}).value == date.fromisoformat(shown)


@pytest.mark.parametrize("cell", ["13月", "2月30日", "上旬", "底", "前", "次年3月", "2021年13月中旬"])
def test_what_is_no_date_stays_none(cell: str) -> None:
    assert (read_date(cell).value, read_date(cell).level) == (None, "error")


@given(st.integers(1, 12), st.sampled_from(["上旬", "中旬", "下旬"]), st.integers(1951, 2099))
@examples(40)
def test_ten_days_end_on_their_last_day(month: int, part: str, year: int) -> None:
    last = {"上旬": 10, "中旬": 20, "下旬": calendar.monthrange(year, month)[1]}[part]
    for text in (f"{month}月{part}", f"{_NUMERALS[month]}月{part}", f"{month:02d}月{part}"):
        for read in (read_date(text, year=year), read_date(f"{year}年{text}")):
            assert (read.value, read.detail) == (date(year, month, last), "ten_days")


HEADER = "小区名称,区县,建筑面积（平方米）,竣工时间"


def test_a_list_that_states_no_year_is_asked_once(bring) -> None:
    rows = ["试验甲村,梁溪区,3200,9月中旬", "试验乙村,梁溪区,2100,三季度", "试验丙村,梁溪区,900,2021.6.30"]
    text = "\n".join([HEADER, *rows])
    plan = bring("清单.csv", text)
    ((asked, cells),) = [each for each in plan.questions if each[0].rule == DATE_YEAR]
    assert (cells, plan.counts["question"]) == (2, 2)
    assert ("2021", "2021-09-20") in asked.choices
    answered = bring("清单.csv", text, rules={DATE_YEAR: "2020"})
    assert list(answered.rows["end_date"]) == [date(2020, 9, 20), date(2020, 9, 30), date(2021, 6, 30)]
    assert not answered.questions


@pytest.mark.parametrize(
    ("lines", "years"),
    [
        (["2021年老旧小区改造清单", HEADER, "试验甲村,梁溪区,3200,9月中旬"], [2021]),
        (["附件1", "2020年度项目表", HEADER, "试验甲村,梁溪区,3200,Q3"], [2020]),
        ([f"{HEADER},年度", "试验甲村,梁溪区,3200,9月,2020", "试验乙村,梁溪区,99,年底,2021"], [2020, 2021]),
    ],
)
def test_a_stated_year_is_taken_and_told(lines: list[str], years: list[int], bring) -> None:
    plan = bring("清单.csv", "\n".join(lines))
    assert [day.year for day in plan.rows["end_date"]] == years
    assert "没有写年份" in remarks(plan)
    assert not [one for one, _cells in plan.questions if one.rule == DATE_YEAR]


def test_a_title_against_all_other_dates_is_asked(bring) -> None:
    lines = ["2021年改造清单", HEADER, "试验甲村,梁溪区,3200,9月", "试验乙村,梁溪区,99,2019.6.30"]
    plan = bring("清单.csv", "\n".join(lines))
    assert [one.rule for one, _cells in plan.questions] == [DATE_YEAR]


def test_the_year_of_one_list_is_not_kept_for_the_next(bring) -> None:
    text = "\n".join([HEADER, "试验甲村,梁溪区,3200,9月中旬"])
    plan = bring("清单.csv", text, rules={DATE_YEAR: "2020", "list_year": "2020", "decimal_comma": "decimal"})
    assert recipe_of("清单", plan.mapping, plan.options).rules == {"decimal_comma": "decimal"}
