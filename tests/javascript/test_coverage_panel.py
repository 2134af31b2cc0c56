"""The coverage panel: what it asks the API, one question at a time, and its tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

Call = Callable[..., Any]
DATA = {
    "base": "/wuxi",
    "lang": "en",
    "words": {"kind": "school", "as_of": "2021-12-31"},
    "slider": True,
    "scenario": "",
}


def test_a_question_has_the_words_of_the_api(call: Call) -> None:
    run = "({ coverageAddress }, data) => coverageAddress(data, { set: 'as_of', radius: 500 })"
    address = urlsplit(call("static/coverage/answers.js", run, DATA))
    assert address.path == "/wuxi/api/coverage"
    words = {"kind": ["school"], "as_of": ["2021-12-31"], "set": ["as_of"], "lang": ["en"], "radius": ["500"]}
    assert parse_qs(address.query) == words
    still = call("static/coverage/answers.js", run, DATA | {"slider": False, "scenario": "s1"})
    assert parse_qs(urlsplit(still).query) == {k: v for k, v in words.items() if k != "radius"} | {
        "scenario": ["s1"]
    }


def test_one_question_is_on_its_way_and_the_newest_waits(call: Call, page: Any) -> None:
    """While the first is answered three more are asked: only the last of them is, and each set once."""
    page.route("**/api/coverage?**", lambda route: route.fulfill(json={"rows": [], "notes": []}))
    run = """async ({ CoverageAnswers }, data) => {
      let radius = 100;
      const radii = [];
      const urls = [];
      const plainFetch = window.fetch;
      window.fetch = (url) => { urls.push(url); return plainFetch(url); };
      const source = new CoverageAnswers({ question: () => ({ data, radius }),
        onAnswers: (answers, at) => radii.push([at, Object.keys(answers)]), onError: (error) => radii.push(error.message) });
      const first = source.ask();
      for (radius of [200, 300, 400]) source.ask();
      await first;
      while (source.isAsking) await new Promise((resolve) => setTimeout(resolve, 5));
      radius = 100;
      await source.ask();
      window.fetch = plainFetch;
      return [radii, urls.map((url) => new URLSearchParams(url.split("?")[1]).get("radius"))];
    }"""
    radii, asked = call("static/coverage/answers.js", run, DATA)
    sets = ["before", "as_of", "planned"]
    assert radii == [[100, sets], [400, sets], [100, sets]]
    assert asked == ["100"] * 3 + ["400"] * 3  # the last question was answered before


def test_the_tables_show_names_as_text_and_mark_the_picked_district(call: Call) -> None:
    row = {
        "district_code": "1", "district": "<b>北</b>", "share_residents": 0.5, "share_residents_low": 0.4,
        "share_residents_high": 0.6, "share_residents_least": 0.3, "share_residents_most": 0.7,
        "residents_served": 1234.4, "residents_served_low": None,
        "residents_served_high": None, "served_km2": None, "facilities_placed": 3, "facilities_known": 4,
    }  # fmt: skip
    other = row | {
        "district_code": "2",
        "district": "全市",
        "share_residents": None,
        "share_residents_low": None,
        "share_residents_least": None,
    }
    texts = {
        name: name
        for name in (
            "district",
            "bars",
            "share",
            "interval",
            "interval_share",
            "served_people",
            "served_land",
            "placed",
            "m",
        )
    }
    data = {"by": "residents", "set": "as_of", "city": "2", "text": texts | {"caption": "覆盖，{set}"}}
    data["text"]["sets"] = {"before": "前", "as_of": "今", "planned": "全"}
    run = """async ({ districtTable }, [rows, data]) => {
      const { detailTable } = await import("/static/coverage/detail_table.js");
      const answers = Object.fromEntries(["before", "as_of", "planned"].map((set) => [set, { rows }]));
      const picks = [];
      const table = districtTable(answers, data, "1", (code) => picks.push(code));
      table.querySelector("button").click();
      const texts = (node) => [...node.querySelectorAll("tbody tr")].map((tr) => [...tr.cells].map((td) => td.textContent));
      return { caption: table.caption.textContent, texts: texts(table), picks,
        classes: [...table.tBodies[0].rows].map((tr) => tr.className),
        label: table.querySelector("[role=img]").getAttribute("aria-label"),
        detail: texts(detailTable(answers, data, { code: "1", radius: 500 })) };
    }"""
    found = call("static/coverage/district_table.js", run, [[row, other], data])
    assert found["caption"] == "覆盖，今"
    assert found["texts"] == [
        ["<b>北</b>", "", "50.0%", "30.0–70.0%", "1,234", "3/4"],
        ["全市", "", "—", "—", "1,234", "3/4"],
    ]
    assert found["picks"] == ["1"]
    assert found["classes"] == ["cov-picked", "cov-city"]
    assert found["label"] == "前 50.0%，今 50.0%，全 50.0%"
    assert found["detail"] == [[name, "50.0%", "30.0–70.0%", "1,234", "—"] for name in ("前", "今", "全")]
