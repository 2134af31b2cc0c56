"""A server listens before it reads what only its answers need, and a first page reads no more than it shows."""

from __future__ import annotations

import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from layers.api.routes_at_first_request import RoutesAtFirstRequest

LISTENING = {"geopandas", "jinja2", "numpy", "pandas", "pydantic", "pyarrow", "shapely", "werkzeug"}
SHOWN = {
    "altair",
    "duckdb",
    "folium",
    "lxml",
    "matplotlib",
    "numba",
    "pygeoapi",
    "pyogrio",
    "pypinyin",
    "scipy",
    "sqlalchemy",
}


@pytest.mark.parametrize(
    ("code", "unread"),
    [
        ("import app", LISTENING | SHOWN),
        (
            "import app, pages.frame, pages.home, pages\nfrom pages.parts.shell.navigation import find_pages\nfind_pages(pages)",
            SHOWN,
        ),
    ],
)
def test_a_start_reads_what_it_needs_and_no_more(code: str, unread: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {name.partition(".")[0] for name in done.stdout.split()} & unread


def test_routes_are_read_at_the_first_request_for_one_of_them() -> None:
    made: list[int] = []

    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{request.url.path} {request.path_params.get('name', '')}")

    def make() -> list[Route]:
        made.append(1)
        return [
            Route("/api", answer),
            Route("/api/{name}", answer, methods=["GET"]),
            Route("/atlas/{name}", answer),
        ]

    behind = Route("/{rest:path}", lambda _request: PlainTextResponse("behind"))
    client = TestClient(
        Starlette(routes=[RoutesAtFirstRequest(["/api", "/atlas/"], lambda: list(make())), behind])
    )
    for path in ("/", "/apiary", "/atlas", "/atlases/map", "/x/api"):
        assert client.get(path).text == "behind"
    assert not made
    assert client.get("/api").text == "/api "
    assert client.get("/api/works").text == "/api/works works"
    assert client.get("/atlas/map").text == "/atlas/map map"
    assert client.post("/api/works").status_code == 405
    assert client.get("/atlas/map/more").status_code == 404
    assert len(made) == 1
