"""Photos of events: in both databases, in backups and exported packs; never shown once withdrawn, never lost."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from geo.errors import AccessError, AtlasError, ParameterError, UnknownIdError
from geo.register.pack import load_pack
from geo.register.photos import MAX_TEXT, photo_file
from geo.store import backup, photos
from geo.store.engine import reading
from geo.store.migrate import HEAD
from geo.store.model import Actor, Role
from geo.store.photos import NewPhoto
from geo.store.store import Store, connect, open_store

EDITOR, VIEWER = Actor("编辑", Role.editor), Actor("看客", Role.viewer)


def jpeg(colour: str, side: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (side, side // 2), colour).save(stream, "JPEG")
    return stream.getvalue()


def picture(store: Store, photo_id: str, size: str) -> bytes:
    with reading(store.engine) as connection:
        return photos.picture(connection, photo_id, size)


def photo(store: Store, colour: str = "red") -> NewPhoto:
    event = str(store.pack().events.index[0])
    return NewPhoto(event, "开工现场", "张三", "CC-BY-4.0", jpeg(colour, 400), jpeg(colour, 100), 400, 200)


def test_a_photo_is_a_row_of_the_register(store: Store) -> None:
    before, new = store.stamp(), photo(store)
    photos.add(store.engine, EDITOR, new, "现场拍的")
    assert store.stamp()[0] == before[0] + 1
    assert store.stamp()[1] != before[1]
    (row,) = store.pack().photos.to_dict("records")
    assert (row["event_id"], row["caption"], row["credit"], row["licence"]) == (
        new.event_id,
        "开工现场",
        "张三",
        "CC-BY-4.0",
    )
    assert (row["width"], row["height"]) == (400, 200)
    assert picture(store, row["photo_id"], "large") == new.large
    assert picture(store, row["photo_id"], "small") == new.small


def test_the_same_photo_twice_is_one(store: Store) -> None:
    photos.add(store.engine, EDITOR, photo(store), "一")
    again = photos.add(store.engine, EDITOR, photo(store), "二")
    assert again.repeated
    assert len(store.pack().photos) == 1


WRONG: tuple[dict[str, object], ...] = (
    {"licence": ""}, {"licence": "mine"}, {"credit": "  "}, {"caption": ""}, {"caption": "长" * (MAX_TEXT + 1)}, {"credit": "a\x00"},
    {"event_id": "E-none"}, {"large": b"GIF89a"}, {"small": b""},
)  # fmt: skip


def test_nothing_without_licence_credit_caption_and_event(store: Store) -> None:
    before = store.stamp()
    for change in WRONG:
        with pytest.raises((ParameterError, UnknownIdError)):
            photos.add(store.engine, EDITOR, replace(photo(store), **change), "现场")  # type: ignore[arg-type]
    with pytest.raises(ParameterError):
        photos.add(store.engine, EDITOR, photo(store), " ")
    assert store.stamp() == before


def test_only_an_editor_adds_or_withdraws(store: Store) -> None:
    photos.add(store.engine, EDITOR, photo(store), "现场")
    with pytest.raises(AccessError):
        photos.add(store.engine, VIEWER, photo(store, "blue"), "现场")
    with pytest.raises(AccessError):
        photos.withdraw(store.engine, VIEWER, str(store.pack().photos.index[0]), "不好看")


def test_withdrawn_is_not_shown_and_not_lost(store: Store) -> None:
    new = photo(store)
    photos.add(store.engine, EDITOR, new, "现场")
    key = str(store.pack().photos.index[0])
    photos.withdraw(store.engine, EDITOR, key, "拍摄者要求")
    assert store.pack().photos.empty
    assert picture(store, key, "large") == new.large
    photos.add(store.engine, EDITOR, new, "又同意了")
    assert list(store.pack().photos.index) == [key]


def test_backup_brings_pictures_back(store: Store, tmp_path: Path) -> None:
    new = photo(store)
    photos.add(store.engine, EDITOR, new, "现场")
    store.backup(tmp_path / "all.zip")
    other = connect(f"sqlite:///{tmp_path / 'other.db'}", store.root)
    backup.restore(other.engine, tmp_path / "all.zip")
    assert other.stamp() == store.stamp()
    assert picture(other, str(other.pack().photos.index[0]), "large") == new.large


@pytest.mark.parametrize(
    ("migration", "later"), [("m0001", ("photo", "plans", "promises")), ("m0002", ("plans", "promises"))]
)
def test_a_backup_of_an_earlier_version_is_still_restored(
    store: Store, tmp_path: Path, migration: str, later: tuple[str, ...]
) -> None:
    store.backup(tmp_path / "now.zip")
    with zipfile.ZipFile(tmp_path / "now.zip") as now, zipfile.ZipFile(tmp_path / "then.zip", "w") as then:
        for name in now.namelist():
            if not name.startswith(later):
                then.writestr(name, now.read(name).replace(HEAD.encode(), migration.encode()))
    other = connect(f"sqlite:///{tmp_path / 'other.db'}", store.root)
    backup.restore(other.engine, tmp_path / "then.zip")
    assert other.stamp() == store.stamp()


def test_an_exported_pack_holds_the_pictures_and_loads_them(store: Store, tmp_path: Path) -> None:
    new = photo(store)
    photos.add(store.engine, EDITOR, new, "现场")
    photos.add(store.engine, EDITOR, photo(store, "blue"), "另一张")
    shown, withdrawn = map(str, store.pack().photos.index)
    photos.withdraw(store.engine, EDITOR, withdrawn, "重复")
    store.export_pack(tmp_path / "pack")
    assert list(load_pack(tmp_path / "pack").photos.index) == [shown]
    assert photo_file(tmp_path / "pack", shown, "large").read_bytes() == new.large
    assert not photo_file(tmp_path / "pack", withdrawn, "large").exists()
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "pack")
    assert picture(other, shown, "small") == new.small


def test_pictures_cannot_be_changed_behind_the_log(store: Store) -> None:
    photos.add(store.engine, EDITOR, photo(store), "现场")
    for words in ("UPDATE photo_files SET small = large", "DELETE FROM photo_files", "DELETE FROM photos"):
        with pytest.raises(Exception, match="append-only"), store.engine.begin() as connection:
            connection.exec_driver_sql(words)
    with pytest.raises(AtlasError):
        picture(store, "0" * 16, "large")
