"""The API of analyses: the same numbers as the command line, and plain words for bad input."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app
from geo.register.indicators import load_indicators
from layers.analysis.answers import coverage_answer
from layers.analysis.files import coverage_csv, coverage_geojson
from layers.analysis.picture import coverage_svg
from layers.analysis.questions import parameters_of
from layers.api.server import routes

ASK = {"kind": "metro_station", "radius": "800", "set": "planned", "as_of": "2021-12-31"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def get(client: TestClient, path: str, **words: str) -> Any:
    answer = client.get(path, params=words)
    assert answer.status_code == 200, answer.text
    return answer.json()


def command(*words: str) -> Any:
    result = CliRunner().invoke(app, [*words, "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_page_command_and_api_give_the_same_numbers(client: TestClient) -> None:
    by_api = get(client, "/api/coverage", **ASK)["rows"]
    by_command = command(
        *[
            "coverage",
            "--kind",
            "metro_station",
            "--radius",
            "800",
            "--set",
            "planned",
            "--as-of",
            "2021-12-31",
        ]
    )
    by_page = coverage_answer(parameters_of(ASK), "zh").rows()
    assert by_api == by_command == json.loads(json.dumps(by_page))


@pytest.mark.parametrize("demand", ["area", "census"])
@pytest.mark.parametrize("which", ["before", "as_of", "planned"])
def test_every_set_and_demand(client: TestClient, demand: str, which: str) -> None:
    body = get(client, "/api/coverage", **ASK | {"set": which, "demand": demand})
    assert [row["district_code"] for row in body["rows"]][-1] == "320200"
    assert body["inputs"]["demand"] == demand
    assert (body["rows"][0]["residents"] is None) == (demand == "area")
    keys = [
        "district_code",
        "district",
        "land_km2",
        "served_km2",
        "share_area",
        "share_area_low",
        "share_area_high",
        "residents",
        "residents_served",
        "share_residents",
        "facilities_known",
        "facilities_placed",
    ]
    assert set(keys) <= set(body["rows"][0])


def test_impact_and_gaps_agree_with_the_command_line(client: TestClient) -> None:
    impact = get(client, "/api/impact", kind="metro_station", radius="800")
    by_command = command(*["impact", "--kind", "metro_station", "--radius", "800"])
    assert [row["gained_km2"] for row in by_command] == [
        round(row["gained_km2"], 4) for row in impact["rows"]
    ]
    assert {row["work_id"] for row in impact["works"]} == {"T04", "T05", "T06"}
    found = get(client, "/api/gaps", **ASK)["features"]
    listed = command(
        *[
            "gaps",
            "--kind",
            "metro_station",
            "--radius",
            "800",
            "--set",
            "planned",
            "--as-of",
            "2021-12-31",
            "--limit",
            "5",
        ]
    )
    assert [row["place_id"] for row in listed] == [f["properties"]["place_id"] for f in found[:5]]
    one = get(client, "/api/gaps", **ASK | {"district": "320214"})["features"]
    assert {f["properties"]["district_code"] for f in one} == {"320214"}


def test_the_map_gets_points_once_with_their_sets(client: TestClient) -> None:
    columns = get(client, "/atlas/reach.json", **ASK)["columns"]
    assert len(columns["id"]) == 69 + 18 + 15 + 9
    assert len(set(columns["id"])) == len(columns["id"])
    line_4 = [sets for key, sets in zip(columns["id"], columns["sets"], strict=True) if key.startswith("T06")]
    assert set(line_4) == {2 | 4}
    assert sum(sets & 1 for sets in columns["sets"]) == 69
    shifted = get(client, "/atlas/reach.json", **ASK | {"datum": "GCJ02"})["columns"]
    assert 0.003 < shifted["x"][0] - columns["x"][0] < 0.007


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"kind": "nothing", "radius": "1"}, 400),
        ({"kind": "fire_station", "radius": "500"}, 400),
        ({"kind": "metro_station", "radius": "-1"}, 400),
        ({"kind": "metro_station", "radius": "1" * 5000}, 400),
        ({"kind": "metro_station", "radius": "1", "demand": "/etc/passwd"}, 400),
        ({"kind": "metro_station", "radius": "1", "demand": "raster-0"}, 404),
        ({"kind": "metro_station", "radius": "1", "streets": "streets-0"}, 404),
        ({"kind": "<script>", "radius": "1"}, 400),
        ({"indicator": "no"}, 404),
    ],
)
@pytest.mark.parametrize("path", ["/api/coverage", "/api/gaps", "/api/impact"])
def test_bad_questions_get_words(client: TestClient, path: str, words: dict[str, str], status: int) -> None:
    for lang in ("zh", "en"):
        answer = client.get(path, params=words | {"lang": lang})
        assert answer.status_code == status
        assert answer.json()["error"]
        assert answer.headers["content-type"] == "application/json"


def test_answers_are_revalidated(client: TestClient) -> None:
    first = client.get("/api/coverage", params=ASK)
    again = client.get("/api/coverage", params=ASK, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    other = client.get("/api/coverage", params=ASK | {"radius": "801"})
    assert other.headers["etag"] != first.headers["etag"]


def test_indicators_are_listed_with_what_is_not_confirmed(client: TestClient) -> None:
    rows = get(client, "/api/indicators")["rows"]
    metro = next(row for row in rows if row["indicator_id"] == "metro_800")
    assert metro["checked"] is False
    assert metro["computable"] is True
    assert [row["indicator_id"] for row in rows] == list(load_indicators(load_atlas().pack.root))


def test_csv_can_be_read_again_and_says_where_from() -> None:
    text = coverage_csv(coverage_answer(parameters_of(ASK), "zh"), "zh").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 8
    assert rows[-1]["district_code"] == "320200"
    assert rows[0]["kind"] == "metro_station"
    assert "模型估算" in rows[0]["说明"]
    assert "CC BY" in rows[0]["许可与署名"]


def test_geojson_holds_districts_facilities_and_gaps() -> None:
    body = json.loads(coverage_geojson(parameters_of(ASK), "en"))
    kinds = [feature["properties"]["feature"] for feature in body["features"]]
    assert kinds.count("district") == 7
    assert kinds.count("facility") == 111
    assert kinds.count("gap") > 20
    assert body["city"]["district_code"] == "320200"
    assert body["inputs"]["version"] == load_atlas().version


def test_geojson_holds_facilities_that_nobody_placed() -> None:
    words = {"kind": "school_primary", "radius": "500", "set": "as_of", "as_of": "2026-11-23"}
    features = json.loads(coverage_geojson(parameters_of(words), "zh"))["features"]
    facilities = [one for one in features if one["properties"]["feature"] == "facility"]
    unplaced = [one for one in facilities if one["properties"]["lon"] is None]
    assert unplaced
    assert all((one["geometry"] is None) == (one["properties"]["lon"] is None) for one in facilities)


def test_the_picture_is_svg_with_letters() -> None:
    text = coverage_svg(parameters_of(ASK), "zh").decode()
    assert text.startswith("<?xml")
    assert "新吴区" in text
    assert "模型估算" in text
    assert "<script" not in text
    assert coverage_svg(parameters_of(ASK), "zh").decode() == text
