"""The two coordinates of each row as the file gives them, before any system is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.ingest.cells.values import read_angle, read_pair

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.ingest.cells.findings import Finding
    from geo.reading.model import Layer

COMMA_RULE: Final = "decimal_comma"
_COMMA: Final = {COMMA_RULE: "decimal"}
"""Numbers with a decimal comma are numbers here, so that their system can be told; whether they are is asked once."""


def given_numbers(layer: Layer, mapping: ColumnMap, rules: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The numbers of the columns of coordinates; none for a layer whose places are shapes alone.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    rules : mapping, optional
        Answers that hold for the whole file.

    Returns
    -------
    DataFrame
        ``x`` and ``y`` in the file's own system, NaN where it gives none; indexed as the layer's rows.
    """
    frame, columns, rules = layer.frame, mapping.columns, _COMMA | dict(rules or {})
    if "lon" in columns and "lat" in columns:
        cells = [[read_angle(cell, rules).value for cell in frame[columns[name]]] for name in ("lon", "lat")]
    elif "lonlat" in columns:
        pairs = [read_pair(cell, rules) for cell in frame[columns["lonlat"]]]
        cells = [[pair[at].value for pair in pairs] for at in (0, 1)]
    else:
        cells = [[None] * len(frame)] * 2
    numbers = [np.array([np.nan if one is None else float(one) for one in part], "float64") for part in cells]
    return pd.DataFrame({"x": numbers[0], "y": numbers[1]}, index=frame.index)


def waiting_numbers(
    layer: Layer, mapping: ColumnMap, rows: pd.DataFrame, findings: Iterable[Finding]
) -> tuple[pd.Series[bool], pd.DataFrame]:
    """Rows whose coordinates wait for an answer on how they are written, and all numbers as they are once it is given.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    rows : DataFrame
        Typed rows with ``x`` and ``y``, NaN where they were not understood.
    findings : iterable of Finding
        What reading the rows found.

    Returns
    -------
    Series of bool, DataFrame
        Indexed as ``rows``; the frame has ``x`` and ``y``.
    """
    if not any(one.rule == COMMA_RULE for one in findings):
        return pd.Series(False, index=rows.index), rows
    numbers = given_numbers(layer, mapping)
    given = numbers["x"].notna() & numbers["y"].notna()
    return given & ~(rows["x"].notna() & rows["y"].notna()), numbers
