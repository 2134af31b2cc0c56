"""What an installation of one city kept is taken over by the city that it is of, whole, and never half hidden."""

from __future__ import annotations

import ast
import os
import shutil
import sqlite3
from contextlib import closing
from fnmatch import fnmatch
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cities import city_called, entered
from geo.cli.main import app
from geo.errors import DataError, StoreError
from geo.paths import DATA_DIR, PROJECT_DIR
from geo.store import earlier, open_store
from geo.store.earlier import CITY_THINGS, announcement, take_over
from tests.second_city.reading import PACK

THINGS = {"scenarios/a.json": "1", "datasets/zones/b.gpkg": "2", "geocode.db": "3", "recipes/c.json": "4"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installation of the second city alone kept: its register with a remark in it, and files."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_DATA", str(PACK))
        patch.setenv("ATLAS_VAR", str(folder))
        patch.delenv("ATLAS_CITIES", raising=False)
        store = open_store()
        store.add_remark("一处不对", work_id="", contact="", sender="somebody")
        store.engine.dispose()
    for name, text in THINGS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "serve").mkdir()
    (folder / "serve" / "nginx.conf").write_text("of the installation")
    return folder


@pytest.fixture
def var(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that, in a process of two cities of which this is the second."""
    folder = tmp_path / "var"
    shutil.copytree(kept, folder)
    monkeypatch.setenv("ATLAS_CITIES", os.pathsep.join(map(str, (DATA_DIR, PACK))))
    monkeypatch.setenv("ATLAS_VAR", str(folder))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Files with what is in them; of a register its name alone, for SQLite folds its log into it when it is closed."""
    return {
        str(path.relative_to(folder)): b""
        if path.suffix == ".db" and path.stem == "atlas"
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def test_the_city_waits_for_its_register_and_then_has_all_of_it(var: Path, kept: Path) -> None:
    before = contents(kept)
    assert "scenarios" in announcement()
    assert load_atlas().city.slug == "wuxi", "another city is not held up"
    with entered(city_called("jingdezhen")):
        for attempt in (load_atlas, open_store):
            with pytest.raises(StoreError, match="take-over"):
                attempt()
    assert contents(var) == before

    done = CliRunner().invoke(app, ["--city", "jingdezhen", "take-over"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert set(done.stdout.split()) == {*THINGS, "atlas.db"}
    after = contents(var)
    own = "cities/jingdezhen/"
    assert {name.removeprefix(own): content for name, content in after.items() if name.startswith(own)} == {
        name: content for name, content in before.items() if not name.startswith("serve/")
    }
    assert {name for name in after if not name.startswith(own)} == {"serve/nginx.conf"}
    with entered(city_called("jingdezhen")):
        assert len(open_store().remarks()) == 1
        assert load_atlas().city.slug == "jingdezhen"
        assert take_over() == [], "a second time there is nothing to do"
    assert announcement() == ""


@pytest.mark.parametrize("at", range(len(THINGS) + 1))
def test_a_move_that_is_broken_off_goes_on(
    var: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    moved: list[Path] = []

    def move(old: Path, new: Path) -> None:
        if len(moved) == at:
            raise OSError("no space left")
        moved.append(new)
        shutil.move(old, new)

    with entered(city_called("jingdezhen")):
        with monkeypatch.context() as patch:
            patch.setattr(earlier.shutil, "move", move)
            with pytest.raises(StoreError, match="no space left"):
                take_over()
        with pytest.raises(StoreError, match="take-over"):
            load_atlas()
        take_over()
        assert len(open_store().remarks()) == 1
    mine = contents(var / "cities" / "jingdezhen")
    assert {name: mine[name].decode() for name in THINGS} == THINGS


def test_nothing_is_moved_where_something_stands_in_the_way(var: Path) -> None:
    other = var / "cities" / "jingdezhen" / "scenarios" / "a.json"
    other.parent.mkdir(parents=True)
    other.write_text("another one")
    before = contents(var)
    with entered(city_called("jingdezhen")), pytest.raises(DataError, match=r"a\.json"):
        take_over()
    assert contents(var) == before


def test_nothing_is_moved_while_a_program_has_the_register_open(var: Path) -> None:
    before = contents(var)
    with closing(sqlite3.connect(var / "atlas.db")) as other:
        other.execute("SELECT count(*) FROM events").fetchone()
        with entered(city_called("jingdezhen")), pytest.raises(StoreError, match="正被别的程序使用"):
            take_over()
    assert contents(var) == before


def test_a_register_of_another_city_is_refused_with_its_name(var: Path) -> None:
    before = contents(var)
    with pytest.raises(DataError, match="jingdezhen") as refused:
        take_over()
    assert "--city jingdezhen take-over" in refused.value.text()
    assert contents(var) == before


def test_each_thing_that_a_city_keeps_is_taken_along() -> None:
    """Whatever the code puts into the folder of a city, by the name in it."""
    names = set()
    for part in ("geo", "layers", "pages"):
        for path in (PROJECT_DIR / part).rglob("*.py"):
            names |= {name for name in map(kept_name, ast.walk(ast.parse(path.read_text("utf-8")))) if name}
    assert {"scenarios", "site", "base_map"} <= names
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern in CITY_THINGS)] == []


def kept_name(node: ast.AST) -> str:
    """``x`` of ``var_dir() / "x"``."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.left, ast.Call)):
        return ""
    if not (isinstance(node.left.func, ast.Name) and node.left.func.id == "var_dir"):
        return ""
    right = node.right.values[0] if isinstance(node.right, ast.JoinedStr) else node.right
    return str(right.value) if isinstance(right, ast.Constant) else ""
