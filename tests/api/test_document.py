"""The OpenAPI document against the routes that there are: none may be missing, none invented."""

from __future__ import annotations

from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from geo.questions.question import names
from layers.analysis import http as api
from layers.api.document import ANALYSES

DRAWING = {"/atlas/reach.json"}  # what the page's own map fetches, no analysis


def test_every_analysis_of_the_app_is_in_the_document(client: TestClient) -> None:
    paths = client.get("/api/openapi?f=json").json()["paths"]
    own = ("/progress", "/promises", "/districts", "/near", "/feed", "/picture")
    asked = {(path, "get") for path in own}
    for route in api.routes():
        assert isinstance(route, Route | Mount)
        if isinstance(route, Route) and route.path not in DRAWING:
            methods = {method.lower() for method in route.methods or ()} - {"head"}
            asked |= {(route.path.removeprefix("/api"), method) for method in methods}
    told = {(path, method) for path in ANALYSES for method in paths[path]}
    assert told == asked
    assert {path for path, method in asked if method == "post"} == {
        path for path, analysis in ANALYSES.items() if analysis.body
    }


def test_every_parameter_says_what_it_means(client: TestClient) -> None:
    paths = client.get("/api/openapi?f=json").json()["paths"]
    operations = [about for path in ANALYSES for about in paths[path].values()]
    assert len({about["operationId"] for about in operations}) == len(operations)
    for about in operations:
        assert all(parameter["description"] for parameter in about["parameters"])
    for path, analysis in ANALYSES.items():
        described = [parameter["name"] for parameter in paths[path]["get"]["parameters"]]
        assert described == [*names(analysis.question), *names(analysis.form)]
