"""Parts of the OpenAPI document that pygeoapi names by addresses on the internet, written out: nothing is fetched.

Wording and structure follow OGC API - Features Part 1 and OGC API - Tiles Part 1.
"""

from __future__ import annotations

from typing import Any, Final

_LINKS: Final = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


def _response(description: str, schema: str, *kinds: str) -> dict[str, Any]:
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}} for kind in kinds}
    return {"description": description, "content": content | {"text/html": {"schema": {"type": "string"}}}}


def _path_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "description": description,
        "schema": schema,
    }


RESPONSES: Final[dict[str, Any]] = {
    "InvalidParameter": _response("A query parameter has an invalid value.", "exception", "application/json"),
    "NotFound": _response("The resource does not exist.", "exception", "application/json"),
    "ServerError": _response("A server error occurred.", "exception", "application/json"),
    "LandingPage": _response("The landing page.", "page", "application/json"),
    "Collection": _response("About a collection.", "page", "application/json"),
    "Features": _response("Features of a collection.", "features", "application/geo+json"),
    "Feature": _response("One feature.", "feature", "application/geo+json"),
}
PARAMETERS: Final[dict[str, Any]] = {
    "featureId": _path_parameter("featureId", {"type": "string"}),
    "tileMatrixSetId": _path_parameter("tileMatrixSetId", {"type": "string", "enum": ["WebMercatorQuad"]}),
    "tileMatrix": _path_parameter("tileMatrix", {"type": "integer", "minimum": 0, "maximum": 16}),
    "tileRow": _path_parameter("tileRow", {"type": "integer", "minimum": 0}),
    "tileCol": _path_parameter("tileCol", {"type": "integer", "minimum": 0}),
    "datetime": _query_parameter(
        "datetime",
        "a day, month, year or a span of two: 2021-01-01/2021-12-31, .. for an open end",
        {"type": "string"},
    ),
    "sortby": _query_parameter(
        "sortby", "properties to sort by, - before one for descending", {"type": "string"}
    ),
}
SCHEMAS: Final[dict[str, Any]] = {
    "exception": {
        "type": "object",
        "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
    },
    "link": {
        "type": "object",
        "required": ["href"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    },
    "tiles": {
        "type": "object",
        "required": ["tilesets", "links"],
        "properties": {
            "tilesets": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["dataType", "crs", "links"],
                    "properties": {
                        "title": {"type": "string"},
                        "dataType": {"type": "string", "enum": ["vector"]},
                        "crs": {"type": "string"},
                        "tileMatrixSetURI": {"type": "string"},
                        "links": _LINKS,
                    },
                },
            },
            "links": _LINKS,
        },
    },
    "page": {"type": "object", "properties": {"title": {"type": "string"}, "links": _LINKS}},
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
        },
    },
    "features": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "numberMatched": {"type": "integer"},
            "numberReturned": {"type": "integer"},
            "links": _LINKS,
        },
    },
}


def localise(part: Any) -> Any:
    """``part`` of a document with every reference to another host turned into one to the parts above."""
    if isinstance(part, list):
        return [localise(one) for one in part]
    if not isinstance(part, dict):
        return part
    where = part.get("$ref", "")
    if isinstance(where, str) and where.startswith("http"):
        name = where.rpartition("/")[2].removesuffix(".yaml")
        kind = next(
            kind
            for kind, known in (("responses", RESPONSES), ("parameters", PARAMETERS), ("schemas", SCHEMAS))
            if name in known
        )
        return {"$ref": f"#/components/{kind}/{name}"}
    return {name: localise(value) for name, value in part.items()}
