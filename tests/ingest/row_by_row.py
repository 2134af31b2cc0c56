"""What the steps of an import say of one row or cell after another: slow, plain, and apart from the ways that take all rows at once."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Geod

from geo.ingest.cells.header_terms import is_blank
from geo.ingest.cells.total_rows import kind_of_text
from geo.register.ids import name_key

_GEOD = Geod(ellps="WGS84")


def known_of(row: dict[str, Any], known: pd.DataFrame) -> tuple[str, float, bool] | None:
    """The known facility (of kinds that the row may be) that it is most like, how far off, and whether that is sure."""
    key = name_key(row["name"]) if isinstance(row["name"], str) else ""
    whole = name_key(row["name"], whole=True) if key else ""
    hits = []
    for at, (known_id, other) in enumerate(known.iterrows()):
        other_key, other_whole = name_key(str(other["name_zh"])), name_key(str(other["name_zh"]), whole=True)
        metres = _GEOD.inv(row["lon"], row["lat"], other["lon"], other["lat"])[2]
        error = 0.0 if np.isnan(other["accuracy_m"]) else other["accuracy_m"]
        reach = error + row["accuracy_m"] + 500.0
        if abs(other["lat"] - row["lat"]) * 111_000.0 > 1.05 * reach:
            continue
        alike = bool(key) and (key in other_key or other_key in key)
        exact = bool(key) and key == other_key
        local = bool(row["district_code"]) and row["district_code"] in str(
            other["district_code"] or ""
        ).split("|")
        if (
            (alike and metres <= reach)
            or (exact and np.isnan(metres) and local)
            or (not key and metres <= 150.0)
        ):
            very = bool(key) and whole == other_whole
            order = (1e12 if np.isnan(metres) else metres) + 1e13 * (2 - exact - very)
            campus = whole != key and other_whole != other_key
            hits.append((order, at, str(known_id), float(metres), very, exact, campus))
    if not hits:
        return None
    _order, _at, known_id, metres, very, exact, campus = min(hits)
    alone = sum(hit[5] for hit in hits) == 1
    return known_id, metres, bool(very or (exact and alone and not campus) or not key)


def only_text(cells: list[Any], squeezed: Any) -> str | None:
    """The one text that the cells of a row hold; None where they hold none or several."""
    texts = {squeezed(cell) for cell in cells if not is_blank(cell)}
    return texts.pop() if len(texts) == 1 and len(cells) > 1 else None


def kinds_of(cells: pd.Series[Any]) -> dict[int, str]:
    return {int(row): kind for row, cell in cells.items() if (kind := kind_of_text(cell))}


def key_of(said: list[dict[str, Any]]) -> str:
    """What the key of a batch is taken of its events and facilities: pairs of a name and a value, row by row."""
    return ", ".join(
        repr([(name, row[name]) for name in sorted(row, key=lambda name: f"({name!r},")]) for row in said
    )


def digested(previous: bytes, head: dict[str, Any], rows: dict[str, Any], events: list[Any]) -> bytes:
    """What the digest of a batch is taken of: one JSON text after the digest before it."""
    body = [
        head,
        [[[table, row_id, cells] for row_id, cells, _s in each] for table, each in sorted(rows.items())],
    ]
    return previous + json.dumps([*body, events], ensure_ascii=False, sort_keys=True).encode()
