"""Geometries as the rest of the atlas wants them: two dimensions, straight, finite; and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.reading.model import Note
from geo.text import mark as _

_NAMED: Final = 1000
"""Rows with a note of their own, at most; the count is always whole."""
_COLLECTION: Final = 7
_NAMES: Final = (
    "Point",
    "LineString",
    "LineString",
    "Polygon",
    "Point",
    "LineString",
    "Polygon",
    "GeometryCollection",
)
_PLURAL: Final = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}


def clean(wkb: NDArray[np.object_], numbers: Sequence[int]) -> tuple[NDArray[np.object_], list[Note]]:
    """Geometries from WKB, each 2-D and finite or None, and notes on what was done and found.

    Invalid ones (self-intersections and the like) are kept as they are and named; a person decides about a repair.
    """
    rows = np.asarray(numbers)
    shapes, notes = _parsed(wkb, rows)
    notes += _flattened(shapes)
    unfit = _not_finite(shapes)
    notes += _rows(
        unfit,
        rows,
        _("{n} 行的坐标不是有限的数（NaN 或无穷大），图形留空：第 {rows} 行。"),
        _("坐标不是有限的数，图形留空。"),
    )
    shapes[unfit] = None
    empty = np.array(shapely.is_empty(shapes), dtype=bool)
    notes += _rows(empty, rows, _("{n} 行的图形是空的：第 {rows} 行。"))
    shapes[empty] = None
    notes += _rows(
        np.array(shapely.is_missing(shapes)) & ~empty & ~unfit, rows, _("{n} 行没有图形：第 {rows} 行。")
    )
    shapes, collected = _collections(shapes)
    notes += _rows(
        collected,
        rows,
        _("{n} 行是混合的几何集合，原样保留：第 {rows} 行。"),
        _("这一行是混合的几何集合。"),
    )
    notes += _kinds(shapes)
    notes += _invalid(shapes, rows)
    return shapes, notes


def _parsed(wkb: NDArray[np.object_], numbers: NDArray[Any]) -> tuple[NDArray[np.object_], list[Note]]:
    given = np.array([value is not None for value in wkb], dtype=bool)
    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    lost = given & np.array(shapely.is_missing(shapes))
    notes: list[Note] = []
    if lost.any():
        shapes[lost] = shapely.from_wkb(wkb[lost], on_invalid="fix")
        closed = lost & ~np.array(shapely.is_missing(shapes))
        notes += _rows(
            closed,
            numbers,
            _("{n} 行的多边形没有闭合，已补上终点：第 {rows} 行。"),
            _("多边形没有闭合，已补上终点。"),
        )
        notes += _rows(
            lost & ~closed,
            numbers,
            _("{n} 行的图形读不出来，留空：第 {rows} 行。"),
            _("图形读不出来，留空。"),
        )
    return shapes, notes


def _flattened(shapes: NDArray[np.object_]) -> list[Note]:
    raised = np.array(shapely.has_z(shapes) | shapely.has_m(shapes), dtype=bool)
    if not raised.any():
        return []
    shapes[raised] = shapely.force_2d(shapes[raised])
    return [Note(_("{n} 个图形带有高程或量测值（Z、M），只保留平面坐标。"), {"n": int(raised.sum())})]


def _not_finite(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    places, owner = shapely.get_coordinates(shapes, return_index=True)
    unfit = np.zeros(len(shapes), dtype=bool)
    unfit[owner[~np.isfinite(places).all(axis=1)]] = True
    return unfit


def _collections(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Collections of one kind become a multipart of that kind; where the kinds differ the collection stays."""
    left = np.zeros(len(shapes), dtype=bool)
    for at in np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION):
        parts = [part for part in _simple(shapes[at]) if not part.is_empty]
        kinds = {int(shapely.get_type_id(part)) for part in parts}
        if len(kinds) == 1 and (kind := kinds.pop()) in _PLURAL:
            shapes[at] = _PLURAL[kind](parts)
        else:
            left[at] = True
    return shapes, left


def _simple(shape: Any) -> list[Any]:
    """The single parts of a collection, however deep."""
    waiting, parts = [shape], []
    while waiting:
        part = waiting.pop()
        inner = shapely.get_parts(part)
        if (len(inner) == 1 and inner[0] is part) or shapely.get_type_id(part) < 4:
            parts.append(part)
        else:
            waiting.extend(inner)
    return parts[::-1]


def _kinds(shapes: NDArray[np.object_]) -> list[Note]:
    ids = shapely.get_type_id(shapes)
    first = {_NAMES[each]: 0 for each in np.unique(ids[ids >= 0])}
    if len(first) < 2:
        return []
    for each, count in zip(*np.unique(ids[ids >= 0], return_counts=True), strict=True):
        first[_NAMES[each]] += int(count)
    text = "、".join(f"{kind} {count}" for kind, count in sorted(first.items(), key=lambda pair: -pair[1]))
    return [Note(_("图形有几种：{kinds}。"), {"kinds": text})]


def _invalid(shapes: NDArray[np.object_], numbers: NDArray[Any]) -> list[Note]:
    bad = ~np.array(shapely.is_valid(shapes), dtype=bool) & ~np.array(shapely.is_missing(shapes))
    notes = _rows(
        bad, numbers, _("{n} 行的图形不合规（自相交等）：第 {rows} 行；可以先看修复前后的面积再决定。")
    )
    for at in np.flatnonzero(bad)[:_NAMED]:
        reason = str(shapely.is_valid_reason(shapes[at]))
        notes.append(Note(_("图形不合规：{reason}。"), {"reason": reason}, int(numbers[at])))
    return notes


def _rows(bad: NDArray[np.bool_], numbers: NDArray[Any], whole: str, row_message: str = "") -> list[Note]:
    """A note with the count and the first rows, and one for each row where ``each`` says what."""
    from geo.reading.model import joined_names

    if not bad.any():
        return []
    rows = [int(number) for number in numbers[bad]]
    notes = [Note(whole, {"n": len(rows), "rows": joined_names(rows, 20)})]
    return notes + ([Note(row_message, row=row) for row in rows[:_NAMED]] if row_message else [])
