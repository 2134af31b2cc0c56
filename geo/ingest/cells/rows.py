"""The cells of a layer read by a mapping: one typed frame, and what is wrong with each cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.ingest.cells.cell_reading import NOTHING, CellReading, Rules, fault
from geo.ingest.cells.column_readings import ColumnReadings, Plain, Progress, read_column
from geo.ingest.cells.columns import ColumnMap, district_reader
from geo.ingest.cells.dates import DATE_YEAR
from geo.ingest.cells.findings import Finding, finding_of
from geo.ingest.cells.header_terms import field_types, is_blank, is_formula_error, tidy
from geo.ingest.cells.header_units import header_unit
from geo.ingest.cells.mixed_frames import objects
from geo.ingest.cells.plain_cells import LONGEST_PLAIN, blank_rows, plain_numbers, plain_texts
from geo.ingest.cells.quantity_units import UNIT_RULE, unit_findings
from geo.ingest.cells.title_units import quantity_units
from geo.ingest.cells.values import read_angle, read_date, read_number, read_pair, read_status, read_unit
from geo.ingest.cells.year_of_dates import dates_with_years
from geo.places.named_systems import canonical_system
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.reading.model import Layer
    from geo.register.city import Atlas

TEXTS: Final = (
    "work_id",
    "item_id",
    "name_zh",
    "name_en",
    "address",
    "street",
    "milestone",
    "facility_kind",
    "level",
    "location_basis",
    "note_zh",
    "source_text",
    "source_id",
    "source_url",
    "attributes",
    "decision",
)
NUMBERS: Final = ("accuracy_m", "area_m2", "service_population")
DATES: Final = ("status_date", "start_date", "end_date", "planned_start", "planned_end", "closed")
LIMITS: Final = {"name_zh": 200, "name_en": 200, "street": 200, "address": 500, "milestone": 500, "level": 40}
_MOST: Final = 10_000
_FINISHED: Final = re.compile(r"是否|完工否|竣工否")
_YEARS: Final = re.compile(r"((?:19|20)\d\d)\s*年?\s*[-–—~～至到]\s*((?:19|20)\d\d)\s*年?")
_NEEDED: Final = frozenset({"work_id", "name_zh", "lon", "lat", "lonlat", "district_code"})
Reader = Callable[[Any], CellReading]


def read_rows(
    layer: Layer,
    mapping: ColumnMap,
    atlas: Atlas,
    rules: Rules,
    progress: Progress | None = None,
    stated_years: Collection[int] = (),
) -> tuple[pd.DataFrame, list[Finding]]:
    """Every row of a layer, typed.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    atlas : Atlas
    rules : Rules
        Answers that hold for the whole file.
    progress : Progress or None
        Called with the share done, 0 to 1.
    stated_years : collection of int
        Years that the list states of itself, for dates that are written without one.

    Returns
    -------
    DataFrame
        Indexed as ``layer.frame``; texts are str or None, numbers float64 (NaN where empty), dates ``datetime.date`` or
        None: :data:`TEXTS`, ``district_code, x, y`` (as given, in the file's system), ``crs`` (of the row, if it says
        one), :data:`NUMBERS`, ``quantity, unit, status, year``, :data:`DATES` each with ``<name>_precision`` and
        ``<name>_planned``, ``blank`` (the row holds nothing).
    list of Finding
        One for each cell that was not understood, was read with a remark, or must be asked.
    """
    frame, index = layer.frame, layer.frame.index
    findings: list[Finding] = []
    readings: dict[str, ColumnReadings] = {}
    columns = list(mapping.columns.items())
    units = quantity_units(layer, mapping)
    unit = rules.get(UNIT_RULE, "") or (units[0] if len(units) == 1 else "")
    readers = _readers(atlas, rules, mapping)
    for at, (name, column) in enumerate(columns):
        kind = field_types()[name]
        reader, plain, detail = (
            _number_reader(name, column, rules, unit)
            if kind == "number"
            else (readers.get(kind, _text_reader(name)), _plain_reader(name, kind, readers), "")
        )
        readings[name] = read_column(
            frame[column],
            _or_failed(name, reader),
            plain,
            detail,
            progress=_part(progress, at, len(columns)),
        )
        findings += _findings(readings[name], name, frame[column])
    due = {day.year for day in atlas.pack.plan_items["due_date"].to_numpy(object)}
    findings += dates_with_years(layer, mapping, readings, rules, stated_years, due)
    typed = _typed(readings, mapping, frame, index)
    return typed, findings + unit_findings(layer, mapping, readings, rules)


def _part(progress: Progress | None, at: int, of: int) -> Progress | None:
    return None if progress is None else lambda share: progress((at + share) / of)


def _findings(readings: ColumnReadings, name: str, cells: pd.Series[Any]) -> Iterator[Finding]:
    """What must be told or asked of a column; of dates without a year the whole file is heard first."""
    raw = cells.to_numpy(object) if readings.odd else ()
    for at, one in sorted(readings.odd.items()):
        if one.rule != DATE_YEAR:
            yield finding_of(one, int(cells.index[at]), name, column=str(cells.name), value=raw[at])


def _or_failed(name: str, reader: Reader) -> Reader:
    return lambda cell: _failed(name, cell) if is_formula_error(cell) else reader(cell)


def _plain_reader(name: str, kind: str, readers: Mapping[str, Reader]) -> Plain | None:
    """What finds the cells of a field that need no reader."""
    if kind in {"longitude", "latitude"}:
        return plain_numbers
    is_short = LIMITS.get(name, _MOST) < LONGEST_PLAIN
    return plain_texts if name in TEXTS and kind not in readers and not is_short else None


def _failed(name: str, cell: Any) -> CellReading:
    """A cell whose formula failed: it says nothing, which the person must know; without a name or a place the row stays out."""
    return CellReading(
        level="error" if name in _NEEDED else "warning",
        message=_("公式出错（{value}），这一格没有值。"),
        hint=_("请在 Excel 里改正公式，或填上数值。"),
        params={"value": str(cell)},
    )


def _readers(atlas: Atlas, rules: Rules, mapping: ColumnMap) -> dict[str, Reader]:
    asks_done = bool(_FINISHED.search(mapping.columns.get("status", "")))
    kinds = kind_ids_by_name(atlas)
    return {
        "date": lambda cell: read_date(cell, rules),
        "longitude": lambda cell: read_angle(cell, rules),
        "latitude": lambda cell: read_angle(cell, rules),
        "status": lambda cell: read_status(cell, rules, yes_means_done=asks_done, unlike_too=True),
        "district": district_reader(atlas),
        "unit": _unit,
        "year": _year,
        "pair": lambda cell: _pair(cell, rules),
        "system": _system,
        "kind": lambda cell: _kind(cell, kinds),
    }


_USUAL: Final = {"area_m2": "m2", "service_population": "人", "accuracy_m": "km"}
"""Field that is a number without being the quantity -> the register's unit of its kind."""
_METRES: Final = 1000.0


