"""One matrix, one answer: page, command line, API, CSV and workbook say the same."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app as commands
from geo.questions.matrix import MatrixQuestion
from layers.analysis import uploads
from layers.analysis.matrix import matrix_answer, matrix_csv
from layers.analysis.questions import parameters_of
from layers.api.server import routes
from tests.pages.test_pages import html_of, open_page

ASKED = {"as_of": "2021-12-31", "indicator": "bus_500|metro_800|fire_drive_5", "lang": "en"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two districts as a planner's file, with residents of its own."""
    path = tmp_path_factory.mktemp("zones") / "街道.gpkg"
    two = (
        load_atlas().districts.loc[["320213", "320214"], ["name_zh", "geometry"]].assign(people=[1000, 2000])
    )
    gpd.GeoDataFrame(two, crs=4326).to_file(path, layer="zones")
    return path


def rows_of(text: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


def test_command_and_api_say_the_same(client: TestClient) -> None:
    answer = client.get("/api/matrix", params=ASKED)
    assert answer.status_code == 200, answer.text
    options = [part for name, value in ASKED.items() for part in (f"--{name.replace('_', '-')}", value)]
    told = CliRunner().invoke(commands, ["matrix", *options, "--format", "json"])
    assert told.exit_code == 0, told.output
    assert rows_of(told.stdout) == answer.json()["rows"]
    assert len(answer.json()["rows"]) == 3 * 3 * (len(load_atlas().districts) + 1)
    assert any("modelled" in text for text in answer.json()["notes"])


def test_a_file_of_polygons_is_asked_at_every_door(client: TestClient, halves: Path) -> None:
    token = uploads.bring("zones", halves.name, halves.read_bytes())
    asked = ASKED | {"population": "people", "zone_name": "name_zh"}
    by_api = client.get("/api/matrix", params=asked | {"zones": token}).json()["rows"]
    options = ["--population", "people", "--zone-name", "name_zh", "--zones", str(halves)]
    options += ["--as-of", ASKED["as_of"], "--indicator", ASKED["indicator"], "--lang", "en"]
    told = CliRunner().invoke(commands, ["matrix", *options, "--format", "json"])
    assert told.exit_code == 0, told.output
    assert rows_of(told.stdout) == by_api
    assert {(row["zone"], row["residents"]) for row in by_api if row["share"] is not None} == {
        ("梁溪区", 1000.0),
        ("新吴区", 2000.0),
    }


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"zones": f"zones-{'0' * 32}"}, 404),
        ({"zones": "/etc/passwd"}, 404),
        ({"indicator": "nothing"}, 400),
        ({"set": "later"}, 400),
        ({"denominator": "cells"}, 400),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    client: TestClient, parameters: dict[str, str], status: int
) -> None:
    assert client.get("/api/matrix", params=parameters).status_code == status


def test_the_workbook_has_a_sheet_an_indicator_and_a_cover(tmp_path: Path) -> None:
    path = tmp_path / "matrix.xlsx"
    options = [part for name, value in ASKED.items() for part in (f"--{name.replace('_', '-')}", value)]
    done = CliRunner().invoke(commands, ["matrix", *options, "--out", str(path), "--format", "json"])
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[1:4] == ["metro_800", "bus_500", "fire_drive_5"] or set(
        book.sheetnames[1:4]
    ) == set(ASKED["indicator"].split("|"))
    cover = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert any("modelled" in text for text in cover)
    head, *rows = book["bus_500"].iter_rows(values_only=True)
    shown = pd.DataFrame(rows, columns=head)
    answer = pd.DataFrame([row for row in rows_of(done.stdout) if row["indicator_id"] == "bus_500"])
    assert shown["Zone"].tolist() == answer["zone"].tolist()
    expected = (100 * answer["share"].astype(float)).round(1)
    pd.testing.assert_series_equal(shown["Share (%)"].astype(float), expected, check_names=False, atol=0.051)
    definitions = book[book.sheetnames[-2]]
    assert definitions.max_row == 1 + 3
    assert any("S-BUSSTOPS2014" in str(cell.value) for row in book.worksheets[-1].iter_rows() for cell in row)


def test_the_csv_holds_the_rows_and_no_formula() -> None:
    answer = matrix_answer(parameters_of(ASKED, MatrixQuestion), "zh")
    table = pd.read_csv(io.BytesIO(matrix_csv(answer, "zh")), encoding="utf-8-sig")
    assert len(table) == len(answer.table)
    assert not table["pass_mark"].dropna().str.startswith(("=", "+", "-", "@")).any()


def test_the_page_says_each_verdict_in_a_word_and_leads_to_its_district() -> None:
    app = open_page("matrix.py", as_of="2021-12-31", set="planned", lang="en")
    text = html_of(app)
    rows = matrix_answer(
        (("as_of", "2021-12-31"), ("demand", "residents"), ("denominator", "residents")), "en"
    ).table
    planned = rows[(rows["set"] == "planned") & (rows["reasons"] != "not_computed")]
    for sign, text_of in (("pass", "✓ passes"), ("fail", "✗ fails")):
        assert text.count(text_of) == (planned["verdict"] == sign).sum() > 0
    assert text.count("<td") == len(planned)
    assert "ind=bus_500&amp;set=planned&amp;by=residents&amp;d=320213" in text
    assert "modelled" in text
