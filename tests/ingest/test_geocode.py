"""A geocoder of the person's own against a fake server on this machine: asked once, converted, refused in plain words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.errors import ParameterError
from geo.ingest.plan.geocode import PROVIDERS, WebGeocoder, geocoder_from_environment
from geo.places.crs import convert
from geo.register.city import Atlas

PLACE = (120.301234, 31.581234)
X, Y = (float(value[0]) for value in convert([PLACE[0]], [PLACE[1]], source="WGS84", target="GCJ02"))
ANSWERS: dict[str, Any] = {
    "amap": {"status": "1", "geocodes": [{"location": f"{X:.6f},{Y:.6f}", "level": "门牌号"}]},
    "tianditu": {"status": "0", "location": {"lon": PLACE[0], "lat": PLACE[1], "score": 95, "level": "门址"}},
    "nominatim": [
        {
            "lon": str(PLACE[0]),
            "lat": str(PLACE[1]),
            "boundingbox": ["31.581", "31.582", "120.301", "120.302"],
        }
    ],
}


class Fake:
    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.answer: Any = {}
        self.status = 200
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.asked.append(parse_qs(urlsplit(self.path).query))
                body = fake.answer if isinstance(fake.answer, bytes) else json.dumps(fake.answer).encode()
                self.send_response(fake.status)
                if fake.status == 302:
                    self.send_header("Location", "http://example.invalid/")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def fake() -> Iterator[Fake]:
    server = Fake()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.mark.parametrize("provider", list(PROVIDERS))
def test_each_service_is_read_converted_and_asked_once(fake: Fake, provider: str) -> None:
    fake.answer = ANSWERS[provider]
    geocoder = WebGeocoder(
        provider, key="secret", city="无锡市", url=fake.url, districts={"320213": "梁溪区"}
    )
    first, second = geocoder.find("永乐路1号", "320213"), geocoder.find("永乐路1号", "320213")
    assert first == second
    assert first is not None
    assert (first.lon, first.lat) == pytest.approx(PLACE, abs=2e-6)
    assert first.crs == PROVIDERS[provider].crs
    assert first.source_id == geocoder.source["source_id"]
    assert len(fake.asked) == 1
    assert "永乐路1号" in str(fake.asked)


def test_no_answer_is_kept_but_a_failure_is_not(fake: Fake) -> None:
    geocoder = WebGeocoder("amap", key="secret", url=fake.url)
    fake.answer = {"status": "1", "geocodes": []}
    assert geocoder.find("无此路") is None
    assert geocoder.find("无此路") is None
    assert len(fake.asked) == 1
    fake.answer = {"status": "1", "geocodes": [{"location": "120,31", "level": "区县"}]}
    assert geocoder.find("梁溪区") is None  # a district is no place in it
    for status, answer in (
        (500, b""),
        (200, b"<html>"),
        (302, b""),
        (200, {"status": "0", "info": "INVALID_USER_KEY"}),
    ):
        fake.status, fake.answer = status, answer
        with pytest.raises(ParameterError) as caught:
            geocoder.find("永乐路2号")
        assert "secret" not in caught.value.text("en")
    fake.status, fake.answer = 200, ANSWERS["amap"]
    assert geocoder.find("永乐路2号") is not None


def test_it_is_off_until_set(monkeypatch: pytest.MonkeyPatch, fake: Fake) -> None:
    assert geocoder_from_environment("", {}) is None
    monkeypatch.setenv("ATLAS_GEOCODER", "amap")
    with pytest.raises(ParameterError, match="ATLAS_GEOCODER_KEY"):
        geocoder_from_environment("", {})
    monkeypatch.setenv("ATLAS_GEOCODER_KEY", "k")
    monkeypatch.setenv("ATLAS_GEOCODER_URL", "file:///etc/passwd")
    with pytest.raises(ParameterError, match="https"):
        geocoder_from_environment("", {})
    monkeypatch.setenv("ATLAS_GEOCODER_URL", fake.url)
    assert geocoder_from_environment("", {}) is not None
    with pytest.raises(ParameterError, match="nominatim"):
        WebGeocoder("other")


def test_a_row_is_placed_by_it_with_its_source(fake: Fake, plan_of, atlas: Atlas) -> None:
    fake.answer = ANSWERS["amap"]
    rows = {"小区名称": ["试验甲村"], "区县": ["梁溪区"], "地址": ["永乐路1号"]}
    geocoder = WebGeocoder("amap", key="k", url=fake.url)
    plan = plan_of(rows, geocoder=geocoder)
    (work,) = plan.made.works
    assert (work["location_basis"], work["crs_original"], work["place_source_id"]) == (
        "approximate",
        "GCJ02",
        "S-GEOCODE-AMAP",
    )
    assert "S-GEOCODE-AMAP" in {source["source_id"] for source in plan.made.sources}
    elsewhere = plan_of(rows | {"区县": ["宜兴市"]}, geocoder=geocoder)
    assert (
        elsewhere.made.works[0]["lon"] is None
    )  # an answer in another district is another place of that name
