"""``python -m geo import``: the same events as the page, exit codes, rejected rows, recipes; nothing twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from geo.cli.main import app
from geo.coverage.saved_data import saved_datasets
from geo.errors import AtlasError
from geo.ingest.cells.columns import guess_mapping
from geo.ingest.plan.import_plan import make_plan
from geo.ingest.plan.options import Options
from geo.reading.read_file import read_file
from geo.register.city import Atlas, atlas_of
from geo.register.register import Register
from geo.store import open_store


def run(*words: object) -> Result:
    result = CliRunner().invoke(app, ["import", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def listed(tmp_path: Path, atlas: Atlas, make_list) -> Path:
    return make_list.write_list(tmp_path / "老旧小区.xlsx", atlas)


WORDS = ("--item", "U01", "--crs", "高德", "--publisher", "试验局", "--published", "2022-01-31")


def test_a_trial_writes_nothing_and_says_all(listed: Path, tmp_path: Path) -> None:
    result = run(listed, *WORDS, "--dry-run", "--format", "json")
    assert result.exit_code == 1
    told: dict[str, Any] = json.loads(result.stdout)
    assert (told["rows"]["new"], told["rows"]["update"], told["rows"]["rejected"]) == (142, 21, 3)
    assert told["written"] is None
    assert told["columns"]["lon"] == "经度"
    assert [one["row"] for one in told["findings"] if one["level"] == "error"] == [42, 82, 122]
    (item,) = told["items"]
    assert (item["item_id"], item["named_before"], item["named_after"]) == ("U01", 21, 163)
    assert not (tmp_path / "var" / "atlas.db").exists()


@pytest.mark.usefixtures("filled")
def test_good_rows_go_in_and_the_rest_come_back(
    listed: Path, tmp_path: Path, atlas: Atlas, gazetteer
) -> None:
    rest = tmp_path / "rest.csv"
    assert run(listed, *WORDS).exit_code == 1  # all or nothing is the rule
    assert Register.from_pack(open_store().pack()).pack.works.equals(atlas.pack.works)
    result = run(listed, *WORDS, "--accept", "good", "--rejected", rest, "--by", "测试员")
    assert result.exit_code == 1
    assert "142 works" in result.stdout
    store = open_store()
    works = store.pack().works
    assert len(works) == len(atlas.pack.works) + 142

    opened = read_file(listed)
    layer = opened.only()
    options = Options(
        item_id="U01",
        crs="GCJ02",
        source={"title": opened.name, "publisher": "试验局", "published": "2022-01-31"},
        file_name=opened.name,
        sha256=opened.sha256,
    )
    by_page = make_plan(layer, guess_mapping(layer, atlas, unit="个"), options, atlas, gazetteer)
    stored = store.pack().events
    stored = stored[stored["kind"] != "creation"]  # the store's own record of a new work
    keys = ["work_id", "date", "kind", "value", "confirmed", "source_id"]
    mine = set(
        stored.loc[~stored.index.isin(atlas.pack.events.index), keys].itertuples(index=False, name=None)
    )
    assert mine == {tuple(event[key] for key in keys) for event in by_page.made.events}

    frame = pd.read_csv(rest)
    frame.loc[0, ["经度", "纬度"]] = frame.loc[0, ["纬度", "经度"]].to_numpy()
    frame.loc[1, "竣工日期"] = "2021-11-30"
    frame.loc[2, "户数"] *= -1
    frame.to_csv(rest, index=False)
    assert run(rest, *WORDS).exit_code == 0
    assert len(open_store().pack().works) == len(atlas.pack.works) + 145


def test_a_rejected_workbook_says_itself_what_its_list_was(listed: Path, tmp_path: Path) -> None:
    rest = tmp_path / "rest.xlsx"
    run(listed, *WORDS, "--dry-run", "--rejected", rest)
    layer = read_file(rest).only()
    assert layer.import_choices["item"] == "U01"
    assert layer.import_choices["crs"] == "高德"
    assert layer.import_choices["src-publisher"] == "试验局"
    told = json.loads(run(rest, "--dry-run", "--format", "json").stdout)
    assert told["rows"]["rejected"] == len(layer.frame) == 3
    assert not any(one["rule"] == "crs" or one["field"] == "item_id" for one in told["findings"])


@pytest.mark.usefixtures("filled")
def test_the_same_file_twice_changes_nothing(listed: Path) -> None:
    run(listed, *WORDS, "--accept", "good")
    before = open_store().stamp()
    again = run(listed, *WORDS, "--accept", "good", "--format", "json")
    told = json.loads(again.stdout)
    assert told["rows"]["known"] == 163
    assert told["written"] is None
    assert open_store().stamp() == before
    assert not atlas_of(open_store().pack()).register.state(pd.Timestamp("2023-01-01").date()).empty


@pytest.mark.usefixtures("filled")
def test_a_small_list_by_words_and_recipe(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲列,乙列,日子\n试验甲村,梁溪区,01/02/2021\n", "utf-8")
    words = (
        path,
        "--item",
        "U01",
        "--map",
        "甲列=name_zh",
        "--map",
        "乙列=district_code",
        "--map",
        "日子=end_date",
    )
    asked = run(*words)
    assert asked.exit_code == 1
    assert "date_order" in asked.stderr
    done = run(*words, "--answer", "date_order=dmy", "--save-recipe", "试验")
    assert done.exit_code == 0
    path.write_text("甲列,乙列,日子\n试验乙村,梁溪区,03/02/2021\n", "utf-8")
    by_recipe = run(path)
    assert by_recipe.exit_code == 0
    events = open_store().pack().events
    assert {str(day) for day in events.loc[events["source_id"].str.startswith("S-", na=False), "date"]} >= {
        "2021-02-01",
        "2021-02-03",
    }


def test_faults_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("名称,区县\n甲,梁溪区\n", "utf-8")
    for words in (
        ("--map", "甲"),
        ("--map", "甲=colour"),
        ("--item", "Z99"),
        ("--geocode",),
        ("--crs", "月球"),
    ):
        with pytest.raises(AtlasError):
            run(path, "--dry-run", *words)


@pytest.mark.usefixtures("filled")
def test_polygons_keep_their_outline_beside(tmp_path: Path) -> None:
    ring = [[120.30, 31.57], [120.31, 31.57], [120.31, 31.58], [120.30, 31.58], [120.30, 31.57]]
    feature = {
        "type": "Feature",
        "properties": {"名称": "试验片区", "区县": "梁溪区"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    assert run(path, "--item", "U01", "--crs", "WGS84").exit_code == 0
    (saved,) = saved_datasets("outlines")
    assert saved.path.is_file()
    assert saved.name == "a.geojson"
