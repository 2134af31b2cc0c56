"""Turns a batch into rows that fit the pack's own schema, or lists everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from geo.places.districts import load_districts
from geo.register.city_facts import read_city
from geo.register.column_rows import ColumnRows, values_of
from geo.register.completeness import statement_problems
from geo.register.pack import Problem, table_schemas
from geo.register.pack_check import event_problems, place_problems
from geo.store import facts
from geo.store.changes import change_problems
from geo.store.facility_changes import merge_problems
from geo.store.model import MAX_TEXT, Actor, Batch
from geo.store.rows import (
    KEYS,
    SUBJECTS,
    TextRows,
    Texts,
    check_rows,
    log_columns,
    refuse,
    text_of,
    text_rows,
    unfit,
)
from geo.store.schema import WITH_GEOMETRY
from geo.store.schema import events as event_table
from geo.store.schema import rows as row_tables
from geo.store.write import Draft, existing_events, existing_rows, parts_of, points_of
from geo.text import mark as _
from geo.text_tables import read_city_table
from geo.vocabulary import FACT_EVENTS, FIELD_EVENTS

_KEYS: Final = {name: key for name, key in KEYS.items() if name != "photos"}
_CONTENT: Final = ("date", "kind", "value", "source_id", "confirmed")
_ALLOWED: Final = {
    "events": FACT_EVENTS,
    "facility_events": (*FIELD_EVENTS, "merge", "removal"),
    "completeness_events": ("correction",),
}
"""What a batch may say in each log; what it adds and takes back is written by the store itself."""
_MAX_VERTICES: Final = 1_000_000


class Checker:
    """Checks one batch against the pack's schema in ``root`` and what the database already has."""

    def __init__(self, connection: Connection, root: Path, actor: Actor, batch: Batch) -> None:
        self.connection, self.root, self.actor, self.batch = connection, root, actor, batch
        self.schemas = table_schemas(root)
        self.problems: list[Problem] = []
        self.draft = Draft()
        self.coming = {name: set(_ids_of(getattr(batch, name), key)) for name, key in _KEYS.items()} | {
            "lines": set(batch.lines)
        }

    def prepare(self) -> Draft:
        """What is new in the batch; ``DataError`` lists every problem at once."""
        self._reason()
        self._lines()
        fresh = {name: self._rows(name, getattr(self.batch, name)) for name in _KEYS}
        none = ColumnRows({})
        logs = {log: self._events(log, fresh.get(subject.table, none)) for log, subject in SUBJECTS.items()}
        for name, rows in fresh.items():
            self._references(name, rows)
        for name, events in logs.items():
            self._references(name, events)
        self._check_parents(fresh["works"])
        refuse(self.problems)
        for name, rows in fresh.items():
            points = points_of(rows) if name in WITH_GEOMETRY else [None] * len(rows)
            ids = rows.column(_KEYS[name])
            self.draft.extend(name, ids, rows, points)
            if name != "sources":
                self.draft.events.extend(facts.creations(name, ids, rows))
        for log, new in logs.items():
            for row in new:
                columns = log_columns(log, row)
                del columns["recorded_order"]  # numbered when it is written
                self.draft.events.append(columns)
        return self.draft

    def _problem(
        self, table: str, row: int | None, name: str, message: str, hint: str = "", **params: object
    ) -> None:
        self.problems.append(Problem(table, row, name, message, hint, params))

    def _reason(self) -> None:
        reason = self.batch.reason
        if not reason.strip():
            self._problem("batch", None, "reason", _("没有写理由。"), _("请用一句话说明为什么改。"))
        elif message := unfit(reason):
            self._problem("batch", None, "reason", message, length=len(reason), limit=MAX_TEXT)

    def _rows(self, table: str, given: Iterable[Mapping[str, Any]]) -> ColumnRows:
        """Checked rows of a table; those that the database has already, word for word, are left out."""
        schema, key = self.schemas[table], _KEYS[table]
        rows = text_rows(table, given, schema, self.problems)
        problems, frame = check_rows(table, rows, schema)
        self.problems += problems
        if rows and not problems and table in WITH_GEOMETRY:
            self.problems += place_problems(
                table, frame, load_districts(self.root), read_city(self.root).projected_crs
            )
        ids = rows.column(key)
        existing = existing_rows(self.connection, table, ids)
        if not existing:
            return rows
        again = []
        for number, row in ((at + 1, rows[at]) for at, each in enumerate(ids) if each in existing):
            if {name: text for name, text in existing[row[key]].items() if text} != {
                name: text for name, text in row.items() if text
            }:
                self._problem(
                    table,
                    number,
                    key,
                    _("编号 {value} 已经有了，内容不同。"),
                    _("新的请换一个编号；要改已有的，请登记一条更正。"),
                    value=row[key][:80],
                )
            else:
                again.append(row[key])
        self._revive(table, again)
        return rows.take([at for at, each in enumerate(ids) if each not in existing])

    def _revive(self, table: str, row_ids: list[str]) -> None:
        """Rows that were taken back and come again are restored."""
        created: list[str] = []
        for part in parts_of(row_ids):
            query = select(event_table.c.event_id).where(
                event_table.c.table_name == table,
                event_table.c.row_id.in_(part),
                event_table.c.kind == "creation",
            )
            created += map(str, self.connection.scalars(query))
        self._restore(created)

    def _restore(self, ids: list[str]) -> None:
        """Take back the undos that keep events from counting."""
        if not ids:
            return
        undos = facts.effective_undos(self.connection, ids)
        turns = Counter(target for _undo, target in facts.undos(self.connection))
        for target in existing_events(self.connection, undos).values():
            self.draft.events.append(facts.undo(target, turns[str(target["event_id"])] + 1))

    def _events(self, log: str, new_rows: ColumnRows) -> list[Texts]:
        schema, subject = self.schemas[log], SUBJECTS[log]
        content = (subject.key, *_CONTENT)
        rows = list(map(dict, text_rows(log, getattr(self.batch, log), schema, self.problems)))
        numbered: dict[str, tuple[int, Texts]] = {}
        for number, row in enumerate(rows, start=1):
            row["recorded_at"], row["recorded_by"] = date.today().isoformat(), self.actor.name
            row["recorded_order"] = ""
            row["date_precision"] = row["date_precision"] or "day"
            row["confirmed"] = row["confirmed"] or "true"
            row["event_id"] = row["event_id"] or facts.event_id(*(row[name] for name in content))
            if row["kind"] not in _ALLOWED[log]:
                self._problem(
                    log,
                    number,
                    "kind",
                    _("不能这样登记 {value}。"),
                    _("可用：{allowed}。"),
                    value=row["kind"][:80],
                    allowed="、".join(_ALLOWED[log]),
                )
            before = numbered.setdefault(row["event_id"], (number, row))[1]
            if any(before[name] != row[name] for name in content):
                self._problem(log, number, "event_id", _("编号 {value} 重复。"), value=row["event_id"][:80])
        unique = [row for _number, row in numbered.values()]
        problems, typed = check_rows(log, unique, schema)
        if unique and not problems:
            problems = event_problems(typed)
            problems += self._subject_problems(log, unique, new_rows)
        places = [number for number, _row in numbered.values()]
        self.problems += [_moved(problem, places) for problem in problems]
        return self._new_events(log, unique, places)

    def _subject_problems(self, log: str, rows: list[Texts], new_rows: ColumnRows) -> list[Problem]:
        """What is wrong with what the log would make of its works, facilities or statements."""
        if log == "completeness_events":
            kinds, districts = (
                vocabulary_ids(self.root, *of)
                for of in (("kinds", "kind_id"), ("districts", "district_code"))
            )
            return statement_problems(rows, kinds, districts)
        problems = change_problems(self.connection, self.root, log, rows, new_rows)
        if log == "facility_events":
            problems += merge_problems(self.connection, rows, self.coming["facilities"])
        return problems

    def _new_events(self, log: str, rows: list[Texts], places: list[int]) -> list[Texts]:
        existing = existing_events(self.connection, (row["event_id"] for row in rows))
        fresh, again = [], []
        for number, row in zip(places, rows, strict=True):
            before = existing.get(row["event_id"])
            if before is None:
                fresh.append(row)
            elif before["row_id"] != row[SUBJECTS[log].key] or any(
                text_of(before[name]) != row[name] for name in _CONTENT
            ):
                self._problem(
                    log,
                    number,
                    "event_id",
                    _("编号 {value} 已经有了，内容不同。"),
                    _("事件只增不改；请去掉编号，或先撤销原来的事件。"),
                    value=row["event_id"],
                )
            else:
                again.append(row["event_id"])
        self._restore(again)
        return fresh

    def _references(self, table: str, rows: TextRows) -> None:
        """Every foreign key of the schema, and lines, must lead somewhere: the database, the batch or a word list."""
        keys = [
            (str(key["fields"]), str(key["reference"]["resource"] or table), str(key["reference"]["fields"]))
            for key in self.schemas[table].get("foreignKeys", ())
        ]
        if table in {"works", "facilities"}:
            keys.append(("line_id", "lines", "line_id"))
        for name, target, target_field in keys:
            texts = values_of(rows, name)
            wanted = set(texts) - {""}
            missing = wanted - self._existing_ids(target, target_field, wanted)
            for number, text in enumerate(texts if missing else (), start=1):
                if text in missing:
                    self._problem(
                        table,
                        number,
                        name,
                        _("{target} 里没有 {value}。"),
                        _("请先加入它，或改用已有的编号。"),
                        target=target,
                        value=text[:80],
                    )

    def _existing_ids(self, table: str, name: str, wanted: set[str]) -> set[str]:
        if table not in row_tables:
            return vocabulary_ids(self.root, table, name)
        return set(existing_rows(self.connection, table, wanted)) | self.coming.get(table, set())

    def _check_parents(self, works: ColumnRows) -> None:
        """A new work cannot be a part of itself, directly or around a circle."""
        ids = works.column("work_id")
        parents = dict(zip(ids, works.column("parent_id"), strict=True))
        for number, work_id in enumerate(ids, start=1):
            seen, at = set(), work_id
            while at in parents and at not in seen:
                seen.add(at)
                at = parents[at]
            if at in seen:
                self._problem("works", number, "parent_id", _("上级关系成了圈：{value}。"), value=work_id)

    def _lines(self) -> None:
        existing = existing_rows(self.connection, "lines", self.batch.lines)
        owners = {text_of(row.get("line_id")): row for row in self.batch.works}
        for line_id, shape in self.batch.lines.items():
            if fault := line_fault(line_id, shape):
                self._problem("lines", None, "geometry", fault, line=str(line_id)[:80])
            elif line_id not in existing:
                self.draft.add("lines", line_id, _line_cells(line_id, owners.get(line_id, {})), shape)


