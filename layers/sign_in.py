"""The ways through the identity service and back: to the city in which a sign-in was begun, and with a word where it failed.

Streamlit sends everybody back to the start, without a word. It knows one root, and sign-in goes through it: which city a person comes from
stands in the address of the page that sent the browser there (``Referer``), and is kept in a cookie until the identity service sends the person back.
Neither is ever an address to go to: a slug is looked up among the cities of this process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.cities import CityFolder, cities
from layers.city_addresses import city_at, with_prefix

CALLBACK: Final = "/oauth2callback"
BEGINNINGS: Final = ("/auth/login", "/auth/logout")
FAILED: Final = "signin=failed"
USER_COOKIE: Final = "_streamlit_user="
CITY_COOKIE: Final = "atlas_signin_city"
_AWAY_S: Final = 3600
"""How long a person may be at the identity service and still come back to the city."""
_REDIRECTS: Final = range(300, 400)


class FailedSignInNotice:
    """Where the identity service sends a person back and no identity follows, the next address says so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; mark the way back from a sign-in without an identity."""

        def mark(headers: MutableHeaders) -> None:
            given = [value for value in headers.getlist("set-cookie") if value.startswith(USER_COOKIE)]
            if not any(_keeps(value) for value in given) and "location" in headers:
                headers["location"] += ("&" if "?" in headers["location"] else "?") + FAILED

        back = scope["type"] == "http" and scope["path"].endswith(CALLBACK)
        # the identity service sends a person who signed out here too, without the code of a sign-in
        asked = back and any(name in scope["query_string"] for name in (b"code=", b"error="))
        await self.app(scope, receive, _redirects(send, mark) if asked else send)


class ReturnToCity:
    """Sign-in and sign-out come back to the city they were begun in; ``base_path`` stands before every address of the app."""

    def __init__(self, app: ASGIApp, base_path: str = "") -> None:
        self.app, self.prefix = app, with_prefix(base_path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; in a process with cities, note the city on the way out, and lead to it on the way back."""
        path = scope["path"].removeprefix(self.prefix) if scope["type"] == "http" else ""
        if path not in (CALLBACK, *BEGINNINGS) or not cities():
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        began = path in BEGINNINGS
        city = self._sender(request) if began else _noted(request)

        def lead(headers: MutableHeaders) -> None:
            if city and headers.get("location") == f"{self.prefix}/":
                headers["location"] = f"{self.prefix}{city.address}/"
            headers.append("set-cookie", self._note(city if began else None, request))

        await self.app(scope, receive, _redirects(send, lead))

    def _sender(self, request: HTTPConnection) -> CityFolder | None:
        """The city of the page that sent the browser here; a browser that does not say where it comes from is of none."""
        found = city_at(urlsplit(request.headers.get("referer", "")).path, self.prefix)
        return found[0] if found else None

    def _note(self, city: CityFolder | None, request: HTTPConnection) -> str:
        """The cookie for the way back; without a city one that ends what an earlier sign-in left."""
        answer = Response()
        answer.set_cookie(
            CITY_COOKIE,
            city.slug if city else "",
            max_age=_AWAY_S if city else 0,
            path=f"{self.prefix}{CALLBACK}",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",  # the identity service is another site, and its way back must bring it
        )
        return answer.headers["set-cookie"]


def _noted(request: HTTPConnection) -> CityFolder | None:
    slug = request.cookies.get(CITY_COOKIE, "")
    return next((city for city in cities() if city.slug == slug), None)


def _redirects(send: Send, change: Callable[[MutableHeaders], None]) -> Send:
    """``send``, with the headers of a redirect changed."""

    async def changing(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in _REDIRECTS:
            change(MutableHeaders(scope=message))
        await send(message)

    return changing


def _keeps(cookie: str) -> bool:
    """Whether a ``Set-Cookie`` gives an identity; one that ends it has no time to live."""
    return "max-age=0" not in cookie.lower()