def _number_reader(name: str, column: str, rules: Rules, quantity: str) -> tuple[Reader, Plain | None, str]:
    """How numbers of a field are read: each by the unit of its own header, the quantity by ``quantity``; and those that are
    nothing but digits, with the unit that they get.
    """
    usual = _USUAL.get(name, "")
    unit = header_unit(column, usual) if usual else quantity
    if usual and (read_unit(unit) or ("",))[0] != usual:
        unit = ""

    def read(cell: Any) -> CellReading:
        one = read_number(cell, rules, unit=unit)
        if name == "accuracy_m" and one.value is not None and one.detail == usual:
            return replace(one, value=round(one.value * _METRES, 6))
        return one

    chosen = read_unit(unit) if unit else None
    if chosen is None:
        return read, plain_numbers, ""
    return read, None if name == "accuracy_m" else partial(plain_numbers, factor=chosen[1]), chosen[0]


def _text_reader(name: str) -> Reader:
    most = LIMITS.get(name, _MOST)

    def read(cell: Any) -> CellReading:
        if is_blank(cell):
            return NOTHING
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
        if name in LIMITS:
            text = " ".join(text.split())
        if "\0" in text:
            return fault(_("含有空字符（NUL）。"), _("请删去。"))
        if len(text) > most:
            return fault(
                _("有 {length} 个字，最多 {limit} 个。"),
                _("请缩短，多余的写进说明。"),
                length=len(text),
                limit=most,
            )
        return CellReading(text)

    return read


def _unit(cell: Any) -> CellReading:
    if is_blank(cell):
        return NOTHING
    if unit_and_factor := read_unit(str(cell)):
        return CellReading(unit_and_factor[0], detail=str(unit_and_factor[1]))
    return CellReading(str(cell).strip()[:40])


