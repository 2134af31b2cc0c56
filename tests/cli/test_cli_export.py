"""The command line hands out what the pages do."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from typer.testing import CliRunner

from geo.cli.main import app
from geo.errors import AtlasError
from geo.register.city import Atlas


def run(*args: str) -> str:
    result = CliRunner().invoke(app, ["export", *args], catch_exceptions=True)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_a_district_list_is_named_by_what_it_is(atlas: Atlas, tmp_path: Path) -> None:
    code = str(atlas.districts.index[0])
    said = run("--district", code, "--as-of", "2021-12-31", "--out", str(tmp_path))
    (path,) = tmp_path.iterdir()
    assert path.name.endswith("-2021-12-31_WGS84.xlsx")
    assert str(path) in said
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert f"({len(rows)})" in said
    assert all(atlas.districts.at[code, "name_zh"] in row[4] for row in rows)


def test_one_item_in_another_system_and_language(tmp_path: Path) -> None:
    path = tmp_path / "metro.gpkg"
    run("--format", "gpkg", "--crs", "CGCS2000", "--item", "T06", "--lang", "en", "-o", str(path))
    lines = gpd.read_file(path, layer="lines")
    assert lines.crs.to_epsg() == 4549
    assert set(lines["item_id"]) == {"T06"}
    assert set(lines["status_text"]) == {"Completed"}


def test_facilities_of_a_kind_and_a_district(atlas: Atlas, tmp_path: Path) -> None:
    code = "320213"
    run(
        "--what",
        "facilities",
        "--kind",
        "school_primary",
        "--district",
        code,
        "-f",
        "geojson",
        "-o",
        str(tmp_path),
    )
    (path,) = tmp_path.iterdir()
    rows = atlas.register.facilities
    wanted = rows.index[(rows["kind"] == "school_primary") & (rows["district_code"] == code)]
    assert "facilities" in path.name
    assert {one["id"] for one in json.loads(path.read_text("utf-8"))["features"]} == set(wanted)
    assert len(wanted) > 5


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--format", "docx"], "没有文件格式 docx"),
        (["--crs", "mars"], "不认识坐标系 mars"),
        (["--scope", "some"], "没有范围 some"),
        (["--as-of", "yesterday"], "不是日期"),
        (["--out", "/nowhere/at/all.xlsx"], "写不了文件"),
        (["--encoding", "latin1", "--format", "csv"], "latin1"),
    ],
)
def test_bad_words_are_told(args: list[str], words: str) -> None:
    with pytest.raises(AtlasError, match=words):
        run(*args)
