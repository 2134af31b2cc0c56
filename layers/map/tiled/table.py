"""The features of a large layer as sorted columns, made once from what a small layer is sent as."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.kernels.tile_cells import Integers, interleaved
from geo.vocabulary import STATUSES
from layers.map.spec import Payload
from layers.map.tiled.grid import FINEST, Tile, degrees_of, world_distance, world_shape, world_steps
from layers.map.tiled.histories import Histories, Terms, histories_of
from layers.map.tiled.lines import reach_in

_UNPLACED: Final = "unplaced"
GROUP_FIELDS: Final = (
    _UNPLACED,
    "districts",
    "category",
    "counted",
    "certainty",
    "counts",
    "opened",
    "closed",
)
"""What filters, days and colours read of a feature (``static/map/rows.js``), beside its history. Features that agree in all of it are
one group. Groups are numbered in this order of fields: those of one cell, which are mostly of one district, have numbers close together."""
_HISTORY: Final = "history"
_TERMS: Final = ("opened", "closed")
MOST_GROUPS: Final = 10_000
"""Groups of features that the map is sent. Of a layer with more, those that open and close, the days name the tiles instead of the groups."""
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
        For each of :data:`GROUP_FIELDS` that the layer has, its value by group; ``n``, the number of features, with those that have no
        place: their groups are ``unplaced``, and no tile has them.
    others : pyarrow.Table
        All else that is known of a feature, for its card.
    shapes : Shapes or None
        None for points.
    elsewhere : ndarray of int32
        Groups of the features without a place.
    histories : Histories or None
        Of all features, those without a place behind the others; None where none has one.
    terms : Terms or None
        Likewise, of features whose days are not in their groups (:data:`MOST_GROUPS`).
    first_zoom : ndarray of float64 or None
        Of names the zoom of the map from which on each stands: none touches another there, so no tile is thinned.
    cell_digits : int
        Binary digits of the place of the finest cell in a tile.
    """

    code: Integers
    x: Integers
    y: Integers
    group: NDArray[np.int32]
    groups: dict[str, list[Any]]
    others: Any
    elsewhere: NDArray[np.int32]
    shapes: Shapes | None = None
    histories: Histories | None = None
    terms: Terms | None = None
    first_zoom: NDArray[np.float64] | None = None
    cell_digits: int = FINEST

    def __len__(self) -> int:
        return len(self.code)

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """South-west and north-east corner of all features: latitude and longitude, degrees; zeros where none has a place."""
        if not len(self):
            return (0.0, 0.0), (0.0, 0.0)
        west, north, east, south = self.x.min(), self.y.min(), self.x.max() + 1, self.y.max() + 1
        if self.shapes is not None:
            west, east = self.shapes.bounds[:, 0].min(), self.shapes.bounds[:, 2].max()
            north, south = -self.shapes.bounds[:, 3].max(), -self.shapes.bounds[:, 1].min()
        return degrees_of(west, south), degrees_of(east, north)

    def rows_in(self, tile: Tile) -> slice:
        """The features that are counted in a tile."""
        first, last = np.searchsorted(self.code, tile.codes)
        return slice(int(first), int(last))

    @property
    def is_of_days(self) -> bool:
        """Whether the tiles of one day are not those of another."""
        return self.histories is not None or self.terms is not None

    def place_of(self, feature_id: str) -> tuple[float, float] | None:
        """Latitude and longitude of a feature, degrees; None where no feature of that id has a place."""
        at = self._position(feature_id)
        return None if at is None else degrees_of(self.x[at] + 0.5, self.y[at] + 0.5)

    def bounds_of(self, feature_id: str) -> list[list[float]] | None:
        """South-west and north-east corner of a line: latitude and longitude, degrees; None for all else."""
        at = self._position(feature_id)
        if at is None or "bounds" not in self.others.column_names:
            return None
        corners: list[list[float]] = json.loads(self.others.column("bounds")[at].as_py())
        return corners

    def _position(self, feature_id: str) -> int | None:
        import pyarrow.compute as pc

        if not len(self) or "id" not in self.others.column_names:
            return None
        at = int(pc.index(self.others.column("id"), feature_id).as_py())
        return None if at < 0 else at

    def last_change(self, day: int) -> int:
        """The last day up to ``day`` on which a feature changed its status, opened or closed; 0 where none did."""
        changes = self.histories or self.terms
        return 0 if changes is None else changes.last_change(day)

    def on_day(self, day: int) -> FeatureTable:
        """The features as they are on a day: a group for each of ``groups`` and each status, so that its number is
        ``group * len(STATUSES) + status`` on all days; of ``groups`` only ``n``. Of features with terms those that stand, in
        the same groups on all days. The same table where no day changes it.
        """
        if self.terms is not None:
            return self._standing(self.terms.standing_on(day))
        if self.histories is None:
            return self
        whole = np.concatenate([self.group, self.elsewhere]).astype("int64")
        group = whole * len(STATUSES) + self.histories.statuses_on(day)
        number = np.bincount(group, minlength=len(self.groups["n"]) * len(STATUSES))
        placed, others = np.split(group.astype("int32"), [len(self)])
        return replace(self, group=placed, elsewhere=others, groups={"n": number.tolist()}, histories=None)

    def _standing(self, stands: NDArray[np.bool_]) -> FeatureTable:
        import pyarrow as pa

        placed, elsewhere = np.split(stands, [len(self)])
        group, others = self.group[placed], self.elsewhere[elsewhere]
        number = np.bincount(np.concatenate([group, others]), minlength=len(self.groups["n"]))
        return replace(
            self,
            code=self.code[placed],
            x=self.x[placed],
            y=self.y[placed],
            group=group,
            elsewhere=others,
            groups={"n": number.tolist()},
            others=self.others.filter(pa.array(placed)),
            shapes=None if self.shapes is None else self.shapes.chosen(placed),
            terms=None,
        )


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes in steps of the world with the north up: all are areas, or all are lines.

    Attributes
    ----------
    geometry : ndarray of Geometry
    bounds : ndarray of float64
        West, south, east, north.
    size : ndarray of float64
        The longer side of the bounds.
    reach : ndarray of float64 or None
        Of lines the error of each place, to which it is drawn on both sides.
    """

    geometry: NDArray[Any]
    bounds: NDArray[np.float64]
    size: NDArray[np.float64]
    reach: NDArray[np.float64] | None = None

    def touching(self, tile: Tile) -> NDArray[np.int64]:
        """Positions of the shapes whose bounds, and what is drawn beside them, reach into a tile."""
        west, south, east, north = tile.box
        of, beside = self.bounds, 0.0 if self.reach is None else reach_in(tile, self.reach)
        return np.flatnonzero(
            (of[:, 0] - beside <= east)
            & (of[:, 2] + beside >= west)
            & (of[:, 1] - beside <= north)
            & (of[:, 3] + beside >= south)
        )

    def chosen(self, which: NDArray[np.bool_]) -> Shapes:
        """Some of them."""
        reach = None if self.reach is None else self.reach[which]
        return Shapes(self.geometry[which], self.bounds[which], self.size[which], reach)


def table_of_columns(payload: Payload, cell_digits: int = FINEST) -> FeatureTable:
    """Points of columns as :mod:`layers.map.payload` makes them; what has no place is counted in its group."""
    columns: dict[str, Any] = payload["columns"]
    lon, lat = (np.asarray(columns[name], "float64") for name in _PLACE_FIELDS)  # None is not a number
    is_placed = ~(np.isnan(lon) | np.isnan(lat))
    fields = {name: values for name, values in columns.items() if name not in _PLACE_FIELDS}
    x, y = world_steps(lon[is_placed], lat[is_placed])
    table = _table(x, y, fields | {_UNPLACED: (~is_placed).astype(int).tolist()})
    return replace(table, cell_digits=cell_digits)


def table_of_names(payload: Payload) -> FeatureTable:
    """Names of columns ``name, kind, zoom, x, y``."""
    table = table_of_columns(payload)
    return replace(table, first_zoom=table.others.column("zoom").to_numpy())


def table_of_shapes(geometry: Any, properties: Sequence[Mapping[str, Any]]) -> FeatureTable:
    """Areas or lines (degrees) with what is known of each, ``accuracy`` of lines in metres; one without a place is left out."""
    drawn = np.asarray(geometry, object)
    placed = np.flatnonzero(~(shapely.is_missing(drawn) | shapely.is_empty(drawn)))
    names = list(properties[0]) if len(properties) else []
    fields = {name: [row[name] for row in properties] for name in names}
    inside = shapely.get_coordinates(shapely.point_on_surface(drawn[placed]))
    x, y = world_steps(inside[:, 0], inside[:, 1])
    known = _taken(fields, placed) | {_UNPLACED: [0] * len(placed)}
    is_line = bool((shapely.get_dimensions(drawn[placed]) == 1).all())
    if is_line:
        west, south, east, north = shapely.bounds(drawn[placed]).reshape(-1, 4).round(6).T
        known["bounds"] = np.stack([south, west, north, east], axis=1).reshape(-1, 2, 2).tolist()
    table = _table(x, y, known, shapely.transform(drawn[placed], world_shape))
    return _with_reach(table) if is_line else table


def _with_reach(table: FeatureTable) -> FeatureTable:
    """Lines with the steps by which each may lie elsewhere, which are longer in the north."""
    names = table.others.column_names
    metres = table.others.column("accuracy").to_numpy() if "accuracy" in names else np.zeros(len(table))
    middle = table.shapes.bounds[:, [1, 3]].mean(axis=1) if table.shapes is not None else np.empty(0)
    reach = world_distance(np.nan_to_num(np.asarray(metres, "float64")), middle)
    return replace(table, shapes=None if table.shapes is None else replace(table.shapes, reach=reach))


def _taken(fields: Mapping[str, Sequence[Any]], places: NDArray[np.int64]) -> dict[str, list[Any]]:
    chosen = places.tolist()
    return {name: [values[at] for at in chosen] for name, values in fields.items()}


def _table(
    x: Integers, y: Integers, fields: Mapping[str, list[Any]], shapes: NDArray[Any] | None = None
) -> FeatureTable:
    """The table of all features; ``x``, ``y`` and ``shapes`` are of those that have a place."""
    import pyarrow as pa

    is_placed = ~np.asarray(fields[_UNPLACED], bool)
    code = interleaved(x, y)
    by_code = np.argsort(code, kind="stable")
    order = np.flatnonzero(is_placed)[by_code]
    elsewhere = np.flatnonzero(~is_placed)
    named = [name for name in GROUP_FIELDS if name in fields]
    group, groups = _grouped({name: fields[name] for name in named}, len(is_placed))
    behind = np.concatenate([order, elsewhere])
    terms = _terms(fields, behind) if len(groups["n"]) > MOST_GROUPS else None
    if terms is not None:
        named = [name for name in named if name not in _TERMS]
        group, groups = _grouped({name: fields[name] for name in named}, len(is_placed))
    others = {name: values for name, values in fields.items() if name not in (*named, _HISTORY)}
    return FeatureTable(
        code=code[by_code],
        x=x[by_code],
        y=y[by_code],
        group=group[order],
        groups=groups,
        others=pa.table({name: _column(values) for name, values in others.items()}).take(pa.array(order)),
        elsewhere=group[elsewhere],
        shapes=None if shapes is None else _shapes(shapes[by_code]),
        histories=_histories(fields, behind),
        terms=terms,
    )


def _histories(fields: Mapping[str, list[Any]], order: NDArray[np.int64]) -> Histories | None:
    if _HISTORY not in fields:
        return None
    lists = fields[_HISTORY]
    return histories_of([lists[at] for at in order.tolist()])


def _terms(fields: Mapping[str, list[Any]], order: NDArray[np.int64]) -> Terms | None:
    if _HISTORY in fields or not all(name in fields for name in _TERMS):
        return None
    return Terms(*(np.asarray(fields[name], "int64")[order] for name in _TERMS))


def _shapes(geometry: NDArray[Any]) -> Shapes:
    bounds = shapely.bounds(geometry).reshape(-1, 4)
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    return Shapes(geometry, bounds, size)


def _column(values: list[Any]) -> Any:
    """Texts and numbers as they are; what vector tiles cannot hold, as JSON."""
    import pyarrow as pa

    plain = all(value is None or isinstance(value, str | int | float) for value in values)
    column = pa.array(values if plain else [json.dumps(value) for value in values])
    is_number = pa.types.is_floating(column.type) or pa.types.is_null(
        column.type
    )  # where none is known, any kind will do
    return column.cast(pa.float64()) if is_number else column


def _grouped(fields: Mapping[str, list[Any]], n: int) -> tuple[NDArray[np.int32], dict[str, list[Any]]]:
    """Group of each feature; the groups' values and numbers."""
    combined = np.zeros(n, "int64")
    for values in fields.values():
        codes, kinds = pd.factorize(np.asarray(values, object), use_na_sentinel=False)
        combined = np.unique(combined * max(len(kinds), 1) + codes, return_inverse=True)[1]
    _kinds, first, group, number = np.unique(
        combined, return_index=True, return_inverse=True, return_counts=True
    )
    groups = {name: [values[at] for at in first.tolist()] for name, values in fields.items()}
    return np.asarray(group, "int32"), groups | {"n": number.tolist()}
