"""OGC API - Features - Part 1: Core (OGC 17-069r4), Annex A: landing page, definition, conformance, collections."""

from __future__ import annotations

from typing import Final

from pygeoapi.openapi import validate_openapi_document

from tests.api.conformance.asking import BASE, CRS84, GEOJSON, Api, positions, rels
from tests.api.conformance.rows import NAMES, abstract_test

CORE: Final = "ogcapi-features-1/1.0/conf/core"
GEOJSON_CLASS: Final = "ogcapi-features-1/1.0/conf/geojson"
HTML: Final = "ogcapi-features-1/1.0/conf/html"
PAGES: Final = (
    "",
    "/conformance",
    "/openapi",
    "/collections",
    *(f"/collections/{name}{part}" for name in NAMES for part in ("", "/items", "/queryables", "/schema")),
)


@abstract_test(CORE, "http", "every page", "HTTP 1.1", PAGES)
def speaks_http(api: Api, path: str) -> None:
    assert api.get(path).http_version == "HTTP/1.1"


@abstract_test(CORE, "root-op", "GET / with and without a slash", "200", ("", "/"))
def root_op(api: Api, path: str) -> None:
    assert api.get(path).headers["content-type"] == "application/json"


@abstract_test(CORE, "root-success", "GET /", "links to definition, conformance and collections")
def root_success(api: Api, _case: str) -> None:
    found = rels(api.json(""))
    assert found["service-desc"]
    assert found["service-doc"]
    assert [link["href"] for link in found["conformance"]] == [f"{BASE}/conformance"]
    assert [link["href"] for link in found["data"]] == [f"{BASE}/collections"]


@abstract_test(
    CORE,
    "api-definition-op",
    "every link to the definition",
    "200, of the type it says",
    ("service-desc", "service-doc"),
)
def api_definition_op(api: Api, relation: str) -> None:
    for link in rels(api.json(""))[relation]:
        answer = api.get(link["href"], accept=link["type"])
        assert answer.headers["content-type"].replace(" ", "").startswith(link["type"])


@abstract_test(CORE, "api-definition-success", "GET the definition", "valid OpenAPI 3.0")
def api_definition_success(api: Api, _case: str) -> None:
    assert validate_openapi_document(api.document())


@abstract_test(CORE, "conformance-op", "GET /conformance", "200")
def conformance_op(api: Api, _case: str) -> None:
    api.get("/conformance", accept="application/json")


@abstract_test(
    CORE, "conformance-success", "GET /conformance", "an array of addresses, none twice, with core"
)
def conformance_success(api: Api, _case: str) -> None:
    classes = api.json("/conformance")["conformsTo"]
    assert len(set(classes)) == len(classes)
    assert all(one.startswith("http://www.opengis.net/spec/") for one in classes)
    assert f"http://www.opengis.net/spec/{CORE}" in classes


@abstract_test(
    CORE, "crs84", "items without crs", "degrees inside the extent, and the header says CRS84", NAMES
)
def crs84(api: Api, name: str) -> None:
    answer = api.get(f"/collections/{name}/items?limit=1000", accept=GEOJSON)
    assert answer.headers["content-crs"] == f"<{CRS84}>"
    west, south, east, north = api.json(f"/collections/{name}")["extent"]["spatial"]["bbox"][0]
    for one in answer.json()["features"]:
        for x, y in positions(one["geometry"]):
            assert west - 1 <= x <= east + 1
            assert south - 1 <= y <= north + 1


@abstract_test(CORE, "fc-md-op", "GET /collections", "200")
def fc_md_op(api: Api, _case: str) -> None:
    api.get("/collections", accept="application/json")


@abstract_test(CORE, "fc-md-success", "GET /collections", "links and collections")
def fc_md_success(api: Api, _case: str) -> None:
    found = api.json("/collections")
    assert isinstance(found["collections"], list)
    assert isinstance(found["links"], list)


