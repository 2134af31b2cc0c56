"""Who looks at a page in these tests, and a store of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.store import Store, open_store
from geo.store.model import Actor, Role
from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
EDITOR = Actor("li@example.gov.cn", Role.editor)


@pytest.fixture(scope="session")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the pack in it, made once: each test gets a copy of the file."""
    folder = tmp_path_factory.mktemp("store")
    open_store(f"sqlite:///{folder / 'atlas.db'}").engine.dispose()
    return folder / "atlas.db"


@pytest.fixture
def register(full_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of this test alone, that the pages use too."""
    shutil.copy(full_store, tmp_path / "atlas.db")
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    st.cache_resource.clear()
    yield open_store()
    st.cache_resource.clear()


@pytest.fixture
def as_person(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Sign someone in for the pages of this test."""

    def sign_in(person: Actor) -> None:
        monkeypatch.setattr("pages.parts.shell.access.actor", lambda: person)

    return sign_in


@pytest.fixture
def editor(as_person: Callable[[Actor], None]) -> Actor:
    """An editor, signed in."""
    as_person(EDITOR)
    return EDITOR


@pytest.fixture
def page() -> Callable[..., AppTest]:
    """Opens a page as the first request of a session: ``page("register.py", tab="add")``."""

    def open_page(name: str, **link: Any) -> AppTest:
        app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
        app.switch_page(name)
        for word, value in link.items():
            app.query_params[word] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return open_page


@pytest.fixture
def no_temporary_files_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Uploads are written under names of our own and removed."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []
