"""What is said and asked of a list's units: which factor was taken, and numbers that no unit of their kind can have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.ingest.cells.cell_reading import Rules
from geo.ingest.cells.column_readings import ColumnReadings
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.header_terms import tidy
from geo.ingest.cells.plain_cells import is_blank_column
from geo.ingest.cells.title_units import quantity_units
from geo.ingest.cells.values import read_unit
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.reading.model import Layer

UNIT_RULE: Final = "quantity_unit"
"""The question of the whole file: in which unit the quantities are."""
_LIKE_A_UNIT: Final = re.compile(
    r"[(\[【〔/](?:单位:?)?(?P<word>平方\w{1,3}|sq\.?\s*[a-z]+|[a-z]{1,4}[2²]|\w{0,2}[尺丈坪垧顷]|yd|yards?|feet)[)\]】〕]?$",
    re.IGNORECASE,
)
_SMALL_M2: Final = 100.0
_LONG_KM: Final = 300.0
"""A median below or above these is no area in square metres and no street in kilometres, but ten thousands and metres."""


def unit_findings(
    layer: Layer, mapping: ColumnMap, readings: Mapping[str, ColumnReadings], rules: Rules
) -> list[Finding]:
    """The unit that was taken where numbers were converted, and the question where none is named and none fits.

    Parameters
    ----------
    layer : Layer
        Cells as found, and the lines above them.
    mapping : ColumnMap
        Which column holds which field.
    readings : mapping
        Field -> reading of each row.
    rules : Rules
        Answers that hold for the whole file.

    Returns
    -------
    list of Finding
    """
    column = mapping.columns.get("quantity")
    if column is None:
        return []
    named = quantity_units(layer, mapping)
    unit = rules.get(UNIT_RULE, "") or (named[0] if len(named) == 1 else "")
    out = list(_from_unit_column(readings, column)) if not unit else []
    if unit and (factor := read_unit(unit)) and factor[1] != 1.0:
        out.append(_converted(column, unit, factor, int((~is_blank_column(layer.frame[column])).sum())))
    strange = "" if rules.get(UNIT_RULE) else _strange_unit(column)
    if not unit and len(named) > 1:
        out.append(_which(column, named))
    elif strange and not _stated(readings):
        out.append(_unknown(column, strange, mapping.unit("quantity")))
    elif not unit and not _stated(readings):
        out += _implausible(readings["quantity"], column, mapping.unit("quantity"))
    return out


def _strange_unit(column: str) -> str:
    """What stands in the brackets of a header and is built like a unit, but is none that is known: ``平方尺``."""
    found = _LIKE_A_UNIT.search(tidy(column))
    word = "".join(found["word"].split()) if found else ""
    return word if word and read_unit(word) is None else ""


def _unknown(column: str, word: str, usual: str) -> Finding:
    base = (read_unit(usual) or ("m2", 1.0))[0]
    return Finding(
        None,
        "quantity",
        "question",
        _("“{header}”写的单位“{word}”不认识，各数其实以哪一种计？"),
        _("请选单位，或先在表里换算。"),
        {"header": column[:60], "word": word},
        column=column,
        rule=UNIT_RULE,
        choices=((base, base), *(((f"万{base}", f"万{base}"),) if base == "m2" else ())),
    )


def _which(column: str, units: tuple[str, ...]) -> Finding:
    return Finding(
        None,
        "quantity",
        "question",
        _("表头上方写了几种单位（{units}），“{header}”以哪一种计？"),
        _("请选单位。"),
        {"header": column[:60], "units": "、".join(units)},
        column=column,
        rule=UNIT_RULE,
        choices=tuple((unit, unit) for unit in units),
    )


def _converted(column: str, unit: str, factor: tuple[str, float], count: int) -> Finding:
    return Finding(
        None,
        "quantity",
        "warning",
        _("“{header}”以“{unit}”计，{n} 个数乘以 {factor:g}，记为 {base}。"),
        "",
        {"header": column[:60], "unit": unit, "n": count, "factor": factor[1], "base": factor[0]},
        column=column,
    )


def _from_unit_column(readings: Mapping[str, ColumnReadings], column: str) -> Iterator[Finding]:
    """One remark for each unit of the unit column that is not the register's own."""
    if "quantity" not in readings or "unit" not in readings:
        return
    numbers, units = readings["quantity"], readings["unit"]
    bare = np.array([value is not None for value in numbers.contents], bool) & (numbers.details == "")
    counts: dict[tuple[str, float], int] = {}
    for value, detail in zip(units.contents[bare], units.details[bare], strict=True):
        if detail and float(detail) != 1.0:
            key = str(value), float(detail)
            counts[key] = counts.get(key, 0) + 1
    for factor, count in counts.items():
        yield _converted(column, f"{factor[1]:g} {factor[0]}", factor, count)


def _stated(readings: Mapping[str, ColumnReadings]) -> bool:
    """Whether any cell or the unit column names a unit."""
    stated = bool((readings["quantity"].details != "").any())
    return stated or ("unit" in readings and any(value is not None for value in readings["unit"].contents))


def _implausible(numbers: ColumnReadings, column: str, usual: str) -> Iterator[Finding]:
    values = np.array([value for value in numbers.contents if value is not None], "float64")
    base = (read_unit(usual) or ("", 1.0))[0] if usual else ""
    if not len(values):
        return
    middle = float(np.median(np.abs(values)))
    if base == "m2" and 0 < middle < _SMALL_M2:
        other = "万m2"
    elif base == "km" and middle > _LONG_KM:
        other = "米"
    else:
        return
    yield Finding(
        None,
        "quantity",
        "question",
        _("“{header}”没有写单位，通常以 {unit} 计，可是中间的数是 {middle:g}，不像。"),
        _("请选单位。"),
        {"header": column[:60], "unit": base, "middle": middle},
        column=column,
        rule=UNIT_RULE,
        choices=((other, other), (base, base)),
    )