@abstract_test(CORE, "fc-md-links", "links of /collections", "self, and an alternate for every other type")
def fc_md_links(api: Api, _case: str) -> None:
    found = rels(api.json("/collections"))
    assert [link["type"] for link in found["self"]] == ["application/json"]
    assert "text/html" in {link["type"] for link in found["alternate"]}


@abstract_test(CORE, "fc-md-items", "GET /collections", "each collection once, as it is by itself", NAMES)
def fc_md_items(api: Api, name: str) -> None:
    listed = [one for one in api.json("/collections")["collections"] if one["id"] == name]
    alone = api.json(f"/collections/{name}")
    assert len(listed) == 1
    for member in ("title", "description", "extent", "crs", "storageCrs", "itemType"):
        assert listed[0][member] == alone[member]


@abstract_test(
    CORE, "fc-md-items-links", "each of /collections", "an items link for every type, rel and type", NAMES
)
def fc_md_items_links(api: Api, name: str) -> None:
    listed = next(one for one in api.json("/collections")["collections"] if one["id"] == name)
    assert {GEOJSON, "text/html"} <= {link["type"] for link in rels(listed)["items"]}


@abstract_test(CORE, "fc-md-extent", "each of /collections", "every feature lies inside the extent", NAMES)
def fc_md_extent(api: Api, name: str) -> None:
    extent = api.json(f"/collections/{name}")["extent"]
    west, south, east, north = extent["spatial"]["bbox"][0]
    for one in api.items(name)["features"]:
        for x, y in positions(one["geometry"]):
            assert west <= x <= east, one["id"]
            assert south <= y <= north, one["id"]
    begin, end = extent["temporal"]["interval"][0]
    assert begin is None or end is None or begin <= end


@abstract_test(CORE, "sfc-md-op", "GET /collections/{id}", "200", NAMES)
def sfc_md_op(api: Api, name: str) -> None:
    api.get(f"/collections/{name}", accept="application/json")


@abstract_test(
    CORE, "sfc-md-success", "GET /collections/{id}", "id, title, links, extent as in the list", NAMES
)
def sfc_md_success(api: Api, name: str) -> None:
    found = api.json(f"/collections/{name}")
    assert found["id"] == name
    assert found["title"]
    assert {"self", "alternate", "items"} <= set(rels(found))


@abstract_test(GEOJSON_CLASS, "definition", "items and item as GeoJSON", "200 and its media type", NAMES)
def geojson_definition(api: Api, name: str) -> None:
    items = api.get(f"/collections/{name}/items?limit=1", accept=GEOJSON)
    assert items.headers["content-type"] == GEOJSON
    one = items.json()["features"][0]["id"]
    assert api.get(f"/collections/{name}/items/{one}", accept=GEOJSON).headers["content-type"] == GEOJSON


@abstract_test(GEOJSON_CLASS, "content", "items and item as GeoJSON", "valid GeoJSON with links", NAMES)
def geojson_content(api: Api, name: str) -> None:
    found = api.items(name, {"limit": "20"})
    assert found["type"] == "FeatureCollection"
    kinds = {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "MultiPoint"}
    for one in found["features"]:
        assert one["type"] == "Feature"
        assert isinstance(one["properties"], dict)
        assert one["geometry"] is None or one["geometry"]["type"] in kinds
    alone = api.json(f"/collections/{name}/items/{found['features'][0]['id']}")
    assert alone["type"] == "Feature"
    assert rels(alone)


@abstract_test(HTML, "definition", "every page as HTML", "200 and text/html", PAGES)
def html_definition(api: Api, path: str) -> None:
    for answer in (api.get(path, accept="text/html"), api.get(f"{path}?f=html")):
        assert answer.headers["content-type"].startswith("text/html")


@abstract_test(
    HTML, "content", "every page as HTML", "an HTML5 document with title, language and links", PAGES
)
def html_content(api: Api, path: str) -> None:
    page = api.get(path, accept="text/html").text
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert '<html lang="' in page
    assert "<title>" in page
    assert page.count("<a href=") >= 2
