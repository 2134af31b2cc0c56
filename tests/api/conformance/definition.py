"""The OpenAPI 3.0 classes of Features Part 1 and Tiles Part 1: what the document says is what the API does."""

from __future__ import annotations

from typing import Any, Final

from pygeoapi.openapi import validate_openapi_document

from tests.api.conformance.asking import BASE, Api, parameters, rels, resolved
from tests.api.conformance.rows import NAMES, TILED, abstract_test

OAS30: Final = "ogcapi-features-1/1.0/conf/oas30"
TILES_OAS30: Final = "ogcapi-tiles-1/1.0/conf/oas30"
# what each path is asked for, so that every status that it documents is seen
ASKED: Final = (
    ("/", {}, 200),
    ("/conformance", {"f": "exe"}, 400),
    ("/collections", {}, 200),
    ("/collections/{}", {"nonsense": "1"}, 400),
    ("/collections/{}/queryables", {}, 200),
    ("/collections/{}/schema", {}, 200),
    ("/collections/{}/items", {"limit": "-1"}, 400),
    ("/collections/{}/items", {"f": "csv"}, 200),
    ("/collections/{}/items/{featureId}", {}, 404),
)


def _answers(document: Any, path: str, status: int) -> Any:
    operation = document["paths"][path]["get"]
    return resolved(document, operation["responses"][str(status)])


@abstract_test(
    OAS30,
    "completeness",
    "each operation, with what is right and wrong",
    "the status and type are in the document",
    [(name, *asked) for name in NAMES for asked in ASKED],
)
def completeness(api: Api, case: tuple[str, str, dict[str, str], int]) -> None:
    name, path, words, status = case
    template = path.format(name, featureId="{featureId}")
    answer = api.get(template.replace("{featureId}", "none"), words, status=status)
    told = _answers(api.document(), template, status)
    assert answer.headers["content-type"].partition(";")[0] in {
        kind.partition(";")[0] for kind in told["content"]
    }


@abstract_test(
    OAS30, "exception-codes", "every operation", "400, 404 and 5xx have a description and a schema"
)
def exception_codes(api: Api, _case: str) -> None:
    document = api.document()
    for path, about in document["paths"].items():
        for status, part in about["get"]["responses"].items():
            told = resolved(document, part)
            assert told["description"], (path, status)
            assert status == "default" or 100 <= int(status) < 600
        assert "200" in about["get"]["responses"], path
        assert "400" in about["get"]["responses"], path


@abstract_test(OAS30, "definition-1", "GET the definition", "its media type names OpenAPI 3.0")
def definition_1(api: Api, _case: str) -> None:
    answer = api.get("/openapi", accept="application/vnd.oai.openapi+json;version=3.0")
    assert answer.headers["content-type"].replace(" ", "") == "application/vnd.oai.openapi+json;version=3.0"
    assert rels(api.json(""))["service-desc"][0]["type"] == "application/vnd.oai.openapi+json;version=3.0"


@abstract_test(OAS30, "definition-2", "GET the definition", "valid against the schema of OpenAPI 3.0")
def definition_2(api: Api, _case: str) -> None:
    document = api.document()
    assert document["openapi"].startswith("3.0.")
    assert validate_openapi_document(document)


@abstract_test(OAS30, "oas-impl", "every path of the document", "it is there: no 404, 405 or 5xx")
def oas_impl(api: Api, _case: str) -> None:
    document = api.document()
    first = {name: api.items(name, {"limit": "1"})["features"][0]["id"] for name in NAMES}
    fill = {"tileMatrixSetId": "WebMercatorQuad", "tileMatrix": "0", "tileRow": "0", "tileCol": "0"}
    for path, about in document["paths"].items():
        name = path.split("/")[2] if path.startswith("/collections/") else ""
        address = path
        for word, value in {**fill, "featureId": first.get(name, "")}.items():
            address = address.replace(f"{{{word}}}", value)
        assert "{" not in address, path
        required = [
            one for one in parameters(document, path).values() if one["in"] == "query" and one.get("required")
        ]
        answer = api.client.get(f"{BASE}{address}")
        assert answer.status_code in ({400, 422} if required else {200, 400}), (address, answer.text[:200])
        assert "get" in about


@abstract_test(OAS30, "security", "the document", "it names no security, because none is asked for")
def security(api: Api, _case: str) -> None:
    document = api.document()
    assert not document.get("security")
    assert not document["components"].get("securitySchemes")


@abstract_test(
    TILES_OAS30,
    "completeness",
    "the document",
    "each list of tile sets, tile set and tile with its parameters",
    TILED,
)
def tiles_completeness(api: Api, name: str) -> None:
    document = api.document()
    base = f"/collections/{name}/tiles"
    tile = f"{base}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    assert {base, f"{base}/{{tileMatrixSetId}}", tile} <= set(document["paths"])
    assert {"/tileMatrixSets", "/tileMatrixSets/{tileMatrixSetId}"} <= set(document["paths"])
    assert {"tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"} <= set(parameters(document, tile))


@abstract_test(
    TILES_OAS30, "operation-id", "the document", "operation ids end as the standard has them", TILED
)
def tiles_operation_ids(api: Api, name: str) -> None:
    paths = api.document()["paths"]
    base = f"/collections/{name}/tiles"
    ends = {
        base: ".collection.vector.getTileSetsList",
        f"{base}/{{tileMatrixSetId}}": ".collection.vector.getTileSet",
        f"{base}/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": ".collection.vector.getTile",
    }
    for path, end in ends.items():
        assert paths[path]["get"]["operationId"].endswith(end)
