"""From a plan's text alone to a city pack: it passes the check, holds what was accepted, and a map of it runs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app
from geo.errors import DataError
from geo.paths import DATA_DIR, PROJECT_DIR
from geo.plan_text import review
from geo.plan_text.draft import Draft
from geo.plan_text.names import NameIndex, index_of
from geo.plan_text.pack import PlanSource, pack_files
from geo.plan_text.read_plan import read_plan
from geo.register.pack_check import check_pack
from geo.report.promise.page import promise_page
from tests.plan_text.conftest import invented
from tests.plan_text.figures import figures

SOURCE = PlanSource("无锡市2021年计划", "无锡市发展和改革委员会", "2021-02-18")


def written(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def accepted(draft: Draft) -> Draft:
    for item in draft.items:
        draft = review.decide(draft, item.key, "accepted")
    return draft


def test_the_text_alone_becomes_the_register_of_its_promises(plan: Draft, tmp_path: Path) -> None:
    """Every promise of the pack that people typed is there with the same verb, amount and unit; no work is claimed."""
    root = written(pack_files(accepted(plan), SOURCE, DATA_DIR), tmp_path)
    assert [problem.text() for problem in check_pack(root)] == []
    atlas = load_atlas(root)
    rows, typed = atlas.pack.plan_items, pd.read_csv(DATA_DIR / "plan_items.csv")
    columns = ["category", "target", "unit", "verb", "measure"]
    count = rows[columns].value_counts().sort_index()
    assert count.equals(typed[columns].value_counts().sort_index())
    assert atlas.plan_year == 2021
    assert atlas.register.state(date(2021, 12, 31)).empty
    assert set(atlas.pack.facilities.index) == set(load_atlas(DATA_DIR).pack.facilities.index)


def test_a_plan_with_new_categories_and_another_year(tmp_path: Path) -> None:
    draft = read_plan(invented("invented_plan_2027"), index_of([], []))
    draft = review.decide(draft, draft.items[0].key, "rejected")
    root = written(pack_files(draft, SOURCE, DATA_DIR, reviewed=False), tmp_path)
    assert [problem.text() for problem in check_pack(root)] == []
    rows = load_atlas(root).pack.plan_items
    assert len(rows) == len(draft.items) - 1
    assert rows["note_zh"].str.contains("未经人复核").all()
    assert {"park", "welfare"} <= set(rows["category"])
    assert load_atlas(root).city.days.last >= date(2027, 12, 31)


def test_a_plan_of_another_city(elsewhere: NameIndex, tmp_path: Path) -> None:
    city = PROJECT_DIR / "tests/packs/jingdezhen-simulated"
    draft = accepted(read_plan(invented("invented_plan_2024"), elsewhere))
    root = written(pack_files(draft, SOURCE, city), tmp_path)
    assert [problem.text() for problem in check_pack(root)] == []
    atlas = load_atlas(root)
    assert atlas.city.name_zh == load_atlas(city).city.name_zh
    assert list(atlas.pack.plan_items["quote_zh"]) == [draft.quote(item) for item in draft.items]


def test_a_promise_without_works_or_publisher_has_its_page(plan: Draft, tmp_path: Path) -> None:
    root = written(pack_files(accepted(plan), PlanSource("某计划"), DATA_DIR), tmp_path)
    shown = promise_page(load_atlas(root), "P01", date(2021, 12, 31), "zh")
    assert "可以问" not in str(shown)
    assert plan.quote(plan.items[0]) in str(shown)


def test_only_what_was_accepted_goes_into_a_reviewed_pack(plan: Draft) -> None:
    draft = review.decide(review.decide(plan, 1, "accepted"), 2, "rejected")
    table = pack_files(draft, SOURCE, DATA_DIR)["plan_items.csv"].decode()
    assert table.count("\n") == 2
    with pytest.raises(DataError):
        pack_files(plan, SOURCE, DATA_DIR)


def test_the_command_line_goes_the_same_way(plan_text: str, plan: Draft, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(plan_text, "utf-8")
    draft, folder = tmp_path / "draft.json", tmp_path / "pack"
    run = CliRunner().invoke(
        app,
        ["read-plan", str(tmp_path / "plan.txt"), "--out", str(folder), "--draft", str(draft), "-f", "json"],
    )
    assert run.exit_code == 0, run.output
    assert [row["quote"] for row in json.loads(run.output)] == [plan.quote(item) for item in plan.items]
    assert check_pack(folder) == []
    assert review.from_json(json.loads(draft.read_text("utf-8"))).items == plan.items
    result = figures(plan, pd.read_csv(folder / "plan_items.csv", dtype=str), "quote_zh")
    assert result.found == len(plan.items)
    left = CliRunner().invoke(app, ["read-plan", str(draft), "--left-out", "-f", "csv", "--lang", "en"])
    assert left.exit_code == 0
    assert left.output.count("\n") >= len(plan.left_out)