def _ids_of(rows: Sequence[Mapping[str, Any]], key: str) -> Iterable[str]:
    """The ids of rows as texts, those too that a caller left out."""
    if isinstance(rows, ColumnRows):
        return map(text_of, rows.column(key)) if key in rows.names else ()
    return (text_of(row.get(key)) for row in rows)


def vocabulary_ids(root: Path, table: str, name: str) -> set[str]:
    """The ids of a word list of the pack.

    Parameters
    ----------
    root : Path
        Folder of the pack.
    table : str
        Name of a table of the pack.
    name : str

    Returns
    -------
    set
    """
    return set(read_city_table(root, f"{table}.csv", (name,))[name])


def line_fault(line_id: str, shape: Any) -> str:
    """Why a line cannot be stored, as a message with ``{line}``; empty if it can."""
    if not line_id or len(line_id) > 80 or unfit(line_id):
        return _("线的编号 {line} 不能用。")
    if not isinstance(shape, BaseGeometry) or shape.geom_type not in {"LineString", "MultiLineString"}:
        return _("线 {line} 不是折线。")
    points = shapely.get_coordinates(shape)
    if not len(points) or not np.isfinite(points).all() or not shape.is_valid:
        return _("线 {line} 是空的，或坐标无效。")
    if len(points) > _MAX_VERTICES:
        return _("线 {line} 的顶点太多。")
    if (np.abs(points) > (180.0, 90.0)).any():
        return _("线 {line} 的坐标不是 WGS84 经纬度。")
    return ""


def _line_cells(line_id: str, work: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a line, from the work that owns it."""
    accuracy = text_of(work.get("accuracy_m"))
    return {
        "line_id": line_id,
        "name_zh": text_of(work.get("name_zh")) or line_id,
        "name_en": text_of(work.get("name_en")) or None,
        "category": text_of(work.get("category")) or None,
        "role": "work",
        "length_km": None,
        "accuracy_m": float(accuracy) if accuracy else None,
        "opened": None,
        "source_id": text_of(work.get("source_id")) or None,
        "raw_file": None,
        "raw_row": None,
    }


def _moved(problem: Problem, places: list[int]) -> Problem:
    """The problem at the row that the batch gave, where repeated rows were left out before."""
    if problem.row is None:
        return problem
    return Problem(
        problem.table, places[problem.row - 1], problem.field, problem.message, problem.hint, problem.params
    )
