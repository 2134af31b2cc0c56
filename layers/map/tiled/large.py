"""Whether a layer is large, and what the map is then sent instead of its features: the address of its tiles, and its groups."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from geo.errors import DataError
from geo.places.crs import convert_geometry
from geo.text import mark as _
from geo.text import translate
from layers.map.spec import LayerSpec, MapContext, Payload

if TYPE_CHECKING:
    from layers.map.tiled.table import FeatureTable

TILED_FROM: Final = 2_000
"""A layer of more features than this travels as tiles."""
_GAP_DIGITS: Final = 4
"""Binary digits of a cell of totals in its tile: 32 pixels, so that the numbers on two of them do not touch."""


def large_table(spec: LayerSpec, context: MapContext) -> FeatureTable | None:
    """The features of a layer that travels as tiles; None for one that is sent whole, which is one with few features.

    Parameters
    ----------
    spec : LayerSpec
    context : MapContext

    Returns
    -------
    FeatureTable or None

    Raises
    ------
    DataError
        The layer has many features and is drawn in a way that has no tiles.
    """
    payload = None if spec.shapes is not None else spec.payload(context)
    if payload is not None and size_of(payload) <= TILED_FROM:
        return None
    make = _TABLES.get(spec.draw)
    if make is None:
        raise DataError(
            _("图层“{title}”有 {n} 个要素，最多只能画 {most} 个。"),
            hint=_("请在资料包里合并或删去次要的；要更细的底图，用 python -m geo base-map。"),
            title=translate(spec.title, context.lang),
            n=size_of(payload or {}),
            most=TILED_FROM,
        )
    return make(spec, context, payload)


def size_of(payload: Payload) -> int:
    """How many features a layer has that is sent whole."""
    if "features" in payload:
        return len(payload["features"])
    return max(map(len, payload.get("columns", {}).values()), default=0)


def _shapes(spec: LayerSpec, context: MapContext, _payload: Payload | None) -> FeatureTable | None:
    if spec.shapes is None:
        raise NotImplementedError(f"{spec.id}: shapes")
    geometry, properties = spec.shapes(context)
    if len(properties) <= TILED_FROM:
        return None
    from layers.map.tiled.table import table_of_shapes  # compiled code, which no small layer needs

    placed = convert_geometry(geometry.to_numpy(), source="WGS84", target=context.datum)
    return table_of_shapes(placed, properties)


def _points(_spec: LayerSpec, _context: MapContext, payload: Payload | None) -> FeatureTable:
    from layers.map.tiled.table import table_of_columns

    return table_of_columns(payload or {})


def _names(_spec: LayerSpec, _context: MapContext, payload: Payload | None) -> FeatureTable:
    from layers.map.tiled.table import table_of_names

    return table_of_names(payload or {})


def _totals(_spec: LayerSpec, _context: MapContext, payload: Payload | None) -> FeatureTable:
    """Totals are there from the day on which the first number is known; their histories are for the card alone."""
    from layers.map.tiled.table import table_of_columns

    columns: dict[str, Any] = dict((payload or {})["columns"])
    numbers = columns["quantities"]
    largest: dict[str, float] = {}
    for category, quantities in zip(columns["category"], numbers, strict=True):
        largest[category] = max(largest.get(category, 0.0), *(value for _day, value, _done in quantities))
    own = {
        "opened": [int(min(day for day, _value, _done in quantities)) for quantities in numbers],
        "closed": [0] * len(numbers),
        "changes": [json.dumps(history) for history in columns.pop("history")],
        "largest": [largest[category] for category in columns["category"]],
    }
    return table_of_columns({"columns": columns | own}, _GAP_DIGITS)


_TABLES: Final[Mapping[str, Callable[[LayerSpec, MapContext, Payload | None], FeatureTable | None]]] = {
    "symbols": _points,
    "bubbles": _totals,
    "names": _names,
    "outlines": _shapes,
    "lines": _shapes,
}
"""How the features of each way to draw become those of tiles (``LayerSpec.draw``)."""


def description(table: FeatureTable, addresses: Mapping[str, str]) -> Payload:
    """What the map fetches first: how many features of which kind there are, so that a filter is counted without a tile.

    Parameters
    ----------
    table : FeatureTable
    addresses : mapping
        ``url`` of a tile, with ``{z}``, ``{x}`` and ``{y}``; ``place`` of a feature, with ``{id}``. For features that change a tile's
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
        "hasStatuses": table.histories is not None,
    }
    return {"tiles": tiles | dict(addresses)}


def numbers_on(table: FeatureTable, day: int) -> Payload:
    """How many features there are of each group, and of each status where they have one, on a day, and the day that names the tiles for it.

    Parameters
    ----------
    table : FeatureTable
        Whose features change.
    day : int
        Such as 20211231.

    Returns
    -------
    Payload
    """
    return {"day": table.last_change(day), "n": table.on_day(day).groups["n"]}
