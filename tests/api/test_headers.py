"""Every answer of the process has the headers of security: the routes are walked from the app itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from layers.api.routes_at_first_request import RoutesAtFirstRequest
from layers.security_headers import CLOSED, FIXED

FILLED = {"layer_id": "works", "path": "index.html", "collection_id": "works"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    from app import app

    with TestClient(app, raise_server_exceptions=False, base_url="http://127.0.0.1:8501") as asks:
        yield asks


def paths(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, its fields filled with something."""
    for route in routes:
        if isinstance(route, RoutesAtFirstRequest):
            yield from paths(route.router.routes, prefix)
            continue
        path = prefix + route.path
        if isinstance(route, Mount):
            yield from paths(route.routes or [], path)
            yield "GET", f"{path}/nothing-here"
        elif isinstance(route, Route):
            for method in sorted(route.methods or {"GET"}):
                yield method, _filled(route, path)
        else:
            assert isinstance(route, WebSocketRoute), route


def _filled(route: Route, path: str) -> str:
    for name in route.param_convertors:
        start, end = path.index("{" + name), path.index("}", path.index("{" + name))
        path = path[:start] + FILLED.get(name, "0") + path[end + 1 :]
    return path


def check(headers: Any, where: object) -> None:
    for name, value in FIXED.items():
        assert headers.get(name) == value, where
    policy = headers["content-security-policy"]
    framed_by = "*" if "/atlas/embed" in where else "'self'"
    assert f"frame-ancestors {framed_by}" in policy, where
    assert "default-src 'self'" in policy or "default-src 'none'" in policy, where
    assert "'unsafe-eval'" not in policy, where


def test_every_route_sends_them(client: TestClient) -> None:
    client.get("/_stcore/health")
    asked = sorted(set(paths(client.app._starlette_app.routes)))  # type: ignore[attr-defined]
    assert len(asked) > 60
    for method, path in asked:
        answer = client.request(method, path, follow_redirects=False)
        check(answer.headers, (method, path, answer.status_code))
    for path in (
        "/",
        "/index.html",
        "/works",
        "/static/none.js",
        "/../../etc/passwd",
        "/%00",
        "/api/nothing",
    ):
        check(client.get(path).headers, path)


def test_the_connection_of_a_page_has_them_taken_or_refused(client: TestClient) -> None:
    own = {"Origin": "http://127.0.0.1:8501", "Host": "127.0.0.1:8501"}
    with client.websocket_connect("/_stcore/stream", headers=own) as channel:
        check(Headers(raw=list(channel.extra_headers)), "taken")
    with (
        pytest.raises((WebSocketDenialResponse, WebSocketDisconnect)) as refused,
        client.websocket_connect("/_stcore/nothing", headers=own),
    ):
        pass
    if isinstance(refused.value, WebSocketDenialResponse):
        check(refused.value.headers, "refused")


def test_nobody_reads_the_counters(client: TestClient) -> None:
    for path in (CLOSED, f"{CLOSED}/", f"/base{CLOSED}"):
        assert client.get(path).status_code == 404
        check(client.get(path).headers, path)


def test_what_fails_says_nothing_of_the_inside(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("/home/someone/secret.py")

    monkeypatch.setattr("layers.api.server._map_page", broken)
    answer = client.get("/atlas/map")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    check(answer.headers, "failed")
