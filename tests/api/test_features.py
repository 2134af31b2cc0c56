"""OGC API - Features: what is asked, what comes back, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from pyproj import Transformer
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geo.cli.main import app as commands
from geo.register.city import Atlas
from layers.api.collections import COLLECTIONS

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
DAY = "2021-12-31"


def ask(client: TestClient, path: str, status: int = 200, **words: str) -> Any:
    answer = client.get(f"/api{path}", params={"f": "json"} | words)
    assert answer.status_code == status, answer.text[:300]
    return answer.json()


def items(client: TestClient, collection: str = "works", **words: str) -> Any:
    return ask(client, f"/collections/{collection}/items", **words)


def test_every_link_of_the_landing_page_answers(client: TestClient) -> None:
    links = [
        link["href"] for link in ask(client, "")["links"] if link["href"].startswith("http://atlas.test")
    ]
    wanted = [link for link in links if "process" not in link and "jobs" not in link and "jsonld" not in link]
    assert len(wanted) >= 8
    for link in wanted:
        assert client.get(link).status_code == 200, link


def test_what_it_says_it_conforms_to_is_what_it_does(client: TestClient) -> None:
    classes = ask(client, "/conformance")["conformsTo"]
    for wanted in ("features-1/1.0/conf/core", "features-1/1.0/conf/oas30", "features-2/1.0/conf/crs"):
        assert any(one.endswith(wanted) for one in classes)
    assert not any("create-replace-delete" in one for one in classes)


def test_all_collections_are_listed_with_their_systems(client: TestClient) -> None:
    listed = {one["id"]: one for one in ask(client, "/collections")["collections"]}
    assert set(listed) == {one.id for one in COLLECTIONS}
    assert {f"{EPSG}4326", f"{EPSG}4490", f"{EPSG}4549"} <= set(listed["works"]["crs"])


def test_works_are_the_registers_own_rows_on_a_day(client: TestClient, atlas: Atlas) -> None:
    state = atlas.register.state(date(2021, 12, 31))
    found = items(client, limit="1000", as_of=DAY)
    assert found["numberMatched"] == len(state)
    told = {one["id"]: one for one in found["features"]}
    assert set(told) == set(state.index)
    for key, row in state.iterrows():
        assert told[key]["properties"]["status"] == row["status"]
        assert (told[key]["geometry"] is not None) == (row["certainty"] != "none")


def test_paging_gives_every_feature_once(client: TestClient) -> None:
    seen: list[str] = []
    address = "http://atlas.test/api/collections/works/items?f=json&limit=90"
    while address:
        page = client.get(address).json()
        seen += [one["id"] for one in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert len(seen) == len(set(seen)) == page["numberMatched"]


def test_a_limit_too_large_is_held_to_the_most(client: TestClient) -> None:
    assert items(client, limit="1000000000")["numberReturned"] <= 1000


@pytest.mark.parametrize("code", ["4326", "4490", "4549"])
def test_coordinates_come_in_the_system_asked_for(client: TestClient, atlas: Atlas, code: str) -> None:
    works = atlas.register.state(date.today())
    row = works[works["lon"].notna() & works["line_id"].isna()].iloc[0]
    key = str(row.name)
    answer = client.get(f"/api/collections/works/items/{key}", params={"f": "json", "crs": f"{EPSG}{code}"})
    there = Transformer.from_crs(4326, int(code)).transform(row["lat"], row["lon"])
    assert answer.json()["geometry"]["coordinates"] == pytest.approx(there, rel=1e-9)
    assert answer.headers["content-crs"] == f"<{EPSG}{code}>"


def test_a_box_keeps_what_touches_it(client: TestClient, atlas: Atlas) -> None:
    works = atlas.register.state(date.today())
    inside = works[works["lon"].between(120.28, 120.32) & works["lat"].between(31.55, 31.6)]
    found = items(client, bbox="120.28,31.55,120.32,31.6", limit="1000")["features"]
    points = {one["id"] for one in found if (one["geometry"] or {}).get("type") == "Point"}
    assert points == set(inside.index[inside["line_id"].isna()])


def test_datetime_asks_for_a_span_of_days(client: TestClient, atlas: Atlas) -> None:
    days = atlas.pack.events["date"]
    wanted = int(((days >= date(2021, 1, 1)) & (days <= date(2021, 12, 31))).sum())
    assert items(client, "events", datetime="2021-01-01/2021-12-31")["numberMatched"] == wanted
    assert items(client, "events", datetime="../2021-12-31")["numberMatched"] == int(
        (days <= date(2021, 12, 31)).sum()
    )


@pytest.mark.parametrize(
    "filter_",
    [
        "district_code = '320213' AND accuracy_m < 3000",
        "accuracy_m BETWEEN 0 AND 2999 AND district_code LIKE '320213'",
        "district_code IN ('320213') AND NOT (accuracy_m >= 3000)",
    ],
)
@pytest.mark.parametrize("dialect", [{}, {"filter-lang": "cql2-text"}, {"filter-lang": "cql-text"}])
def test_filters_in_cql(client: TestClient, atlas: Atlas, filter_: str, dialect: dict[str, str]) -> None:
    works = atlas.register.state(date.today())
    wanted = works[(works["district_code"] == "320213") & (works["accuracy_m"] < 3000)]
    found = items(client, filter=filter_, limit="1000", **dialect)["features"]
    assert {one["id"] for one in found} == set(wanted.index)
    assert len(wanted) > 3


def test_a_filter_by_place(client: TestClient, atlas: Atlas) -> None:
    square = "POLYGON((120.28 31.55,120.32 31.55,120.32 31.6,120.28 31.6,120.28 31.55))"
    both = [
        items(client, filter=f"{name}(geometry,{square})")["numberMatched"]
        for name in ("S_INTERSECTS", "INTERSECTS")
    ]
    boxed = items(client, bbox="120.28,31.55,120.32,31.6", limit="1000")["features"]
    placed = [one for one in boxed if one["geometry"] is not None]  # a box also gives what has no place
    assert both[0] == both[1] == len(placed)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"bbox": "1,2,3"}, 400),
        ({"bbox": "121,32,120,31"}, 400),
        ({"limit": "-1"}, 400),
        ({"limit": "many"}, 400),
        ({"offset": "-3"}, 400),
        ({"crs": "http://www.opengis.net/def/crs/EPSG/0/99999"}, 400),
        ({"datetime": "2021-02-30"}, 400),
        ({"as_of": "2021-02-30"}, 400),
        ({"filter": "status ="}, 400),
        ({"filter": "nothing = 1"}, 400),
        ({"filter": "(" * 30 + "status='x'" + ")" * 30}, 400),
        ({"filter": "status = 'x' OR " * 200 + "status = 'y'"}, 400),
        ({"filter": "accuracy_m < 'far'"}, 400),
        ({"filter": "S_INTERSECTS(status, POINT(1 1))"}, 400),
        ({"sortby": "nothing"}, 400),
        ({"q": "x" * 3000}, 400),
        ({"f": "exe"}, 400),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    client: TestClient, words: dict[str, str], status: int
) -> None:
    answer = client.get("/api/collections/works/items", params={"f": "json"} | words)
    assert answer.status_code == status
    assert len(answer.text) > 20
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "words",
    [{"sortby": ""}, {"sortby": "name_zh,,-status"}, {"q": "x", "district_code": "none"}, {"bbox": ""}],
)
def test_empty_words_and_empty_answers_are_answered(client: TestClient, words: dict[str, str]) -> None:
    assert items(client, **words)["type"] == "FeatureCollection"


def test_what_is_not_there_is_404(client: TestClient) -> None:
    for path in (
        "/collections/nothing",
        "/collections/works/items/nothing",
        "/collections/nothing/items",
        "/nothing",
    ):
        assert client.get(f"/api{path}?f=json").status_code == 404


def test_a_host_that_is_none_is_refused(client: TestClient) -> None:
    assert client.get("/api?f=json", headers={"host": "a.test/<script>"}).status_code == 400


def test_the_same_answer_is_not_sent_twice(client: TestClient) -> None:
    first = client.get("/api/collections/works/items?f=json")
    again = client.get(
        "/api/collections/works/items?f=json", headers={"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(
        "/api/collections/works/items?f=json&limit=1", headers={"if-none-match": first.headers["etag"]}
    )
    assert other.status_code == 200


def test_answers_are_compressed_and_readable_from_other_sites(client: TestClient) -> None:
    answer = client.get("/api/collections/works/items?f=json", headers={"origin": "http://else.test"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_names_in_pages_are_text(client: TestClient) -> None:
    page = client.get("/api/collections/works/items", params={"f": "html", "q": "<script>alert(1)</script>"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["", "/collections", "/collections/works", "/collections/works/items", "/collections/works/items/T06", "/openapi",
     "/conformance", "/collections/works/queryables", "/collections/works/tiles"],
)  # fmt: skip
@pytest.mark.parametrize(("lang", "word"), [("zh", "开放接口"), ("en", "Open API")])
def test_pages_are_in_both_languages_and_ask_no_other_host(
    client: TestClient, path: str, lang: str, word: str
) -> None:
    page = client.get(f"/api{path}", params={"f": "html", "lang": lang})
    assert page.status_code == 200
    assert word in page.text
    loading = [part for part in page.text.split("<") if part.startswith(("script", "link", "img"))]
    assert loading
    assert [part for part in loading if "//" in part.replace("http://atlas.test", "")] == []


def test_too_many_requests_are_refused_and_others_served(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_RATE", "3/minute")
    crowd = TestClient(client.app, client=("10.0.0.1", 1))
    answers = [crowd.get("/api/progress").status_code for _each in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert crowd.get("/api/coverage?kind=metro_station&radius=800").headers["retry-after"] == "1"
    assert TestClient(client.app, client=("10.0.0.2", 1)).get("/api/progress").status_code == 200


def test_progress_is_the_command_lines(client: TestClient, atlas: Atlas) -> None:
    from geo.register.progress import progress
    from geo.table import records

    for by in ("item", "category", "district"):
        told = ask(client, "/progress", as_of=DAY, by=by)
        assert told["rows"] == records(progress(atlas.register, date(2021, 12, 31), by))
    assert ask(client, "/progress", as_of=DAY, by="line")["rows"]
    assert "error" in ask(client, "/progress", status=400, by="colour")


def test_near_is_the_command_lines_in_both_languages(client: TestClient, atlas: Atlas) -> None:
    for lang in ("zh", "en"):
        told = ask(client, "/near", lon="120.30", lat="31.57", as_of=DAY, lang=lang)
        typed = ["near", "120.30,31.57", "--as-of", DAY, "--lang", lang, "--format", "json"]
        assert told == json.loads(CliRunner().invoke(commands, typed).stdout)
        assert bool(re.search("[一-鿿]", told["sentences"][1])) is (lang == "zh")
    works = ask(client, "/near", lon="120.30", lat="31.57", as_of=DAY, scope="all", station="500")["works"]
    assert {work["work_id"] for work in works} <= set(atlas.register.works.index)
    assert {choice["id"] for choice in ask(client, "/near", place="太湖广场")["choices"]} >= {"ST-1-13"}
    assert ask(client, "/near", place="ST-1-13")["place"]["accuracy_m"] == 100


@pytest.mark.parametrize(
    ("words", "status", "named"),
    [
        ({"lon": "120.3"}, 400, "lat"),
        ({"lon": "x", "lat": "31"}, 400, "lon"),
        ({"lon": "120.3", "lat": "131"}, 400, "lat"),
        ({"lon": "0", "lat": "0"}, 400, "lon"),
        ({"lon": "120.3", "lat": "31.57", "accuracy": "-1"}, 400, "accuracy"),
        ({"lon": "120.3", "lat": "31.57", "scope": "some"}, 400, "scope"),
        ({"lon": "120.3", "lat": "31.57", "as_of": "2021-02-30"}, 400, "as_of"),
        ({"lon": "120.3", "lat": "31.57", "place": "ST-1-13"}, 400, "place"),
        ({"lng": "120.3", "lat": "31.57"}, 400, "lng"),
        ({"place": "不存在的地方xyz"}, 404, "不存在的地方xyz"),
    ],
)
def test_near_refuses_by_name(client: TestClient, words: dict[str, str], status: int, named: str) -> None:
    for lang in ("zh", "en"):
        assert named in ask(client, "/near", status=status, lang=lang, **words)["error"]


@pytest.mark.parametrize("collection", ["works", "facilities"])
def test_what_has_a_place_comes_first(client: TestClient, collection: str) -> None:
    pages = [items(client, collection, limit="1000", offset=str(at))["features"] for at in (0, 1000, 2000)]
    placed = [feature["geometry"] is not None for page in pages for feature in page]
    assert set(placed) == {True, False}
    assert placed == sorted(
        placed, reverse=True
    )  # QGIS takes a layer for a table if its first rows have no place
