"""The features of a large layer as sorted columns, made once from what a small layer is sent as."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.kernels.tile_cells import Integers, interleaved
from layers.map.spec import Payload
from layers.map.tiled.grid import Tile, degrees_of, world_shape, world_steps

GROUP_FIELDS: Final = (
    "category",
    "districts",
    "certainty",
    "counted",
    "counts",
    "opened",
    "closed",
    "history",
)
"""What filters, days and colours read of a feature (``static/map/rows.js``). Features that agree in all of it are one group."""
_PLACE_FIELDS: Final = ("x", "y")


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Features in the order of their codes (:mod:`geo.kernels.tile_cells`).

    Attributes
    ----------
    code, x, y : ndarray of int64
        Where each is counted: the place of a point, a place inside a shape.
    group : ndarray of int32
        Position of its group.
    groups : dict
        For each of :data:`GROUP_FIELDS` that the layer has, its value by group; ``n``, the number of features.
    others : pyarrow.Table
        All else that is known of a feature, for its card.
    shapes : Shapes or None
        None for points.
    """

    code: Integers
    x: Integers
    y: Integers
    group: NDArray[np.int32]
    groups: dict[str, list[Any]]
    others: Any
    shapes: Shapes | None = None

    def __len__(self) -> int:
        return len(self.code)

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """South-west and north-east corner of all features: latitude and longitude, degrees."""
        west, north, east, south = self.x.min(), self.y.min(), self.x.max() + 1, self.y.max() + 1
        if self.shapes is not None:
            west, east = self.shapes.bounds[:, 0].min(), self.shapes.bounds[:, 2].max()
            north, south = -self.shapes.bounds[:, 3].max(), -self.shapes.bounds[:, 1].min()
        return degrees_of(west, south), degrees_of(east, north)

    def rows_in(self, tile: Tile) -> slice:
        """The features that are counted in a tile."""
        first, last = np.searchsorted(self.code, tile.codes)
        return slice(int(first), int(last))


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes in steps of the world with the north up.

    Attributes
    ----------
    geometry : ndarray of Geometry
    bounds : ndarray of float64
        West, south, east, north.
    size : ndarray of float64
        The longer side of the bounds.
    """

    geometry: NDArray[Any]
    bounds: NDArray[np.float64]
    size: NDArray[np.float64]

    def touching(self, tile: Tile) -> NDArray[np.int64]:
        """Positions of the shapes whose bounds reach into a tile."""
        west, south, east, north = tile.box
        of = self.bounds
        return np.flatnonzero(
            (of[:, 0] <= east) & (of[:, 2] >= west) & (of[:, 1] <= north) & (of[:, 3] >= south)
        )


def table_of_columns(payload: Payload) -> FeatureTable:
    """Points that have a place, of columns as :mod:`layers.map.payload` makes them."""
    columns: dict[str, Any] = payload["columns"]
    lon, lat = (np.asarray(columns[name], "float64") for name in _PLACE_FIELDS)  # None is not a number
    placed = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat))
    fields = {name: values for name, values in columns.items() if name not in _PLACE_FIELDS}
    x, y = world_steps(lon[placed], lat[placed])
    return _table(x, y, _taken(fields, placed))


def table_of_shapes(geometry: Any, properties: Sequence[Mapping[str, Any]]) -> FeatureTable:
    """Shapes (degrees) with what is known of each; one without a place is left out."""
    drawn = np.asarray(geometry, object)
    placed = np.flatnonzero(~(shapely.is_missing(drawn) | shapely.is_empty(drawn)))
    names = list(properties[0]) if len(properties) else []
    fields = {name: [row[name] for row in properties] for name in names}
    inside = shapely.get_coordinates(shapely.point_on_surface(drawn[placed]))
    x, y = world_steps(inside[:, 0], inside[:, 1])
    return _table(x, y, _taken(fields, placed), shapely.transform(drawn[placed], world_shape))


def _taken(fields: Mapping[str, Sequence[Any]], places: NDArray[np.int64]) -> dict[str, list[Any]]:
    chosen = places.tolist()
    return {name: [values[at] for at in chosen] for name, values in fields.items()}


def _table(
    x: Integers, y: Integers, fields: Mapping[str, list[Any]], shapes: NDArray[Any] | None = None
) -> FeatureTable:
    import pyarrow as pa

    code = interleaved(x, y)
    order = np.argsort(code, kind="stable")
    group, groups = _grouped({name: fields[name] for name in GROUP_FIELDS if name in fields}, len(code))
    others = pa.table({name: _column(values) for name, values in fields.items() if name not in GROUP_FIELDS})
    return FeatureTable(
        code=code[order],
        x=x[order],
        y=y[order],
        group=group[order],
        groups=groups,
        others=others.take(pa.array(order)),
        shapes=None if shapes is None else _shapes(shapes[order]),
    )


def _shapes(geometry: NDArray[Any]) -> Shapes:
    bounds = shapely.bounds(geometry).reshape(-1, 4)
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    return Shapes(geometry, bounds, size)


def _column(values: list[Any]) -> Any:
    """Texts and numbers as they are; what vector tiles cannot hold, as JSON."""
    import pyarrow as pa

    plain = all(value is None or isinstance(value, str | int | float) for value in values)
    column = pa.array(values if plain else [json.dumps(value) for value in values])
    return column.cast(pa.float64()) if pa.types.is_floating(column.type) else column


def _grouped(fields: Mapping[str, list[Any]], n: int) -> tuple[NDArray[np.int32], dict[str, list[Any]]]:
    """Group of each feature; the groups' values and numbers."""
    combined = np.zeros(n, "int64")
    for values in fields.values():
        texts = [json.dumps(value) for value in values] if values and isinstance(values[0], list) else values
        codes, kinds = pd.factorize(np.asarray(texts, object), use_na_sentinel=False)
        combined = np.unique(combined * max(len(kinds), 1) + codes, return_inverse=True)[1]
    _kinds, first, group, number = np.unique(
        combined, return_index=True, return_inverse=True, return_counts=True
    )
    groups = {name: [values[at] for at in first.tolist()] for name, values in fields.items()}
    return np.asarray(group, "int32"), groups | {"n": number.tolist()}
