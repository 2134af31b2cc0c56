"""The OpenAPI document: what pygeoapi writes of the collections, and our own analyses beside it."""

from __future__ import annotations

from typing import Any, Final

from geo.questions.question import Parameter, parameters
from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.text import translate
from layers.analysis import http
from layers.api import described, shared_parts
from layers.api.charts import DISTRICTS, PROMISES
from layers.api.config import VERSION
from layers.api.feed import FEED
from layers.api.near import NEAR
from layers.api.places import EPSG
from layers.api.progress import PROGRESS
from layers.api.shared_parts import RESPONSES, SCHEMAS, localise
from layers.http import LONGEST_VALUE, Analysis
from layers.report.view import PICTURE

ANALYSES: Final = {
    each.path: each for each in (PROGRESS, PROMISES, DISTRICTS, NEAR, FEED, *http.ANALYSES, PICTURE)
}
"""By path below ``/api``. Another analysis is another row where it is answered."""


def examples(atlas: Atlas) -> tuple[str, ...]:
    """Addresses below ``/api`` to try, about this very city."""
    corners = (*(at - 0.1 for at in atlas.middle), *(at + 0.1 for at in atlas.middle))
    bbox = ",".join(f"{value:.1f}" for value in corners)
    year, item = atlas.plan_year, str(atlas.pack.works["item_id"].dropna().mode().iloc[0])
    return (
        f"/collections/works/items?item_id={item}&limit=20",
        "/collections/works/items?filter=status='completed' AND accuracy_m < 300",
        f"/collections/works/items?bbox={bbox}&as_of={year}-12-31",
        f"/collections/works/items?crs={EPSG}{atlas.city.epsg}&limit=5",
        f"/collections/events/items?datetime={year}-01-01/{year}-12-31&sortby=-date",
        f"/near?lon={atlas.middle[0]:.4f}&lat={atlas.middle[1]:.4f}&as_of={year}-12-31",
        f"/progress?by=district&as_of={year}-12-31",
        f"/districts?measure={FIRST_MEASURE}&as_of={year}-12-31",
        f"/coverage?kind={atlas.register.facilities['kind'].mode().iloc[0]}&radius=800&set=planned",
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
    systems = tuple(next(iter(config["resources"].values()))["providers"][0]["crs"])
    parts = whole["components"]
    parts["responses"] |= RESPONSES
    parts["parameters"] |= shared_parts.PARAMETERS | described.shared(systems)
    parts["schemas"] |= SCHEMAS
    whole["paths"] = described.describe(whole["paths"], parts["responses"], systems)
    whole["info"]["version"] = VERSION
    for path, analysis in ANALYSES.items():
        whole["paths"][path] = {"get": _operation(analysis)}
        if analysis.body:
            whole["paths"][path]["post"] = _with_body(_operation(analysis), analysis.body)
    used = {tag for about in whole["paths"].values() for tag in about["get"].get("tags", [])}
    whole["tags"] = [tag for tag in whole["tags"] if tag["name"] in used]
    whole["tags"].append({"name": "analyses", "description": "progress, what is near, and coverage"})
    return whole


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


def _operation(analysis: Analysis) -> dict[str, Any]:
    answer: dict[str, Any] = {kind: {} for kind in analysis.kinds}
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
        "summary": analysis.summary,
        "tags": ["analyses"],
        "operationId": analysis.path.strip("/"),
        "parameters": [
            query_parameter(each)
            for model in (analysis.question, analysis.form)
            for each in parameters(model).values()
        ],
        "responses": {
            "200": {"description": "the answer with the inputs that made it", "content": answer},
            "400": {"description": "a value that cannot be used; the message says which", "content": refused},
            "404": {"description": "an id that does not exist", "content": refused},
            "429": {"description": "too many requests", "content": refused},
            "503": {"description": "the data cannot be read at present", "content": refused},
            "504": {"description": "the answer took longer than it may", "content": refused},
        },
    }


def query_parameter(parameter: Parameter) -> dict[str, Any]:
    """A parameter of a question as OpenAPI 3.0 has it."""
    schema: dict[str, Any] = {"maxLength": LONGEST_VALUE} if parameter.schema.get("type") == "string" else {}
    schema |= {name: value for name, value in parameter.schema.items() if name != "examples"}
    if "const" in schema:  # OpenAPI 3.0 has no such word
        schema["enum"] = [schema.pop("const")]
    if "exclusiveMinimum" in schema:
        schema |= {"minimum": schema["exclusiveMinimum"], "exclusiveMinimum": True}
    if "x-percent" in schema:
        schema = {"anyOf": [schema, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?[%％]$"}]}
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.is_required,
        "description": translate(parameter.description, "en"),
        "schema": schema,
    } | ({"deprecated": True} if parameter.deprecated else {})
