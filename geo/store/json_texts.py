"""JSON of many rows at once: each column is written as JSON and laid into one pattern, to the letter as the encoder writes row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any, Final

from geo.register.column_rows import columns_of

_AS_GIVEN: Final = json.JSONEncoder(ensure_ascii=False)
_IN_ORDER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def text_json(text: str) -> str:
    """A text as JSON."""
    return str(encode_basestring(text))


def row_texts(rows: Sequence[Mapping[str, Any]], *, in_order: bool = False) -> list[str]:
    """Each row as JSON with a blank after commas and colons; ``in_order`` of the names of its columns, else as they stand."""
    encoder = _IN_ORDER if in_order else _AS_GIVEN
    columns = columns_of(rows)
    if not len(rows):
        return []
    if columns is None:
        return [encoder.encode(row) for row in rows]
    if not columns:
        return ["{}"] * len(rows)
    pattern, parts = [], []
    for name in sorted(columns) if in_order else columns:
        values = columns[name]
        if _is_one(values):
            pattern.append(f"{_label(name)}: {encoder.encode(values[0])}".replace("%", "%%"))
        else:
            pattern.append(f"{_label(name)}: ".replace("%", "%%") + "%s")
            parts.append(_column(values, encoder))
    whole = f"{{{', '.join(pattern)}}}"
    return [whole % cells for cells in zip(*parts, strict=True)] if parts else [whole % ()] * len(rows)


def filled_texts(columns: Mapping[str, Sequence[str]], count: int) -> list[str]:
    """Rows of texts as JSON in the order of the names of their columns, without the columns that are empty in a row.

    Parameters
    ----------
    columns : mapping
        Column -> text of each row.
    count : int
        Number of rows.

    Returns
    -------
    list of str
    """
    parts = []
    for name in sorted(columns):
        if any(columns[name]):
            label = f"{_label(name)}: "
            parts.append([label + encode_basestring(text) if text else "" for text in columns[name]])
    if not parts:
        return ["{}"] * count
    return [f"{{{', '.join(filter(None, cells))}}}" for cells in zip(*parts, strict=True)]


def _label(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _is_one(values: Sequence[Any]) -> bool:
    """Whether a column holds one text alone, or nothing: of other values, equal ones need not be written the same."""
    first = values[0]
    return (
        (first is None or type(first) is str) and values[-1] == first and values.count(first) == len(values)
    )


def _column(values: Sequence[Any], encoder: json.JSONEncoder) -> list[str]:
    if set(map(type, values)) == {str}:
        return list(map(encode_basestring, values))
    encode = encoder.encode
    return [
        encode_basestring(value)
        if type(value) is str
        else "null"
        if value is None
        else str(value)
        if type(value) is int
        else encode(value)
        for value in values
    ]
