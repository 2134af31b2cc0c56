"""Kinds of faults that integrators met, each as a rule: formats, words, requests that browsers and programs make."""

from __future__ import annotations

import csv
import io
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.atlas import load_atlas
from geo.errors import AtlasError, ParameterError
from geo.paths import DATA_DIR
from geo.text import LANGUAGE_TAGS
from layers.api.collections import COLLECTIONS
from layers.api.dates import read_span
from layers.api.filtering.rows import pattern_of
from layers.api.filtering.text import read_tree
from layers.api.negotiation import form
from layers.api.operations import OPERATIONS
from layers.api.places import in_degrees, read_numbers
from layers.api.server import routes

ITEMS = "/api/collections/works/items"
LISTING = next(one for one in OPERATIONS if one.path.endswith("/items"))


@pytest.mark.parametrize("name", [one.id for one in COLLECTIONS])
def test_csv_has_every_feature_and_its_place(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/collections/{name}/items", params={"f": "csv", "limit": "1000"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    told = list(csv.DictReader(io.StringIO(answer.text)))
    features = client.get(f"/api/collections/{name}/items?limit=1000").json()["features"]
    assert [row["id"] for row in told] == [one["id"] for one in features]
    assert [bool(row["geometry"]) for row in told] == [one["geometry"] is not None for one in features]
    empty = client.get(f"/api/collections/{name}/items", params={"f": "csv", "filter": "false"})
    assert (empty.status_code, len(empty.text.splitlines())) == (200, 1)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (f"{ITEMS}?limt=1", "limit"),
        (f"{ITEMS}?statsu=completed", "status"),
        (f"{ITEMS}?date-time=2021", "datetime"),
        (f"{ITEMS}?sortby=nam_zh", "name_zh"),
        (f"{ITEMS}?properties=stats", "status"),
        (f"{ITEMS}?filter=statu='x'", "status"),
        ("/api/coverage?kindd=park", "kind"),
        ("/api/progress?bye=item", "by"),
        ("/api/collections?lange=en", "lang"),
    ],
)
def test_the_name_that_was_meant_is_told(client: TestClient, asked: str, meant: str) -> None:
    answer = client.get(f"{asked}&lang=en" if "lang" not in asked else asked)
    assert answer.status_code == 400
    assert meant in answer.json()["error"]


@pytest.mark.parametrize(
    "path", ["", "/collections", "/collections/works/items", "/progress", "/conformance"]
)
def test_a_slash_behind_an_address_changes_nothing(client: TestClient, path: str) -> None:
    plain, slashed = client.get(f"/api{path}"), client.get(f"/api{path}/")
    assert plain.status_code == slashed.status_code == 200
    assert plain.headers["content-type"] == slashed.headers["content-type"]


@pytest.mark.parametrize("path", ["/api", ITEMS, "/api/coverage", "/api/nothing"])
def test_a_browser_of_another_site_may_ask(client: TestClient, path: str) -> None:
    headers = {
        "origin": "http://else.test",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    leave = client.options(path, headers=headers)
    assert leave.status_code == 200
    assert leave.headers["access-control-allow-origin"] == "*"
    assert "GET" in leave.headers["access-control-allow-methods"]
    assert "if-none-match" in leave.headers["access-control-allow-headers"].lower()
    plain = client.options(path)
    assert plain.status_code == 204
    assert "GET" in plain.headers["allow"]


@pytest.mark.parametrize("path", ["/api/collections", "/api/indicators", "/atlas/config.json"])
def test_whoever_has_an_answer_is_not_sent_it_again(client: TestClient, path: str) -> None:
    tag = client.get(path).headers["etag"]
    bare = tag.removeprefix("W/")
    for known in (tag, bare, f"W/{bare}", f'"other", {tag}', f'W/"x",{bare}', "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b""), known
    for unknown in ('"other"', 'W/"other", "more"', "", "nonsense"):
        assert client.get(path, headers={"if-none-match": unknown}).status_code == 200
    gone = client.get("/api/collections/works/items/none", headers={"if-none-match": "*"})
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("accept", "word"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/html;q=0.2,application/geo+json;q=0.9", "json"),
        ("application/geo+json;q=0.2,text/html;q=0.9", "html"),
        ("application/json;q=0,text/csv", "csv"),
        ("application/geo+json;q=0.5,application/ld+json;q=0.6,*/*;q=0.1", "jsonld"),
        ("image/png", "json"),
        (";;;q=x", "json"),
    ],
)
def test_the_weights_of_accept_are_read(accept: str, word: str) -> None:
    assert form(LISTING, "", accept) == word
    assert form(LISTING, "csv", accept) == "csv"


@given(st.text(max_size=40))
def test_no_accept_header_breaks_an_answer(accept: str) -> None:
    assert form(LISTING, "", accept) in LISTING.formats


def _refused(read: Callable[[str], Any], text: str) -> tuple[str, Any]:
    """The words of the refusal, or what was read."""
    try:
        return "", read(text)
    except ParameterError as error:
        return error.text("en"), None


@given(st.text(max_size=60) | st.from_regex(r"[0-9./T:Z-]{0,24}", fullmatch=True))
def test_any_datetime_is_a_span_or_refused_by_name(text: str) -> None:
    refused, span = _refused(read_span, text)
    assert ("datetime" in refused) == (span is None)
    first, last = span or (None, None)
    assert first is None or last is None or first <= last


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021", "2021-01-01", "2021-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2021-05/2021", "2021-05-01", "2021-12-31"),
        ("2021-06-30T23:59:59+08:00", "2021-06-30", "2021-06-30"),
        ("2021/..", "2021-01-01", "None"),
        ("/2021-05", "None", "2021-05-31"),
        ("../..", "None", "None"),
    ],
)
def test_years_months_and_open_spans(text: str, first: str, last: str) -> None:
    assert tuple(map(str, read_span(text))) == (first, last)


