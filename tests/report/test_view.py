"""The picture of what is seen, as the open API gives it."""

from __future__ import annotations

import io

import pytest
from matplotlib.image import imread
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.questions.works import PictureQuestion
from layers.api.server import routes
from layers.report.view import read_box, view_sheet

BOX = "120.2,31.5,120.4,31.7"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()), base_url="http://atlas.test")


def test_the_picture_has_the_frame_the_day_and_the_filters(client: TestClient) -> None:
    answer = client.get(
        "/api/picture", params={"bbox": BOX, "as_of": "2021-12-31", "format": "svg", "category": "metro"}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "2021-12-31.svg" in answer.headers["content-disposition"]
    assert "2021-12-31" in answer.text
    everything = client.get("/api/picture", params={"bbox": BOX, "as_of": "2021-12-31", "format": "svg"})
    assert len(everything.content) > len(answer.content)


def test_a_tall_frame_makes_a_tall_picture(client: TestClient) -> None:
    tall = client.get("/api/picture", params={"bbox": "120.3,31.4,120.35,31.6"})
    flat = client.get("/api/picture", params={"bbox": "120.1,31.5,120.5,31.6"})
    (high, wide), (low, wide_too) = (
        imread(io.BytesIO(each.content), format="png").shape[:2] for each in (tall, flat)
    )
    assert wide == wide_too
    assert high > 2 * low


def test_a_box_over_a_chinese_base_map_is_shifted_back() -> None:
    west, south, east, north = read_box(BOX, "GCJ02")
    assert 0.003 < 120.2 - west < 0.007
    assert 0.001 < abs(31.5 - south) < 0.004
    assert read_box(BOX, "") == (120.2, 31.5, 120.4, 31.7)
    assert east > west
    assert north > south


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"bbox": "1,2,3"}, 400),
        ({"bbox": "nan,31,121,32"}, 400),
        ({"bbox": "121,31,120,32"}, 400),
        ({"bbox": "a,b,c,d"}, 400),
        ({"format": "exe"}, 400),
        ({"as_of": "yesterday"}, 400),
        ({"scope": "x"}, 400),
        ({"district": "999999"}, 404),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(
    client: TestClient, words: dict[str, str], status: int
) -> None:
    answer = client.get("/api/picture", params=words | {"lang": "en"})
    assert answer.status_code == status
    assert answer.json()["error"]


def test_one_district_fills_the_sheet_and_the_city_is_no_filter() -> None:
    assert view_sheet(PictureQuestion(district="320213"), (), "zh").focus == "320213"
    assert view_sheet(PictureQuestion(district="320200"), (), "zh").focus == ""
