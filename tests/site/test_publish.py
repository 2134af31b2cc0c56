"""The public site: complete, the same each time, safe with any name, and its numbers are those of the core."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError, ParameterError
from geo.register.city import Atlas
from geo.register.progress import progress
from geo.register.progress_history import item_history
from geo.register.selection import Selection
from geo.register.slider_days import slider_days
from geo.values import json_value
from geo.vocabulary import CERTAINTIES, COUNTED, STATUSES
from layers.map.payload import day_number
from layers.map.tiles import tile_bounds, tiles_over
from layers.site.assets import contrast
from layers.site.build import build_day, publish, site_files
from layers.site.folder import bring
from layers.site.pages import POLICY
from layers.site.tables import DISTRICT_FIELDS, ITEM_FIELDS, as_script
from tests.site.hostile import NAMES
from tests.site.reading import table

DAY = date(2026, 11, 23)
ASKED = [date(2020, 1, 31), date(2021, 6, 30), date(2021, 12, 31), date(2023, 2, 28), date(2026, 12, 31)]


class Page(HTMLParser):
    """What a page loads, links to and runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.policy = ""
        self.inline: list[str] = []
        self.alts: list[str | None] = []
        self.lang = ""
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {found["id"] or ""} if "id" in found else set()
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag in {"script", "img", "iframe"}:
            self.loads += [found["src"] or ""] if "src" in found else []
        if tag == "img":
            self.alts.append(found.get("alt"))
        if tag == "script" and "src" not in found:
            self.inline.append("script")
        if tag == "link" and found.get("rel") in {"stylesheet", "icon"}:
            self.loads.append(found["href"] or "")
        if tag == "a":
            self.links.append(found["href"] or "")
        if tag == "style" or "style" in found:
            self.inline.append(f"style in {tag}")
        self.inline += [name for name in found if name.startswith("on")]
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""
        self.loads += [
            found[name] or "" for name in found if name.startswith("data-") and name == "data-cards"
        ]


def pages(files: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(content.decode()) for name, content in files.items() if name.endswith(".html")}


def target(page: str, link: str) -> str:
    """Path of what a relative link of a page leads to."""
    parts: list[str] = list(PurePosixPath(page).parent.parts)
    for part in PurePosixPath(unquote(urlsplit(link).path)).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def shown_on(table: dict[str, Any], day: date) -> list[Any]:
    """Rows of a table of first and changes on a day, folded here anew."""
    rows = [list(row) for row in table["first"]]
    for at, place, news in table["changes"]:
        if at > day_number(day):
            continue
        if isinstance(news, dict):
            for name, value in news.items():
                rows[place][table["fields"].index(name)] = value
        else:
            rows[place] = news
    return rows


def test_every_page_stands_in_both_languages(files: dict[str, bytes], atlas: Atlas) -> None:
    names = {"index", "list", "embed", "sources", "downloads", "districts/index"}
    names |= {f"districts/{code}" for code in atlas.districts.index}
    assert {name for name in files if name.endswith(".html")} == {
        f"{folder}{name}.html" for name in names for folder in ("", "en/")
    }
    for name, page in pages(files).items():
        assert page.lang == ("en" if name.startswith("en/") else "zh-CN")


def test_the_policy_stands_on_each_page_and_nothing_inline_breaks_it(files: dict[str, bytes]) -> None:
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY
    for name, page in pages(files).items():
        assert page.policy == POLICY, name
        assert page.inline == [], name
        assert None not in page.alts, name


def test_headers_allow_frames_for_one_page_alone(files: dict[str, bytes]) -> None:
    text = files["_headers"].decode()
    for name in pages(files):
        block = text.split(f"\n/{name}\n")[1].split("\n")[0]
        allowed = "frame-ancestors *" if name.endswith("embed.html") else "frame-ancestors 'self'"
        assert block.strip() == f"Content-Security-Policy: {POLICY}; {allowed}"


