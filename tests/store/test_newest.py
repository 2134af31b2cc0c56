"""The digest of the newest batch is known without the store's own code, and a look at it leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.store import open_store
from geo.store.newest import newest_digest


def test_it_is_what_the_store_says(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/atlas.db"
    assert newest_digest(url) == ""
    store = open_store(url)
    assert newest_digest(url) == store.stamp()[1] == store.pack().digest
    store.engine.dispose()
    before = sorted(tmp_path.iterdir())
    assert newest_digest(url)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(4000)])
def test_a_file_that_is_no_store_has_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "atlas.db").write_bytes(content)
    assert newest_digest(f"sqlite:///{tmp_path}/atlas.db") == ""


def test_another_database_is_left_to_the_store() -> None:
    assert newest_digest("postgresql+psycopg://nobody@localhost:1/atlas") == ""
