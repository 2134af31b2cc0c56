"""Trouble with the store is told on the pages, in words; what was read stays, and all goes on by itself afterwards."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.atlas import load_atlas
from geo.store import Store, follow
from geo.store import engine as engines
from geo.store.model import Actor
from tests.pages.importing import messages, press, to_check

Page = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _asked_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "POLL_INTERVAL_S", 0.0)
    monkeypatch.setattr(follow, "_RETRY_S", 0.0)


def broken(register: Store) -> Path:
    """The register's file, no database any more."""
    register.engine.dispose()
    path = Path(str(register.engine.url.database))
    path.write_text("no database " * 1000)
    for journal in path.parent.glob("atlas.db-*"):
        journal.unlink()
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_database_that_goes_away_is_said_and_the_last_state_stays(
    register: Store, full_store: Path, page: Page, lang: str
) -> None:
    app = page("works.py", lang=lang)
    before = load_atlas().version
    assert not app.warning
    path = broken(register)
    app.run()
    assert not app.exception
    told = app.warning[0].value
    assert before in told
    assert "restore" in told
    assert ("最后一次读到" in told) == (lang == "zh")
    path.unlink()
    shutil.copy(full_store, path)
    app.run()
    assert not app.warning
    assert not app.exception


def test_a_database_that_was_never_there_is_said_without_a_trace(register: Store, page: Page) -> None:
    broken(register)
    app = page("works.py")
    assert "损坏" in app.error[0].value
    assert not app.dataframe


def test_a_database_that_cannot_be_written_is_said_where_it_is_written(
    register: Store, editor: Actor, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = to_check(page("import.py"))
    register.engine.dispose()
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    other = sqlite3.connect(str(register.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    press(app, "take")
    assert "占用" in messages(app)
    other.execute("ROLLBACK")
    other.close()
    press(app, "take")
    assert "新增 **2** 个项目" in messages(app)


def test_a_read_only_register_is_said_on_the_page(
    register: Store, editor: Actor, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database's own refusal: root may write any file, so the connection is told to."""
    app = to_check(page("import.py"))
    with register.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    press(app, "take")
    assert "只能读" in messages(app)
    register.engine.dispose()
    st.cache_resource.clear()
    press(app, "take")
    assert "新增 **2** 个项目" in messages(app)
