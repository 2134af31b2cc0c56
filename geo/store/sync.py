"""Brings the city pack into the store: new rows are added, a changed cell is an event, what vanished is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from shapely.geometry import Point, shape
from sqlalchemy import Connection, Engine, delete, insert, select

from geo.errors import DataError
from geo.register.city_facts import read_package
from geo.register.lines import read_features
from geo.register.pack import (
    EVENT_TABLES,
    MAY_BE_MISSING,
    TABLES,
    empty_table,
    load_pack,
    table_schemas,
)
from geo.register.pack_files import pack_digest
from geo.register.photos import PHOTO_SIZES, photo_file
from geo.store import facts
from geo.store.engine import reading, writing
from geo.store.json_texts import row_texts
from geo.store.model import Actor, Role
from geo.store.rows import EVENT_CONTENT, log_columns, text_of, typed_rows
from geo.store.schema import pack_rows, pack_versions, photo_files
from geo.store.write import PACK_ACTOR, Draft, Drafted, existing_events, existing_rows, insert_columns, write
from geo.text import mark as _
from geo.text import translate
from geo.text_tables import read_texts
from geo.values import json_value

Cells = Mapping[str, Any]
_HERE: Final = (
    "event_id_here"  # the event that stands for a row of events.csv, where it is not the row's own id
)
_AT_ONCE: Final = 10_000
_WHY: Final = _("城市资料包更新到 {version}。")


@dataclass
class Summary:
    """What a loading of the pack did."""

    version: str
    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)


def sync_pack(engine: Engine, root: Path) -> Summary | None:
    """Load the pack in ``root`` unless it is the one loaded last; ``DataError`` if it is broken.

    ``DataError`` too where the store holds another city's pack: two cities never share a register.
    """
    digest, package = pack_digest(root), read_package(root)
    name = str(package.get("name", ""))
    with reading(engine) as connection:
        if _loaded(connection, name) == digest:
            return None
    load_pack(root)
    pages = read_pages(root)
    with writing(engine) as connection:
        if _loaded(connection, name) == digest:
            return None
        return _Sync(connection, root, Summary(str(package.get("version", "")))).run(pages, digest, name)


def _loaded(connection: Connection, name: str) -> str:
    query = select(pack_versions.c.name, pack_versions.c.digest).order_by(pack_versions.c.batch_id.desc())
    row = connection.execute(query.limit(1)).first()
    if row and row[0] != name:
        raise DataError(
            _("这个登记库属于资料包 {stored}，而当前资料包是 {given}。"),
            hint=_("请用 ATLAS_VAR 或 ATLAS_DATABASE_URL 另指一个库。"),
            stored=row[0],
            given=name,
        )
    return str(row[1]) if row else ""


def read_pages(root: Path) -> dict[str, dict[str, Cells]]:
    """Table -> row id -> cells as the pack's files have them; a line's geometry is GeoJSON."""
    schemas = table_schemas(root)
    pages: dict[str, dict[str, Cells]] = {}
    for name in TABLES:
        keys = schemas[name]["primaryKey"]
        keys = [keys] if isinstance(keys, str) else keys
        columns = [str(each["name"]) for each in schemas[name]["fields"]]
        path = root / f"{name}.csv"
        table = (
            read_texts(path) if path.exists() or name not in MAY_BE_MISSING else empty_table(schemas[name])
        )
        rows = table.reindex(columns=columns, fill_value="").to_dict("records")
        pages[name] = {
            "|".join(row[key] for key in keys): {str(k): v for k, v in row.items()} for row in rows
        }
    pages["lines"] = {
        str(each["properties"]["line_id"]): {**each["properties"], "geometry": each["geometry"]}
        for each in read_features(root)
    }
    return pages


class _Sync:
    def __init__(self, connection: Connection, root: Path, summary: Summary) -> None:
        self.connection, self.root, self.summary = connection, root, summary
        self.schemas = table_schemas(root)
        self.draft = Draft()
        self.seen: list[dict[str, Any]] = []
        self.batch = ""
        self.why = {
            f"reason_{lang}": translate(_WHY, lang).format(version=summary.version) for lang in ("zh", "en")
        }

    def run(self, pages: Mapping[str, Mapping[str, Cells]], digest: str, name: str) -> Summary:
        """Write what differs from the pack as it was loaded before."""
        self.batch = digest
        before = self._before()
        for table, page in pages.items():
            self._page(table, page, before.get(table, {}))
        for table, page in before.items():
            for row_id in page.keys() - pages.get(table, {}).keys():
                self.summary.vanished.append(f"{table}:{row_id}")
        self.summary.vanished.sort()
        actor = Actor(PACK_ACTOR, Role.admin)
        applied = write(self.connection, actor, self.why["reason_zh"], self.draft, kind="pack")
        self._remember(before)
        self._photo_files()
        self.connection.execute(
            insert(pack_versions).values(
                batch_id=applied.batch_id,
                name=name,
                version=self.summary.version,
                digest=digest,
                summary={key: getattr(self.summary, key) for key in ("added", "changed", "vanished")},
            )
        )
        return self.summary

    def _photo_files(self) -> None:
        """The pictures of the pack's photos that the store has not yet."""
        photos = self.draft.rows.get("photos", Drafted())
        for photo_id in (row["row_id"] for part in photos.parts() for row in part):
            files = {size: photo_file(self.root, photo_id, size).read_bytes() for size in PHOTO_SIZES}
            self.connection.execute(insert(photo_files).values(photo_id=photo_id, **files))

    def _before(self) -> dict[str, dict[str, Cells]]:
        found: dict[str, dict[str, Cells]] = {}
        for table, row_id, cells in self.connection.execute(select(pack_rows)):
            found.setdefault(table, {})[row_id] = cells
        return found

    def _remember(self, before: Mapping[str, Mapping[str, Cells]]) -> None:
        stale = [(each["table_name"], each["row_id"]) for each in self.seen]
        stale = [key for key in stale if key[1] in before.get(key[0], ())]
        stale += [(table, row_id) for table, _c, row_id in (v.partition(":") for v in self.summary.vanished)]
        for table, row_id in stale:
            self.connection.execute(
                delete(pack_rows).where(pack_rows.c.table_name == table, pack_rows.c.row_id == row_id)
            )
        for start in range(0, len(self.seen), _AT_ONCE):
            part = self.seen[start : start + _AT_ONCE]
            columns = {name: [each[name] for each in part] for name in ("table_name", "row_id")}
            cells = row_texts([each["cells"] for each in part])
            insert_columns(self.connection, pack_rows, columns | {"cells": cells})

    def _page(self, table: str, page: Mapping[str, Cells], before: Mapping[str, Cells]) -> None:
        told = self._event if table in EVENT_TABLES else self._row
        news = {key: row for key, row in page.items() if key not in before}
        if table in EVENT_TABLES:
            here: Mapping[str, Cells] = existing_events(self.connection, news)
        else:
            here = existing_rows(self.connection, table, news)
        for key, row in page.items():
            old = before.get(key, here.get(key))
            if key in before and {k: v for k, v in before[key].items() if k != _HERE} == row:
                continue
            told(table, key, row, old)

    def _row(self, table: str, key: str, row: Cells, old: Cells | None) -> None:
        self.seen.append({"table_name": table, "row_id": key, "cells": dict(row)})
        if old is None:
            self._count(self.summary.added, table)
            cells = {name: value for name, value in row.items() if name != "geometry"}
            self.draft.add(table, key, cells, _shape(table, row))
            return
        new = {name: value for name, value in row.items() if old.get(name, "") != value and name in row}
        if table == "lines":
            new = {name: value for name, value in new.items() if name != "geometry" or "geometry" in old}
        if new:
            self._count(self.summary.changed, table)
            typed = new if table == "lines" else self._typed(table, row, new)
            source = row.get("source_id") or None
            self.draft.events.append(
                facts.always(table, key, typed, self.batch, source_id=source, **self.why)
            )

    def _typed(self, table: str, row: Cells, names: Iterable[str]) -> dict[str, Any]:
        frame = typed_rows(table, [{key: text_of(value) for key, value in row.items()}], self.schemas[table])
        return {name: json_value(frame.iloc[0][name]) for name in names}

    def _event(self, table: str, key: str, row: Cells, old: Cells | None) -> None:
        columns = log_columns(table, row)
        if old is not None:
            here = str(old.get(_HERE, key))
            standing = existing_events(self.connection, [here])[here]
            if all(text_of(standing[name]) == text_of(columns[name]) for name in EVENT_CONTENT):
                self.seen.append({"table_name": table, "row_id": key, "cells": dict(row) | {_HERE: here}})
                return
            self._count(self.summary.changed, table)
            turn = sum(1 for _undo, target in facts.undos(self.connection) if target == here) + 1
            self.draft.events.append(facts.undo(standing, turn) | self.why)
            columns["event_id"] = "E" + facts.hashed(key, self.batch)
        else:
            self._count(self.summary.added, table)
        self.seen.append(
            {"table_name": table, "row_id": key, "cells": dict(row) | {_HERE: columns["event_id"]}}
        )
        self.draft.events.append(columns)

    @staticmethod
    def _count(numbers: dict[str, int], table: str) -> None:
        numbers[table] = numbers.get(table, 0) + 1


def _shape(table: str, row: Cells) -> Any:
    if table == "lines":
        return shape(row["geometry"])
    if table not in {"works", "facilities"} or not (row["lon"] and row["lat"]):
        return None
    return Point(float(row["lon"]), float(row["lat"]))
