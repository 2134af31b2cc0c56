"""OGC API - Tiles - Part 1: Core (OGC 20-057), Annex A."""

from __future__ import annotations

from typing import Any, Final

import mapbox_vector_tile

from tests.api.conformance.asking import BASE, REL, Api, parameters, rels
from tests.api.conformance.rows import TILED, abstract_test

CORE: Final = "ogcapi-tiles-1/1.0/conf/core"
TILESET: Final = "ogcapi-tiles-1/1.0/conf/tileset"
LIST: Final = "ogcapi-tiles-1/1.0/conf/tilesets-list"
GEODATA: Final = "ogcapi-tiles-1/1.0/conf/geodata-tilesets"
MVT: Final = "ogcapi-tiles-1/1.0/conf/mvt"
KIND: Final = "application/vnd.mapbox-vector-tile"
REGISTERED: Final = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
PATH: Final = "/collections/{}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
WRONG: Final = ("17/0/0", "3/8/0", "3/0/8", "-1/0/0", "99/0/0")


def _word(api: Api, name: str, word: str) -> None:
    told = parameters(api.document(), PATH.format(name))[word]
    assert told["in"] == "path"
    assert told["required"] is True


@abstract_test(
    CORE,
    "conformance-success",
    "GET /conformance",
    "the classes of tiles",
    (CORE, TILESET, LIST, GEODATA, MVT),
)
def conformance_success(api: Api, conformance_class: str) -> None:
    assert f"http://www.opengis.net/spec/{conformance_class}" in api.json("/conformance")["conformsTo"]


@abstract_test(CORE, "tc-op", "GET a tile", "200 at the address of the template", TILED)
def tc_op(api: Api, name: str) -> None:
    api.get(f"/collections/{name}/tiles/WebMercatorQuad/0/0/0", accept=KIND)


@abstract_test(CORE, "tc-tilematrix-definition", "tileMatrix in the definition", "a path parameter", TILED)
def tc_tilematrix(api: Api, name: str) -> None:
    _word(api, name, "tileMatrix")


@abstract_test(CORE, "tc-tilerow-definition", "tileRow in the definition", "a path parameter", TILED)
def tc_tilerow(api: Api, name: str) -> None:
    _word(api, name, "tileRow")


@abstract_test(CORE, "tc-tilecol-definition", "tileCol in the definition", "a path parameter", TILED)
def tc_tilecol(api: Api, name: str) -> None:
    _word(api, name, "tileCol")


@abstract_test(
    CORE, "tc-success", "a tile with data", "200, its media type, features that are in the area", TILED
)
def tc_success(api: Api, name: str) -> None:
    answer = api.get(f"/collections/{name}/tiles/WebMercatorQuad/0/0/0", accept=KIND)
    assert answer.headers["content-type"] == KIND
    assert mapbox_vector_tile.decode(answer.content)[name]["features"]


@abstract_test(
    CORE,
    "tc-error",
    "tiles outside the scheme; an empty one",
    "404; 200 or 204",
    [(n, w) for n in TILED for w in (*WRONG, "3/0/0")],
)
def tc_error(api: Api, case: tuple[str, str]) -> None:
    name, where = case
    answer = api.client.get(f"{BASE}/collections/{name}/tiles/WebMercatorQuad/{where}")
    assert answer.status_code in ({404} if where in WRONG else {200, 204})
    if answer.status_code == 404:
        assert answer.json()


@abstract_test(
    TILESET,
    "description",
    "GET a tile set, with and without /metadata",
    "crs, type, scheme, templated links",
    TILED,
)
def description(api: Api, name: str) -> None:
    base = f"/collections/{name}/tiles/WebMercatorQuad"
    answer = api.get(base, accept="application/json")
    assert answer.headers["content-type"] == "application/json"
    for found in (answer.json(), api.json(base, {"f": "json"}), api.json(f"{base}/metadata")):
        assert found["dataType"] == "vector"
        assert found["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
        assert found["tileMatrixSetURI"] == REGISTERED
        links = rels(found)
        scheme = api.json(links[f"{REL}tiling-scheme"][0]["href"])
        assert scheme["id"] == "WebMercatorQuad"
        assert scheme["tileMatrices"]
        items = links["item"]
        assert all(link["templated"] is True and link["type"] == KIND for link in items)
        address = items[0]["href"]
        for word in ("{tileMatrix}", "{tileRow}", "{tileCol}"):
            assert word in address
            address = address.replace(word, "0")
        assert api.get(address).headers["content-type"] == KIND


@abstract_test(
    LIST, "tileset-links", "GET the list of tile sets", "type, crs, links to the set and its scheme", TILED
)
def tileset_links(api: Api, name: str) -> None:
    listed: Any = api.json(f"/collections/{name}/tiles")["tilesets"]
    assert listed
    for one in listed:
        assert one["dataType"] == "vector"
        assert one["crs"]
        assert one["tileMatrixSetURI"] == REGISTERED
        links = rels(one)
        own = links["self"][0]
        assert own["href"].partition("?")[0].endswith(f"/collections/{name}/tiles/WebMercatorQuad")
        assert api.get(own["href"]).headers["content-type"] == own["type"]
        assert api.json(links[f"{REL}tiling-scheme"][0]["href"])["id"] == "WebMercatorQuad"


@abstract_test(GEODATA, "desc-links", "GET a collection", "a link to its tile sets", TILED)
def desc_links(api: Api, name: str) -> None:
    for link in rels(api.json(f"/collections/{name}"))[f"{REL}tilesets-vector"]:
        assert api.get(link["href"]).headers["content-type"].startswith(link["type"])


@abstract_test(GEODATA, "operation", "GET the tile sets of a collection", "200, JSON", TILED)
def operation(api: Api, name: str) -> None:
    assert (
        api.get(f"/collections/{name}/tiles", accept="application/json").headers["content-type"]
        == "application/json"
    )


@abstract_test(
    MVT, "content", "tiles with data", "one tile: each feature has a geometry and a type, in its grid", TILED
)
def mvt_content(api: Api, name: str) -> None:
    answer = api.get(f"/collections/{name}/tiles/WebMercatorQuad/8/104/213")
    assert answer.headers["content-type"] == KIND
    layers = mapbox_vector_tile.decode(answer.content)
    assert set(layers) == {name}
    assert layers[name]["extent"] == 4096
    for one in layers[name]["features"]:
        assert one["geometry"]["type"] in {
            "Point",
            "MultiPoint",
            "LineString",
            "MultiLineString",
            "Polygon",
            "MultiPolygon",
        }
        assert one["geometry"]["coordinates"]
