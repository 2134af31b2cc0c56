"""``f=csv``: features as a table, their place as coordinates or well-known text. pygeoapi's own breaks on rows without a place."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pygeoapi.formatter.base import BaseFormatter
from shapely.geometry import shape

from geo.table import neutralise


class CsvTable(BaseFormatter):  # type: ignore[misc]
    """The formatter that pygeoapi loads in place of its own."""

    def __init__(self, formatter_def: dict[str, Any]) -> None:
        super().__init__({"name": "csv", "geom": formatter_def.get("geom", False)})
        self.mimetype = "text/csv; charset=utf-8"

    def write(self, options: dict[str, Any] | None = None, data: dict[str, Any] | None = None) -> bytes:  # noqa: ARG002
        """The features of a FeatureCollection, one a row; without features, nothing but the words id and geometry."""
        features = (data or {}).get("features", [])
        frame = pd.DataFrame(
            [{"id": one["id"], **one["properties"], "geometry": _text(one["geometry"])} for one in features],
            columns=None if features else ["id", "geometry"],
            dtype=object,
        )
        return neutralise(frame).to_csv(index=False, lineterminator="\r\n").encode()


def _text(geometry: dict[str, Any] | None) -> str | None:
    return shape(geometry).wkt if geometry else None
