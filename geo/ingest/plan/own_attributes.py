"""What a list holds that the register has no field for, kept beside the work: 户数, 楼栋, 投资, 标段 (decisions/0049)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.display.fields import field_of
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.header_terms import header_key, is_blank, is_formula_error
from geo.ingest.cells.mixed_frames import records
from geo.ingest.cells.own_columns import OWN
from geo.ingest.cells.plain_cells import plain_texts
from geo.ingest.cells.total_rows import rows_text
from geo.register.attributes import attribute_text, read_attributes, write_attributes
from geo.text import mark as _
from geo.values import is_number, read_number

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap

_NUMBERS: Final = frozenset(map(header_key, ("序号", "no", "id", "fid", "objectid", "备用", *OWN)))
_DRAWING: Final = frozenset(
    map(
        header_key,
        (
            "PaperSpace",
            "SubClasses",
            "Linetype",
            "EntityHandle",
            "osm_id",
            "osm_way_id",
            "shape_leng",
            "shape_area",
        ),
    )
)
_LONGEST: Final = 500
_REMEMBERED: Final = 50_000
"""Texts of a column that are remembered as they are written."""


_OF_FACILITIES: Final = ("area_m2", "service_population", "level", "closed")
_OF_WORKS: Final = ("status", "milestone", "planned_start", "planned_end", "start_date", "year")
"""Fields that only facilities, or only works, have: of the others the column is an attribute, so that nothing is lost."""


def unheld_columns(mapping: ColumnMap, *, standing: bool) -> tuple[str, ...]:
    """Columns without a field, and those whose field the rows cannot hold, in the order of the list.

    Parameters
    ----------
    mapping : ColumnMap
    standing : bool
        Whether the rows are facilities.

    Returns
    -------
    tuple of str
    """
    foreign = {mapping.columns.get(name) for name in (_OF_WORKS if standing else _OF_FACILITIES)}
    unused = set(mapping.unused)
    return tuple(name for name in mapping.headers if name in unused or name in foreign)


def own_attributes(
    frame: pd.DataFrame, mapping: ColumnMap, *, standing: bool = False
) -> np.ndarray[Any, np.dtype[Any]]:
    """Every cell in columns that no field takes, by header, as rows hold them (:mod:`geo.register.attributes`); None for none.

    Parameters
    ----------
    frame : DataFrame
        Cells as found.
    mapping : ColumnMap
        Which column holds which field.
    standing : bool
        Whether the rows are facilities.

    Returns
    -------
    ndarray of object

    Notes
    -----
    Row numbers, what programs write for themselves and the register's own columns in an export are left out; a text is cut at 500 characters, which :func:`cut_texts` says. What a file of ours holds
    in its own column of attributes comes first.
    """
    is_ours = "work_id" in mapping.columns  # an export: what else it says of a work is the register's own
    columns = [
        name
        for name in unheld_columns(mapping, standing=standing)
        if name in frame
        and header_key(name) not in _NUMBERS | _DRAWING
        and not (is_ours and field_of(name) is not None)
    ]
    parts = [_json_parts(name, frame[name]) for name in columns]
    held = mapping.columns.get("attributes")
    out = np.empty(len(frame), dtype=object)
    if held is None and len({_title(name) for name in columns}) == len(columns):
        lines = zip(*parts, strict=True) if parts else ()
        out[: len(frame) if parts else 0] = [
            "{" + ", ".join(filter(None, each)) + "}" if any(each) else None for each in lines
        ]
        return out
    before = frame[held].to_numpy(object) if held is not None else [None] * len(frame)
    for at, (cells, known) in enumerate(zip(frame[columns].to_numpy(object), before, strict=True)):
        own = {
            _title(name): _value(value)
            for name, value in zip(columns, cells, strict=True)
            if not is_blank(value) and not is_formula_error(value)
        }
        out[at] = write_attributes(read_attributes(known) | own)
    return out


def _title(name: str) -> str:
    return " ".join(name.split())


def _json_parts(name: str, cells: pd.Series[Any]) -> list[str]:
    """``"户数": 400`` for each cell, as :func:`geo.register.attributes.write_attributes` writes it; empty where it says nothing."""
    seen: dict[str, str] = {}
    out = []
    label = f"{write_attributes({_title(name): ''})}"[1:-3]
    plain, raw = plain_texts(cells)
    for cell, is_plain in zip(raw, plain.tolist(), strict=True):
        if is_plain:  # no number, no blank in it, nothing that JSON writes otherwise
            out.append(f'{label}"{cell}"')
            continue
        part = seen.get(cell) if type(cell) is str else None
        if part is None:
            part = "" if is_blank(cell) or is_formula_error(cell) else _json_part(name, cell)
            if type(cell) is str and len(seen) < _REMEMBERED:
                seen[cell] = part
        out.append(part)
    return out


def _json_part(name: str, cell: Any) -> str:
    return str(write_attributes({_title(name): _value(cell)}))[1:-1]


def _value(cell: Any) -> Any:
    """A number as a number, anything else as its text."""
    if isinstance(cell, bool) or not is_number(cell):
        return " ".join(str(cell).split())[:_LONGEST]
    number = read_number(cell)
    return int(number) if float(number).is_integer() else float(number)


def cut_texts(frame: pd.DataFrame, mapping: ColumnMap, *, standing: bool) -> list[Finding]:
    """What to say of cells whose text is longer than an attribute may be: one remark a column, with how many and which rows.

    Parameters
    ----------
    frame : DataFrame
        Cells as found.
    mapping : ColumnMap
        Which column holds which field.
    standing : bool
        Whether the rows are facilities.

    Returns
    -------
    list of Finding
    """
    found = []
    for name in unheld_columns(mapping, standing=standing):
        rows = [
            int(row)
            for row, cell in zip(frame.index, frame[name].to_numpy(object), strict=True)
            if isinstance(cell, str) and len(cell) > _LONGEST and len(" ".join(cell.split())) > _LONGEST
        ]
        if rows:
            fields = {"name": name[:60], "n": len(rows), "limit": _LONGEST, "rows": rows_text(rows)}
            message = _("“{name}”有 {n} 格超过 {limit} 字，只保留前 {limit} 字：第 {rows} 行。")
            found.append(
                Finding(None, "attributes", "warning", message, _("全文请放进“说明”。"), fields, column=name)
            )
    return found


def new_attributes(brought: object, known: object) -> str | None:
    """The attributes of a work with those that a row adds; None where it adds none. What is known stays as it is known."""
    held = read_attributes(known)
    both = read_attributes(brought) | held
    return write_attributes(held | both) if set(both) - set(held) else None


def attribute_findings(rows: pd.DataFrame, state: pd.DataFrame) -> Iterator[Finding]:
    """Each attribute that a row says otherwise than its known work.

    Parameters
    ----------
    rows : DataFrame
        Rows whose ``matched`` work is known.
    state : DataFrame
        ``Register.state`` of the day.

    Yields
    ------
    Finding
    """
    for row, cells in records(rows):
        held = read_attributes(state.at[str(cells["matched"]), "attributes"])
        for name, value in read_attributes(cells["own"]).items():
            if name in held and held[name] != value:
                yield Finding(
                    row,
                    "attributes",
                    "warning",
                    _("登记里“{name}”是 {known}，这里是 {value}；登记不改。"),
                    "",
                    {"name": name, "known": attribute_text(held[name]), "value": attribute_text(value)},
                    value=attribute_text(value),
                    column=name,
                )