def test_links_and_loads_resolve_and_nothing_comes_from_elsewhere(files: dict[str, bytes]) -> None:
    found = pages(files)
    for name, page in found.items():
        for load in page.loads:
            assert not urlsplit(load).scheme, (name, load)
            assert not load.startswith("//"), (name, load)
            assert target(name, load) in files, (name, load)
        for link in page.links:
            if urlsplit(link).scheme in {"http", "https"}:
                continue
            assert not urlsplit(link).scheme, (name, link)
            path = urlsplit(link).path
            assert not path or target(name, link) in files, (name, link)
            if not path and urlsplit(link).fragment:
                assert urlsplit(link).fragment in page.ids, (name, link)


def test_scripts_and_styles_ask_nobody_else(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        text = content.decode() if name.endswith((".js", ".css", ".svg")) else ""
        if name.endswith(".css"):
            assert "@import" not in text
            for address in re.findall(r"url\(([^)]+)\)", text):
                link = address.strip("\"'")
                assert link.startswith(("#", "data:")) or target(name, link) in files, (name, link)
        if name.startswith("assets/atlas") and name.endswith(".js"):
            assert "https://" not in text.replace("http://www.w3.org/2000/svg", "")
            assert "eval(" not in text
        if name.endswith(".svg"):
            assert not re.findall(r"""(?:href|src)\s*=\s*["'](?!#)""", text), name


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


@pytest.mark.parametrize("day", ASKED, ids=str)
def test_the_four_numbers_are_those_of_the_core(core: dict[str, Any], atlas: Atlas, day: date) -> None:
    wanted = progress(atlas.register, day, "item")
    assert [row["id"] for row in core["items"]["rows"]] == list(wanted.index)
    assert shown_on(core["items"], day) == [
        [json_value(row[name]) for name in ITEM_FIELDS] for _id, row in wanted.iterrows()
    ]
    places = progress(atlas.register, day, "district")
    assert [row["id"] for row in core["districts"]["rows"]] == list(places.index)
    assert shown_on(core["districts"], day) == [
        [json_value(row[name]) for name in DISTRICT_FIELDS] for _id, row in places.iterrows()
    ]


@settings(max_examples=12, deadline=None)
@given(offset=st.integers(0, 2526))  # days from the first of the slider to the last
def test_on_any_day_an_items_row_is_the_last_one_made(atlas: Atlas, offset: int) -> None:
    day = atlas.city.days.first + timedelta(days=offset)
    last: dict[str, pd.Series[Any]] = {}
    for at, frame in history_of(atlas):
        if at <= day:
            last |= {str(key): row for key, row in frame.iterrows()}
    wanted = progress(atlas.register, day, "item")
    assert {key: plain_row(row) for key, row in last.items()} == {
        str(key): plain_row(row) for key, row in wanted.iterrows()
    }


_HISTORY: dict[str, list[tuple[date, pd.DataFrame]]] = {}


def history_of(atlas: Atlas) -> list[tuple[date, pd.DataFrame]]:
    if atlas.version not in _HISTORY:
        _HISTORY[atlas.version] = list(item_history(atlas.register, atlas.city.days.first))
    return _HISTORY[atlas.version]


def plain_row(row: pd.Series[Any]) -> list[Any]:
    return [json_value(value) for value in row]


@pytest.mark.parametrize("day", ASKED, ids=str)
def test_works_on_a_day_are_those_of_the_register(core: dict[str, Any], atlas: Atlas, day: date) -> None:
    fields = core["works"]["fields"]
    rows = [dict(zip(fields, values, strict=True)) for values in shown_on(core["works"], day)]
    state = atlas.register.state(day)
    assert [row["id"] for row in rows] == list(state.index)
    for name, column, words in (
        ("status", "status", STATUSES),
        ("certainty", "certainty", CERTAINTIES),
        ("counted", "counted", COUNTED),
    ):
        assert [words[row[name]] for row in rows] == list(state[column])
    assert [row["districts"] for row in rows] == list(state["district_code"].fillna(""))
    assert [bool(row["placed"]) for row in rows] == list(state["placed"])


def test_pages_without_scripts_show_the_counts(
    files: dict[str, bytes], atlas: Atlas, core: dict[str, Any]
) -> None:
    wanted = progress(atlas.register, DAY, "district")
    text = files["districts/index.html"].decode()
    for code, row in wanted.iterrows():
        line = text.split(f'data-district="{code}"')[1].split("</tr>")[0]
        cells = [int(value) for value in re.findall(r"<td>(\d+)</td>", line)]
        assert cells == [int(row[name]) for name in DISTRICT_FIELDS]
    listed = files["list.html"].decode().count("<tr data-work=")
    assert listed == len(Selection().apply(atlas.register.state(DAY)))
    assert core["days"] == [day_number(day) for day in slider_days(atlas.city.days, DAY)]


def test_downloads_are_the_exports(files: dict[str, bytes], atlas: Atlas) -> None:
    wanted = {".csv", ".xlsx", ".gpkg", ".geojson", ".kml", ".parquet", ".zip"}
    city = {name for name in files if name.startswith("downloads/zh/wuxi-works-2026")}
    assert {PurePosixPath(name).suffix for name in city} == wanted
    state = Selection().apply(atlas.register.state(DAY))
    for code in atlas.districts.index:
        name = str(atlas.districts.at[code, "name_en"]).lower()
        text = files[f"downloads/zh/wuxi-works-{name}-{DAY}_WGS84.csv"].decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text)))) - 1 == len(
            Selection(districts=(str(code),)).apply(state)
        )


