"""Whether a layer is large, and what the map is then told instead of its features: the address of its tiles, and its groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from geo.places.crs import convert_geometry
from layers.map.spec import LayerSpec, MapContext, Outlined, Payload

if TYPE_CHECKING:
    from layers.map.tiled.table import FeatureTable

TILED_FROM: Final = 2_000
"""A layer of more features than this travels as tiles."""
MOST_GROUPS: Final = 10_000
"""Groups of features that the map is told of; a layer with more travels as rows, as a small one does."""
_DRAWINGS: Final = ("symbols", "outlines")


def large_table(spec: LayerSpec, context: MapContext) -> FeatureTable | None:
    """The features of a layer that travels as tiles; None for one that is sent whole.

    That is a layer with few features, or more groups than :data:`MOST_GROUPS`; one that is drawn from end to end (lines, names,
    districts); one of numbers, which stand beside each other in their district.
    """
    if spec.draw not in _DRAWINGS:
        return None
    table = _points(spec, context) if spec.shapes is None else _outlines(spec.shapes(context), context.datum)
    return table if table is not None and len(table.groups["n"]) <= MOST_GROUPS else None


def _outlines(outlined: Outlined, datum: str) -> FeatureTable | None:
    geometry, properties = outlined
    if len(properties) <= TILED_FROM:
        return None
    from layers.map.tiled.table import table_of_shapes  # compiled code, which no small layer needs

    return table_of_shapes(convert_geometry(geometry.to_numpy(), source="WGS84", target=datum), properties)


def _points(spec: LayerSpec, context: MapContext) -> FeatureTable | None:
    payload = spec.payload(context)
    if len(payload["columns"]["id"]) <= TILED_FROM:
        return None
    from layers.map.tiled.table import table_of_columns

    return table_of_columns(payload)


def description(table: FeatureTable, addresses: Mapping[str, str]) -> Payload:
    """What the map fetches first: how many features of which kind there are, so that a filter is counted without a tile.

    Parameters
    ----------
    table : FeatureTable
    addresses : mapping
        ``url`` of a tile, with ``{z}``, ``{x}`` and ``{y}``; ``place`` of a feature, with ``{id}``. For features with histories a tile's
        has ``{day}``, too, and ``numbers`` is the address of :func:`numbers_on` a ``{day}``.

    Returns
    -------
    Payload
    """
    from layers.map.tiled.grid import LAST_ZOOM, SHOWN_PIXELS

    tiles: dict[str, Any] = {
        "lastZoom": LAST_ZOOM,
        "size": SHOWN_PIXELS,
        "bounds": [list(corner) for corner in table.bounds()],
        "groups": table.groups | {"id": list(range(len(table.groups["n"])))},
    }
    return {"tiles": tiles | dict(addresses)}


def numbers_on(table: FeatureTable, day: int) -> Payload:
    """How many features there are of each group and status on a day, and the day that names the tiles for it.

    Parameters
    ----------
    table : FeatureTable
        With histories.
    day : int
        Such as 20211231.

    Returns
    -------
    Payload
    """
    return {"day": table.last_change(day), "n": table.on_day(day).groups["n"]}
