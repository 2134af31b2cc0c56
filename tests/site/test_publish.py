"""Building the public site: the same each time, and a folder that never loses what it did not make."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from geo.errors import DataError, ParameterError
from geo.register.city import Atlas
from layers.site.build import build_day, publish, site_files
from layers.site.folder import bring
from tests.site.site_days import DAY


@pytest.mark.deep
def test_two_builds_are_the_same_to_the_byte(atlas: Atlas, files: dict[str, bytes], tmp_path: Path) -> None:
    """The second one in another process, where hashes and clocks are others, by the command that people use."""
    out = tmp_path / "public"
    done = subprocess.run(
        [sys.executable, "-m", "geo", "publish", "--out", str(out), "--as-of", DAY.isoformat()],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"ATLAS_DATA": str(atlas.pack.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and ".atlas" not in path.parts
    }
    assert sorted(made) == sorted(files)
    assert [name for name in files if made[name] != files[name]] == []


def test_the_day_is_the_registers_own(atlas: Atlas) -> None:
    last = max(str(value)[:10] for value in atlas.register.events["recorded_at"].dropna())
    assert build_day(atlas).isoformat() == last
    with pytest.raises(ParameterError, match="2027-01-01"):
        site_files(atlas, date(2027, 1, 1))


def test_a_rebuild_touches_only_what_changed(tmp_path: Path) -> None:
    first = {"index.html": b"one", "data/a.1.js": b"a", "assets/x.css": b"x"}
    out = tmp_path / "public"
    assert set(bring(out, first).new) == set(first)
    before = {
        path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in out.rglob("*") if path.is_file()
    }
    again = bring(out, first)
    assert (again.new, again.changed, again.removed) == ((), (), ())
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in before} == before
    done = bring(out, {"index.html": b"two", "data/a.2.js": b"b", "assets/x.css": b"x"})
    assert (done.new, done.changed, done.removed) == (("data/a.2.js",), ("index.html",), ("data/a.1.js",))
    kept = out / "assets/x.css"
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == before[kept]
    assert not (out / "data/a.1.js").exists()


def test_it_never_removes_or_overwrites_what_it_did_not_make(tmp_path: Path) -> None:
    out = tmp_path / "public"
    bring(out, {"index.html": b"one", "old/a.html": b"a", "old/b.html": b"b"})
    (out / "CNAME").write_text("atlas.invalid")
    (out / "old/a.html").write_text("someone's")
    (out / "old/note.txt").write_text("note")
    done = bring(out, {"index.html": b"one"})
    assert (done.removed, done.unchanged) == (("old/b.html",), ("old/a.html",))
    assert {path.name for path in (out / "old").iterdir()} == {"a.html", "note.txt"}
    assert (out / "CNAME").read_text() == "atlas.invalid"
    with pytest.raises(DataError, match="CNAME"):
        bring(out, {"index.html": b"two", "CNAME": b"x"})
    assert (out / "index.html").read_bytes() == b"one"


def test_a_list_of_files_that_leads_out_of_the_folder_removes_nothing(tmp_path: Path) -> None:
    out, outside = tmp_path / "public", tmp_path / "precious.txt"
    bring(out, {"index.html": b"one"})
    outside.write_bytes(b"precious")
    manifest = out / ".atlas/manifest.json"
    record = json.loads(manifest.read_text())
    digest = "05ada0d6b4e8ad2c5f1b2b7d2ae0f9f9d1a2f4b1b9c9d1b2f1e3a4b5c6d7e8f9"
    record["files"] |= {"../precious.txt": digest, str(outside): digest}
    manifest.write_text(json.dumps(record))
    bring(out, {"index.html": b"two"})
    assert outside.read_bytes() == b"precious"
    manifest.write_text('{"files": []}')
    with pytest.raises(DataError, match=re.escape("manifest.json")):
        bring(out, {"index.html": b"three"})


def test_killed_half_way_the_old_pages_still_have_their_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "public"
    old = {"index.html": b"old", "data/core.1.js": b"1", "list.html": b"old"}
    new = {"index.html": b"new", "data/core.2.js": b"2", "list.html": b"new"}
    bring(out, old)
    from layers.site import folder

    write, written = folder._replace, []

    def dies(place: Path, name: str, content: bytes) -> None:
        if len(written) == 1:
            raise KeyboardInterrupt
        written.append(name)
        write(place, name, content)

    monkeypatch.setattr(folder, "_replace", dies)
    with pytest.raises(KeyboardInterrupt):
        bring(out, new)
    assert written == ["data/core.2.js"]
    assert {name: (out / name).read_bytes() for name in old} == old
    monkeypatch.undo()
    assert bring(out, new).removed == ("data/core.1.js",)
    assert {path.name for path in out.rglob("*") if path.is_file()} == {
        "index.html",
        "list.html",
        "core.2.js",
        "manifest.json",
    }


def test_the_same_recipe_makes_nothing_again(
    atlas: Atlas, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from layers.site import build

    made: list[date] = []

    def counted(_atlas: Atlas, day: date, **_more: object) -> dict[str, bytes]:
        made.append(day)
        return files

    monkeypatch.setattr(build, "site_files", counted)
    out = tmp_path / "public"
    assert len(publish(atlas, out, DAY).new) == len(files)
    assert len(publish(atlas, out, DAY).same) == len(files)
    assert made == [DAY]
    (out / "index.html").unlink()
    assert publish(atlas, out, DAY).new == ("index.html",)
    publish(atlas, out, DAY, approval="GS 1")
    publish(atlas, out, date(2021, 12, 31), approval="GS 1")
    assert made == [DAY, DAY, DAY, date(2021, 12, 31)]
