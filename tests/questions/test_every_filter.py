"""Every filter is answered by every door, also one that nothing passes; and all doors count the same works."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import layers
from geo.atlas import load_atlas
from geo.cli.main import app
from geo.register.selection import Selection
from geo.vocabulary import STATUSES
from layers.api.server import routes
from tools.serving import PATIENCE_S

DAY = "2021-12-31"
DISTRICT = "320213"
FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
PAIRS = list(product(load_atlas().names("categories", "zh"), STATUSES))
FEW = [
    next(pair for pair in PAIRS if len(Selection((pair[0],), (DISTRICT,), (pair[1],)).apply(STATE)) == size)
    for STATE in [load_atlas().register.state(date.fromisoformat(DAY))]
    for size in (0, 1)
]
"""A pair of category and status that nothing in the district passes, and one that one work passes."""


def expected(category: str, status: str) -> int:
    state = load_atlas().register.state(date.fromisoformat(DAY))
    rows = state[(state["category"] == category) & (state["status"] == status) & (state["counted"] == "yes")]
    return int(rows["district_code"].fillna("").str.split("|").map(lambda codes: DISTRICT in codes).sum())


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_the_command_line_answers_every_filter() -> None:
    for category, status in PAIRS:
        words = ["works", "--as-of", DAY, "--category", category, "--status", status, "--district", DISTRICT]
        result = CliRunner().invoke(app, [*words, "--counted", "yes", "--format", "json"])
        assert result.exit_code == 0, (category, status, result.output)
        assert len(json.loads(result.stdout)) == expected(category, status)


@pytest.mark.parametrize(("category", "status"), PAIRS)
def test_the_collection_of_works_answers_every_filter(client: TestClient, category: str, status: str) -> None:
    words = {
        "as_of": DAY,
        "district_code": DISTRICT,
        "category": category,
        "status": status,
        "counted": "yes",
    }
    answer = client.get("/api/collections/works/items", params=words)
    assert answer.status_code == 200, answer.text
    assert answer.json()["numberMatched"] <= expected(category, status), (
        "a work in two districts has another code"
    )


@pytest.mark.parametrize(("category", "status"), FEW)
def test_picture_list_and_notebook_answer_a_filter_that_little_passes(
    client: TestClient, category: str, status: str
) -> None:
    words = {"as_of": DAY, "district": DISTRICT, "category": category, "status": status}
    for form in ("svg", "png"):
        answer = client.get("/api/picture", params=words | {"format": form})
        assert answer.status_code == 200, answer.text
    element = layers.works(
        as_of=DAY, districts=[DISTRICT], categories=[category], statuses=[status], scope="plan"
    )
    assert element is not None
    page = AppTest.from_file(FRAME, default_timeout=PATIENCE_S).switch_page("works.py")
    for name, value in words.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert (
        len(page.dataframe[0].value) == expected(category, status)
        if page.dataframe
        else not expected(category, status)
    )
