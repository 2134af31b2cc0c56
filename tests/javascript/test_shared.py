"""Days and numbers in the browser, against Python's own calendar and format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from layers.map.payload import day_number

Call = Callable[..., Any]
DAYS = [date(2015, 1, 1) + timedelta(days=i) for i in range(365 * 16)]


def test_every_day_of_sixteen_years_is_written_and_read_as_python_does(call: Call) -> None:
    found = call(
        "static/shared/days.js",
        "(days, numbers) => numbers.map((n) => [days.monthText(n), days.dayText(n), days.dayNumber(days.dayText(n)), "
        "days.isDayText(days.dayText(n)), days.shortDayText(n)])",
        [day_number(day) for day in DAYS],
    )
    for day, row in zip(DAYS, found, strict=True):
        is_last = (day + timedelta(days=1)).day == 1
        assert row == [
            f"{day:%Y-%m}",
            day.isoformat(),
            day_number(day),
            True,
            f"{day:%Y-%m}" if is_last else day.isoformat(),
        ]


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2023-13-01", "2023-00-10", "2023-1-01", "20230101", "2023-01-01x", "", None, "x"]
)
def test_what_is_no_day_is_not_taken_for_one(call: Call, text: str | None) -> None:
    assert call("static/shared/days.js", "({ isDayText }, text) => isDayText(text)", text) is False


def test_months_are_counted_across_years(call: Call) -> None:
    days = [day_number(day) for day in DAYS]
    found = call(
        "static/shared/days.js",
        "(days, ns) => ns.map((n) => [days.monthIndex(n), days.monthEnd(days.monthIndex(n))])",
        days,
    )
    for number, (index, end) in zip(days, found, strict=True):
        assert index == number // 10000 * 12 + number // 100 % 100 - 1
        assert number <= end
        assert end // 100 == number // 100


def test_the_clocks_day_is_that_of_its_own_time_zone(call: Call) -> None:
    assert (
        call("static/shared/days.js", "({ dayOfDate }) => dayOfDate(new Date(2021, 11, 31, 23, 59))")
        == 20211231
    )


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        ("numberText", [[20000], [0.25], [0], [None]], ["20,000", "0.3", "0", "—"]),
        ("wholeText", [[1234.5], [0], [None]], ["1,235", "0", "—"]),
        (
            "percentText",
            [[0.0994], [0.0995], [0.451], [0], [1], [None]],
            ["9.94%", "10.0%", "45.1%", "0.00%", "100.0%", "—"],
        ),
        ("percentRangeText", [[0.402, 0.451], [None, None]], ["40.2–45.1%", "—"]),
        ("wholeRangeText", [[1200, 1300.4], [None, None]], ["1,200–1,300", "—"]),
    ],
)
def test_numbers_are_written_as_people_read_them(
    call: Call, function: str, values: list[Any], expected: list[str]
) -> None:
    run = "(numbers, [name, values]) => values.map((value) => numbers[name](...value))"
    assert call("static/shared/numbers.js", run, [function, values]) == expected


def test_lengths_are_metres_below_a_kilometre(call: Call) -> None:
    run = "({ distanceText }, values) => values.map((value) => distanceText(value, { km: '公里', m: '米' }))"
    found = call("static/shared/numbers.js", run, [0, 149.6, 999.4, 1000, 1500, 12345])
    assert found == ["0 米", "150 米", "999 米", "1 公里", "1.5 公里", "12.3 公里"]


def test_a_text_is_never_markup(call: Call) -> None:
    run = """({ element, button }, text) => {
      const nodes = [element("div", "a b", text), button("c", text, () => {})];
      return nodes.map((node) => [node.textContent, node.childElementCount, node.className]);
    }"""
    text = "<img src=x onerror=alert(1)>"
    assert call("static/shared/dom.js", run, text) == [[text, 0, "a b"], [text, 0, "c"]]


def test_the_servers_own_words_are_the_error(call: Call, page: Any) -> None:
    page.route("**/refused.json", lambda route: route.fulfill(status=422, json={"error": "半径太大"}))
    page.route("**/broken.json", lambda route: route.fulfill(status=500, body="<html>"))
    run = "({ fetchJson }, url) => fetchJson(url).then(() => 'no error', (error) => error.message)"
    assert call("static/shared/fetch_json.js", run, "/refused.json") == "半径太大"
    assert call("static/shared/fetch_json.js", run, "/broken.json") == "500"
