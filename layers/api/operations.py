"""What the API answers besides the analyses: one row an address. Another address is another row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
MVT: Final = "application/vnd.mapbox-vector-tile"
_HTML: Final = {"html": "text/html"}
_LINKED: Final = {"jsonld": "application/ld+json"}
_PAGE: Final = {"json": JSON} | _HTML
ITEM_PARAMETERS: Final = (
    "limit",
    "offset",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "properties",
    "skipGeometry",
    "sortby",
    "q",
    "resulttype",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One address below ``/api``.

    Attributes
    ----------
    path : str
        With ``{name}`` for what varies, as routes have it.
    module, name : str
        The function of pygeoapi that answers.
    formats : mapping
        Media type by word of ``f``; the first is given where nothing is asked for.
    parameters : tuple of str
        Words that it knows besides ``f`` and ``lang``.
    fields : bool
        Whether the columns of its collection are parameters too.
    by_plan : bool
        Whether it knows ``plan``, where its collection does; where columns are parameters, ``plan`` is one of them.
    """

    path: str
    module: str
    name: str
    formats: Mapping[str, str]
    parameters: tuple[str, ...] = ()
    fields: bool = False
    by_plan: bool = False


_ONE: Final = "/collections/{collection}"
_SET: Final = f"{_ONE}/tiles/{{scheme}}"
_TILES: Final = "pygeoapi.api.tiles"
_ITEMS: Final = "pygeoapi.api.itemtypes"
OPERATIONS: Final = (
    Operation("", "pygeoapi.api", "landing_page", _PAGE | _LINKED),
    Operation("/openapi", "pygeoapi.api", "openapi_", {"json": OPENAPI} | _HTML),
    Operation("/conformance", "pygeoapi.api", "conformance", _PAGE),
    Operation("/collections", "pygeoapi.api", "describe_collections", _PAGE | _LINKED),
    Operation(_ONE, "pygeoapi.api", "describe_collections", _PAGE | _LINKED),
    Operation(f"{_ONE}/schema", "pygeoapi.api", "get_collection_schema", {"json": SCHEMA} | _HTML),
    Operation(f"{_ONE}/queryables", _ITEMS, "get_collection_queryables", {"json": SCHEMA} | _HTML),
    Operation(
        f"{_ONE}/items",
        _ITEMS,
        "get_collection_items",
        {"json": GEOJSON} | _HTML | _LINKED | {"csv": "text/csv"},
        ITEM_PARAMETERS,
        fields=True,
    ),
    Operation(
        f"{_ONE}/items/{{item}}",
        _ITEMS,
        "get_collection_item",
        {"json": GEOJSON} | _HTML | _LINKED,
        ("crs",),
        by_plan=True,
    ),
    Operation(f"{_ONE}/tiles", _TILES, "get_collection_tiles", _PAGE),
    Operation(_SET, _TILES, "get_collection_tiles_metadata", _PAGE | {"tilejson": JSON}),
    Operation(f"{_SET}/metadata", _TILES, "get_collection_tiles_metadata", _PAGE | {"tilejson": JSON}),
    Operation(
        f"{_SET}/{{z:int}}/{{y:int}}/{{x:int}}",
        _TILES,
        "get_collection_tiles_data",
        {"mvt": MVT},
        by_plan=True,
    ),
    Operation("/tileMatrixSets", _TILES, "tilematrixsets", {"json": JSON}),
    Operation("/tileMatrixSets/{scheme}", _TILES, "tilematrixset", {"json": JSON}),
    # as the addresses were written before
    Operation("/TileMatrixSets", _TILES, "tilematrixsets", {"json": JSON}),
    Operation("/TileMatrixSets/{scheme}", _TILES, "tilematrixset", {"json": JSON}),
)
