"""The public site in a real browser with the network cut: from a plain file server, and from a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from geo.atlas import load_gazetteer
from geo.register.city import Atlas
from geo.register.progress import progress
from geo.register.search import rank_works, search
from geo.register.selection import Selection
from geo.register.work_counts import work_counts
from geo.values import json_value
from tests.browser.axe import COLOURS, findings
from tests.browser.conftest import Visit
from tests.browser.test_browser import expected
from tests.browser.test_every_page_browser import SMALL
from tests.browser.until import until
from tests.site.hostile import NAMES

DAY = date(2021, 12, 31)
PAGES = (
    "index",
    "list",
    "promises/index",
    "promises/U01",
    "near",
    "districts/index",
    "districts/320213",
    "downloads",
    "sources",
    "embed",
)


def words(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def four(atlas: Atlas, day: date, *, all_items: bool = False) -> dict[str, list[str]]:
    """What the app's own function says, as the page writes it."""
    items = progress(atlas.register, day, "item")
    shown = items if all_items else items[items["headline"].astype(bool)]
    return {
        str(key): [
            words(row["target"]) + " " + row["unit"],
            words(row["named"]) + (f" +{words(row['probable'])}?" if row["probable"] else ""),
            words(row["placed"]),
            words(row["done"]),
        ]
        for key, row in shown.iterrows()
    }


def test_the_home_page_shows_the_apps_numbers_on_two_days(
    base: str, go: Callable[..., Visit], hostile: Atlas
) -> None:
    visit = go(f"{base}/index.html?as_of=2021-12-31").ready()
    assert {key: row[:4] for key, row in visit.items().items()} == four(hostile, DAY)
    assert visit.counts() == expected(hostile, DAY)
    visit.page.evaluate("window.kept = true")
    visit.page.locator("#day").focus()
    visit.page.keyboard.press("ArrowRight")
    assert visit.page.locator("#day-label").text_content() == "2022-01"
    visit.page.get_by_role("button", name="全部 42 项").click()
    day = date(2022, 1, 31)
    assert {key: row[:4] for key, row in visit.items().items()} == four(hostile, day, all_items=True)
    assert visit.counts() == expected(hostile, day)
    assert visit.page.evaluate("window.kept") is True
    visit.page.wait_for_url("**as_of=2022-01-31**")
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((base, "data:"))] == []


def test_a_filter_counts_what_the_rule_says_and_comes_back_from_the_address(
    base: str, go: Callable[..., Visit], hostile: Atlas
) -> None:
    visit = go(f"{base}/index.html?as_of=2021-12-31").ready()
    visit.page.locator("#filters summary").click()
    visit.page.get_by_label("宜兴市", exact=True).check(force=True)
    visit.page.locator("select[name=scope]").select_option("all")
    rows = Selection(districts=("320282",), scope="all").apply(hostile.register.state(DAY))
    line = visit.page.locator("#counts")
    assert line.text_content() == work_counts(rows).sentence("zh").replace("*", "")
    visit.page.wait_for_url("**district=320282**")
    again = go(visit.page.url).ready()
    assert again.page.locator("#counts").text_content() == line.text_content()
    assert again.counts() == visit.counts()
    again.page.get_by_role("button", name="清除筛选").click()
    assert again.counts() == expected(hostile, DAY)
    assert visit.complaints == again.complaints == []


@pytest.mark.parametrize(
    "query", ["yicheng", "312", "ditie", "幼儿园", "S2", "rmyy", "hospital", "公交站点", "隐秀路"]
)
def test_search_answers_as_the_core_does(
    served: str, go: Callable[..., Visit], hostile: Atlas, query: str
) -> None:
    visit = go(f"{served}/index.html").ready()
    found = visit.page.evaluate(
        """async q => {
          await atlasSite.loadTable("search");
          const { answers } = atlasSite.searchAll(q, atlasSite.tables.core.day);
          if (answers.length) return answers.map(f => f.row.id);
          await atlasSite.loadTerms();
          return atlasSite.searchAll(q, atlasSite.tables.core.day).answers.map(f => f.row.id);
        }""",
        query,
    )
    answers = search(
        hostile.register, load_gazetteer(), query, as_of=DAY, limit=1000, districts=hostile.districts
    )
    assert found == list(answers["id"])[:8]
    rows = Selection(scope="all").apply(hostile.register.state(DAY))
    ranked = visit.page.evaluate(
        "q => atlasSite.rankWorks(q, atlasSite.worksOn(20211231)).map(r => r.id)", query
    )
    assert ranked == list(rank_works(hostile.register, rows, query).index)


def test_a_found_work_opens_its_card_with_sources(
    base: str, go: Callable[..., Visit], hostile: Atlas
) -> None:
    visit = go(f"{base}/index.html").ready()
    visit.page.get_by_label("搜索").fill("ditie4hao")
    visit.page.keyboard.press("Enter")
    card = visit.page.locator("#card")
    card.locator("h2").wait_for()
    work_id = re.search(r"work=([^&#]+)", visit.page.url)[1]
    assert card.locator("h2").text_content() == hostile.pack.works.at[work_id, "name_zh"]
    titles = [str(title) for title in hostile.register.sources_of(work_id)["title"]]
    shown = card.text_content()
    assert titles
    assert all(title in shown for title in titles)
    assert hostile.pack.plan_items.at[hostile.pack.works.at[work_id, "item_id"], "quote_zh"] in shown
    visit.page.get_by_role("button", name="关闭卡片").click()
    assert card.is_hidden()
    assert visit.complaints == []


