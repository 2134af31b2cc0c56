"""A GeoPackage and the journal beside it: with it all rows are read, without it that is said."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from geo.reading.read_file import read_file
from tests.reading.test_kinds_of_files import points, texts


def _with_journal(path: Path, folder: Path, name: str) -> Path:
    """The file and its journal beside each other under a name, or in an archive."""
    folder.mkdir()
    own = "a.gpkg" if name == "zip" else name.removeprefix("zip/")
    shutil.copy(path, folder / own)
    shutil.copy(f"{path}-wal", folder / f"{own}-wal")
    if not name.startswith("zip"):
        return folder / own
    with zipfile.ZipFile(folder / "both.zip", "w") as archive:
        for each in (own, f"{own}-wal"):
            archive.write(folder / each, f"资料/{each}" if "/" in name else each)
    return folder / "both.zip"


@pytest.mark.parametrize("name", ["a.gpkg", "城建 2021.gpkg", "a.b.gpkg", "zip", "zip/城建.gpkg"])
def test_a_geopackage_and_its_journal(tmp_path: Path, name: str) -> None:
    first = points(tmp_path / "a.gpkg", "GPKG", 2)
    connection = sqlite3.connect(first)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    for trigger in [
        row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
    ]:
        connection.execute(f'DROP TRIGGER "{trigger}"')
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("INSERT INTO a(geom, 名称) SELECT geom, '新停车场' FROM a LIMIT 1")
    connection.execute("UPDATE gpkg_ogr_contents SET feature_count = 3")
    connection.commit()
    (tmp_path / "alone").mkdir()
    alone = Path(shutil.copy(first, tmp_path / "alone" / "a.gpkg"))
    assert len(read_file(_with_journal(first, tmp_path / "both", name)).only().frame) == 3
    layer = read_file(alone).only()
    connection.close()
    assert len(layer.frame) == 2
    assert "-wal" in texts(layer)
