"""Shapes that a table writes as text: WKT as databases and desktop programs export it, with or without its number, or WKB in hexadecimal digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from geo.reading.model import Note
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.reading.wire import RawLayer

_WKT: Final = re.compile(
    r"\s*(?:SRID=(?P<srid>\d{4,6});)?\s*(?P<text>(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:ZM?|M)?\s*[(].*)",
    re.IGNORECASE | re.DOTALL,
)
_HEX: Final = re.compile(
    r"(?:010[1-7]0000(?:00|20|80|A0|C0|E0)|00(?:00|20|80|A0|C0|E0)00000[1-7])(?:[0-9A-F]{2}){8,}",
    re.IGNORECASE,
)
"""The order of bytes, a kind of shape and its flags: no number of a list begins so."""
_NUMBERS: Final = re.compile(
    r"(?:lat|latitude|纬度|y|y[_ ]?坐标|北坐标|lonlat|经纬度.*)(?:\W.*)?", re.IGNORECASE
)
"""Headers of places in numbers: where a table has them they are its places, as in our own exports."""
_SEARCHED: Final = 2000
_TRIED: Final = 50


def with_drawn_column(layer: RawLayer) -> RawLayer:
    """The layer with the shapes of its column of shapes, if every cell of a column is one; else as it is."""
    name = drawn_column(layer.columns) if layer.geometry is None else ""
    return _drawn(layer, name, _plain(layer.columns[name])) if name else layer


def drawn_column(columns: Mapping[str, Any]) -> str:
    """The name of the first column whose first cells are all shapes; empty where none is, or places stand in numbers beside it."""
    if any(_NUMBERS.fullmatch(name.strip()) for name in columns):
        return ""
    for name, cells in columns.items():
        first = [cell for cell in _plain(cells[:_SEARCHED]) if isinstance(cell, str)][:_TRIED]
        if first and all(_WKT.fullmatch(text) or _HEX.fullmatch(text) for text in first):
            return name
    return ""


def _plain(cells: Any) -> list[Any]:
    return cells.to_pylist() if hasattr(cells, "to_pylist") else list(cells)


def _drawn(layer: RawLayer, name: str, cells: Iterable[Any]) -> RawLayer:
    import numpy as np
    import shapely

    from geo.reading.geometry import clean

    pairs = [_read(cell) for cell in cells]
    unread = [
        number
        for number, (shape, _srid, given) in zip(layer.numbers, pairs, strict=True)
        if given and shape is None
    ]
    wkb = np.array(
        [None if shape is None else shapely.to_wkb(shape) for shape, _srid, _given in pairs], object
    )
    shapes, notes = clean(wkb, layer.numbers)
    systems = {srid for shape, srid, _given in pairs if shape is not None}
    srid = systems.pop() if len(systems) == 1 else ""
    notes = [Note(_("列“{column}”写的是图形，按图形读入。"), {"column": name[:60]}), *notes]
    if unread:
        rows = "、".join(map(str, unread[:20])) + ("…" if len(unread) > 20 else "")
        notes.append(Note(_("{n} 行的图形读不出来，留空：第 {rows} 行。"), {"n": len(unread), "rows": rows}))
    return replace(
        layer,
        columns={title: values for title, values in layer.columns.items() if title != name},
        geometry=np.asarray(shapely.to_wkb(shapes), dtype=object),
        crs=f"EPSG:{srid}" if srid else None,
        notes=[*layer.notes, *notes],
    )


def _read(cell: Any) -> tuple[Any, str, bool]:
    """The shape of a cell, the number of its system, and whether the cell holds anything."""
    import shapely

    if cell is None:
        return None, "", False
    text = str(cell).strip()
    if _HEX.fullmatch(text):
        shape = shapely.from_wkb(bytes.fromhex(text), on_invalid="ignore")
        number = int(shapely.get_srid(shape)) if shape is not None else 0
        return shape, str(number or ""), True
    found = _WKT.fullmatch(text)
    shape = shapely.from_wkt(found["text"], on_invalid="ignore") if found else None
    return shape, (found["srid"] or "") if found else "", True
