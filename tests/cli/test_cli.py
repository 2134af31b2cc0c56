"""The command line: every verb in every form, and plain words for bad input."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.main import app, main

ROOT = Path(__file__).resolve().parents[2]
VERBS = [
    ["items"],
    ["works", "--as-of", "2021-12-31", "--item", "U01", "--counted", "yes"],
    ["progress", "--as-of", "2021-12-31"],
    ["progress", "--by", "category"],
    ["progress", "--by", "district"],
    ["progress", "--by", "line"],
    ["show", "T06"],
    ["search", "qmyc"],
    ["check"],
    ["check", "--coverage"],
    ["coverage", "--kind", "metro_station", "--radius", "800"],
    ["coverage", "--indicator", "metro_800", "--district", "320214", "--demand", "area"],
    ["impact", "--kind", "metro_station", "--radius", "800"],
    ["impact", "--kind", "metro_station", "--radius", "800", "--by", "work"],
    ["gaps", "--kind", "metro_station", "--radius", "800", "--limit", "3", "--district", "320282"],
    ["indicators"],
    ["near", "120.30,31.57", "--as-of", "2021-12-31"],
    ["near", "--place", "太湖广场"],
]


def run(*args: str) -> str:
    result = CliRunner().invoke(app, list(args))
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What ``python -m geo`` writes of a command that it refuses."""

    def end_of(*args: str) -> str:
        monkeypatch.setattr("sys.argv", ["geo", *args])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        return capsys.readouterr().err

    return end_of


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("verb", VERBS, ids="-".join)
def test_every_verb_in_every_form(verb: list[str], form: str) -> None:
    text = run(*verb, "--format", form)
    if form == "json":
        json.loads(text)
    elif form == "csv":
        table = list(csv.reader(io.StringIO(text)))
        assert all(len(row) == len(table[0]) for row in table)
    elif verb == ["check"]:
        assert text.startswith("0 处问题")
    elif verb[0] == "show":
        assert text.split()[:4] == ["field", "value", "work_id", verb[1]]
    else:
        lines, rows = text.splitlines(), list(csv.reader(io.StringIO(run(*verb, "--format", "csv"))))
        assert rows[0][0].startswith(lines[0].split()[0])
        assert len(lines) >= len(rows) > 1  # notes may stand below a table


def test_progress_json_has_the_promised_keys() -> None:
    answer = json.loads(run("progress", "--by", "item", "--as-of", "2021-12-31", "--format", "json"))
    assert len(answer) == 42
    for row in answer:
        assert {"item_id", "target", "unit", "named", "placed", "done", "verb", "promise_kept"} <= row.keys()
        assert row["promise_kept"] in (True, False, None)
    first = next(row for row in answer if row["item_id"] == "T06")
    assert (first["target"], first["named"], first["placed"], first["done"], first["promise_kept"]) == (
        1,
        1,
        1,
        1,
        True,
    )


