"""One siting question, one answer: page, command line and API say the same; the API is bounded."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pytest
import shapely
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geo.cli.main import app as commands
from geo.coverage.saved_data import save_dataset
from geo.register.city import Atlas
from layers.analysis.siting import points_of_file, site_parameters, start
from layers.api.server import routes
from tools.serving import PATIENCE_S

WORDS = {
    "kind": "metro_station",
    "radius": "800",
    "as_of": "2021-12-31",
    "district": "320213",
    "k": "3",
    "spacing": "500",
    "own": "120.30,31.59;120.28,31.57",
}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def settled(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without what differs from run to run: the seconds it took and was given."""
    proof = {name: value for name, value in body["proof"].items() if name != "seconds"}
    inputs = {name: value for name, value in body["inputs"].items() if name != "time_limit_s"}
    return body | {"proof": proof, "inputs": inputs}


def test_page_command_and_api_say_the_same(client: TestClient, tmp_path: Any) -> None:
    answer = client.get("/api/site", params=WORDS)
    assert answer.status_code == 200, answer.text
    paged = json.loads(json.dumps(start(site_parameters(WORDS), "zh").result(timeout=PATIENCE_S).as_json()))
    options = [part for name, value in WORDS.items() for part in (f"--{name.replace('_', '-')}", value)]
    told = CliRunner().invoke(commands, ["site", *options, "--format", "json"])
    assert told.exit_code == 0, told.output
    assert settled(answer.json()) == settled(paged) == settled(json.loads(told.stdout))
    assert answer.json()["proof"]["status"] == "optimal"


TOGETHER = {
    "also": "kind=bus_stop,radius=300,k=2,weight=0.5,people_per_unit=50",
    "people_per_unit": "1000",
    "unknown_capacity": "none",
    "capacity": "30000",
    "weight": "2",
    "own": "",
    "spacing": "1000",
}


def test_several_kinds_with_capacities_are_the_same_at_every_door(client: TestClient) -> None:
    asked = {name: value for name, value in (WORDS | TOGETHER).items() if value}
    answer = client.get("/api/site", params=asked)
    assert answer.status_code == 200, answer.text
    paged = json.loads(json.dumps(start(site_parameters(asked), "zh").result(timeout=PATIENCE_S).as_json()))
    options = [part for name, value in asked.items() for part in (f"--{name.replace('_', '-')}", value)]
    done = CliRunner().invoke(commands, ["site", *options, "--format", "json"])
    assert done.exit_code == 0, done.output
    assert settled(answer.json()) == settled(paged) == settled(json.loads(done.stdout))
    assert [each["kind"] for each in paged["kinds"]] == ["metro_station", "bus_stop"]
    assert {each["kind"] for each in paged["sites"]} == {"metro_station", "bus_stop"}
    assert all("placed_after" in each for each in paged["kinds"])
    refused = CliRunner().invoke(commands, ["site", *options, "--scenario", "no.geojson"])
    assert "推演方案只改一类设施" in str(refused.output) + str(refused.exception)


def test_land_is_asked_alike(client: TestClient, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    squares = [shapely.box(x, 31.58, x + 0.006, 31.586) for x in (120.28, 120.29, 120.30, 120.31)]
    parcels = gpd.GeoDataFrame({"DLBM": ["0801", "0801", "0701", "0801"]}, geometry=squares, crs=4326)
    parcels["cost"] = [5, 6, 7, 8]
    red = gpd.GeoDataFrame(geometry=squares[:1], crs=4326)
    tokens = {
        name: save_dataset(name, frame, name="x").token
        for name, frame in (("parcels", parcels), ("exclusions", red))
    }
    more = {"land_use": "08", "gap": "300", "budget": "14", "spacing": "200", "taken": "120.31,31.58"}
    parameters = {name: text for name, text in WORDS.items() if name not in ("own", "k")} | more | tokens
    answer = client.get("/api/site", params=parameters)
    assert answer.status_code == 200, answer.text
    asked = start(site_parameters(parameters), "zh")
    paged = json.loads(json.dumps(asked.result(timeout=PATIENCE_S).as_json()))
    options = [part for name, text in parameters.items() for part in (f"--{name.replace('_', '-')}", text)]
    printed = CliRunner().invoke(commands, ["site", *options, "--format", "json"])
    assert printed.exit_code == 0, printed.output
    assert settled(answer.json()) == settled(paged) == settled(json.loads(printed.stdout))
    assert [site["parcel"] for site in answer.json()["sites"]] == ["2"]
    assert answer.json()["inputs"]["parcels_left_out"] == {"land_use": 1, "excluded": 1, "taken": 1}
    assert answer.json()["summary"]["cost"] == 6
    assert set(answer.json()["owed"]) >= {"placed", "unplaced", "gained", "sites_on_top"}


def test_the_command_writes_tables_and_geojson(tmp_path: Any) -> None:
    out = tmp_path / "sites.geojson"
    options = ["--kind", "metro_station", "--radius", "800", "--as-of", "2021-12-31", "--district", "320213"]
    told = CliRunner().invoke(
        commands, ["site", *options, "--k", "2", "--spacing", "1000", "--out", str(out), "--format", "csv"]
    )
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[0].startswith("rank,candidate_id")
    collection = json.loads(out.read_text("utf-8"))
    assert len(collection["features"]) == 2
    assert collection["verdict"].startswith("已证明最优")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"k": "51"}, "接口一次最多选 50 处"),
        ({"spacing": "100"}, "接口一次最多看"),
        ({"k": "0"}, "选址数量"),
        ({"kind": ""}, "请说明设施类型"),
        ({"candidates": "/etc/passwd"}, "candidates"),
        ({"taken": "/etc/passwd"}, "没有经度和纬度列"),
        ({"own": "120.3,31.57;" * 400}, "4000"),
    ],
)
def test_the_api_is_bounded_and_says_what_is_wrong(
    client: TestClient, change: dict[str, str], said: str
) -> None:
    answer = client.get("/api/site", params=WORDS | change)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


@pytest.mark.parametrize("name", ["parcels", "exclusions"])
def test_no_file_of_the_server_is_land(client: TestClient, name: str) -> None:
    answer = client.get("/api/site", params=WORDS | {name: "/etc/passwd"})
    assert answer.status_code == 404
    assert "不在内存里" in answer.json()["error"]


def test_points_of_a_file_are_read_and_names_cannot_break_lines(atlas: Atlas) -> None:
    text = 'lon,lat,name\n120.3,31.57,"东门,一"\n120.31,31.58,西门\n'
    assert (
        points_of_file(atlas, "点.csv", text.encode())
        == "120.3000000,31.5700000,东门 一;120.3100000,31.5800000,西门"
    )
