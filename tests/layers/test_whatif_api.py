"""The API with a scenario: the same numbers by link, by id and by body; faults in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geo.cli import app as command_line
from geo.scenario import Edit, Scenario
from geo.scenario_geojson import to_geojson
from geo.scenario_store import save
from layers.serve import routes

ASKED = {"kind": "metro_station", "radius": "800", "set": "planned"}
SCENARIO = Scenario(words=ASKED, edits=(Edit(op="add", id="n1", at=(120.1, 31.9)),))


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_every_way_to_ask_gives_the_same_answer(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    by_word = client.get("/api/coverage", params=ASKED | {"scenario": SCENARIO.to_word()}).json()
    by_id = client.get("/api/coverage", params=ASKED | {"scenario": save(SCENARIO)}).json()
    by_body = client.post("/api/coverage", content=SCENARIO.to_json()).json()
    assert by_word == by_id == by_body
    plain = client.get("/api/coverage", params=ASKED).json()
    city = by_word["changes"][-1]
    assert city["share_area_before"] == plain["rows"][-1]["share_area"]
    assert city["share_area_after"] == by_word["rows"][-1]["share_area"] > plain["rows"][-1]["share_area"]
    drawn = tmp_path / "edits.geojson"
    drawn.write_bytes(to_geojson(SCENARIO))
    done = CliRunner().invoke(command_line, ["whatif", "--scenario", str(drawn), "-f", "json"])
    assert f'"share_area_after":{city["share_area_after"]}' in done.stdout.replace(" ", "")


def test_gaps_follow_the_scenario(client: TestClient) -> None:
    asked = {"kind": "metro_station", "radius": "5000", "set": "planned", "district": "320281"}
    plain = client.get("/api/gaps", params=asked).json()["features"]
    after = client.get("/api/gaps", params=asked | {"scenario": SCENARIO.to_word()}).json()["features"]

    def left(features: list[dict[str, dict[str, float]]]) -> float:
        return sum(feature["properties"]["land_km2"] for feature in features)

    assert left(after) < left(plain) - 50


def test_faults_are_answers_not_tracebacks(client: TestClient) -> None:
    for word, status in (("z-broken", 400), ("s-0000000000000000", 404), ("x" * 6000, 400)):
        answer = client.get("/api/coverage", params=ASKED | {"scenario": word, "lang": "en"})
        assert answer.status_code == status
        assert "scenario" in answer.json()["error"]
    outside = Scenario(words=ASKED, edits=(Edit(op="add", id="n1", at=(0, 0)),))
    answer = client.post("/api/coverage?lang=en", content=outside.to_json())
    assert answer.status_code == 400
    assert "outside the city" in answer.json()["error"]
    assert client.post("/api/coverage", content=b"x" * 1_100_000).status_code == 400
    assert client.post("/api/coverage", content=b"{").status_code == 400


def test_equity_by_api_follows_the_scenario(client: TestClient) -> None:
    plain = client.get("/api/equity", params=ASKED).json()
    after = client.get("/api/equity", params=ASKED | {"scenario": SCENARIO.to_word()}).json()
    assert after["summary"]["share"] > plain["summary"]["share"]
    assert after["summary"]["beyond"] < plain["summary"]["beyond"]
    assert len(plain["rows"]) == 8
    assert plain["lorenz"][0] == {"demand": 0, "distance": 0}
    assert any("没有这类设施的供给数量" in note for note in plain["notes"])
    told = CliRunner().invoke(
        command_line,
        ["equity", "--kind", "metro_station", "--radius", "800", "--set", "planned", "-f", "json"],
    )
    assert f'"gini":{round(plain["rows"][-1]["gini"], 6)}' in told.stdout.replace(" ", "")