def test_the_list_filters_sorts_and_opens(served: str, go: Callable[..., Visit], hostile: Atlas) -> None:
    visit = go(f"{served}/list.html?as_of=2021-12-31&category=metro&scope=all").ready()
    ids = "[...document.querySelectorAll('#works tbody tr')].map(r => r.dataset.work)"
    rows = Selection(categories=("metro",), scope="all").apply(hostile.register.state(DAY))
    assert visit.page.evaluate(ids) == list(rows.index)
    visit.page.get_by_role("button", name="误差（米）").click()
    wide = [json_value(value) for value in rows.loc[visit.page.evaluate(ids), "accuracy_m"]]
    known = [value for value in wide if value is not None]
    assert known == sorted(known)
    assert wide[: len(known)] == known
    visit.page.locator("#works tbody button").first.click()
    visit.page.locator("#card h2").wait_for()
    assert (
        visit.page.locator("#card h2").text_content()
        == visit.page.locator("#works tbody button").first.text_content()
    )
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_url(lambda url: "work=" not in url)  # a dialog tells that it closed a moment later
    assert visit.complaints == []


def test_names_that_try_to_run_are_only_shown(base: str, go: Callable[..., Visit], hostile: Atlas) -> None:
    works = hostile.pack.works
    for page in ("index", "list"):
        visit = go(f"{base}/{page}.html?scope=all").ready()
        for name in NAMES:
            work_id = works.index[works["name_zh"] == name][0]
            visit.page.evaluate(
                "id => atlasSite.showCard(document.getElementById('card'), id, 20211231)", work_id
            )
            until(visit.page, "n => document.querySelector('#card h2')?.textContent === n", name)
        assert visit.page.evaluate("window.__xss") is None
        assert visit.complaints == []


def test_an_outline_and_what_a_list_says_are_shown(
    served: str, go: Callable[..., Visit], hostile: Atlas
) -> None:
    works = hostile.pack.works
    work_id = works.index[works["name_zh"] == NAMES[0]][0]
    visit = go(f"{served}/index.html?scope=all&work={work_id}").ready()
    until(visit.page, "document.querySelectorAll('path.atlas-outline').length === 1")
    until(visit.page, "n => document.querySelector('#card h2')?.textContent === n", NAMES[0])
    facts = visit.page.locator("#card dl").first.inner_text()
    assert re.search(r"户数\s+412", facts)
    assert re.search(r"<b>标段</b>\s+二标", facts)
    assert re.search(r"外廓面积\s+1,2\d\d,\d{3} 平方米", facts)
    assert visit.complaints == []


def test_a_frame_on_another_site_has_its_state(
    served: str, go: Callable[..., Visit], hostile: Atlas, tmp_path: Path
) -> None:
    query = "as_of=2021-12-31&district=320213&scope=plan#map=12/31.58000/120.30000"
    (tmp_path / "host.html").write_text(
        f'<iframe src="{served}/embed.html?{query}" width="700" height="480"></iframe>', "utf-8"
    )
    visit = go((tmp_path / "host.html").as_uri())
    frame = visit.page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector('body[data-ready="1"]')
    found = json.loads(frame.evaluate("document.body.dataset.counts"))
    wanted = expected(hostile, DAY, district_code="320213")
    assert {name: found[name] for name in wanted} == wanted
    assert frame.evaluate("[atlas.map.getZoom(), atlas.map.getCenter().lat.toFixed(2)]") == [12, "31.58"]
    link = frame.locator(".atlas-embed-head a").get_attribute("href")
    assert "district=320213" in link
    assert "#map=12/" in link
    assert visit.complaints == []


@pytest.mark.parametrize("lang", ["", "en/"])
def test_on_a_phone_nothing_is_wider_than_the_screen(
    served: str, go: Callable[..., Visit], lang: str
) -> None:
    for page in PAGES:
        visit = go(f"{served}/{lang}{page}.html", width=390, height=844)
        if page in {"index", "list", "embed"}:
            visit.ready()
        wide = visit.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide == 0, page
        assert visit.complaints == [], page


def test_without_scripts_there_is_a_list_and_every_district(
    served: str, go: Callable[..., Visit], hostile: Atlas
) -> None:
    visit = go(f"{served}/list.html", scripts=False)
    assert visit.page.locator("#works tbody tr").count() > 100
    visit.page.get_by_role("link", name="区县").click()
    visit.page.get_by_role("link", name="梁溪区").first.click()
    assert visit.page.locator("h1").text_content() == "梁溪区"
    assert visit.page.locator(".figures b").count() == 5


def test_every_page_is_for_every_hand(served: str, browser: Any) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    for name in (*(f"{name}.html" for name in PAGES), "en/index.html?work=C08a"):
        page.goto(f"{served}/{name}")
        if page.locator("body[data-page]").count():
            page.wait_for_selector('body[data-ready="1"]')
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="light")
            assert (name, findings(page)) == (name, [])
            page.emulate_media(color_scheme="dark")
            assert (name, findings(page, COLOURS)) == (name, [])
        if name != "embed.html":  # the frame of somebody else's page
            assert (name, page.evaluate(SMALL)) == (name, [])
        for width in (700, 960, 1180):
            page.set_viewport_size({"width": width, "height": 900})
            until(page, "document.documentElement.scrollWidth === document.documentElement.clientWidth")
    context.close()


def test_the_first_view_is_light(served: str, folder: Path, go: Callable[..., Visit]) -> None:
    """Under 1.5 MB even on a server that does not compress, and few requests."""
    visit = go(f"{served}/index.html").ready()
    visit.page.wait_for_load_state("networkidle")
    paths = {folder / urlsplit(url).path.lstrip("/") for url in visit.requests if url.startswith(served)}
    assert len(paths) == 8
    assert sum(path.stat().st_size for path in paths) < 1_500_000
