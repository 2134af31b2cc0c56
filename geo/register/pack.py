"""Reads a city pack: the CSV tables and lines that ``datapackage.json`` describes.

The schema in that file is the one source of types; this module only applies it. What cannot be read is reported
all at once, each problem with table, row and field.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.errors import DataError
from geo.paths import DATA_DIR
from geo.register.city_facts import City, read_city, read_package
from geo.register.lines import Lines, read_features
from geo.register.pack_files import pack_digest
from geo.register.photos import PHOTO_SCHEMA
from geo.register.plans import (
    ALL_PLANS,
    PLAN_FIELD,
    PLAN_ID,
    PLANS_SCHEMA,
    PROMISES_SCHEMA,
    with_plans,
    with_wider_ids,
)
from geo.register.typed_cells import Values, is_checked, typed_cells, unread
from geo.text import mark as _
from geo.text import translate
from geo.text_tables import read_columns
from geo.vocabulary import COMPLETENESS_EVENT_KINDS, FACILITY_EVENT_KINDS

if TYPE_CHECKING:
    import geopandas as gpd

TABLES: Final = (
    "plan_items",
    "works",
    "events",
    "sources",
    "citations",
    "facilities",
    "population",
    "districts",
    "facility_events",
    "completeness_events",
    "photos",
    "plans",
    "promises",
)
EVENT_TABLES: Final = ("events", "facility_events", "completeness_events")
"""Logs: what was learnt of works, of facilities, and of whether the facilities are complete."""
_OWN_SCHEMAS: Final = {"photos": PHOTO_SCHEMA, "plans": PLANS_SCHEMA, "promises": PROMISES_SCHEMA}
"""Tables that are the same in every pack, and that a pack which has none need not describe."""
MAY_BE_MISSING: Final = (*EVENT_TABLES[1:], *_OWN_SCHEMAS)
ATTRIBUTES: Final = "attributes"
"""Column of works and facilities: what a list says beyond the register's own fields, a JSON object of texts and numbers."""
_WITH_ATTRIBUTES: Final = ("works", "facilities")
_ATTRIBUTES_FIELD: Final = {"name": ATTRIBUTES, "type": "string", "title": "其他内容"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a pack. ``row`` counts data rows from 1; ``message`` and ``hint`` are catalogue texts."""

    table: str
    row: int | None
    field: str
    message: str
    hint: str = ""
    params: dict[str, object] = dataclasses.field(default_factory=dict)

    def text(self, lang: str = "zh") -> str:
        """The problem as one line for a person."""
        where = f"{self.table}.csv" if self.row is None else f"{self.table}.csv:{self.row}"
        parts = [translate(part, lang).format(**self.params) for part in (self.message, self.hint) if part]
        return " ".join([f"{where} [{self.field}]", *parts] if self.field else [where, *parts])


@dataclass(frozen=True, slots=True)
class Pack:
    """The tables of a city pack, typed. Read only.

    Every frame is indexed by its primary key. Dates are ``datetime.date`` or None; numbers are float64 with NaN for
    empty; texts are str or None. ``city`` is what the pack says of its city. ``plan`` is the plan that the pack is narrowed to (:func:`geo.register.plan_view.plan_view`), or ``all``.
    """

    root: Path
    digest: str
    city: City
    plan_items: pd.DataFrame
    works: pd.DataFrame
    events: pd.DataFrame
    sources: pd.DataFrame
    citations: pd.DataFrame
    facilities: pd.DataFrame
    population: pd.DataFrame
    districts: pd.DataFrame
    facility_events: pd.DataFrame
    completeness_events: pd.DataFrame
    photos: pd.DataFrame
    plans: pd.DataFrame
    promises: pd.DataFrame
    line_features: Lines
    plan: str = ALL_PLANS

    @property
    def lines(self) -> gpd.GeoDataFrame:
        """The lines (EPSG:4326), indexed by ``line_id``; ``DataError`` names a shape or property that cannot be read."""
        return self.line_features.frame

    @property
    def plan_inputs(self) -> dict[str, str]:
        """What an answer says of the plan that it is of: nothing where there is one plan."""
        return {"plan": self.plan} if len(self.plans) > 1 else {}


def load_pack(root: Path = DATA_DIR) -> Pack:
    """Read the pack in folder ``root``; ``DataError`` lists every problem of every table."""
    city, schemas = read_city(root), table_schemas(root)
    problems: list[Problem] = []
    frames = {name: _read_table(root, name, schemas.get(name), problems) for name in TABLES}
    lines = _read_lines(root, problems)
    refuse(problems)
    return Pack(
        root=root, digest=pack_digest(root), city=city, line_features=lines, **with_plans(frames, city)
    )


def refuse(problems: list[Problem]) -> None:
    """``DataError`` with every problem, if there is any."""
    if problems:
        raise DataError(
            _("城市资料包有 {n} 处问题：\n{listed}"),
            hint=_("请按行改正后重试。"),
            n=len(problems),
            listed=problem_lines(problems),
        )


def problem_lines(problems: list[Problem], limit: int = 200) -> str:
    """Problems as lines of one text; of very many, the first ones."""
    lines = [problem.text() for problem in problems[:limit]]
    return "\n".join([*lines, f"… +{len(problems) - limit}"] if len(problems) > limit else lines)


def table_schemas(root: Path) -> dict[str, dict[str, Any]]:
    """Table name -> its Table Schema, for every table that the pack in ``root`` describes.

    The other logs have the columns of events of works; a pack that has none yet need not describe them, nor photos, plans and
    promises, nor the columns :data:`ATTRIBUTES` and ``plan_id``.
    """
    schemas = {item["name"]: item["schema"] for item in read_package(root)["resources"] if "schema" in item}
    if "events" in schemas:
        of_facilities = [("facility_id", "facilities"), ("source_id", "sources")]
        schemas.setdefault(
            "facility_events",
            _log_schema(schemas["events"], "facility_id", FACILITY_EVENT_KINDS, of_facilities),
        )
        schemas.setdefault(
            "completeness_events",
            _log_schema(
                schemas["events"], "statement_id", COMPLETENESS_EVENT_KINDS, [("source_id", "sources")]
            ),
        )
        schemas = _OWN_SCHEMAS | schemas
    for name, field in (
        *((each, _ATTRIBUTES_FIELD) for each in _WITH_ATTRIBUTES),
        ("plan_items", PLAN_FIELD),
    ):
        fields = schemas[name]["fields"] if name in schemas else []
        if fields and all(each["name"] != field["name"] for each in fields):
            schemas[name] = {**schemas[name], "fields": [*map(with_wider_ids, fields), field]}
    return schemas


def _log_schema(
    schema: dict[str, Any], key: str, kinds: tuple[str, ...], references: list[tuple[str, str]]
) -> dict[str, Any]:
    """The schema of a log like that of works, of the rows that ``key`` names."""
    fields = [dict(item) for item in schema["fields"]]
    for item in fields:
        if item["name"] == "work_id":
            item["name"] = key
        if item["name"] == "kind":
            item["constraints"] = {"required": True, "enum": list(kinds)}
    keys = [{"fields": name, "reference": {"resource": table, "fields": name}} for name, table in references]
    return {**schema, "fields": fields, "foreignKeys": keys}


def _read_table(
    root: Path, name: str, schema: dict[str, Any] | None, problems: list[Problem]
) -> pd.DataFrame:
    if schema is None:
        problems.append(Problem(name, None, "", _("datapackage.json 没有描述这张表。")))
        return pd.DataFrame()
    path = root / f"{name}.csv"
    if name in MAY_BE_MISSING and not path.exists():
        return typed_table(name, empty_table(schema), schema, problems)
    try:
        texts = read_columns(path)
    except (OSError, ValueError) as error:
        problems.append(Problem(name, None, "", _("读不了这张表：{detail}。"), params={"detail": str(error)}))
        return pd.DataFrame()
    count = len(next(iter(texts.values())))
    return typed_columns(name, texts, count, schema, problems)


def empty_table(schema: dict[str, Any]) -> pd.DataFrame:
    """A table of texts with the columns of ``schema`` and no row."""
    return pd.DataFrame(columns=[item["name"] for item in schema["fields"]], dtype=object)


def typed_table(
    name: str, frame: pd.DataFrame, schema: dict[str, Any], problems: list[Problem]
) -> pd.DataFrame:
    """A table of texts, typed and indexed as in :class:`Pack`; what cannot be read is added to ``problems``.

    Parameters
    ----------
    name : str
        Name of the table.
    frame : DataFrame
        Every cell a text.
    schema : dict
        Table Schema of the table.
    problems : list of Problem
        Receives what is wrong.

    Returns
    -------
    DataFrame
    """
    said = {
        each: frame[each].fillna("") for each in (ATTRIBUTES, PLAN_ID) if each in frame
    }  # rows of old stores have none
    texts = {str(column): said.get(column, frame[column]).tolist() for column in frame.columns}
    return typed_columns(name, texts, len(frame), schema, problems)


def typed_columns(
    name: str, texts: dict[str, list[str]], count: int, schema: dict[str, Any], problems: list[Problem]
) -> pd.DataFrame:
    """:func:`typed_table` of columns of texts.

    Parameters
    ----------
    name : str
        Name of the table.
    texts : dict
        Column -> its cells.
    count : int
        Rows.
    schema : dict
        Table Schema of the table.
    problems : list of Problem
        Receives what is wrong.

    Returns
    -------
    DataFrame
    """
    fields = {item["name"]: item for item in schema["fields"]}
    for later in {ATTRIBUTES, PLAN_ID} & (fields.keys() - {str(schema["primaryKey"])} - texts.keys()):
        # files of packs and rows of stores from before it have no such column
        texts = texts | {later: [""] * count}
    missing = [column for column in fields if column not in texts]
    if missing:
        problems.append(
            Problem(name, None, "、".join(missing), _("缺少列。"), _("请恢复列名，或改 datapackage.json。"))
        )
        return pd.DataFrame()
    rows = pd.RangeIndex(count)
    typed = {column: _typed(name, texts[column], fields[column], problems) for column in fields}
    # said to be objects: pandas would look through every text and make columns of its own kind
    columns = {each: pd.Series(values, rows, dtype=values.dtype) for each, values in typed.items()}
    return _keyed(name, pd.DataFrame(columns, rows), schema["primaryKey"], problems)


def _keyed(name: str, frame: pd.DataFrame, key: str | list[str], problems: list[Problem]) -> pd.DataFrame:
    keys = [key] if isinstance(key, str) else list(key)
    cells = list(zip(*(frame[each].tolist() for each in keys), strict=True))
    if len(set(cells)) != len(cells):
        problems += [
            Problem(
                name,
                int(row) + 1,
                "、".join(keys),
                _("编号 {value} 重复。"),
                params={"value": "/".join(str(frame.at[row, k]) for k in keys)},
            )
            for row in frame.index[frame.duplicated(keys)]
        ]
    return frame.set_index(key, drop=False).rename_axis(None) if isinstance(key, str) else frame


def _typed(table: str, cells: list[str], spec: dict[str, Any], problems: list[Problem]) -> Values:
    kind, name = str(spec["type"]), str(spec["name"])
    if spec.get("constraints", {}).get("required") and not all(cells):
        empty = [row for row, cell in enumerate(cells, start=1) if cell == ""]
        problems += [Problem(table, row, name, _("必填，却是空的。")) for row in empty]
    values = typed_cells(cells, kind)
    if not is_checked(kind):
        return values
    for place in unread(cells, values):
        problems.append(
            Problem(
                table,
                place + 1,
                name,
                _("“{value}”不是 {kind}。"),
                _("请改正，或留空表示不详。"),
                params={"value": cells[place], "kind": kind},
            )
        )
    return values.astype(bool) if kind == "boolean" and not problems else values


def _read_lines(root: Path, problems: list[Problem]) -> Lines:
    try:
        return Lines(read_features(root))
    except DataError as error:
        problems.append(lines_problem(error))
        return Lines([])


def lines_problem(error: DataError) -> Problem:
    """What is wrong with the lines of a pack, beside what is wrong with its tables."""
    return Problem("lines", None, "", error.message, error.hint, dict(error.params))
