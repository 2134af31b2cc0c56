"""The way back from the identity service leads to a city of this process or to the start, whatever a client sends."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.sign_in import CITY_COOKIE, ReturnToCity
from tests.cities.conftest import PACKS

LISTED = ":".join(map(str, PACKS.values()))
SLUGS = st.one_of(
    st.sampled_from(
        [
            *PACKS,
            "",
            "nowhere",
            "WUXI",
            "//evil.example",
            "wuxi/../..",
            "wuxi//evil.example",
            "https://evil.example",
        ]
    ),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=30),
)


def answered(path: str, headers: dict[str, str], location: str, base: str = "") -> dict[bytes, bytes]:
    """Headers of the redirect that leaves, where the app behind sends one to ``location``."""
    sent: dict[bytes, bytes] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(
            {"type": "http.response.start", "status": 302, "headers": [(b"location", location.encode())]}
        )

    async def send(message: Any) -> None:
        sent.update(message["headers"])

    scope = {
        "type": "http", "method": "GET", "path": f"{base}{path}", "query_string": b"", "scheme": "http", "server": ("a", 80),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }  # fmt: skip
    answer = ReturnToCity(app, base)(scope, None, send)  # type: ignore[arg-type]
    with ThreadPoolExecutor(
        1
    ) as apart:  # in a thread: the browser's driver of other tests has a loop of its own in this one
        apart.submit(asyncio.run, answer).result()
    return sent


def way_back(referer: str, base: str = "") -> tuple[str, str]:
    """The cookie that a beginning leaves, and where the end leads by it."""
    began = answered("/auth/login", {"referer": referer}, "https://identity.example/authorize", base)
    assert began[b"location"] == b"https://identity.example/authorize"
    cookie = SimpleCookie(began[b"set-cookie"].decode())[CITY_COOKIE]
    assert cookie["path"] == f"{base}/oauth2callback"
    assert cookie["httponly"]
    ended = answered("/oauth2callback", {"cookie": f"{CITY_COOKIE}={cookie.value}"}, f"{base}/", base)
    assert SimpleCookie(ended[b"set-cookie"].decode())[CITY_COOKIE]["max-age"] == "0", "it serves once"
    return cookie.value, ended[b"location"].decode()


@given(SLUGS, st.sampled_from(["", "/atlas-base"]), st.sampled_from(["http://a", "https://evil.example"]))
def test_the_end_is_a_city_of_this_process_or_the_start(slug: str, base: str, site: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_CITIES", LISTED)
        begun = way_back(f"{site}{base}/c/{slug}/register?work=1", base)
        assert begun[1] == (f"{base}/c/{begun[0]}/" if begun[0] else f"{base}/")
        assert begun[0] in {*PACKS, ""}
        if slug in PACKS:
            assert begun[0] == slug
        ended = answered("/oauth2callback", {"cookie": f"{CITY_COOKIE}={slug}"}, f"{base}/", base)
        assert ended[b"location"].decode() in {f"{base}/", *(f"{base}/c/{known}/" for known in PACKS)}


@given(SLUGS)
def test_a_redirect_to_elsewhere_stays_as_it_is(slug: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_CITIES", LISTED)
        for path in ("/auth/logout", "/oauth2callback"):
            ended = answered(
                path,
                {"cookie": f"{CITY_COOKIE}={slug}", "referer": f"http://a/c/{slug}/"},
                "https://identity.example/x",
            )
            assert ended[b"location"] == b"https://identity.example/x"


def test_with_one_city_nothing_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATLAS_CITIES", raising=False)
    assert answered("/auth/login", {"referer": "http://a/c/wuxi/"}, "/") == {b"location": b"/"}
