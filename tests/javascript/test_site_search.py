"""The search of the public site finds what the core's search finds: synonyms and typing errors too."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas, load_gazetteer
from geo.places.pinyin import bare
from geo.register.city import Atlas
from geo.register.search import search
from layers import browser_packages
from layers.map.payload import day_number
from layers.site.search_table import search_table, terms_table
from tests.depth import examples

Call = Callable[..., Any]
DAY = date(2026, 11, 23)
RUN = """({ searchAll }, [query, day]) => {
  const { answers, isSimilar } = searchAll(query, day, 12);
  return [answers.map(({ kind, row }) => [kind, row.id]), isSimilar];
}"""
NAMES = sorted(
    {bare(str(name)) for name in load_atlas().register.facilities["name_zh"]}
    | set(load_atlas().register.works["name_zh"])
)


@pytest.fixture(scope="module")
def finds(page: Any, call: Call, atlas: Atlas) -> Callable[[str], list[Any]]:
    """What the browser finds: kinds and ids, and whether they are only written almost so."""
    page.add_script_tag(content=browser_packages.script("minisearch_js").decode())
    call("site/static/tables.js", "() => null")
    for name, table in (("search", search_table(atlas, "zh")), ("terms", terms_table(atlas))):
        page.evaluate("([name, text]) => window.atlasTable(name, text)", [name, json.dumps(table)])
    return lambda query: call("site/static/search.js", RUN, [query, day_number(DAY)])


def core_finds(atlas: Atlas, query: str) -> list[Any]:
    rows = search(atlas.register, load_gazetteer(), query, as_of=DAY, limit=12, districts=atlas.districts)
    return [
        [[kind, key] for kind, key in zip(rows["kind"], rows["id"], strict=True)],
        bool(rows.attrs.get("similar")),
    ]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("太湖广场", "太湖广场"),
        ("三阳广场", "三阳广场"),
        ("金匮街道", "金匮"),
        ("hospital", "医院"),
        ("old community", ""),
        ("Taihu Square", "太湖广场"),
        ("taihu square station", "太湖广场站"),
        ("Taihu Sqaure", "太湖广场"),
        ("太湖广厂", "太湖广场"),
        ("thgc", "太湖广场"),
        ("sanyangguangchnag", "三阳广场"),
        ("滨湖区", "滨湖区"),
        ("hopsital", "医院"),
        ("轨道交通4号线", "地铁4号线"),
    ],
)
def test_what_people_type_is_found_in_the_app_and_on_the_site(
    finds: Callable[[str], list[Any]], atlas: Atlas, query: str, name: str
) -> None:
    wanted = core_finds(atlas, query)
    assert finds(query) == wanted
    rows = search(atlas.register, load_gazetteer(), query, as_of=DAY, limit=12, districts=atlas.districts)
    assert any(name in each for each in rows["name_zh"]), rows
    if query == "old community":
        assert set(atlas.register.works.loc[rows.loc[rows["kind"] == "work", "id"], "category"]) == {
            "community"
        }


@st.composite
def typed(draw: st.DrawFn) -> str:
    """A name of the register with one letter wrong, dropped, added, or two exchanged; or as it is."""
    name = draw(st.sampled_from(NAMES))
    place = draw(st.integers(0, max(len(name) - 1, 0)))
    letter = draw(st.sampled_from("湖广a1"))
    change = draw(st.sampled_from(["", "drop", "add", "replace", "exchange"]))
    rest = name[place + 1 :]
    return {
        "": name,
        "drop": name[:place] + rest,
        "add": name[:place] + letter + name[place:],
        "replace": name[:place] + letter + rest,
        "exchange": name[:place] + rest[:1] + name[place : place + 1] + rest[1:],
    }[change]


@given(typed())
@examples(40, deep=1500)
def test_any_name_with_one_typing_error_is_found_alike(
    finds: Callable[[str], list[Any]], atlas: Atlas, query: str
) -> None:
    assert finds(query) == core_finds(atlas, query)


@given(st.text(max_size=30))
@examples(20, deep=1500)
def test_any_text_is_searched_for_alike(finds: Callable[[str], list[Any]], atlas: Atlas, query: str) -> None:
    assert finds(query) == core_finds(atlas, query)
