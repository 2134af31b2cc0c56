"""Coordinates of a GeoJSON document in another system: all else stays, and what depends on coordinates is made anew.

Heights and measures beyond the second number, identifiers, properties and members that no standard names come out as they
went in. A ``bbox`` is computed again, and a ``crs`` member names the new system or, where GeoJSON has no name for it, goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import numpy as np

from geo.errors import AtlasError, DataError
from geo.places.crs import convert, system_name
from geo.places.projections import split_system
from geo.text import mark as _

_DEPTH: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_EPSG: Final = re.compile(r"EPSG:(\d+)")


def converted_geojson(document: Any, *, source: str, target: str) -> tuple[Any, list[tuple[int, AtlasError]]]:
    """A GeoJSON document in another system.

    Parameters
    ----------
    document : dict
        A feature collection, a feature or a geometry, as JSON has it; it is not changed.
    source, target : str
        As :func:`geo.places.crs.convert` reads them.

    Returns
    -------
    (dict, list of (int, AtlasError))
        The new document, and for each feature (from 1) that stays as it was the reason.

    Raises
    ------
    ValueError
        Not GeoJSON.
    """
    if not isinstance(document, dict):
        raise ValueError(type(document).__name__)
    done: dict[str, Any] = deepcopy(document)
    faults = []
    for number, member in enumerate(_geometries(done), start=1):
        before = deepcopy(member.geometry)
        try:
            _move(member.geometry, source, target)
        except AtlasError as error:
            member.restore(before)
            faults.append((number, error))
    _name_system(done, target)
    _boxes(done)
    return done, faults


class _Member:
    """A geometry and where it stands."""

    def __init__(self, holder: dict[str, Any], name: str) -> None:
        self.holder, self.name = holder, name

    @property
    def geometry(self) -> dict[str, Any]:
        geometry: dict[str, Any] = self.holder[self.name] if self.name else self.holder
        return geometry

    def restore(self, before: dict[str, Any]) -> None:
        """Put a geometry back as it was."""
        self.geometry.clear()
        self.geometry.update(before)


def _geometries(document: dict[str, Any]) -> Iterator[_Member]:
    kind = document.get("type")
    if kind == "FeatureCollection":
        for feature in document["features"]:
            yield _Member(feature, "geometry") if feature.get("geometry") else _Member({}, "")
    elif kind == "Feature":
        yield _Member(document, "geometry") if document.get("geometry") else _Member({}, "")
    elif kind in _DEPTH or kind == "GeometryCollection":
        yield _Member(document, "")
    else:
        raise ValueError(str(kind))


def _move(geometry: dict[str, Any], source: str, target: str) -> None:
    """Convert the positions of a geometry in place; heights and measures stay."""
    if not geometry:
        return
    if geometry.get("type") == "GeometryCollection":
        for part in geometry["geometries"]:
            _move(part, source, target)
        return
    positions = list(_positions(geometry["coordinates"], _DEPTH[geometry["type"]]))
    if not positions:
        return
    try:
        places = np.array([[float(position[0]), float(position[1])] for position in positions])
    except (TypeError, ValueError, IndexError) as error:
        raise DataError(_("坐标不是数。"), hint=_("请核对文件。")) from error
    x, y = convert(places[:, 0], places[:, 1], source=source, target=target)
    digits = 3 if split_system(system_name(target))[0] else 9
    for position, first, second in zip(positions, x, y, strict=True):
        position[:2] = [round(float(first), digits), round(float(second), digits)]


def _positions(coordinates: Any, depth: int) -> Iterator[list[Any]]:
    if depth == 0:
        if coordinates:
            yield coordinates
        return
    for part in coordinates:
        yield from _positions(part, depth - 1)


def _name_system(document: dict[str, Any], target: str) -> None:
    """A ``crs`` member that names the target; none for WGS84, which GeoJSON means, and for systems without a code."""
    code = _EPSG.fullmatch(system_name(target))
    document.pop("crs", None)
    if code:
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code[1]}"}}


def _boxes(member: dict[str, Any]) -> None:
    """Every ``bbox`` computed again from the positions below it; heights in it stay."""
    for feature in member.get("features", ()):
        _boxes(feature)
    for part in (member.get("geometry"), *member.get("geometries", ())):
        if isinstance(part, dict):
            _boxes(part)
    if "bbox" not in member:
        return
    places = np.array([position[:2] for position in _all_positions(member)], "float64")
    if not len(places):
        return
    low, high = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    old = member["bbox"]
    member["bbox"] = [*low, old[2], *high, old[5]] if len(old) == 6 else [*low, *high]


def _all_positions(member: dict[str, Any]) -> Iterator[list[Any]]:
    for feature in member.get("features", ()):
        yield from _all_positions(feature)
    for part in (member.get("geometry"), *member.get("geometries", ())):
        if isinstance(part, dict):
            yield from _all_positions(part)
    if member.get("type") in _DEPTH:
        yield from _positions(member["coordinates"], _DEPTH[member["type"]])
