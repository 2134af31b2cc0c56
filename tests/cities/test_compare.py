"""The same indicator over all cities: each share is the city's own, what is lacking is said, nothing is ranked."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from geo.atlas import load_atlas
from geo.cities import city_called, entered
from geo.coverage.compare_cities import UNLIKE, CityShare, compare_cities, unlike
from geo.coverage.demand import modelled_demand
from geo.coverage.question import answer_coverage, read_question
from geo.errors import ParameterError
from geo.questions.cities import CitiesQuestion
from layers.api.cities import routes
from tests.cities.conftest import PACKS
from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
DAY = "2022-12-31"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("indicator", "has"), [("metro_800", "wuxi"), ("primary_1000", "jingdezhen")])
def test_a_city_that_lacks_the_data_says_what_it_lacks(
    two_cities: Path, indicator: str, has: str, lang: str
) -> None:
    answer = compare_cities(CitiesQuestion.read({"indicator": indicator, "as_of": DAY}), lang)
    assert [row.slug for row in answer.rows] == list(PACKS), "in the order of the list"
    for row in answer.rows:
        assert (row.share is not None) == (row.slug == has)
        assert bool(row.cannot) == (row.slug != has)
        assert (indicator in row.cannot) == (row.slug != has)
    rows = {row.slug: row for row in answer.rows}
    assert rows[has].residents_from
    assert rows[has].facts_from
    assert rows[has].facilities_known


def test_the_share_is_that_of_coverage(two_cities: Path) -> None:
    for indicator, slug in (
        ("metro_800", "wuxi"),
        ("primary_1000", "jingdezhen"),
        ("tram_500", "jingdezhen"),
    ):
        answer = compare_cities(CitiesQuestion.read({"indicator": indicator, "as_of": DAY, "set": "planned"}))
        row = next(each for each in answer.rows if each.slug == slug)
        with entered(city_called(slug)):
            atlas = load_atlas()
            asked = read_question(atlas, {"indicator": indicator, "as_of": DAY, "set": "planned"})
            city = answer_coverage(atlas, asked, modelled_demand(atlas)).table.loc[atlas.city.code]
        assert row.share == pytest.approx(city["share_residents"], abs=1e-9)
        assert row.share_low == pytest.approx(city["share_residents_least"], abs=1e-9)
        assert row.share_high == pytest.approx(city["share_residents_most"], abs=1e-9)


def test_what_speaks_against_comparing_is_said() -> None:
    one = CityShare(
        "a",
        "甲",
        share=0.5,
        definition="park straight 500 m / land",
        residents_from="x",
        facilities_complete=True,
    )
    same = CityShare(
        "b",
        "乙",
        share=0.9,
        definition="park straight 500 m / land",
        residents_from="x",
        facilities_complete=True,
    )
    other = CityShare(
        "c", "丙", share=0.9, definition="park straight 300 m / land", residents_from="y", facts_as_of="2014"
    )
    missing = CityShare("d", "丁", cannot="没有", definition="other")
    assert unlike([one, same, missing], "residents") == ()
    assert unlike([one, other], "residents") == tuple(UNLIKE)
    assert unlike([one, other], "land") == ("definition", "facilities", "date")


def test_a_question_without_an_indicator_is_refused() -> None:
    with pytest.raises(ParameterError, match="indicator"):
        CitiesQuestion.read({})


def test_the_api_answers_the_same_at_every_city(two_cities: Path) -> None:
    client = TestClient(Starlette(routes=routes()), base_url="http://atlas.test")
    question = f"/api/cities/compare?indicator=primary_1000&as_of={DAY}"
    answers = [client.get(f"{prefix}{question}").json() for prefix in ("", "/c/wuxi", "/c/jingdezhen")]
    assert answers[0] == answers[1] == answers[2]
    assert [row["slug"] for row in answers[0]["rows"]] == list(PACKS)
    assert answers[0]["notes"]
    listed = client.get("/c/jingdezhen/api/cities").json()
    assert listed["here"] == "jingdezhen"
    assert [row["works"] for row in listed["rows"]] == [
        client.get(f"/c/{slug}/api/cities").json()["rows"][at]["works"] for at, slug in enumerate(PACKS)
    ]
    assert client.get("/api/cities/compare").status_code == 400


def test_the_page_shows_both_cities_and_why_one_cannot_be_computed(two_cities: Path) -> None:
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.switch_page("cities.py")
    app.query_params["ind"] = "primary_1000"
    app.run()
    assert not app.exception
    shown = " ".join(element.proto.body for element in app.get("html"))
    assert "算不出，因为：" in shown
    assert 'href="/c/jingdezhen/coverage"' in shown
    assert "不排名次" in shown


def test_with_one_city_there_is_no_such_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATLAS_CITIES", raising=False)
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.run()
    assert not [each for each in app.get("page_link") if "cities" in each.proto.page]
