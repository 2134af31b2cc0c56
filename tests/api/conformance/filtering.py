"""OGC API - Features - Part 3: Filtering (OGC 19-079r2), Annex A."""

from __future__ import annotations

from typing import Any, Final

from pyproj import Transformer

from tests.api.conformance.asking import BASE, CRS84, EPSG, GEOJSON, REL, Api, parameters, rels
from tests.api.conformance.rows import NAMES, abstract_test

QUERYABLES: Final = "ogcapi-features-3/1.0/conf/queryables"
PARAMETERS: Final = "ogcapi-features-3/1.0/conf/queryables-query-parameters"
FILTER: Final = "ogcapi-features-3/1.0/conf/filter"
ON_ITEMS: Final = "ogcapi-features-3/1.0/conf/features-filter"
SCHEMAS: Final = (
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
)


def _declared(api: Api, conformance_class: str) -> None:
    declared = api.json("/conformance")["conformsTo"]
    assert f"http://www.opengis.net/spec/{conformance_class}" in declared


@abstract_test(
    QUERYABLES,
    "get-conformance",
    "GET /conformance",
    "the class is declared",
    (QUERYABLES, PARAMETERS, FILTER, ON_ITEMS),
)
def get_conformance(api: Api, conformance_class: str) -> None:
    _declared(api, conformance_class)


@abstract_test(QUERYABLES, "get-collections", "GET /collections", "an array")
def get_collections(api: Api, _case: str) -> None:
    assert isinstance(api.json("/collections")["collections"], list)


@abstract_test(
    QUERYABLES, "get-queryables", "GET queryables", "a JSON schema of an object, named by its address", NAMES
)
def get_queryables(api: Api, name: str) -> None:
    answer = api.get(f"/collections/{name}/queryables", accept="application/schema+json")
    assert answer.headers["content-type"] == "application/schema+json"
    found = answer.json()
    assert found["$schema"] in SCHEMAS
    assert found["$id"] == f"{BASE}/collections/{name}/queryables"
    assert api.json(f"/collections/{name}/queryables?f=json")["$id"] == found["$id"]
    assert found["type"] == "object"
    assert found["properties"]
    assert found["additionalProperties"] is False


@abstract_test(QUERYABLES, "get-collection", "GET a collection", "a link to its queryables", NAMES)
def get_collection(api: Api, name: str) -> None:
    links = rels(api.json(f"/collections/{name}"))[f"{REL}queryables"]
    assert f"{BASE}/collections/{name}/queryables" in {link["href"].partition("?")[0] for link in links}


