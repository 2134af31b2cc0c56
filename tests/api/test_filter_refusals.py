"""Why a filter is refused is said in the reader's language, whatever the fault."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from layers.api.server import routes

FAULTS = [
    "status = ", "((", '{"op":1}', "{bad", "name_zh", "nothing = 1", "statu = 'completed'", "status = 1",
    "CASEI(lon) = 'a'", "S_INTERSECTS(status, geometry)", "T_AFTER(lon, DATE('2021-01-01'))", "status LIKE lon",
    "lon + 'a' = 1", "NOT lon", "nothing(status)", "S_INTERSECTS(geometry, POINT(999 999))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "status_since = DATE('2021-13-77')",
    "1e400 = 1", "BBOX(1,2,3) = 1",
]  # fmt: skip
NAMES = {"filter", "CQL2", "status", "completed", "AND", "NOT"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_chinese_refusal_has_no_english_in_it(client: TestClient, fault: str) -> None:
    words = {"filter": fault, "f": "json"}
    answer = client.get("/api/collections/works/items", params=words | {"lang": "zh"})
    assert answer.status_code == 400, answer.text
    said = answer.json()["description"]
    of_others = NAMES | set(re.findall(r"\w+", fault))
    english = set(re.findall(r"[A-Za-z]\w{2,}", said)) - of_others - {word.lower() for word in of_others}
    assert english <= known(client), said
    there = client.get("/api/collections/works/items", params=words | {"lang": "en"}).json()["description"]
    assert not re.search(r"[\u4e00-\u9fff]", there), there


def known(client: TestClient) -> set[str]:
    """Names of fields: one may be proposed."""
    return set(client.get("/api/collections/works/queryables").json()["properties"])
