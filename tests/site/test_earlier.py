"""A build that finds pictures of earlier ones is the same to the byte as one that draws all of them."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from geo.paths import DATA_DIR
from geo.register.city import Atlas, atlas_of
from geo.register.pack import load_pack
from geo.report import ReportRequest, year_before
from geo.report.references import References
from geo.report.request import selected_works
from geo.report.works import works_table
from layers.report.map import map_svg
from layers.report.map_sheet import MapSheet
from layers.site.districts import DistrictMap, drawing_of
from layers.site.earlier import Earlier
from layers.site.families import Families
from tests.depth import examples
from tests.site.site_days import DAY

CODE = "320213"


def change(table: str, column: str, new: Callable[[str], str]) -> Callable[[Path, int], None]:
    """An edit of one cell of a table of the pack, one that is not empty."""

    def edit(pack: Path, number: int) -> None:
        path = pack / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        mine = [row for row in rows if row[column] and row.get("district_code", CODE) in (CODE, "")]
        row = mine[number % len(mine)]
        row[column] = new(row[column])
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    return edit


def move_line(pack: Path, number: int) -> None:
    """The first vertex of a line goes a little east."""
    path = pack / "lines.geojson"
    lines = json.loads(path.read_text("utf-8"))
    shape = lines["features"][number % len(lines["features"])]["geometry"]
    vertex = shape["coordinates"][0] if shape["type"] == "LineString" else shape["coordinates"][0][0]
    vertex[0] += 0.004
    path.write_text(json.dumps(lines), "utf-8")


EDITS = {
    "a work moves": change("works", "lon", lambda value: f"{float(value) + 0.003:.6f}"),
    "a work has another name": change("works", "name_zh", lambda value: f"{value}甲"),
    "a work is cancelled": change(
        "events", "value", lambda value: "cancelled" if value == "completed" else value
    ),
    "a facility moves": change("facilities", "lon", lambda value: f"{float(value) + 0.003:.6f}"),
    "a district has another name": change("districts", "name_en", lambda value: f"New {value}"),
    "a category has another name": change("categories", "name_en", lambda value: f"{value} new"),
    "a line moves": move_line,
    "nothing": lambda _pack, _number: None,
}


def sheet_of(atlas: Atlas) -> MapSheet:
    asked = ReportRequest(CODE, DAY, year_before(DAY), "en")
    rows = selected_works(atlas, asked)
    _table, numbers = works_table(atlas, rows, References(atlas.pack.sources), asked)
    return MapSheet(atlas, rows, DAY, "en", focus=CODE, numbers=numbers)


@examples(3, deep=40)
@given(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 10_000)), min_size=1, max_size=3))
def test_after_any_edits_a_drawing_is_that_of_a_full_build(edits: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack, earlier = Path(folder) / "data", Earlier(Path(folder) / "earlier")
        shutil.copytree(DATA_DIR, pack)
        for name, number in [("nothing", 0), *edits]:
            EDITS[name](pack, number)
            atlas = atlas_of(load_pack(pack))
            sheet = sheet_of(atlas)
            wanted = DistrictMap(sheet.rows, DAY, sheet.lang, CODE, sheet.numbers)
            made = drawing_of(earlier, atlas, wanted, Families(atlas).beside)
            assert made == map_svg(sheet), f"after: {name}"


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.booleans(), st.booleans()), max_size=9
    )
)
def test_what_was_made_of_the_same_is_made_once_unless_it_is_damaged(
    builds: list[tuple[str, str, bool, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, there = Path(name) / "site", set[tuple[str, str]]()
        for first, second, damaged, forget in builds:
            earlier, made = Earlier(folder), []

            def make(first: str = first, second: str = second, made: list[str] = made) -> bytes:
                made.append(first)
                return f"{first}/{second}".encode()

            if damaged:
                for path in folder.glob("*"):
                    path.write_bytes(path.read_bytes()[:-1])
                there.clear()
            assert earlier.made(first, second, make=make) == f"{first}/{second}".encode()
            assert len(made) == ((first, second) not in there)
            there.add((first, second))
            if forget:
                earlier.forget_unused()
                there = {(first, second)}
        assert len(list(folder.glob("*"))) == len(there) or any(damaged for _a, _b, damaged, _c in builds)


def test_what_was_used_within_stays_as_long_as_what_it_was_used_for(tmp_path: Path) -> None:
    made: list[str] = []

    def page(ranks: str) -> dict[str, bytes]:
        earlier = Earlier(tmp_path / "site")

        def drawing() -> bytes:
            made.append("drawing")
            return b"<svg/>"

        files = earlier.files(
            "page", ranks, make=lambda: {"a.html": ranks.encode(), "a.svg": earlier.made("map", make=drawing)}
        )
        earlier.forget_unused()
        return files

    assert [page(ranks)["a.html"] for ranks in ("1", "1", "2", "2")] == [b"1", b"1", b"2", b"2"]
    assert made == ["drawing"]


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), max_size=4), max_size=6))
def test_pieces_are_made_again_where_what_they_are_made_of_is_new(builds: list[dict[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before: dict[str, int] = {}
        for made_of in builds:
            earlier, made = Earlier(Path(folder)), list[str]()

            def make(
                names: list[str], made: list[str] = made, made_of: dict[str, int] = made_of
            ) -> dict[str, list[int]]:
                made.extend(names)
                return {name: [made_of[name]] for name in names}

            texts = {name: str(value) for name, value in made_of.items()}
            assert earlier.pieces("kind", texts, make) == {name: [value] for name, value in made_of.items()}
            assert made == [name for name, value in made_of.items() if before.get(name) != value]
            before = made_of


def test_without_a_folder_everything_is_made_anew() -> None:
    made: list[int] = []
    for _turn in range(2):
        assert Earlier().made("a", make=lambda: bytes([len(made.append(1) or made)])) == bytes([len(made)])
    assert len(made) == 2