@abstract_test(
    PARAMETERS,
    "parameters",
    "each simple queryable as a parameter",
    "only features with that value, and documented",
    NAMES,
)
def queryables_as_parameters(api: Api, name: str) -> None:
    documented = parameters(api.document(), f"/collections/{name}/items")
    everything = api.items(name)["features"]
    for queryable, schema in api.queryables(name).items():
        if schema.get("type") not in ("string", "number", "boolean", "integer"):
            continue
        assert documented[queryable]["schema"]["type"] == schema["type"]
        values = [
            one["properties"][queryable] for one in everything if one["properties"].get(queryable) is not None
        ]
        if not values or queryable == "as_of":
            continue
        value = values[len(values) // 2]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        told = api.ids(name, {queryable: text})
        assert told == {one["id"] for one in everything if one["properties"].get(queryable) == value}, (
            queryable
        )


def _sample(api: Api, name: str) -> str:
    found = api.queryables(name)
    return next(
        each for each in reversed(list(found)) if found[each].get("type") == "string" and each != "as_of"
    )


def _without(api: Api, name: str, queryable: str) -> set[str]:
    return {one["id"] for one in api.items(name)["features"] if one["properties"].get(queryable) is None}


@abstract_test(
    FILTER, "filter-param", "a valid and an invalid filter, with filter-lang", "what matches; 400", NAMES
)
def filter_param(api: Api, name: str) -> None:
    sample = _sample(api, name)
    assert api.filtered(name, f"{sample} IS NULL") == _without(api, name, sample)
    words = {"filter": "THIS IS NOT A FILTER", "filter-lang": "cql2-text"}
    assert "filter" in api.get(f"/collections/{name}/items", words, status=400).text.lower()
    json_text = f'{{"op":"isNull","args":[{{"property":"{sample}"}}]}}'
    assert api.ids(name, {"filter": json_text, "filter-lang": "cql2-json"}) == _without(api, name, sample)
    api.items(name, {"filter": '{"op":"isNull"', "filter-lang": "cql2-json"}, status=400)
    api.items(name, {"filter": f"{sample} IS NULL", "filter-lang": "sql"}, status=400)


@abstract_test(FILTER, "filter-lang-default", "the same without filter-lang", "the same", NAMES)
def filter_lang_default(api: Api, name: str) -> None:
    sample = _sample(api, name)
    assert api.ids(name, {"filter": f"{sample} IS NULL"}) == _without(api, name, sample)
    api.items(name, {"filter": "THIS IS NOT A FILTER"}, status=400)
    documented = parameters(api.document(), f"/collections/{name}/items")
    assert documented["filter"]["schema"]["type"] == "string"
    assert documented["filter-lang"]["schema"]["default"] == "cql2-text"
    assert {"cql2-text", "cql2-json"} <= set(documented["filter-lang"]["schema"]["enum"])
    assert documented["filter-crs"]["schema"]["default"] == CRS84


@abstract_test(FILTER, "expression-construction", "a property that is no queryable", "400", NAMES)
def expression_construction(api: Api, name: str) -> None:
    answer = api.get(f"/collections/{name}/items", {"filter": "this_is_not_a_queryable IS NULL"}, status=400)
    assert "this_is_not_a_queryable" in answer.text


def _extent(api: Api, name: str) -> Any:
    return api.json(f"/collections/{name}")["extent"]["spatial"]["bbox"][0]


def _placed(api: Api, name: str) -> set[str]:
    return {one["id"] for one in api.items(name)["features"] if one["geometry"] is not None}


@abstract_test(
    FILTER, "filter-crs-wgs84", "the extent; a box outside WGS 84", "every feature with a place; 400", NAMES
)
def filter_crs_wgs84(api: Api, name: str) -> None:
    west, south, east, north = _extent(api, name)
    for shape in ("BBOX", "ENVELOPE"):
        assert api.filtered(
            name, f"S_INTERSECTS(geometry,{shape}({west},{south},{east},{north}))"
        ) == _placed(api, name)
        text = f"S_INTERSECTS(geometry,{shape}(1000000,1000000,2000000,2000000))"
        api.items(name, {"filter": text}, status=400)


@abstract_test(
    FILTER,
    "filter-crs-param",
    "the extent in every system; a system that there is not",
    "every feature with a place; 400",
    NAMES,
)
def filter_crs_param(api: Api, name: str) -> None:
    west, south, east, north = _extent(api, name)
    for system in api.json(f"/collections/{name}")["crs"]:
        code = "OGC:CRS84" if system == CRS84 else f"EPSG:{system.rpartition('/')[2]}"
        there = Transformer.from_crs("OGC:CRS84", code)
        (x1, y1), (x2, y2) = (
            there.transform(west - 0.05, south - 0.05),
            there.transform(east + 0.05, north + 0.05),
        )
        words = {"filter-crs": system, "filter": f"S_INTERSECTS(geometry,BBOX({x1},{y1},{x2},{y2}))"}
        assert api.ids(name, words) == _placed(api, name)
    words = {"filter": f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))"}
    api.items(name, words | {"filter-crs": "http://www.opengis.net/def/crs/OGC/0/does_not_exist"}, status=400)
    api.items(name, words | {"filter-crs": f"{EPSG}99999"}, status=400)


@abstract_test(FILTER, "mixing-expression", "a filter and a box", "both must hold", NAMES)
def mixing_expression(api: Api, name: str) -> None:
    west, south, east, north = _extent(api, name)
    text = f"S_INTERSECTS(geometry,BBOX({west},{south},{east},{north}))"
    assert api.filtered(name, text, bbox=f"{west},{south},{east},{north}") == _placed(api, name)
    assert api.filtered(name, text, bbox="0,0,1,1") == set()


@abstract_test(FILTER, "get-functions", "custom functions", "none are offered, and none are answered", NAMES)
def get_functions(api: Api, name: str) -> None:
    api.get("/functions", status=404)
    api.items(name, {"filter": "foo(1) = 1"}, status=400)


@abstract_test(ON_ITEMS, "filter-on-items", "the tests above on items", "GeoJSON with 200, and 400", NAMES)
def filter_on_items(api: Api, name: str) -> None:
    answer = api.get(f"/collections/{name}/items", {"filter": "true"}, accept=GEOJSON)
    assert answer.headers["content-type"] == GEOJSON
    api.get(f"/collections/{name}/items", {"filter": "true AND"}, status=400, accept=GEOJSON)
