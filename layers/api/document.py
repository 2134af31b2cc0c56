"""The OpenAPI document: what pygeoapi writes of the collections, and our own analyses beside it."""

from __future__ import annotations

from typing import Any, Final

from geo.register.city import Atlas
from geo.register.facilities import SETS
from geo.register.selection import SCOPES
from geo.text import LANGUAGES
from layers.api import shared_parts
from layers.api.config import EPSG
from layers.api.shared_parts import RESPONSES, SCHEMAS, localise

_TEXT: Final = {"type": "string", "maxLength": 300}
_DAY: Final = {"type": "string", "format": "date"}
_SITE_WORDS: Final = {
    "goal": "most (k sites), fewest (for a share) or nearest (k sites)",
    "k": "number of sites, at most 50 here",
    "share": "share to be served, 0.9 or 90%",
    "each": "yes: the share in every district asked",
    "floor": "no district may end below this share, 0.5 or 50%",
    "capacity": "demand that one new site can take",
    "method": "exact (with proof) or greedy (quick)",
    "candidates": "grid, works (what the plan still owes) or points",
    "spacing": "metres between grid candidates",
    "points": "candidates of your own: lon,lat;lon,lat (WGS84)",
    "own": "your own sites to compare: lon,lat;lon,lat (WGS84)",
    "existing": "no: leave out what exists",
    "cut": "nearest: longer ways count as this long, metres",
    "skip_bad": "yes: leave out bad points",
}
_FILTERED: Final = ("category", "status", "certainty")
PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "lang": {"schema": {"type": "string", "enum": list(LANGUAGES)}, "description": "language of names"},
    "as_of": {"schema": _DAY, "description": "day of the state; today if left out"},
    "by": {
        "schema": {"type": "string", "enum": ["item", "category", "district", "line"], "default": "item"},
        "description": "what progress is summed by",
    },
    "kind": {"schema": _TEXT, "description": "facility kinds, joined by | (see /api/indicators)"},
    "indicator": {"schema": _TEXT, "description": "an indicator, which gives kinds and reach"},
    "radius": {"schema": {"type": "number", "minimum": 0, "maximum": 100000}, "description": "metres"},
    "set": {
        "schema": {"type": "string", "enum": list(SETS)},
        "description": "before the plan, as of a day, or with everything planned",
    },
    "demand": {
        "schema": {"type": "string", "enum": ["area", "census"]},
        "description": "land alone, or census residents spread evenly over land (modelled)",
    },
    "district": {
        "schema": _TEXT,
        "description": "a district code, the city's code, or all; of a picture several, joined by a comma",
    },
    "datum": {
        "schema": {"type": "string", "enum": ["WGS84", "GCJ02"]},
        "description": "system of the coordinates in the answer",
    },
    "format": {
        "schema": {"type": "string", "enum": ["png", "svg"], "default": "png"},
        "description": "of the picture",
    },
    "bbox": {
        "schema": _TEXT,
        "description": "west,south,east,north in degrees of datum; all of it if left out",
    },
    **{
        name: {"schema": _TEXT, "description": f"only these, joined by a comma: {name}"} for name in _FILTERED
    },
    "scope": {
        "schema": {"type": "string", "enum": list(SCOPES)},
        "description": "what counts, what may count too, or everything known",
    },
    "scenario": {
        "schema": {"type": "string", "maxLength": 4000},
        "description": "what-if edits: the word of a link (z-...) or the id of a saved scenario (s-...)",
    },
    **{
        name: {"schema": {"type": "string", "maxLength": 4000}, "description": about}
        for name, about in _SITE_WORDS.items()
    },
}
_ASKED: Final = ("kind", "indicator", "radius", "set", "as_of", "demand", "district", "lang")
_SITE: Final = (*_ASKED, *_SITE_WORDS)
_KINDS: Final = (
    "application/json",
    "application/geo+json",
    "application/ld+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json;version=3.0",
    "application/vnd.mapbox-vector-tile",
    "text/html",
    "text/csv",
)
_FILTERS: Final = ("filter", "filter-lang", "q")
ANALYSES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "/progress": (
        "Target, named, placed and done; and whether each promise was kept",
        ("as_of", "by", "lang"),
    ),
    "/coverage": (
        "Who is served: share of land and residents by district, with low and high; with a scenario also the changes",
        (*_ASKED, "scenario"),
    ),
    "/impact": ("What the plan changes, by district and by work", _ASKED),
    "/gaps": ("Unserved land as GeoJSON, with modelled residents", (*_ASKED, "scenario", "datum")),
    "/equity": (
        "How even service is: districts, Lorenz curve and Gini of distance, supply per 1,000, floating catchments",
        (*_ASKED, "scenario"),
    ),
    "/site": ("Where to build: sites in build order, who gains, and how good that is proven to be", _SITE),
    "/indicators": ("Indicators that can be asked for", ("lang",)),
    "/picture": (
        "The map of works as it is seen, with legend, scale and credits, as PNG or SVG",
        ("format", "bbox", "datum", "as_of", *_FILTERED, "district", "scope", "lang"),
    ),
}
"""Path below ``/api`` -> what it answers, and its parameters. Another analysis is another row."""
BODIES: Final = {
    "/coverage": "a scenario in its JSON form; its words are the question, query words come before them"
}
"""Paths that also take a body by POST, and what it is."""
PICTURES: Final = {"/picture": ("image/png", "image/svg+xml")}
"""Paths that answer with something else than JSON."""