def test_the_tiles_hold_every_placed_work(files: dict[str, bytes], atlas: Atlas) -> None:
    import gzip

    import mapbox_vector_tile
    from pmtiles.reader import MemorySource, Reader

    reader = Reader(MemorySource(files[f"downloads/wuxi-works-{DAY}.pmtiles"]))
    header, about = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"]) == (0, 12)
    assert {layer["id"] for layer in about["vector_layers"]} == {"works", "lines", "districts"}
    world = mapbox_vector_tile.decode(gzip.decompress(reader.get(0, 0, 0)))
    state = Selection().apply(atlas.register.state(DAY))
    drawn = {one["properties"]["id"] for one in world["works"]["features"]}
    assert drawn == set(state.index[state["lon"].notna()])


def test_tiles_over_a_box_are_those_that_touch_it() -> None:
    box = (13_300_000.0, 3_650_000.0, 13_450_000.0, 3_780_000.0)
    for zoom in (0, 3, 8):
        every = [(row, column) for row in range(2**zoom) for column in range(2**zoom)]
        touching = [
            tile
            for tile in every
            for west, south, east, north in [tile_bounds(zoom, *tile)]
            if west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]
        ]
        assert tiles_over(box, zoom) == touching


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_table_in_a_script_is_never_code(text: str) -> None:
    script = as_script("core", {"name": text}).decode()
    body = script.removeprefix("atlasTable('core','").removesuffix("');\n")
    assert re.fullmatch(r"(?:[^'\\\n\r\u2028\u2029<]|\\\\|\\'|\\x3c|\\u2028|\\u2029)*", body)


def test_hostile_names_stay_text(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith(".html"):
            assert "__xss=1</script>" not in content.decode(), name
            assert "<img src=x" not in content.decode(), name
        if name.startswith("data/"):
            assert b"<" not in content, name
    names = [row[1] for row in table(files, "core.zh")["works"]["first"]]
    assert set(NAMES) <= set(names)
    text = files[f"downloads/zh/wuxi-works-{DAY}_WGS84.csv"].decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert f"'{NAMES[4]}" in cells
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


def test_the_same_recipe_makes_nothing_again(
    atlas: Atlas, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from layers.site import build

    made: list[date] = []

    def counted(_atlas: Atlas, day: date, *, approval: str) -> dict[str, bytes]:
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


def test_small_letters_on_a_status_can_be_read(files: dict[str, bytes]) -> None:
    style = next(
        content.decode() for name, content in files.items() if re.fullmatch(r"assets/atlas\..+\.css", name)
    )
    rules = re.findall(r"\.st-(\w+) \{ background: (#\w{6}); color: (#\w{6}); \}", style)
    assert [rule[0] for rule in rules] == list(STATUSES)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert min(contrast(fill, ink) for _id, fill, ink in rules) >= 4.5
