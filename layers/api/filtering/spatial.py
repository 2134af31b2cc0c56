"""Shapes of a filter, in the system that it names, and their relations to the rows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import shape as shape_of

from geo.text import mark as _
from layers.api.filtering.values import Value, cannot, kind_name, truth
from layers.api.places import area, in_degrees, is_lat_first, system_of

RELATIONS: Final[dict[str, Any]] = {
    "s_contains": shapely.contains,
    "s_crosses": shapely.crosses,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_intersects": shapely.intersects,
    "s_overlaps": shapely.overlaps,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
}


def related(name: str, one: Value, other: Value) -> Value:
    """A relation of two shapes on every row; unknown where there is no place.

    Parameters
    ----------
    name : str
        A key of :data:`RELATIONS`.
    one : Value
    other : Value

    Returns
    -------
    Value

    Raises
    ------
    ParameterError
        One of both is no shape.
    """
    if (one.kind, other.kind) != ("shape", "shape"):
        raise cannot(
            _("{name} 比较图形，不是{one}和{other}。"), name=name, one=kind_name(one), other=kind_name(other)
        )
    known = ~(shapely.is_missing(one.cells) | shapely.is_missing(other.cells))
    return truth(RELATIONS[name](one.cells, other.cells), known)


def box(numbers: list[Any], rows: int, crs: str) -> Value:
    """``BBOX(...)`` of four or six numbers, which may go over the 180th meridian.

    Parameters
    ----------
    numbers : list
        In the order of the system's axes.
    rows : int
    crs : str
        Address of the system.

    Returns
    -------
    Value

    Raises
    ------
    ParameterError
        It is no box, or outside the system.
    """
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise cannot(_("边框要四个或六个数。"))
    return _everywhere(area(in_degrees([float(number) for number in numbers], crs)), rows)


def literal(node: dict[str, Any], rows: int, crs: str) -> Value:
    """A shape as GeoJSON has it, the same on every row.

    Parameters
    ----------
    node : dict
    rows : int
    crs : str
        Address of the system of its coordinates.

    Returns
    -------
    Value

    Raises
    ------
    ParameterError
        It is no valid shape, or outside the globe.
    """
    try:
        found = shapely.force_2d(shape_of(node))
        valid = not found.is_empty and found.is_valid
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        shapely.errors.ShapelyError,
    ) as error:
        raise cannot(_("有一个图形不成图形。")) from error
    if not valid:
        raise cannot(_("有一个图形无效。"))
    moved = shapely.transform(found, lambda xy: _in_degrees(xy, crs))
    west, south, east, north = moved.bounds
    if not (
        np.isfinite(moved.bounds).all() and west >= -180 and east <= 180 and south >= -90 and north <= 90
    ):
        raise cannot(_("有坐标超出坐标系的范围。"))
    return _everywhere(moved, rows)


def _in_degrees(xy: Any, crs: str) -> Any:
    ordered = xy[:, ::-1] if is_lat_first(crs) else xy
    there = _transformer(crs)
    return np.column_stack(there.transform(ordered[:, 0], ordered[:, 1]))


@lru_cache(maxsize=8)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(system_of(crs), system_of(""), always_xy=True)


def _everywhere(found: Any, rows: int) -> Value:
    shapely.prepare(found)
    cells = np.empty(rows, dtype=object)
    cells[:] = found
    return Value("shape", cells, constant=found)
