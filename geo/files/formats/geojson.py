"""GeoJSON (RFC 7946): one FeatureCollection that says where it comes from.

The RFC knows WGS84 alone. Another system stands in the older ``crs`` member, which GDAL and QGIS read; GCJ-02 has no
code, so it is named there, at the top and in every feature, and a reader that ignores names will take it for WGS84.
"""

from __future__ import annotations

import json
from typing import Any

from geo.files.content import Content
from geo.files.spec import FileFormat
from geo.text import mark as _
from geo.values import json_value


def write(content: Content) -> bytes:
    """UTF-8 without a byte order mark; a work without a place has ``"geometry": null``."""
    frame = content.frame.drop(columns=["wkt", "licence", "as_of"])
    features = [
        {
            "type": "Feature",
            "id": str(work_id),
            "geometry": None if shape is None else shape.__geo_interface__,
            "properties": {name: json_value(value) for name, value in zip(frame.columns, cells, strict=True)},
        }
        for work_id, shape, cells in zip(
            frame.index, content.shapes, frame.itertuples(index=False, name=None), strict=True
        )
    ]
    collection = {"type": "FeatureCollection"} | _head(content) | {"features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


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
        "sources": [
            {name: json_value(value) for name, value in row.items()}
            for row in content.sources.to_dict("records")
        ],
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