def test_works_filters() -> None:
    rows = json.loads(
        run("works", "--district", "320282", "--item", "U01", "--counted", "yes", "--format", "json")
    )
    assert len([row for row in rows if row["kind"] == "work"]) == 13


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["progress", "--as-of", "2021-02-30"], "as_of"),
        (["show", "NOPE"], "NOPE"),
        (["convert", "{csv}", "--from", "utm", "--to", "wgs84"], "不认识坐标系"),
        (["convert", "{csv}", "--from", "gcj02", "--to", "wgs84", "--x", "east"], "找不到坐标列"),
    ],
)
def test_bad_input_gets_plain_words_and_code_2(
    tmp_path: Path, refused: Callable[..., str], args: list[str], words: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,经度,纬度\n甲,120.3,31.5\n", "utf-8")
    assert words in refused(*(arg.replace("{csv}", str(path)) for arg in args))


def test_check_fails_with_rows_and_fields_on_a_spoilt_pack(pack_copy: Path) -> None:
    path = pack_copy / "works.csv"
    path.write_text(path.read_text("utf-8").replace("120.307,31.552", "121.999,31.552"), "utf-8")
    result = CliRunner().invoke(app, ["check", "--pack", str(pack_copy), "--format", "json"])
    assert result.exit_code == 1
    problems = json.loads(result.stdout)
    assert {"works"} == {problem["table"] for problem in problems}
    assert all(problem["row"] and problem["field"] for problem in problems)


CSV = "名称,经度,纬度\n甲,120.31491,31.675557\n乙,31.6,120.3\n丙,,\n丁,abc,31\n戊,inf,31\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_convert_keeps_every_row_and_names_the_bad_ones(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "地点.csv"
    path.write_bytes(CSV.encode(encoding))
    result = CliRunner().invoke(app, ["convert", str(path), "--from", "gcj02", "--to", "wgs84"])
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 1
    assert [row["名称"] for row in rows] == list("甲乙丙丁戊")
    assert float(rows[0]["经度"]) == pytest.approx(120.310288, abs=1e-6)
    assert rows[0]["经度_original"] == "120.31491"
    assert (rows[1]["经度"], rows[3]["经度"], rows[2]["经度"]) == ("31.6", "abc", "")
    for row in (":2 ", ":4 ", ":5 "):
        assert row in result.stderr
    assert ":3 " not in result.stderr


def test_convert_geojson_keeps_features_without_geometry(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    feature = {
        "type": "Feature",
        "properties": {"n": 1},
        "geometry": {"type": "Point", "coordinates": [120.31491, 31.675557]},
    }
    bad = {
        "type": "Feature",
        "properties": {"n": 3},
        "geometry": {"type": "Point", "coordinates": [31.6, 120.3]},
    }
    nothing = {"type": "Feature", "properties": {"n": 2}, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, nothing, bad]}), "utf-8")
    out = tmp_path / "out.geojson"
    result = CliRunner().invoke(
        app, ["convert", str(path), "--from", "GCJ-02", "--to", "WGS84", "-o", str(out)]
    )
    features = json.loads(out.read_text("utf-8"))["features"]
    assert result.exit_code == 1
    assert "写反" in result.stderr
    assert features[0]["geometry"]["coordinates"] == pytest.approx([120.310288, 31.67744], abs=1e-6)
    assert features[1]["geometry"] is None
    assert features[2]["geometry"]["coordinates"] == [31.6, 120.3]


@pytest.mark.parametrize(
    "text", ["", "{", '{"features": 1}', '{"features": [{"geometry": {"type": "Nope"}}]}']
)
def test_a_broken_geojson_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["convert", str(path), "--from", "gcj02", "--to", "wgs84"])
    assert "a.geojson" in str(result.exception)


def test_gaps_are_written_as_geojson(tmp_path: Path) -> None:
    file = tmp_path / "gaps.geojson"
    run("gaps", "--kind", "metro_station", "--radius", "800", "--limit", "4", "--out", str(file))
    features = json.loads(file.read_text("utf-8"))["features"]
    assert [feature["properties"]["rank"] for feature in features] == [1, 2, 3, 4]


def test_a_walk_reads_the_streets_it_is_given(tmp_path: Path) -> None:
    """One street along two stations of line 1; 15 minutes at 60 m a minute."""
    street = {
        "type": "Feature",
        "properties": {},
        "geometry": {
            "type": "LineString",
            "coordinates": [[120.295, 31.56], [120.2975, 31.57], [120.3, 31.58], [120.301, 31.595]],
        },
    }
    file = tmp_path / "streets.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [street]}), "utf-8")
    asked = ["coverage", "--kind", "metro_station", "--walk", "--minutes", "15", "--streets", str(file)]
    rows = json.loads(run(*asked, "--format", "json"))
    city = rows[-1]
    assert (city["reach"], city["radius_m"], city["minutes"], city["speed_m_min"]) == ("walk", 900, 15, 60)
    assert 0 < city["served_km2"] < 8
    slow = json.loads(run(*asked, "--speed", "40", "--format", "json"))[-1]
    assert slow["served_km2"] < city["served_km2"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--kind", "metro_station", "--radius", "nan"], "nan"),
        (["--kind", "metro_station", "--radius", "800", "--walk"], "--streets"),
        (["--kind", "fire_station", "--radius", "500"], "fire_station"),
        (["--kind", "metro_station", "--radius", "800", "--demand", "nowhere.tif"], "nowhere.tif"),
    ],
)
def test_a_bad_question_ends_with_two_and_names_what_is_wrong(
    refused: Callable[..., str], words: list[str], named: str
) -> None:
    assert named in refused("coverage", *words)


def test_a_file_that_cannot_be_written_is_said() -> None:
    """In a process of its own, as a person starts it: nothing between them and the words."""
    words = ["gaps", "--kind", "metro_station", "--radius", "800", "--out", "/nowhere/at/all.geojson"]
    result = subprocess.run(
        [sys.executable, "-m", "geo", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "写不了文件 /nowhere/at/all.geojson" in result.stderr
    assert "Traceback" not in result.stderr
