"""The OGC part of the OpenAPI document: pygeoapi writes it for what it can do; here it says what this API answers."""

from __future__ import annotations

import re
from typing import Any, Final

from layers.api.collections import COLLECTIONS, PLAN
from layers.api.filtering.text import LANGUAGES
from layers.api.links import operation_at
from layers.api.operations import JSON, Operation
from layers.api.places import CRS84

_WORD: Final = re.compile(r"\{\w+\}")
_REFUSALS: Final = {
    "400": "A parameter is not known or has a value that cannot be used; the message names it.",
    "404": "There is nothing at this address.",
    "429": "Too many requests.",
    "503": "The data cannot be read at present.",
}
_FILTERS: Final = ("datetime", "filter", "filter-lang", "filter-crs", "q", "resulttype")
_NOT_OURS: Final = ("vendorSpecificParameters",)
_ERROR: Final = {"schema": {"$ref": "#/components/schemas/exception"}}


def describe(paths: dict[str, Any], responses: dict[str, Any], systems: tuple[str, ...]) -> dict[str, Any]:
    """The paths that there are, each with its parameters, formats and refusals.

    Parameters
    ----------
    paths : dict
        As pygeoapi writes them.
    responses : dict
        Shared responses of the document.
    systems : tuple of str
        Addresses of the coordinate systems that features are given in.

    Returns
    -------
    dict
    """
    found = {path: about["get"] for path, about in (paths | _tile_sets(paths)).items() if "get" in about}
    known = {path: (about, operation_at(path_of(path))) for path, about in found.items()}
    return {
        path: {"get": _with_plan(path, operation, _operation(about, operation, responses, systems))}
        for path, (about, operation) in known.items()
        if operation is not None
    }


def path_of(template: str) -> str:
    """An address of a path of the document; what varies stands for itself as zero."""
    return "" if template == "/" else _WORD.sub("0", template)


def _operation(
    about: dict[str, Any], operation: Operation, responses: dict[str, Any], systems: tuple[str, ...]
) -> dict[str, Any]:
    parameters = [
        one for one in about.get("parameters", []) if not _named(one, *_NOT_OURS, "f", "lang", "crs")
    ]
    words = [_format(operation), {"$ref": "#/components/parameters/lang"}]
    if "crs" in operation.parameters:
        words.append(_system("crs", "the system of the answer", systems))
    if operation.fields:
        parameters = [one for one in parameters if not _named(one, "bbox-crs", "datetime")]
        words.append(_system("bbox-crs", "the system of bbox", systems))
        words += [{"$ref": f"#/components/parameters/{name}"} for name in _FILTERS]
    answer = about["responses"].get("200", {})
    told = responses.get(answer.get("$ref", "").rpartition("/")[2], answer)
    content = {kind: told.get("content", {}).get(kind, {}) for kind in operation.formats.values()}
    kinds: dict[str, Any] = {JSON: _ERROR, "text/html": {}}
    refused = {status: {"description": text, "content": kinds} for status, text in _REFUSALS.items()}
    success = {"description": told.get("description", "the answer"), "content": content}
    return about | {"parameters": [*words, *parameters], "responses": {"200": success, **refused}}


def _with_plan(path: str, operation: Operation, about: dict[str, Any]) -> dict[str, Any]:
    """What an operation takes, with the plan where it and its collection know one."""
    known = {f"/collections/{each.id}/" for each in COLLECTIONS if each.by_plan}
    if not (operation.by_plan and path.startswith(tuple(known))):
        return about
    words = {"type": "string", "maxLength": 2000}
    which = _query(
        PLAN, "the plan: its id, or all; without it the first, or the one that has the feature", words
    )
    return about | {"parameters": [*about["parameters"], which]}


def _named(parameter: dict[str, Any], *names: str) -> bool:
    return parameter.get("name", parameter.get("$ref", "").rpartition("/")[2]) in names


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "description": description,
        "schema": schema,
    }


def _format(operation: Operation) -> dict[str, Any]:
    first, *_others = words = list(operation.formats)
    return _query(
        "f", "the format; without it, the Accept header", {"type": "string", "enum": words, "default": first}
    )


def _system(name: str, description: str, systems: tuple[str, ...]) -> dict[str, Any]:
    return _query(name, description, {"type": "string", "enum": list(systems), "default": CRS84})


def shared(systems: tuple[str, ...]) -> dict[str, Any]:
    """Parameters of filters, which pygeoapi reads and does not describe."""
    return {
        "filter": _query("filter", "a condition in CQL2 text or JSON", {"type": "string", "maxLength": 1000}),
        "filter-lang": _query(
            "filter-lang",
            "the language of filter; cql-text is an older name of cql2-text",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "filter-crs": _system("filter-crs", "the system of coordinates in filter", systems),
        "q": _query("q", "words to find in names, any of them", {"type": "string", "maxLength": 300}),
        "resulttype": _query(
            "resulttype",
            "hits: count alone",
            {"type": "string", "enum": ["results", "hits"], "default": "results"},
        ),
    }


def _tile_sets(paths: dict[str, Any]) -> dict[str, Any]:
    """Addresses of tile sets and tile matrix sets, which pygeoapi answers and leaves out."""
    scheme = {"$ref": "#/components/parameters/tileMatrixSetId"}
    found: dict[str, Any] = {
        "/tileMatrixSets": _page("tile matrix sets", "tiles", "getTileMatrixSetsList", []),
        "/tileMatrixSets/{tileMatrixSetId}": _page(
            "a tile matrix set", "tiles", "getTileMatrixSet", [scheme]
        ),
    }
    for path in paths:
        if path.endswith("/tiles"):
            name = path.split("/")[2]
            stem = f"{name}.collection.vector.getTileSet"
            found[f"{path}/{{tileMatrixSetId}}"] = _page("a tile set", name, stem, [scheme])
            found[f"{path}/{{tileMatrixSetId}}/metadata"] = _page(
                "a tile set, also as TileJSON", name, f"{name}.getTileJson", [scheme]
            )
    return found


def _page(summary: str, tag: str, operation_id: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "get": {
            "summary": summary,
            "tags": [tag],
            "operationId": operation_id,
            "parameters": parameters,
            "responses": {},
        }
    }
