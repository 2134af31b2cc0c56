"""GeoJSON (RFC 7946): one FeatureCollection that says where it comes from.

The RFC knows WGS84 alone. Another system stands in the older ``crs`` member, which GDAL and QGIS read; GCJ-02 has no
code, so it is named there, at the top and in every feature, and a reader that ignores names will take it for WGS84.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely

from geo.columns import Array, dictionaries, json_cells, objects
from geo.files.content import Content
from geo.files.spec import FileFormat
from geo.table import records
from geo.text import mark as _


def write(content: Content) -> bytes:
    """UTF-8 without a byte order mark; a work without a place has ``"geometry": null``."""
    frame = content.frame.drop(columns=["wkt", "licence", "as_of"])
    properties = dictionaries({str(name): json_cells(frame[name]) for name in frame.columns})
    features = dictionaries(
        {
            "type": ["Feature"] * len(frame),
            "id": list(map(str, frame.index)),
            "geometry": _geometries(content.shapes),
            "properties": properties,
        }
    )
    collection = {"type": "FeatureCollection"} | _head(content) | {"features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _geometries(shapes: Array) -> list[dict[str, Any] | None]:
    """GeoJSON geometries; None for no shape."""
    out = np.full(len(shapes), None, object)
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    is_point &= ~shapely.is_empty(shapes) & ~shapely.has_z(shapes)
    pairs = shapely.get_coordinates(shapes[is_point])
    points: dict[str, list[Any]] = {
        "type": ["Point"] * len(pairs),
        "coordinates": list(zip(*pairs.T.tolist(), strict=True)),
    }
    out[is_point] = objects(dictionaries(points))
    others = ~is_point & ~shapely.is_missing(shapes)
    out[others] = objects([shape.__geo_interface__ for shape in shapes[others]])
    return list(out)


def _head(content: Content) -> dict[str, Any]:
    system = content.system
    head: dict[str, Any] = {"as_of": content.as_of.isoformat()}
    if system.epsg != 4326:
        name = f"urn:ogc:def:crs:EPSG::{system.epsg}" if system.epsg else system.name
        head["crs"] = {"type": "name", "properties": {"name": name}}
    return head | {
        "coordinate_system": system.title,
        "coordinate_system_note": system.remark(content.lang),
        "about": dict(content.facts),
        "sources": records(content.sources),
    }


FORMAT = FileFormat(
    id="geojson",
    title="GeoJSON",
    use=_("网页地图与程序"),
    ending=".geojson",
    mime="application/geo+json",
    write=write,
    order=40,
)
