"""The one page of the server that other sites may frame: what it says, where it leads, what it refuses."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.errors import ParameterError
from geo.register.city import Atlas
from layers.api.embed import whole_view
from layers.api.server import routes
from layers.map.config import MESSAGES

VIEW = {"as_of": "2021-12-31", "category": "metro", "shade": "done"}
REACH = {
    "kind": "metro_station",
    "radius": "800",
    "set": "as_of",
    "gaps": "5",
    "category": "-",
    "layers": "none",
}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()), base_url="http://atlas.test")


def started(text: str) -> Any:
    """What the page starts its map with."""
    found = re.search(r"\], JSON\.parse\((\".*?\")\)\);", text)
    assert found
    return json.loads(json.loads(found[1]))


def test_the_page_has_title_credits_and_the_way_to_the_whole_view(client: TestClient, atlas: Atlas) -> None:
    answer = client.get("/atlas/embed", params=VIEW)
    assert answer.status_code == 200
    embed = started(answer.text)["embed"]
    assert "2021-12-31" in embed["title"]
    assert atlas.city.credit_line("zh") in embed["credits"]
    assert atlas.city.licence.label in embed["credits"]
    parts = urlsplit(embed["address"])
    assert parts.path == "../"
    assert parse_qs(parts.query) == {name: [value] for name, value in VIEW.items()}
    assert MESSAGES["sketch"] in client.get("/atlas/config.json").json()["text"].values()


def test_any_site_may_frame_it_and_nothing_else_of_the_server(client: TestClient) -> None:
    assert "frame-ancestors *" in client.get("/atlas/embed").headers["content-security-policy"]
    assert "frame-ancestors" not in client.get("/atlas/map").headers["content-security-policy"]


def test_who_is_served_and_the_shading_are_in_the_state(client: TestClient) -> None:
    state = started(client.get("/atlas/embed", params=VIEW | REACH).text)["state"]
    assert state["reach"]["question"]["kind"] == "metro_station"
    assert (state["reach"]["radius"], state["reach"]["gapsShown"], state["reach"]["set"]) == (800, 5, "as_of")
    assert max(state["shade"].values()) == 1


def test_names_that_try_to_run_are_only_text(client: TestClient) -> None:
    text = client.get(
        "/atlas/embed", params={"work": "</script><script>x()</script>", "of": "works?q=%22%3E"}
    ).text
    assert "<script>x()" not in text
    assert "x()" not in re.sub(r"JSON\.parse\(\".*?\"\)", "", text)


@pytest.mark.parametrize(
    "page", ["//evil.example", "javascript:alert(1)", "https://evil.example", "a b", "../x", 'a?"x', "a#b"]
)
def test_it_leads_to_pages_of_this_app_alone(client: TestClient, page: str) -> None:
    assert client.get("/atlas/embed", params={"of": page}).status_code == 400


@given(st.text(max_size=40))
def test_whatever_is_asked_the_address_stays_on_this_server(page: str) -> None:
    try:
        address = whole_view({"of": page})
    except ParameterError:
        return
    assert re.match(r"\.\./[a-z_]*(\?|$)", address)
