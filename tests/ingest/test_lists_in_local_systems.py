"""A list in the city's own system: the command line keeps the system, and reads the list where its rows are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer
from typer.testing import CliRunner, Result

from geo.cli.main import app
from geo.errors import CrsError
from geo.places.local_systems import saved_systems
from tests.places.test_local_systems import FOUR, NAME, by_hand

TO_DEGREES = Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True)
PLACES = {
    "试验甲村": (31_400.0, 37_900.0),
    "试验乙村": (32_100.0, 38_700.0),
    "试验丙村": (32_250.0, 37_800.0),
}


def truth(x: float, y: float) -> tuple[float, float]:
    lon, lat = TO_DEGREES.transform(*by_hand(x, y, FOUR))
    return float(lon), float(lat)


def point_lines() -> str:
    places = [(20_000.0, 30_000.0), (45_000.0, 31_000.0), (22_000.0, 52_000.0), (40_000.0, 50_000.0)]
    rows = [(f"K{at}", x, y, *truth(x, y)) for at, (x, y) in enumerate(places)]
    return "\n".join(",".join(map(str, row)) for row in rows)


def written_list() -> str:
    rows = [f"{name},梁溪区,{x},{y},2021年11月,已完工" for name, (x, y) in PLACES.items()]
    return "\n".join(["小区名称,所属区,东坐标,北坐标,竣工日期,状态", *rows, ""])


def run(*words: object) -> Result:
    result = CliRunner().invoke(app, list(map(str, words)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def points(tmp_path: Path) -> Path:
    path = tmp_path / "控制点.csv"
    path.write_text("点号,东,北,经度,纬度\n" + point_lines() + "\n", "utf-8")
    return path


def test_the_command_line_keeps_lists_and_removes(points: Path) -> None:
    added = run("systems", "add", NAME, points, "--source", "成果表", "--format", "json")
    assert added.exit_code == 0, added.output
    table = pd.DataFrame(json.loads(added.stdout))
    assert len(table) == 4
    assert (table["left_out_m"] < 0.01).all()
    (row,) = json.loads(run("systems", "list", "--format", "json").stdout)
    assert (row["name"], row["base"], row["source"]) == (NAME, "EPSG:4549", "成果表")
    assert run("systems", "remove", NAME).exit_code == 0
    assert saved_systems() == []


def test_points_that_do_not_fit_are_refused_and_nothing_is_kept(points: Path) -> None:
    points.write_text(points.read_text("utf-8").replace("45000.0", "45100.0"), "utf-8")
    with pytest.raises(CrsError) as refused:
        run("systems", "add", NAME, points)
    assert refused.value.params["row"] == 2
    assert saved_systems() == []


@pytest.mark.usefixtures("filled")
def test_the_command_line_reads_a_list_by_it(points: Path, tmp_path: Path) -> None:
    run("systems", "add", NAME, points)
    path = tmp_path / "小区.csv"
    path.write_text(written_list(), "utf-8")
    words = (
        "--item",
        "U01",
        "--publisher",
        "试验局",
        "--published",
        "2022-01-31",
        "--dry-run",
        "--format",
        "json",
    )
    plan = json.loads(run("import", path, "--crs", NAME, *words).stdout)
    assert plan["rows"]["new"] == 3
    assert any(NAME in one["zh"] for one in plan["findings"])
    unsaid = json.loads(run("import", path, *words).stdout)
    assert (
        unsaid["rows"]["rejected"] + len([one for one in unsaid["findings"] if one["level"] == "question"])
        > 0
    )


def test_convert_leads_there_and_back(points: Path, tmp_path: Path) -> None:
    run("systems", "add", NAME, points)
    path, there = tmp_path / "点.csv", tmp_path / "点-wgs84.csv"
    path.write_text("name,x,y\n" + "\n".join(f"{name},{x},{y}" for name, (x, y) in PLACES.items()), "utf-8")
    done = run("convert", path, "--out", there, "--from", NAME, "--to", "WGS84")
    assert done.exit_code == 0, done.output
    moved = pd.read_csv(there)
    lon, lat = next((moved[a], moved[b]) for a, b in (("lon", "lat"), ("x", "y")) if a in moved.columns)
    golden = np.array([truth(x, y) for x, y in PLACES.values()])
    assert np.allclose(np.column_stack([lon, lat]), golden, atol=2e-7)
