"""Pages without a browser: they run, in both languages, from any link, and show what the core says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.atlas import load_atlas
from geo.register.city import Atlas
from tests.pages.maps import map_data, maps_of
from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
PAGES = {
    "": "进展地图",
    "promise.py": "计划答应了什么，做到了没有",
    "near.py": "身边有什么",
    "works.py": "项目清单",
    "district.py": "区县",
    "coverage.py": "覆盖分析",
    "matrix.py": "指标矩阵",
    "siting.py": "选址",
    "register.py": "登记",
    "import.py": "导入",
    "plan.py": "从计划原文到登记",
    "about.py": "数据与方法",
}


def open_page(page: str = "", **link: Any) -> AppTest:
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    if page:
        app.switch_page(page)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def words_of(app: AppTest, name: str) -> list[str]:
    value = app.query_params[name]
    return [value] if isinstance(value, str) else list(value)


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_home_shows_the_headline_items() -> None:
    app = open_page(as_of="2021-12-31")
    text = html_of(app)
    assert PAGES[""] in app.title[0].value
    for words in ("老旧小区整治", "166", "20,000", "按期做到"):
        assert words in text


def test_home_state_goes_to_the_map_and_stays_small() -> None:
    app = open_page(as_of="2021-12-31", category=["metro", "school"], work="T06")
    data = map_data(app)[0]
    assert data["state"]["day"] == 20211231
    assert data["state"]["categories"] == ["metro", "school"]
    assert data["state"]["selected"] == "T06"
    assert len(json.dumps(data)) < 2000


def test_the_card_tells_the_story() -> None:
    text = html_of(open_page(as_of="2021-12-31", work="T06"))
    for words in (
        "力争地铁4号线一期工程建成通车",
        "2021-12-17",
        "无锡市发展和改革委员会",
        "位置误差约 500 米",
    ):
        assert words in text


@pytest.mark.parametrize("work", ["U01-2021-002", "T13", "T08", "E03-2021-021", "T04-S09"])
def test_cards_of_every_kind(work: str) -> None:
    assert work in html_of(open_page(work=work))


@pytest.mark.parametrize(
    "link",
    [
        {"as_of": "2021-02-30"},
        {"as_of": "0001-01-01"},
        {"work": "<img src=x onerror=alert(1)>"},
        {"category": ["nope", "' OR 1=1 --"]},
        {"scope": "everything", "layers": "x", "shade": "x", "base": "x", "items": "x", "lang": "fr"},
        {"q": "x" * 5000},
        {"q": "<script>alert(1)</script>"},
        {"district": "9" * 5000},
    ],
)
def test_odd_links_fall_back_without_a_traceback(link: dict[str, Any]) -> None:
    app = open_page(**link)
    assert "<script>alert" not in html_of(app)
    assert "<img src=x" not in html_of(app)
    state = maps_of(app)[0]
    plain = maps_of(open_page())[0]
    assert state == plain, "what a link cannot mean changes nothing on the map"


def test_a_day_between_month_ends_comes_back_from_the_link() -> None:
    assert maps_of(open_page(as_of="2021-06-15"))[0]["day"] == 20210615


def test_english(atlas: Atlas) -> None:
    app = open_page(lang="en", work="T06")
    assert "progress map" in app.title[0].value
    assert "Metro Line 4" in html_of(app)
    assert "lang=en" in map_data(app)[0]["src"]
    assert atlas.version in map_data(app)[0]["src"]


def test_filters_change_the_map_alone() -> None:
    app = open_page(as_of="2021-12-31")
    app.multiselect(key="district").select("320282").run()
    assert maps_of(app)[0]["districts"] == ["320282"]
    assert words_of(app, "district") == ["320282"]
    app.selectbox(key="shade").select("named").run()
    assert max(maps_of(app)[0]["shade"].values()) == 1.0
    assert not app.exception


def test_search_opens_a_card() -> None:
    app = open_page(q="qmyc")
    app.button(key="find-U01-2021-001").click().run()
    assert "清名一村" in html_of(app)
    assert words_of(app, "work") == ["U01-2021-001"]


def test_search_for_a_place_moves_the_map() -> None:
    app = open_page(q="马山")
    place = next(button for button in app.button if button.key.startswith("find-85"))
    place.click().run()
    assert maps_of(app)[0]["focus"]["zoom"] == 13


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", [page for page in PAGES if page])
def test_every_page_in_both_languages(page: str, lang: str) -> None:
    app = open_page(page, lang=lang)
    assert app.title
    if lang == "zh":
        assert PAGES[page] in app.title[0].value


def test_the_list_is_the_map_s_twin(atlas: Atlas) -> None:
    from datetime import date

    app = open_page("works.py", as_of="2021-12-31", category="metro")
    state = atlas.register.state(date(2021, 12, 31))
    expected = state[(state["category"] == "metro") & (state["counted"] == "yes")]
    assert len(app.dataframe[0].value) == len(expected)
    works = expected[(expected["kind"] == "work") & expected["parent_id"].isna()]
    assert app.markdown[0].value.startswith(f"**{len(works)}** ")


def test_an_unknown_error_of_place_is_a_dash(atlas: Atlas) -> None:
    from datetime import date

    shown = open_page("works.py", as_of="2021-12-31").dataframe[0].value
    state = atlas.register.state(date(2021, 12, 31)).loc[shown["编号"]]
    dashes = (shown["误差（米）"].str.strip() == "—").to_numpy()
    assert dashes.any()
    assert (dashes == state["accuracy_m"].isna().to_numpy()).all()
    known = shown.loc[~dashes, "误差（米）"]
    metres = state.loc[~dashes, "accuracy_m"]
    assert list(known.str.strip().str.replace(",", "").astype(float)) == list(metres)


def test_an_empty_list_says_what_to_do() -> None:
    app = open_page("works.py", q="没有这样的项目")
    assert "放宽筛选" in app.info[0].value


def test_district_page_shows_totals_and_lines() -> None:
    app = open_page("district.py", d="320213", as_of="2021-12-31")
    text = html_of(app)
    assert "106" in text
    assert "地铁4号线一期" in text
    assert maps_of(app)[0]["districts"] == ["320213"]


def test_district_page_and_report_list_the_same_lines(atlas: Atlas) -> None:
    from datetime import date

    from geo.report import ReportRequest, report
    from geo.report.model import Table, Text

    day = date(2021, 12, 31)
    text = html_of(open_page("district.py", d="320213", as_of=day.isoformat()))
    blocks = report(atlas, ReportRequest("320213", day, day)).blocks
    place = next(n for n, each in enumerate(blocks) if isinstance(each, Table) and each.caption == "线路长度")
    table, note = blocks[place], blocks[place + 1]
    assert isinstance(table, Table)
    assert isinstance(note, Text)
    for row in table.rows:
        assert f"<td>{row[0].text}</td><td>{row[1].text}</td><td>{row[2].text}</td>" in text
    assert text.count("<tr><td>") == len(table.rows) + text.count(
        '<div class="quiet">'
    )  # and the totals, each with a source
    assert "未列入" in note.text
    assert note.text in text


def test_area_by_the_sketch_is_not_a_part_of_the_published_one() -> None:
    app = open_page("district.py", d="320213")
    text = " ".join(each.value for each in app.caption)
    assert "不是同一口径" in text
    assert "其中陆地" not in text


def test_list_and_file_count_places_by_one_rule(atlas: Atlas) -> None:
    from datetime import date

    from geo.files import Content, get_system
    from geo.register.selection import Selection

    day = date(2021, 12, 31)
    app = open_page("district.py", d="320211", as_of=day.isoformat())
    rows = Selection(districts=("320211",)).apply(atlas.register.state(day))
    facts = Content(atlas, rows, day, get_system("WGS84", atlas.city)).facts
    said = next(each.value for each in app.markdown if "个项目：知道在哪" in each.value)
    assert said.replace("*", "") == facts["项目数"]


def test_a_card_of_another_district_closes(atlas: Atlas) -> None:
    codes = atlas.register.works["district_code"]
    there, here = (str(codes.index[codes == code][0]) for code in ("320211", "320213"))
    app = open_page("district.py", d="320213", work=there, as_of="2021-12-31")
    assert "work" not in app.query_params
    assert "境内线路" in html_of(app)
    app = open_page("district.py", d="320213", work=here, as_of="2021-12-31")
    assert words_of(app, "work") == [here]
    assert "境内线路" not in html_of(app)
    app.selectbox(key="d").set_value("320211").run()
    assert "work" not in app.query_params
    assert "境内线路" in html_of(app)


def live_data(app: AppTest) -> dict[str, Any]:
    """What the live table of the coverage page was told."""
    return next(
        data
        for data in (json.loads(element.proto.json) for element in app.get("bidi_component"))
        if "words" in data
    )


def test_coverage_asks_what_its_link_says() -> None:
    app = open_page(
        "coverage.py",
        ind="custom",
        kind="school_primary",
        r="650",
        set="before",
        by="land",
        as_of="2021-12-31",
    )
    data = live_data(app)
    assert data["words"] == {"kind": "school_primary", "as_of": "2021-12-31"}
    assert (data["radius"], data["set"], data["by"]) == (650, "before", "land")
    reach = maps_of(app)[0]["reach"]
    assert reach["radius"] == 650
    assert "school_primary" in reach["question"]["kind"]


def test_coverage_starts_with_metro_within_800_m_of_residents() -> None:
    data = live_data(open_page("coverage.py"))
    assert (data["radius"], data["set"], data["by"]) == (800, "as_of", "residents")
    assert data["words"]["kind"] == "metro_station"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("more", ["gaps", "impact", "facilities", "files"])
def test_every_closer_look(more: str, lang: str) -> None:
    app = open_page("coverage.py", more=more, set="planned", lang=lang)
    if more in {"gaps", "impact", "facilities"}:
        assert len(app.dataframe[0].value) >= 8
    if more == "facilities":
        frame = app.dataframe[0].value
        assert len(frame) == 121
        titles = frame["来源" if lang == "zh" else frame.columns[6]]
        assert titles.notna().all()
    if more == "impact":
        assert len(app.dataframe[1].value) == 3


@pytest.mark.parametrize("radius", ["abc", "-5", "99999999", "nan", "9" * 150])
def test_a_radius_that_is_none_is_refused_by_name_and_falls_back(radius: str) -> None:
    app = open_page("coverage.py", r=radius)
    assert "参数 radius" in app.error[0].value
    assert live_data(app)["radius"] == 800


@pytest.mark.parametrize(("radius", "shown"), [("", 800), ("９００", 900), ("900.4", 900), ("7000", 5000)])
def test_a_radius_is_read_as_everywhere_and_kept_on_the_slider(radius: str, shown: int) -> None:
    app = open_page("coverage.py", r=radius)
    assert not app.error
    assert live_data(app)["radius"] == shown


def test_a_walking_indicator_without_streets_says_it_is_an_approximation() -> None:
    app = open_page("coverage.py", ind="primary_walk_10")
    assert any("直线" in info.value for info in app.info)
    assert live_data(app)["radius"] == 600


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("link", [{}, {"work": "T06"}, {"tab": "changes"}])
def test_reading_a_page_makes_no_store(
    page: str, link: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    version = load_atlas().version
    open_page(page, **link)
    assert not list(tmp_path.glob("*.db*"))
    assert load_atlas().version == version


def test_a_promise_opens_from_its_row_and_any_other_item_shows_all(atlas: Atlas) -> None:
    first = str(atlas.pack.plan_items.index[0])
    assert f'item={first}"' in html_of(open_page(items="all"))
    quote = str(atlas.pack.plan_items.at[first, "quote_zh"])
    assert quote in html_of(open_page("promise.py", item=first))
    everything = html_of(open_page("promise.py", item="<img src=x>"))
    assert everything.count('<li><a href="promise?item=') == len(atlas.pack.plan_items)
