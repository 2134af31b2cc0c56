"""After any changes, a site that is built on what earlier builds made is the same to the byte as one that is made whole."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from geo.paths import DATA_DIR
from geo.register.city import Atlas, atlas_of
from geo.register.pack import load_pack
from geo.table import table_text
from geo.text import LANGUAGES
from geo.vocabulary import STATUSES
from layers.program_digest import digest
from layers.site.build import build_day, site_files
from layers.site.districts import DistrictMap
from layers.site.earlier import Earlier
from layers.site.families import Families, part_of
from layers.site.parts import Parts
from tests.depth import examples
from tests.plans.invented import beside, invented_plans
from tests.second_city.reading import PACK

NEW_SOURCE = "S-NEW"
PLAN_SOURCE = "S-PLAN"
"""What an invented plan names; this pack has no such source."""


@dataclass(frozen=True)
class Tables:
    """The tables of a pack in a folder, as texts."""

    folder: Path

    def read(self, table: str) -> list[dict[str, str]]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def write(self, table: str, rows: list[dict[str, str]]) -> None:
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, table: str, number: int, column: str, new: Callable[[str], str]) -> None:
        rows = self.read(table)
        row = [each for each in rows if each[column]][number % len([each for each in rows if each[column]])]
        row[column] = new(row[column])
        self.write(table, rows)

    def add(self, table: str, row: dict[str, str]) -> None:
        rows = self.read(table)
        self.write(table, [*rows, dict.fromkeys(rows[0], "") | row])

    def work(self, number: int) -> str:
        rows = self.read("works")
        return rows[number % len(rows)]["work_id"]


def happens(kind: str, value: Callable[[Tables, int], str]) -> Callable[[Tables, int], None]:
    """An event of a kind, of any work on any day, confirmed or not, from a source that may be a new one."""

    def edit(tables: Tables, number: int) -> None:
        sources = tables.read("sources")
        source = sources[number % len(sources)]["source_id"]
        if number % 3 == 0 and all(row["source_id"] != NEW_SOURCE for row in sources):
            tables.add("sources", sources[0] | {"source_id": NEW_SOURCE, "title": f"新来源 {number}"})
            source = NEW_SOURCE
        event = {
            "event_id": f"N{len(tables.read('events')):05d}",
            "work_id": tables.work(number),
            "date": f"202{number % 6}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            "date_precision": "day",
            "kind": kind,
            "value": value(tables, number // 7),
            "confirmed": "false" if number % 5 == 0 and kind == "status" else "true",
            "source_id": source,
            "recorded_at": f"2025-0{number % 9 + 1}-15",
            "recorded_by": "test",
            "reason_zh": f"见 {tables.work(number // 11)}" if number % 4 == 0 else "原因",
        }
        tables.add("events", event)

    return edit


def of_event(tables: Tables, number: int) -> str:
    rows = tables.read("events")
    return rows[number % len(rows)]["event_id"]


def correction(tables: Tables, number: int) -> str:
    """A field with a value that it has in another work, or none."""
    column = ("item_id", "district_code", "parent_id", "counted", "name_zh", "street", "facility_kind")[
        number % 7
    ]
    values = sorted({row[column] for row in tables.read("works")}) or [""]
    chosen = values[number // 7 % len(values)]
    return json.dumps({column: chosen or (None if column not in {"counted", "name_zh"} else "no")})


def line_moves(tables: Tables, number: int) -> None:
    path = tables.folder / "lines.geojson"
    lines = json.loads(path.read_text("utf-8"))
    shape = lines["features"][number % len(lines["features"])]["geometry"]
    vertex = shape["coordinates"][0] if shape["type"] == "LineString" else shape["coordinates"][0][0]
    vertex[0] += 0.004
    path.write_text(json.dumps(lines), "utf-8")


def cited(tables: Tables, number: int) -> None:
    source = tables.read("sources")[number % len(tables.read("sources"))]["source_id"]
    tables.add("citations", {"work_id": tables.work(number), "source_id": source, "role": "fact"})


CHANGES: dict[str, Callable[[Tables, int], None]] = {
    "status": happens("status", lambda _tables, number: STATUSES[number % len(STATUSES)]),
    "milestone": happens("milestone", lambda _tables, number: f"封顶 {number}"),
    "quantity": happens("quantity", lambda _tables, number: str(number % 9)),
    "correction": happens("correction", correction),
    "location": happens(
        "location",
        lambda _tables, number: json.dumps(
            {"lon": 117.1 + number % 90 / 500, "lat": 29.3, "accuracy_m": 50.0 + number % 900}
        ),
    ),
    "merge": happens("merge", lambda tables, number: tables.work(number)),
    "undo": happens("undo", of_event),
    "a work has another name": lambda tables, number: tables.change(
        "works", number, "name_zh", lambda name: f"{name}甲"
    ),
    "a work is gone": lambda tables, number: tables.change("works", number, "counted", lambda _word: "no"),
    "a source has another title": lambda tables, number: tables.change(
        "sources", number, "title", lambda title: f"{title}（改）"
    ),
    "a work cites a source": cited,
    "a facility moves": lambda tables, number: tables.change(
        "facilities", number, "lon", lambda value: f"{float(value) + 0.003:.6f}"
    ),
    "a promise has another target": lambda tables, number: tables.change(
        "plan_items", number, "target", lambda value: str(float(value) + 1)
    ),
    "a category has another name": lambda tables, number: tables.change(
        "categories", number, "name_en", lambda name: f"{name} new"
    ),
    "a line moves": line_moves,
    "nothing": lambda _tables, _number: None,
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 100_000)), min_size=1, max_size=3)


def tables_of(parts: Parts) -> dict[str, Any]:
    """All that is known of works, items and districts, as it goes into files."""
    made = {f"{name} {lang}": getattr(parts, name)(lang) for name in ("works", "cards") for lang in LANGUAGES}
    return {
        key: json.dumps(value)
        for key, value in (made | {"items": parts.items, "districts": parts.districts}).items()
    }


def cheap_drawing(_atlas: Atlas, wanted: DistrictMap) -> bytes:
    """Of what a map is drawn from, in place of the map: test_earlier.py compares maps themselves."""
    return digest(wanted.code, wanted.lang, repr(wanted.numbers), table_text(wanted.rows)).encode()


@pytest.fixture(scope="module", autouse=True)
def _without_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layers.site.districts._drawn", cheap_drawing)
        patch.setattr("layers.site.charts._rendered", lambda drawing: digest(drawing).encode())
        yield


@examples(2, deep=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), STEPS, st.booleans())
def test_after_any_changes_a_site_is_that_of_a_whole_build(
    data: st.DataObject, steps: list[tuple[str, int]], has_another_plan: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tables, earlier = Tables(Path(folder) / "data"), Path(folder) / "earlier"
        shutil.copytree(PACK, tables.folder)
        tables.add("sources", tables.read("sources")[0] | {"source_id": PLAN_SOURCE})
        plan = data.draw(invented_plans(load_pack(PACK))) if has_another_plan else None
        for name, number in [("nothing", 0), *steps]:
            CHANGES[name](tables, number)
            pack = load_pack(tables.folder)
            atlas = atlas_of(beside(pack, plan) if plan else pack)
            day, found = build_day(atlas), Earlier(earlier)
            files, whole = site_files(atlas, day, earlier=found), site_files(atlas, day)
            assert sorted(files) == sorted(whole), name
            assert [path for path in whole if files[path] != whole[path]] == [], name
            found.forget_unused()


@examples(2, deep=60, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_after_any_changes_of_the_real_city_its_works_items_and_districts_are_those_of_a_whole_build(
    steps: list[tuple[str, int]],
) -> None:
    """The families that no step touched are found again, so this compares with a table of the families one by one."""
    with tempfile.TemporaryDirectory() as folder:
        tables, earlier = Tables(Path(folder) / "data"), Path(folder) / "earlier"
        shutil.copytree(DATA_DIR, tables.folder, ignore=shutil.ignore_patterns("raw"))
        for name, number in [("nothing", 0), *steps]:
            CHANGES[name](tables, number)
            atlas = atlas_of(load_pack(tables.folder))
            found = Earlier(earlier)
            made = tables_of(Parts(atlas, found))
            found.forget_unused()
        assert made == tables_of(Parts(atlas))


@given(STEPS)
@examples(4, deep=200)
def test_a_family_alone_has_the_states_that_it_has_among_all(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tables = Tables(Path(folder) / "data")
        shutil.copytree(PACK, tables.folder)
        for name, number in steps:
            CHANGES[name](tables, number)
        atlas = atlas_of(load_pack(tables.folder))
        families = Families(atlas)
        days = sorted({day for day in atlas.register.events["date"] if day})[::6]
        for works in families.works_of.values():
            alone = part_of(atlas, works).register
            for day in days:
                among = atlas.register.state(day)
                mine = among[among.index.isin(works)]
                one = alone.state(day).reindex(columns=mine.columns)
                assert one.map(repr).equals(mine.map(repr)), (day, works)


def test_one_record_makes_its_own_family_alone_anew(tmp_path: Path) -> None:
    """What the register knows of everybody else is found again: else nothing would be gained."""
    folder = tmp_path / "data"
    shutil.copytree(DATA_DIR, folder, ignore=shutil.ignore_patterns("raw"))
    before = Families(atlas_of(load_pack(folder)))
    tables = Tables(folder)
    event = tables.read("events")[0]
    tables.add("events", event | {"event_id": "N1", "value": "cancelled", "date": "2024-05-01"})
    after = Families(atlas_of(load_pack(folder)))
    assert before.beside == after.beside
    changed = [
        works
        for family, works in after.works_of.items()
        if after.digest([family]) != before.digest([before.family_of[works[0]]])
    ]
    assert [event["work_id"]] == [work for works in changed for work in works if work == event["work_id"]]
    assert len(changed) == 1
