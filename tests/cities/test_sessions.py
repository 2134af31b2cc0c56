"""Sessions of the pages below ``/c/<slug>``: the program alone says which city, and a session that changes its city starts anew."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from geo.cities import current_slug
from layers.city_addresses import HEADER, CityPages
from pages.parts.shell import access
from tests.cities.conftest import PACKS
from tools.serving import PATIENCE_S

FRAME = str(Path(__file__).resolve().parents[2] / "pages" / "frame.py")
LISTED = ":".join(map(str, PACKS.values()))


def passed_on(
    path: str, headers: list[tuple[bytes, bytes]], kind: str = "http", base: str = ""
) -> dict[str, Any]:
    """What the app behind gets: its scope, with the city that is meant there as ``city``; or the answer, where none is passed on."""
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope, city=current_slug())

    async def send(message: Any) -> None:
        seen.update(message)

    scope = {"type": kind, "method": "GET", "path": path, "query_string": b"a=1", "headers": headers}
    # in a thread: the browser's driver of other tests has a loop of its own in this one
    answer = CityPages(app, base)(scope, None, send)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, answer).result()
    return seen


@given(
    st.sampled_from(["wuxi", "jingdezhen", ""]),
    st.sampled_from(["/", "/works", "/_stcore/stream", "/static/js/index.js", "/_stcore/upload_file/a/b"]),
    st.sampled_from(["http", "websocket"]),
    st.sampled_from(["", "/atlas-base"]),
    st.lists(st.sampled_from([b"x-atlas-city", b"X-Atlas-City", b"X-ATLAS-CITY", b"cookie"]), max_size=3),
)
def test_what_a_client_claims_is_never_believed(
    slug: str, rest: str, kind: str, base: str, claimed: list[bytes]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_CITIES", LISTED)
        prefix = f"/c/{slug}" if slug else ""
        seen = passed_on(f"{base}{prefix}{rest}", [(name, b"jingdezhen") for name in claimed], kind, base)
    told = [value for name, value in seen["headers"] if name.lower() == HEADER.encode()]
    assert told == ([slug.encode()] if slug else [])
    assert seen["path"] == f"{base}{rest}"
    assert seen["city"] == (slug or "wuxi")


@pytest.mark.parametrize(
    "path", ["/c/nowhere/", "/c/WUXI/works", "/c/wuxi/api/progress", "/c/wuxi/atlas/map", "/c/", "/cities"]
)
def test_other_addresses_pass_as_they_are(two_cities: Path, path: str) -> None:
    assert passed_on(path, [])["path"] == path


def test_an_address_without_its_slash_leads_to_the_one_with_it(two_cities: Path) -> None:
    answer = passed_on("/c/wuxi", [])
    assert answer["status"] == 307
    assert dict(answer["headers"])[b"location"] == b"/c/wuxi/?a=1"


def test_a_page_shows_the_city_of_its_session(two_cities: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {"X-Atlas-City": "jingdezhen", "User-Agent": "x"}
    monkeypatch.setattr(
        "streamlit.runtime.context.ContextProxy.headers", property(lambda _self: Headers(sent))
    )
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.run()
    assert not app.exception
    shown = texts(app)
    assert "浮梁县" in shown or "乐平市" in shown
    assert 'href="/c/wuxi/"' in shown
    assert 'aria-current="page">景德镇市' in shown

    app.session_state["left over"] = "of this city"
    sent["X-Atlas-City"] = "wuxi"
    app.run()
    assert "left over" not in app.session_state
    assert 'aria-current="page">无锡市' in texts(app)


def test_with_one_city_there_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATLAS_CITIES", raising=False)
    app = AppTest.from_file(FRAME, default_timeout=PATIENCE_S)
    app.run()
    assert "wx-cities" not in texts(app)


def test_the_programs_own_header_is_no_sign_of_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = Headers({"X-Atlas-City": "wuxi", "User-Agent": "x"})
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.headers", property(lambda _self: sent))
    assert access.headers() == {"User-Agent": "x"}


class Headers(dict[str, str]):
    """Headers as Streamlit gives them: names in any case."""

    def get(self, name: str, default: Any = None) -> Any:
        return next((value for key, value in self.items() if key.lower() == name.lower()), default)


def texts(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))
