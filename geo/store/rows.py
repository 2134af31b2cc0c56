"""Rows of the pack's tables as texts, and their check against the pack's own schema, all problems at once."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.columns import Array, by_type, objects
from geo.errors import DataError
from geo.register.column_rows import ColumnRows, values_of
from geo.register.pack import Problem, problem_lines, typed_table
from geo.store.model import MAX_TEXT
from geo.text import mark as _
from geo.values import is_unknown, json_value

Texts = dict[str, str]
TextRows = Sequence[Mapping[str, Any]]
"""Rows of texts, as dictionaries or held as columns."""
Schema = Mapping[str, Any]


def text_of(value: Any) -> str:
    """A value as the pack's CSV files write it: empty for unknown, ``true``, ISO dates, JSON for mappings."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if type(value) in {int, float}:
        return _number_text(value)
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=json_value, allow_nan=False)
    if isinstance(value, datetime) and not is_unknown(value):
        value = value.date()
    bare = json_value(value)
    if isinstance(bare, bool):
        return "true" if bare else "false"
    return "" if bare is None else str(bare)


def text_cells(values: Iterable[Any]) -> Array:
    """:func:`text_of` of each cell of a column."""
    cells = objects(list(values))
    for kind, places in by_type(cells):
        if kind is type(None):
            cells[places] = ""
        elif kind is bool:
            cells[places] = np.where(cells[places].astype(bool), "true", "false").astype(object)
        elif kind is not str:
            cells[places] = objects(list(map(str if kind is int else text_of, cells[places])))
    return cells


def _number_text(value: float) -> str:
    if value != value:  # noqa: PLR0124  (NaN alone differs from itself)
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def text_rows(
    table: str, given: Iterable[Mapping[str, Any]], schema: Schema, problems: list[Problem]
) -> ColumnRows:
    """Rows with exactly the columns of the schema; a column it does not have is a problem.

    Parameters
    ----------
    table : str
        Name of a table of the pack.
    given : iterable of mapping
        Rows as the caller has them.
    schema : Schema
        Table Schema of the table.
    problems : list of Problem
        Receives what is wrong.

    Returns
    -------
    ColumnRows
    """
    names = [str(field["name"]) for field in schema["fields"]]
    known = set(names)
    if isinstance(given, ColumnRows) and known.issuperset(given.names):
        columns = {name: given.column(name) if name in given.names else [""] * len(given) for name in names}
        return ColumnRows({name: text_cells(values).tolist() for name, values in columns.items()})
    rows = list(given)
    for number, row in enumerate(rows, start=1):
        for name in [] if row.keys() <= known else row:
            if name not in known:
                problems.append(
                    Problem(
                        table,
                        number,
                        str(name)[:100],
                        _("没有这一列。"),
                        _("可用的列见 datapackage.json。"),
                    )
                )
    return ColumnRows({name: [text_of(row.get(name)) for row in rows] for name in names})


def check_rows(table: str, rows: TextRows, schema: Schema) -> tuple[list[Problem], pd.DataFrame]:
    """What the schema has against the rows: types, required, enum, pattern, bounds, lengths; and unfit texts.

    Parameters
    ----------
    table : str
        Name of a table of the pack.
    rows : list of mapping
        Rows as texts.
    schema : Schema
        Table Schema of the table.

    Returns
    -------
    (list of Problem, DataFrame)
        The rows as :func:`typed_rows` gives them, where there is no problem.
    """
    if not rows:
        return [], pd.DataFrame()
    names = [str(field["name"]) for field in schema["fields"]]
    frame = pd.DataFrame({name: values_of(rows, name) for name in names}, dtype=object)
    problems: list[Problem] = []
    typed = typed_table(table, frame, dict(schema), problems)
    for field in schema["fields"]:
        name = str(field["name"])
        problems += _unfit(table, name, frame[name])
        problems += _constraints(table, field, frame[name], typed[name].reset_index(drop=True))
    return problems, typed


def typed_rows(table: str, rows: list[Texts], schema: Schema) -> pd.DataFrame:
    """Rows as a frame of :class:`geo.register.pack.Pack`; ``DataError`` lists what cannot be read.

    Parameters
    ----------
    table : str
        Name of a table of the pack.
    rows : list of mapping
        Rows as texts.
    schema : Schema
        Table Schema of the table.

    Returns
    -------
    DataFrame
    """
    names = [str(field["name"]) for field in schema["fields"]]
    texts = {name: [row.get(name, "") for row in rows] for name in names}
    return typed_texts(table, pd.DataFrame(texts, columns=names, dtype=object), schema)