ROWS_OF_NUMBERS = st.lists(st.floats(), min_size=3, max_size=7).map(lambda row: ",".join(map(str, row)))


@given(st.text(max_size=60) | ROWS_OF_NUMBERS)
def test_any_box_is_on_the_globe_or_refused_by_name(text: str) -> None:
    refused, box = _refused(lambda given: in_degrees(read_numbers(given), ""), text)
    assert ("bbox" in refused) == (box is None)
    west, south, east, north = box or (0, 0, 0, 0)
    assert south <= north
    assert max(abs(west), abs(east)) < 181
    assert max(abs(south), abs(north)) < 91


@example("9e999")
@example("null")
@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z_ ='()<>%,.0-9\[\]{}:\"-]{0,60}", fullmatch=True))
def test_any_filter_is_a_tree_or_refused(text: str) -> None:
    refused, tree = _refused(read_tree, text)
    assert ("filter" in refused.lower()) == (tree is None)


@given(st.text(alphabet="a%_\\.*+(", max_size=12), st.text(alphabet="a%_\\.*+(\n", max_size=12))
def test_a_pattern_is_no_regular_expression(pattern: str, text: str) -> None:
    """Against a matcher of letters that knows nothing of regular expressions."""

    def matches(p: str, t: str) -> bool:
        if not p:
            return not t
        if p[0] == "%":
            return any(matches(p[1:], t[i:]) for i in range(len(t) + 1))
        letter, rest = (p[1] if len(p) > 1 else "\\", p[2:]) if p[0] == "\\" else (p[0], p[1:])
        alike = p[0] == "_" or t[:1] == letter
        return bool(t) and alike and matches(rest, t[1:])

    assert (pattern_of(pattern).fullmatch(text) is not None) == matches(pattern, text)


def test_no_pattern_takes_long() -> None:
    """Tried everywhere, these wildcards would take longer than the universe is old."""
    assert pattern_of("%a" * 200 + "%b").fullmatch("a" * 2000) is None
    assert pattern_of("%a" * 200).fullmatch("a" * 2000) is not None


@pytest.mark.parametrize(
    "text",
    ["(" * 20 + "a=1" + ")" * 20, "a=" + "1+" * 400 + "1", "a=" + "1^" * 400 + "1", "a=" + "-" * 900 + "1",
     "a=" + "- " * 400 + "1", "a IN (" + "(" * 19 + "1" + ")" * 20, "NOT(" * 20 + "true" + ")" * 20,
     "true OR " * 100 + "true", "a='" + "''" * 450 + "'", "S_INTERSECTS(geometry,POLYGON((" + "1 1," * 200 + "1 1)))"],
)  # fmt: skip
def test_no_filter_of_any_shape_takes_long(text: str) -> None:
    refused, tree = _refused(read_tree, text)
    assert (refused == "") == (tree is not None)