def _year(cell: Any) -> CellReading:
    """A year, or the first and last of several: ``2020-2022``, as the register writes them."""
    if match := _YEARS.fullmatch(tidy(cell)) if isinstance(cell, str) else None:
        first, last = match.groups()
        return (
            CellReading(f"{first}-{last}")
            if first < last
            else CellReading(first)
            if first == last
            else _backwards(cell)
        )
    reading = read_date(cell)
    if isinstance(reading.value, date):
        return CellReading(str(reading.value.year))
    return (
        fault(_("“{value}”里没有年份。"), _("请写成 2021 或 2020-2022 这样。"))
        if reading.rule == DATE_YEAR
        else reading
    )


def _backwards(cell: str) -> CellReading:
    return fault(_("“{value}”的后一年早于前一年。"), _("请核对年份。"), value=cell)


def _system(cell: Any) -> CellReading:
    if is_blank(cell):
        return NOTHING
    if system := canonical_system(tidy(cell)):
        return CellReading(system)
    return fault(
        _("不认识坐标系“{value}”。"), _("可用：WGS84、GCJ02、BD09、CGCS2000、EPSG:4528、EPSG:3857+GCJ02 …")
    )


def kind_ids_by_name(atlas: Atlas) -> dict[str, str]:
    """Ids and names of kinds of facilities, in both languages -> id."""
    kinds = atlas.vocabulary("kinds")
    return {
        tidy(name).lower(): str(kind)
        for kind, row in kinds.iterrows()
        for name in (kind, row["name_zh"], row["name_en"])
    }


def _kind(cell: Any, kinds: dict[str, str]) -> CellReading:
    """An unknown kind stays as given: the check of the row names those that are known."""
    return NOTHING if is_blank(cell) else CellReading(kinds.get(tidy(cell).lower(), str(cell).strip()[:80]))


def _pair(cell: Any, rules: Rules) -> CellReading:
    first, second = read_pair(cell, rules)
    if first.level or second.level:
        return first if first.level else second
    return NOTHING if first.value is None else CellReading((first.value, second.value))


def _typed(
    readings: dict[str, ColumnReadings], mapping: ColumnMap, frame: pd.DataFrame, index: pd.Index[Any]
) -> pd.DataFrame:
    none = ColumnReadings(len(index))
    out: dict[str, Any] = {
        name: readings.get(name, none).contents for name in (*TEXTS, "status", "year", "crs", "district_code")
    }
    for name in DATES:
        one = readings.get(name, none)
        out[name], out[f"{name}_planned"] = one.contents, one.planned
        out[f"{name}_precision"] = one.details_or_none()
    out |= {name: readings.get(name, none).floats() for name in NUMBERS}
    out["quantity"], out["unit"] = _quantity(
        readings.get("quantity", none), readings.get("unit", none), mapping.unit("quantity")
    )
    out["x"], out["y"] = _xy(readings, none)
    typed = pd.DataFrame(
        {
            name: objects(cells, index) if cells.dtype == object else pd.Series(cells, index)
            for name, cells in out.items()
        }
    )
    used = list(mapping.columns.values()) or list(frame.columns)
    typed["blank"] = blank_rows(frame[used])
    return typed


def _quantity(numbers: ColumnReadings, unit_cells: ColumnReadings, usual: str) -> tuple[Any, Any]:
    """Numbers and their units: the cell's own or its header's, that of the unit column with its factor, the usual one."""
    values, units = numbers.floats(), numbers.details_or_none()
    column = read_unit(usual) if usual else None
    given = [value is not None for value in unit_cells.contents]
    by_column = (numbers.details == "") & np.array(given, bool)
    factors = {text: float(text or 1.0) for text in dict.fromkeys(unit_cells.details[by_column])}
    values[by_column] *= [factors[text] for text in unit_cells.details[by_column]]
    units[by_column] = [str(value) or None for value in unit_cells.contents[by_column]]
    if column:
        units[np.array([unit is None for unit in units], bool)] = column[0]
    return values, units


def _xy(readings: dict[str, ColumnReadings], none: ColumnReadings) -> tuple[Any, Any]:
    x, y = readings.get("lon", none).floats(), readings.get("lat", none).floats()
    if "lonlat" not in readings:
        return x, y
    for at, pair in enumerate(readings["lonlat"].contents):
        if pair is not None and np.isnan(x[at]) and np.isnan(y[at]):
            x[at], y[at] = pair
    return x, y