def examples(atlas: Atlas) -> tuple[str, ...]:
    """Addresses below ``/api`` to try, about this very city."""
    corners = (*(at - 0.1 for at in atlas.middle), *(at + 0.1 for at in atlas.middle))
    bbox = ",".join(f"{value:.1f}" for value in corners)
    year, item = atlas.city.plan_year, str(atlas.pack.works["item_id"].dropna().mode().iloc[0])
    return (
        f"/collections/works/items?item_id={item}&limit=20",
        "/collections/works/items?filter=status='completed' AND accuracy_m < 300",
        f"/collections/works/items?bbox={bbox}&as_of={year}-12-31",
        f"/collections/works/items?crs={EPSG}{atlas.city.epsg}&limit=5",
        f"/collections/events/items?datetime={year}-01-01/{year}-12-31&sortby=-date",
        f"/progress?by=district&as_of={year}-12-31",
        f"/coverage?kind={atlas.pack.facilities['kind'].mode().iloc[0]}&radius=800&set=planned",
    )


def operations(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """The reading operations of a document, for the page about it: path, summary, parameters with their meaning."""
    shared = whole["components"]["parameters"]
    return [
        {
            "path": path,
            "summary": about["get"].get("summary", ""),
            "analysis": path in ANALYSES,
            "parameters": [_about(parameter, shared) for parameter in about["get"].get("parameters", [])],
        }
        for path, about in whole["paths"].items()
        if "get" in about
    ]


def _about(parameter: dict[str, Any], shared: dict[str, Any]) -> tuple[str, str]:
    named = parameter.get("$ref", "").rpartition("/")[2]
    known = shared.get(named, parameter)
    return str(known.get("name", named)), str(known.get("description", "")).strip()


def document(config: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0 of the whole API, for a configuration of :mod:`layers.api.config`."""
    from pygeoapi.openapi import get_oas

    whole: dict[str, Any] = localise(get_oas(config))
    whole["paths"] = {path: about for path, about in whole["paths"].items() if not path.startswith("/jobs")}
    for kind, parts in (
        ("responses", RESPONSES),
        ("parameters", shared_parts.PARAMETERS),
        ("schemas", SCHEMAS),
    ):
        whole["components"][kind] |= parts
    for path, about in whole["paths"].items():
        if path.endswith("/items"):
            about["get"]["parameters"] += [{"$ref": f"#/components/parameters/{name}"} for name in _FILTERS]
        about.pop("options", None)
        about["get"]["responses"] = {
            status: _with_kinds(response, whole["components"]["responses"])
            for status, response in about["get"]["responses"].items()
        }
    for path, (summary, names) in ANALYSES.items():
        whole["paths"][path] = {"get": _operation(path, summary, names)}
        if path in BODIES:
            whole["paths"][path]["post"] = _with_body(_operation(path, summary, names), BODIES[path])
    whole["tags"].append({"name": "analyses", "description": "progress and coverage"})
    return whole


def _with_kinds(response: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """A response with every kind of content that ``f`` may ask for, which pygeoapi leaves half told."""
    known: dict[str, Any] = shared.get(response.get("$ref", "").rpartition("/")[2], response)
    return known | {"content": {kind: {} for kind in _KINDS} | known.get("content", {})}


def _with_body(operation: dict[str, Any], about: str) -> dict[str, Any]:
    body = {
        "description": about,
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    names = [each for each in operation["parameters"] if each["name"] != "scenario"]
    changed = {
        "operationId": f"{operation['operationId']}_scenario",
        "parameters": names,
        "requestBody": body,
    }
    return operation | changed


def _operation(path: str, summary: str, names: tuple[str, ...]) -> dict[str, Any]:
    answer: dict[str, Any] = {kind: {} for kind in PICTURES.get(path, ())}
    answer = answer or {"application/json": {"schema": {"type": "object"}}}
    refused = {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error"],
                "properties": {"error": {"type": "string"}},
            }
        }
    }
    return {
        "summary": summary,
        "tags": ["analyses"],
        "operationId": path.strip("/"),
        "parameters": [{"name": name, "in": "query", "required": False} | PARAMETERS[name] for name in names],
        "responses": {
            "200": {"description": "the answer with the inputs that made it", "content": answer},
            "400": {"description": "a value that cannot be used; the message says which", "content": refused},
            "404": {"description": "an id that does not exist", "content": refused},
            "429": {"description": "too many requests", "content": refused},
        },
    }
