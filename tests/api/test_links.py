"""A crawler: every link of every document answers, with the type that it says, from the landing page on."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from starlette.testclient import TestClient

FILL = {"{tileMatrixSetId}": "WebMercatorQuad", "{tileMatrix}": "8", "{tileRow}": "104", "{tileCol}": "213"}
DATA = {"application/geo+json", "text/csv", "application/vnd.mapbox-vector-tile"}


def _links(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for one in part:
            yield from _links(one)
    elif isinstance(part, dict):
        if isinstance(part.get("href"), str):
            yield part
        for value in part.values():
            yield from _links(value)


def test_every_link_answers_with_the_type_that_it_says(client: TestClient) -> None:
    waiting, seen, kinds = [("http://atlas.test/api", "application/json")], set(), set()
    while waiting:
        address, kind = waiting.pop()
        for word, value in FILL.items():
            address = address.replace(word, value)
        if (address, kind) in seen or not address.startswith("http://atlas.test"):
            continue
        seen.add((address, kind))
        answer = client.get(address)
        assert answer.status_code == 200, address
        told = answer.headers["content-type"].replace(" ", "")
        assert told.partition(";")[0] == kind.replace(" ", "").partition(";")[0], address
        kinds.add(kind)
        if "json" in kind and "offset=" not in address:
            waiting += [(link["href"], link["type"]) for link in _links(answer.json()) if "rel" in link]
        if kind == "text/html":
            for href in re.findall(r'<a href="(http://atlas\.test[^"]+)"', answer.text)[:40]:
                found = client.get(html.unescape(href))
                assert found.status_code == 200, (address, href)
    assert len(seen) > 120
    assert kinds > DATA - {"text/csv"}


def test_no_link_leads_to_what_is_not_offered(client: TestClient) -> None:
    told = client.get("/api?f=json").text
    assert "/processes" not in told
    assert "/jobs" not in told
    paths = client.get("/api/openapi?f=json").json()["paths"]
    assert not [path for path in paths if path.startswith(("/processes", "/jobs", "/stac"))]
