"""What the charts of the pages show, asked of the API: as JSON, as a table, as pictures."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from geo.register.city import Atlas
from geo.register.progress import progress
from geo.report.front import front

DAY = date(2021, 12, 31)


def test_promises_are_those_of_the_front_page(client: TestClient, atlas: Atlas) -> None:
    answer = client.get("/api/promises", params={"as_of": DAY.isoformat(), "lang": "en"}).json()
    message = front(atlas, DAY, "en")
    assert answer["counts"] == {part.outcome: part.count for part in message.outcomes.parts}
    assert [row["why"] for row in answer["rows"]] == [one.verdict.sentence for one in message.promises]
    table = client.get("/api/promises", params={"as_of": DAY.isoformat(), "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert Counter(row["outcome"] for row in rows) == {
        word: number for word, number in answer["counts"].items() if number
    }


@pytest.mark.parametrize("measure", ["share_done", "metro_800"])
def test_districts_come_in_their_order(client: TestClient, atlas: Atlas, measure: str) -> None:
    answer = client.get("/api/districts", params={"measure": measure, "as_of": DAY.isoformat()}).json()
    values = [row["value"] for row in answer["rows"] if row["value"] is not None]
    assert values == sorted(values, reverse=True)
    assert {row["district_code"] for row in answer["rows"]} == set(atlas.districts.index)
    if measure == "share_done":
        wanted = progress(atlas.register, DAY, "district")
        for row in answer["rows"]:
            own = wanted.loc[row["district_code"]]
            assert (row["part"], row["whole"]) == (own["done"], own["named"])


@pytest.mark.parametrize("chart", ["promises", "districts"])
def test_pictures_are_pictures(client: TestClient, chart: str) -> None:
    question = {"as_of": DAY.isoformat(), "lang": "en"}
    svg = client.get(f"/api/{chart}", params=question | {"format": "svg"})
    assert svg.headers["content-type"] == "image/svg+xml"
    assert ElementTree.fromstring(svg.content).tag.endswith("svg")  # noqa: S314 (our own drawing)
    png = client.get(f"/api/{chart}", params=question | {"format": "png"})
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG")


def test_a_measure_that_there_is_not_is_refused(client: TestClient) -> None:
    answer = client.get("/api/districts", params={"measure": "nonsense"})
    assert answer.status_code == 404
    assert "nonsense" in answer.json()["error"]
