"""The store at the prompt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.main import app
from geo.store import open_store
from tests.store.conftest import EDITOR
from tests.store.test_edit import NEW


@pytest.fixture(autouse=True)
def _own_store(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DATABASE_URL", url)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_everything_from_the_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    applied = open_store().apply(EDITOR, NEW)
    assert "revision 2" in run("db", "upgrade")
    assert json.loads(run("db", "status", "-f", "json"))[0]["events"] == 2
    told = json.loads(run("history", "N-1", "-f", "json"))
    assert [each["kind"] for each in told] == ["creation", "status"]
    run("backup", str(tmp_path / "b.zip"))
    run("export-pack", str(tmp_path / "pack"))
    run("check", "--pack", str(tmp_path / "pack"))
    run("export-geopackage", str(tmp_path / "day.gpkg"), "--as-of", "2021-12-31")
    assert "N-1" in run("diff", "2021-11-30", "2021-12-01")
    assert "revision 3" in run("undo", told[1]["event_id"], "--reason", "未完工", "--by", "李工")
    assert "revision 4" in run("undo", str(applied.batch_id), "--batch", "--reason", "误录")
    assert "revision 2" in run("restore", str(tmp_path / "b.zip"), "--replace")
    assert len(list(tmp_path.glob("before-restore-*.zip"))) == 1
    assert open_store().history("N-1")["undone"].tolist() == [False, False]