def typed_texts(table: str, texts: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """:func:`typed_rows` of a frame of texts; a column that it lacks is empty.

    Parameters
    ----------
    table : str
        Name of a table of the pack.
    texts : DataFrame
    schema : Schema
        Table Schema of the table.

    Returns
    -------
    DataFrame
    """
    problems: list[Problem] = []
    names = [str(field["name"]) for field in schema["fields"]]
    whole = texts.reindex(columns=names, fill_value="")
    frame = typed_table(table, whole, dict(schema), problems)
    refuse(problems)
    return frame


def refuse(problems: list[Problem]) -> None:
    """``DataError`` with every problem, if there is any; they are its ``params["problems"]`` too."""
    if problems:
        raise DataError(
            _("有 {n} 处问题，什么都没有写入：\n{listed}"),
            hint=_("请按行改正后重试。"),
            n=len(problems),
            listed=problem_lines(problems),
            problems=problems,
        )


def _unfit(table: str, name: str, texts: pd.Series[Any]) -> list[Problem]:
    found: list[Problem] = []
    if not unfit("".join(texts), limit=None) and max(map(len, texts), default=0) <= MAX_TEXT:
        return found
    for number, text in enumerate(texts, start=1):
        if message := unfit(text):
            found.append(
                Problem(table, number, name, message, params={"limit": MAX_TEXT, "length": len(text)})
            )
    return found


def unfit(text: str, limit: int | None = MAX_TEXT) -> str:
    """Why a text cannot be stored, as a message with ``{length}`` and ``{limit}``; empty if it can."""
    if "\0" in text:
        return _("含有空字符（NUL）。")
    if limit is not None and len(text) > limit:
        return _("有 {length} 个字，最多 {limit} 个。")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _("含有不成对的代理字符，不是合法文本。")
    return ""


def _constraints(table: str, field: Mapping[str, Any], texts: pd.Series[Any], values: Any) -> list[Problem]:
    rules = field.get("constraints", {})
    name, filled = str(field["name"]), texts != ""
    found = []

    def add(bad: Any, message: str, hint: str = "", **params: object) -> None:
        for at in texts.index[filled & bad]:
            shown = str(texts[at])[:80]
            found.append(Problem(table, int(at) + 1, name, message, hint, {"value": shown} | params))

    if "enum" in rules:
        allowed = "、".join(map(str, rules["enum"]))
        add(~texts.isin(rules["enum"]), _("不能是“{value}”。"), _("可用：{allowed}。"), allowed=allowed)
    if "pattern" in rules:
        add(~texts.str.fullmatch(rules["pattern"]), _("“{value}”的格式不对。"), _("须符合 {pattern}。"),
            pattern=rules["pattern"])  # fmt: skip
    if "maxLength" in rules:
        add(
            texts.str.len() > rules["maxLength"],
            _("“{value}”太长。"),
            _("最多 {most} 个字。"),
            most=rules["maxLength"],
        )
    if field["type"] in {"number", "integer", "year"}:
        numbers = values.astype("float64")
        add(numbers.abs() == math.inf, _("“{value}”不是有限的数。"))
        add(numbers < rules.get("minimum", -math.inf), _("“{value}”太小。"), _("最小 {least}。"),
            least=rules.get("minimum"))  # fmt: skip
        add(numbers > rules.get("maximum", math.inf), _("“{value}”太大。"), _("最大 {most}。"),
            most=rules.get("maximum"))  # fmt: skip
        if field["type"] != "number":
            add(numbers % 1 > 0, _("“{value}”不是整数。"))
    return found


KEYS: Final = {
    "sources": "source_id",
    "works": "work_id",
    "facilities": "facility_id",
    "plans": "plan_id",
    "plan_items": "item_id",
    "promises": "promise_id",
    "photos": "photo_id",
}
"""Table -> the column that names its rows, of those that rows are added to."""
EVENT_FIELDS: Final = (
    "event_id",
    "work_id",
    "date",
    "date_precision",
    "kind",
    "value",
    "unit",
    "confirmed",
    "source_id",
    "recorded_at",
    "recorded_order",
    "recorded_by",
    "reason_zh",
    "reason_en",
)
EVENT_CONTENT: Final = tuple(name for name in EVENT_FIELDS if name not in {"event_id", "work_id"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a log tells of: rows of ``table``, named in its column ``key``."""

    table: str
    key: str


SUBJECTS: Final = {
    "events": Subject("works", "work_id"),
    "facility_events": Subject("facilities", "facility_id"),
    "completeness_events": Subject("completeness", "statement_id"),
}
"""Log of the pack -> what it tells of. The database has one log for all."""


def log_columns(log: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a log of the pack, as texts, as columns of the database's log."""
    subject, order = SUBJECTS[log], row["recorded_order"]
    return {
        **{name: row.get(name) or None for name in EVENT_FIELDS},
        "recorded_order": int(float(order)) if order else None,
        "confirmed": row["confirmed"] == "true",
        "always": False,
        "table_name": subject.table,
        "row_id": row[subject.key],
    }
