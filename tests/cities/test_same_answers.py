"""Whatever is asked of a city of many, it answers what a process with its pack alone answers, byte by byte."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cities.conftest import PACKS, Ask

SLUGS = tuple(PACKS)
PATHS = (
    "/api",
    "/api/progress",
    "/api/promises",
    "/api/districts",
    "/api/near",
    "/api/feed",
    "/api/coverage",
    "/api/impact",
    "/api/gaps",
    "/api/equity",
    "/api/matrix",
    "/api/indicators",
    "/api/openapi",
    "/api/conformance",
    "/api/collections",
    "/api/collections/works",
    "/api/collections/works/items",
    "/api/collections/works/queryables",
    "/api/collections/facilities/items",
    "/api/collections/works/tiles/WebMercatorQuad/8/105/213",
    "/api/nothing",
    "/atlas/config.json",
    "/atlas/near.json",
    "/atlas/news.json",
    "/atlas/layers/works.json",
    "/atlas/layers/stations.json",
    "/atlas/nothing",
)
VALUES = {
    "lang": st.sampled_from(["zh", "en", "xx"]),
    "as_of": st.sampled_from(["2021-12-31", "2022-12-31", "2025-01-01", "soon"]),
    "by": st.sampled_from(["item", "category", "district", "line", "?"]),
    "kind": st.sampled_from(["metro_station", "school_primary", "tram_stop", "park"]),
    "radius": st.sampled_from(["300", "800", "-1"]),
    "set": st.sampled_from(["before", "as_of", "planned"]),
    "indicator": st.sampled_from(["metro_800", "primary_1000", "tram_500", "none"]),
    "district": st.sampled_from(["320213", "360281", "all", "../var"]),
    "at": st.sampled_from(["120.30,31.57", "117.20,29.29", "0,0"]),
    "limit": st.sampled_from(["1", "50", "0"]),
    "f": st.sampled_from(["json", "html", "mvt"]),
    "plan": st.sampled_from(["2021", "2022", "all"]),
    "datum": st.sampled_from(["WGS84", "GCJ02"]),
    "item": st.sampled_from(["T06", "A01"]),
    "scenario": st.sampled_from(["s-0123456789abcdef", "z-"]),
    "demand": st.sampled_from(["residents", "area", "raster-" + "0" * 32, "/etc/passwd"]),
}
WORDS = st.lists(st.sampled_from(sorted(VALUES)), max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] for name in names})
)
QUESTIONS = st.tuples(st.sampled_from(PATHS), WORDS)


def address(path: str, words: dict[str, str]) -> str:
    return f"{path}?{urlencode(words)}" if words else path


def timeless(body: bytes) -> bytes:
    """Without the moment of answering, which OGC API - Features asks for."""
    return re.sub(rb'("timeStamp":")[^"]*', rb"\1", body)


@settings(deadline=None, max_examples=120)
@given(st.sampled_from([*SLUGS, ""]), QUESTIONS)
def test_a_city_of_many_answers_as_if_it_were_alone(
    both: Ask, alone: dict[str, Ask], slug: str, question: tuple[str, dict[str, str]]
) -> None:
    asked = address(*question)
    prefix = f"/c/{slug}" if slug else ""
    status, body = both(f"{prefix}{asked}")
    expected, alike = alone[slug or SLUGS[0]](asked)
    assert (status, timeless(body.replace(prefix.encode(), b""))) == (expected, timeless(alike))


def test_addresses_in_an_answer_stay_in_the_city(both: Ask) -> None:
    status, body = both("/c/jingdezhen/api?f=json")
    assert status == 200
    assert b"http://atlas.test/c/jingdezhen/api/collections" in body
    assert b"http://atlas.test/api" not in body


@settings(deadline=None, max_examples=30)
@given(st.text(min_size=1, max_size=30) | st.sampled_from(["../data", "WUXI", "wuxi%2e", "c", "wuxi "]))
def test_an_unknown_city_is_refused_in_plain_words(both: Ask, slug: str) -> None:
    if slug in (*SLUGS, ".", ".."):  # the client itself takes dots out of an address
        return
    status, body = both(f"/c/{quote(slug, safe='')}/api/progress")
    assert status == 404
    assert b"progress" not in body
