"""The API with a scenario: the same numbers by link, by id and by body; faults in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app as command_line
from geo.coverage.question import question_facilities, read_question
from geo.questions.coverage import SETS
from geo.whatif.saved_scenarios import save
from geo.whatif.scenario import Edit, Scenario
from geo.whatif.scenario_geojson import to_geojson
from layers.analysis import answers, questions, whatif
from layers.analysis.files import coverage_csv, coverage_geojson
from layers.analysis.picture import coverage_svg
from layers.api.server import routes

ASKED = {"kind": "metro_station", "radius": "800", "set": "planned"}
SCENARIO = Scenario(parameters=ASKED, edits=(Edit(op="add", id="n1", at=(120.1, 31.9)),))


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_every_way_to_ask_gives_the_same_answer(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    by_word = client.get("/api/coverage", params=ASKED | {"scenario": SCENARIO.to_link_code()}).json()
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
    after = client.get("/api/gaps", params=asked | {"scenario": SCENARIO.to_link_code()}).json()["features"]

    def left(features: list[dict[str, dict[str, float]]]) -> float:
        return sum(feature["properties"]["land_km2"] for feature in features)

    assert left(after) < left(plain) - 50


def test_faults_are_answers_not_tracebacks(client: TestClient) -> None:
    for word, status in (("z-broken", 400), ("s-0000000000000000", 404), ("x" * 6000, 400)):
        answer = client.get("/api/coverage", params=ASKED | {"scenario": word, "lang": "en"})
        assert answer.status_code == status
        assert "scenario" in answer.json()["error"]
    outside = Scenario(parameters=ASKED, edits=(Edit(op="add", id="n1", at=(0, 0)),))
    answer = client.post("/api/coverage?lang=en", content=outside.to_json())
    assert answer.status_code == 400
    assert "outside the city" in answer.json()["error"]
    assert client.post("/api/coverage", content=b"x" * 1_100_000).status_code == 400
    assert client.post("/api/coverage", content=b"{").status_code == 400


def test_equity_by_api_follows_the_scenario(client: TestClient) -> None:
    plain = client.get("/api/equity", params=ASKED).json()
    after = client.get("/api/equity", params=ASKED | {"scenario": SCENARIO.to_link_code()}).json()
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


def test_every_set_of_a_question_is_answered_with_the_edits_that_concern_it(client: TestClient) -> None:
    """A planned station cannot be removed from the days before the plan: that edit is left aside and said."""
    atlas = load_atlas()
    asked = {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31"}
    before = {which: question_facilities(atlas, read_question(atlas, asked), which) for which in SETS}
    frames = {which: found.frame for which, found in before.items()}
    planned = next(key for key in frames["planned"].index if key not in frames["before"].index)
    edits = (Edit(op="add", id="n1", at=(120.1, 31.9)), Edit(op="remove", id=planned))
    word = Scenario(edits=edits, name="一增一减").to_link_code()
    known = {}
    for which in SETS:
        body = client.get("/api/coverage", params=asked | {"set": which, "scenario": word}).json()
        known[which] = body["rows"][-1]["facilities_known"] - before[which].known_count
        left = body["inputs"]["scenario"]["left_aside"]
        assert left == (0 if planned in frames[which].index else 1)
        assert any("不在这个设施集里" in note for note in body["notes"]) == bool(left)
    assert known["planned"] == 0
    assert known["before"] == 1
    nobody = Scenario(edits=(Edit(op="remove", id="nobody"),)).to_link_code()
    assert client.get("/api/coverage", params=asked | {"scenario": nobody}).status_code == 404


def test_the_first_answer_and_those_that_follow_edits_are_the_same() -> None:
    words = questions.parameters_of({"kind": "car_park", "radius": "444", "set": "planned"})
    first, second = (whatif.changed_answer(words, SCENARIO, "zh") for _time in range(2))
    assert first.after.table.equals(second.after.table)
    assert first.after.inputs == second.after.inputs
    assert first.facilities.frame.equals(second.facilities.frame)


def test_files_hold_the_edits_and_name_the_scenario() -> None:
    named = SCENARIO.model_copy(update={"name": "江阴一处"})
    plain = questions.parameters_of(ASKED)
    words = questions.parameters_of(ASKED | {"scenario": named.to_link_code() or ""})
    answer = answers.coverage_answer(words, "zh")
    assert f"s-{named.digest} 江阴一处" in coverage_csv(answer, "zh").decode()
    collection = json.loads(coverage_geojson(words, "zh"))
    assert collection["inputs"]["scenario"]["name"] == "江阴一处"
    places = {each["properties"].get("id"): each for each in collection["features"]}
    assert places["n1"]["geometry"]["coordinates"] == [120.1, 31.9]
    assert places["n1"]["properties"]["origin"] == "scenario"
    assert "n1" not in coverage_geojson(plain, "zh").decode()
    assert "江阴一处" in coverage_svg(words, "zh").decode()
    assert "江阴一处" not in coverage_svg(plain, "zh").decode()


def test_supply_of_an_added_facility_counts_in_equity() -> None:
    asked = {"kind": "car_park", "radius": "500", "set": "planned"}
    more = Edit(op="add", id="n1", at=(120.3, 31.58), supply=1000)
    plain, after = (
        answers.equity_answer(questions.parameters_of(asked | more_words), "zh").table
        for more_words in ({}, {"scenario": Scenario(edits=(more,)).to_link_code() or ""})
    )
    assert after["supply"].iloc[-1] == plain["supply"].iloc[-1] + 1000
    assert after.loc["320213", "supply"] == plain.loc["320213", "supply"] + 1000
    assert after.loc["320213", "access_2sfca"] > (plain.loc["320213", "access_2sfca"] or 0)
