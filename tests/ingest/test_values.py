"""Numbers, units, coordinates, status words and dates as people write them; what could be two is asked."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.cells.values import (
    read_angle,
    read_date,
    read_district,
    read_number,
    read_pair,
    read_status,
    read_unit,
)
from tests.depth import examples


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        (1200, 1200, ""),
        ("1200", 1200, ""),
        ("1,200", 1200, ""),
        ("12 000", 12000, ""),
        ("1,234,567.5", 1234567.5, ""),
        ("1.234,5", 1234.5, ""),
        ("３５０㎡", 350, "m2"),
        ("2.2万套", 22000, "套"),
        ("70万平方米", 700000, "m2"),
        ("1.5万", 15000, ""),
        ("1.2亿元", 1.2, "亿元"),
        ("2公顷", 20000, "m2"),
        ("3亩", 2000, "m2"),
        ("12公里", 12, "km"),
        ("850米", 0.85, "km"),
        ("三百二十户", 320, "户"),
        ("两万个", 20000, "个"),
        ("十二", 12, ""),
        ("-5", -5, ""),
        ("1e3", 1000, ""),
        ("共120户", 120, "户"),
    ],
)
def test_numbers_with_units(cell: Any, value: float, unit: str) -> None:
    said = read_number(cell)
    assert (said.level, said.detail) == ("", unit)
    assert said.value == pytest.approx(value)


@pytest.mark.parametrize("cell", [None, "", "  ", "—", "N/A", "无", math.nan])
def test_nothing_is_nothing(cell: Any) -> None:
    for reader in (read_number, read_date, read_angle, read_status):
        said = reader(cell)
        assert said.value is None
        assert not said.level


@pytest.mark.parametrize("cell", ["abc", "3-5", "=1+1", math.inf, "inf", True, "万", "5海里", "1.2.3"])
def test_what_is_no_number_is_said(cell: Any) -> None:
    said = read_number(cell)
    assert (said.value, said.level) == (None, "error")
    assert said.message.format(**said.params)
    assert said.hint


def test_an_estimate_is_taken_with_a_remark() -> None:
    for cell in ("约500个", "500余个", "500个左右", "500多个"):
        said = read_number(cell)
        assert (said.value, said.detail, said.level) == (500, "个", "warning"), cell


def test_a_decimal_comma_is_asked_once() -> None:
    said = read_number("12,5")
    assert (said.value, said.level, said.rule) == (None, "question", "decimal_comma")
    assert read_number("12,5", {"decimal_comma": "decimal"}).value == 12.5
    assert read_number("12,5", {"decimal_comma": "error"}).level == "error"


def test_the_unit_of_the_header_holds_where_a_cell_has_none() -> None:
    assert read_number("3.2", unit="万平方米").value == 32000
    assert read_number("3.2亩", unit="万平方米").value == pytest.approx(3.2 * 2000 / 3, abs=1e-5)
    assert read_unit("万个") == ("个", 10000)
    assert read_unit("小区") is None


@given(st.integers(0, 10**9), st.sampled_from(["", "万", "亿"]))
@examples(60)
def test_grouping_and_width_change_no_number(number: int, times: str) -> None:
    wide = str(number).translate({ord("0") + k: ord("０") + k for k in range(10)})
    values = {read_number(text + times).value for text in (str(number), f"{number:,}", wide)}
    assert values == {number * {"": 1, "万": 10**4, "亿": 10**8}[times]}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("120.3", 120.3),
        (120.3, 120.3),
        ("120°18′18″E", 120.305),
        ("120°18'18\"", 120.305),
        ("东经120度18分18秒", 120.305),
        ("120:18:18", 120.305),
        ("31°30.6'N", 31.51),
        ("１２０.5", 120.5),
        ("33°S", -33),
        ("405,123.5", 405123.5),
    ],
)
def test_coordinates(cell: Any, value: float) -> None:
    said = read_angle(cell)
    assert not said.level
    assert said.value == pytest.approx(value, abs=1e-9)


def test_coordinates_that_are_none_are_said_and_a_comma_is_asked() -> None:
    for cell in ("120°75'", "abc", "120.3.1", math.inf, "无锡"):
        assert read_angle(cell).level == "error"
    assert read_angle("120,305").rule == "decimal_comma"
    first, second = read_pair("（120.3，31.5）")
    assert (first.value, second.value) == (120.3, 31.5)
    assert read_pair("120.3")[0].level == "error"


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        (date(2021, 3, 4), date(2021, 3, 4), "day"),
        (datetime(2021, 3, 4, 9, 30), date(2021, 3, 4), "day"),
        ("2021-12-31", date(2021, 12, 31), "day"),
        ("2021/3/4", date(2021, 3, 4), "day"),
        ("2021.6.30", date(2021, 6, 30), "day"),
        ("2021-12-31 08:00:00", date(2021, 12, 31), "day"),
        ("2021年12月", date(2021, 12, 31), "month"),
        ("2021年2月", date(2021, 2, 28), "month"),
        ("2021.12", date(2021, 12, 31), "month"),
        (2021.12, date(2021, 12, 31), "month"),
        ("202112", date(2021, 12, 31), "month"),
        (20211230, date(2021, 12, 30), "day"),
        ("2021年12月底", date(2021, 12, 31), "month"),
        ("2021", date(2021, 12, 31), "year"),
        (2021, date(2021, 12, 31), "year"),
        ("2021年内", date(2021, 12, 31), "year"),
        ("2021年底", date(2021, 12, 31), "circa"),
        ("约2021年6月", date(2021, 6, 30), "circa"),
        ("2021年上半年", date(2021, 6, 30), "half"),
        ("2021年第三季度", date(2021, 9, 30), "quarter"),
        ("2021Q1", date(2021, 3, 31), "quarter"),
        ("二〇二一年", date(2021, 12, 31), "year"),
        ("二〇二一年十二月三十一日", date(2021, 12, 31), "day"),
        ("31/12/2021", date(2021, 12, 31), "day"),
        ("12/31/2021", date(2021, 12, 31), "day"),
        ("Dec 2021", date(2021, 12, 31), "month"),
        ("31 December 2021", date(2021, 12, 31), "day"),
    ],
)
def test_dates_and_how_exact_they_are(cell: Any, day: date, precision: str) -> None:
    said = read_date(cell)
    assert (said.value, said.detail, said.level) == (day, precision, "")


@pytest.mark.parametrize(
    ("cell", "rule", "answers"),
    [
        ("01/02/2021", "date_order", {"dmy": date(2021, 2, 1), "mdy": date(2021, 1, 2)}),
        ("44561", "excel_serial", {"yes": date(2021, 12, 31)}),
        (44561, "excel_serial", {"yes": date(2021, 12, 31)}),
        (2021.1, "year_decimal", {"month_1": date(2021, 1, 31), "month_10": date(2021, 10, 31)}),
        ("21年12月", "short_year", {"20xx": date(2021, 12, 31)}),
    ],
)
def test_what_could_be_two_dates_is_asked(cell: Any, rule: str, answers: dict[str, date]) -> None:
    said = read_date(cell)
    assert (said.value, said.level, said.rule) == (None, "question", rule)
    assert set(answers) <= {key for key, _shown in said.choices}
    for answer, day in answers.items():
        assert read_date(cell, {rule: answer}).value == day


@pytest.mark.parametrize(
    "cell", ["2021-02-30", "2021-13-01", "0001-01-01", "9999年", "昨天", "abc", True, "内"]
)
def test_what_is_no_date_is_said(cell: Any) -> None:
    said = read_date(cell)
    assert (said.value, said.level) == (None, "error")
    assert said.message.format(**said.params)


def test_a_plan_is_a_plan() -> None:
    for cell in ("计划2021年12月", "2021年12月（计划）", "预计2021-12-31"):
        assert read_date(cell).planned, cell
    assert not read_date("2021年12月").planned


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.sampled_from(["-", "/", "."]))
@examples(60)
def test_a_day_is_read_as_it_was_written(day: date, mark: str) -> None:
    assert read_date(f"{day.year}{mark}{day.month}{mark}{day.day}").value == day
    assert read_date(f"{day.year}年{day.month}月{day.day}日").value == day


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("已完工", "completed"),
        ("竣工。", "completed"),
        ("已完工（2021-12）", "completed"),
        ("在建", "implementation"),
        ("已开工", "implementation"),
        ("未开工", "preparation"),
        ("Under Construction", "implementation"),
        ("completed", "completed"),
        ("停工", "on_hold"),
    ],
)
def test_status_words(cell: str, word: str) -> None:
    assert read_status(cell).value == word


def test_a_near_status_is_asked_never_taken() -> None:
    said = read_status("未完工")
    assert (said.value, said.level) == (None, "question")
    assert read_status("未完工", {said.rule: "implementation"}).value == "implementation"
    assert read_status("乱写").level == "error"
    assert read_status("是", yes_means_done=True).value == "completed"
    assert read_status("否", yes_means_done=True).value is None


def test_districts_by_code_name_and_other_name() -> None:
    names, others = {"100001": "东河区", "100002": "西河市"}, {"开发区": "100001"}
    for cell, code in (
        ("东河", "100001"),
        ("某市东河区", "100001"),
        (100002.0, "100002"),
        ("开发区", "100001"),
        ("东河区、西河市", "100001|100002"),
    ):
        assert read_district(cell, names, others).value == code
    wrong = read_district("南河区", names, others)
    assert wrong.level == "error"
    assert "东河区" in wrong.hint.format(**wrong.params)