NAMES_OF_WORDS = [
    *LISTING.parameters,
    "f",
    "lang",
    "status",
    "accuracy_m",
    "done",
    "status_date",
    "as_of",
    "none",
]
VALUES = st.text(max_size=20) | st.sampled_from(
    ["-1", "0", "1", "5", "true", "false", "2021", "2021/..", "nan", "1e3", "120,31,121,32", "status", "-status", "json",
     "html", "csv", "jsonld", "hits", "cql2-text", "cql2-json", "status = 'x'", "S_WITHIN(geometry,BBOX(1,2,3,4))",
     '{"op":"not","args":[true]}', "http://www.opengis.net/def/crs/EPSG/0/4549"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.dictionaries(st.sampled_from(NAMES_OF_WORDS), VALUES, max_size=4))
def test_any_words_are_answered_or_refused(client: TestClient, words: dict[str, str]) -> None:
    answer = client.get(ITEMS, params={"limit": "3"} | words, headers={"accept-encoding": "identity"})
    assert answer.status_code in (200, 400), (words, answer.text[:200])


@pytest.mark.parametrize(
    "words",
    [
        {"sortby": ","},
        {"sortby": "+name_zh,-status,"},
        {"properties": ","},
        {"filter": "name_zh = ''"},
        {"filter": "name_zh LIKE '_'"},
        {"filter": "INTERSECTS(geometry, POINT(120 31))", "filter-lang": "cql-text"},
        {"datetime": "2021-05"},
        {"bbox": "170,-10,-170,10"},
        {"accuracy_m": "1200"},
        {"done": "True"},
    ],
)
def test_what_broke_before_is_answered(client: TestClient, words: dict[str, str]) -> None:
    assert client.get(ITEMS, params=words).status_code == 200, words


@pytest.mark.parametrize(
    "words",
    [
        {"limit": "9" * 400},
        {"offset": "9" * 400},
        {"accuracy_m": "far"},
        {"accuracy_m": "nan"},
        {"done": "perhaps"},
        {"status_date": "2021"},
        {"filter": "accuracy_m = " + "9" * 400},
        {"filter": "NOT " * 60 + "true"},
        {"filter": "status_date > DATE('2021-13-45')"},
        {"filter": '{"op":"and","args":[]}'},
        {"filter": '{"op":"in","args":[{"property":"status"}]}'},
        {"filter": '{"op":"t_during","args":[{"property":"status"},{"interval":["x"]}]}'},
        {"filter": '{"op":"s_within","args":[{"property":"geometry"},{"bbox":["a",1,2,3]}]}'},
        {"filter": "true", "filter-lang": "cql2-json"},
        {"f": "png"},
    ],
)
def test_what_cannot_be_is_400(client: TestClient, words: dict[str, str]) -> None:
    answer = client.get(ITEMS, params=words)
    assert answer.status_code == 400, words
    assert answer.json()["code"] == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/collections/none", 404),
        ("/collections/none/items", 404),
        ("/collections/works/items/none", 404),
        ("/collections/works/items/T06?crs=none", 400),
        ("/collections/works/items?limit=0", 400),
        ("/collections/works/tiles/none", 404),
        ("/collections/works/tiles/WebMercatorQuad/1/9/9", 404),
        ("/collections/works/tiles/none/0/0/0", 404),
        ("/tileMatrixSets/none", 404),
        ("/none", 404),
    ],
)
def test_a_refusal_has_one_form_in_both_languages(client: TestClient, path: str, status: int) -> None:
    for lang in ("zh", "en"):
        mark = "&" if "?" in path else "?"
        answer = client.get(f"/api{path}{mark}lang={lang}")
        assert answer.status_code == status
        assert set(answer.json()) == {"code", "description", "error"}
        assert any("一" <= letter <= "鿿" for letter in answer.text) == (lang == "zh")
        page = client.get(f"/api{path}{mark}lang={lang}", headers={"accept": "text/html,*/*;q=0.1"})
        assert page.status_code == status
        assert page.headers["content-type"].startswith("text/html")
        assert f'<html lang="{LANGUAGE_TAGS[lang]}"' in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_version_of_the_definition_is_ours(client: TestClient) -> None:
    project = tomllib.loads((DATA_DIR.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert client.get("/api/openapi?f=json").json()["info"]["version"] == project["version"]


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [("works.csv", "work_id", "wrong_id"), ("datapackage.json", "{", "[{"), ("sources.csv", None, None)],
)
def test_a_broken_pack_is_503(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, old: str | None, new: str
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(DATA_DIR, pack)
    text = (pack / table).read_text(encoding="utf-8")
    (pack / table).write_text("" if old is None else text.replace(old, new, 1), encoding="utf-8")

    def broken() -> None:
        raise _fault(pack)

    monkeypatch.setattr("layers.api.collections.load_atlas", broken)
    client = TestClient(Starlette(routes=routes()), base_url="http://atlas.test")
    for path in ("/api", ITEMS, "/api/conformance", "/api/collections/works/queryables"):
        answer = client.get(path)
        assert answer.status_code == 503, answer.text
        assert str(tmp_path) not in answer.text


def _fault(folder: Path) -> AtlasError:
    with pytest.raises(AtlasError) as raised:
        load_atlas(folder)
    return raised.value
