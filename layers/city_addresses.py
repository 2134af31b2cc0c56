"""Addresses of a city, ``/c/<slug>/...``: the pages of Streamlit below them, each session of one city.

Streamlit knows one root. A request below ``/c/<slug>`` is passed on as if that were the root, and its session is told the city by a header
that nobody outside can set: a session never changes its city, so nothing on its page can be of another one.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.cities import ADDRESS, SLUG, CityFolder, cities, entered

HEADER: Final = "x-atlas-city"
"""On every request that Streamlit gets below ``/c/<slug>``: the slug. What a client sends under this name is taken off."""
_OWN: Final = ("/api", "/atlas")
"""Below these, the program's own routes answer, which know their city by themselves (:mod:`layers.api.cities`)."""
_ADDRESS: Final = re.compile(rf"/{ADDRESS}/({SLUG})(/.*)?", re.DOTALL)


def with_prefix(base_path: str) -> str:
    """A base path as it stands before addresses: empty, or ``/name``."""
    return f"/{base_path.strip('/')}" if base_path.strip("/") else ""


def city_at(path: str, prefix: str = "") -> tuple[CityFolder, str] | None:
    """The city of a path and what stands behind ``/c/<slug>``; None where the path is of no city of this process."""
    if not path.startswith(f"{prefix}/{ADDRESS}/"):
        return None
    read = _ADDRESS.fullmatch(path.removeprefix(prefix))
    city = next((city for city in cities() if read and city.slug == read[1]), None)
    return (city, (read[2] or "")) if city and read else None


class CityPages:
    """Passes requests below ``/c/<slug>`` on to Streamlit, in that city; ``base_path`` stands before every address of the app."""

    def __init__(self, app: ASGIApp, base_path: str = "") -> None:
        self.app, self.prefix = app, with_prefix(base_path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the city where the address has one."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        name = HEADER.encode()
        scope = {**scope, "headers": [each for each in scope["headers"] if each[0].lower() != name]}
        found = city_at(scope["path"], self.prefix)
        if found is None or _is_own(found[1]):
            await self.app(scope, receive, send)
            return
        city, rest = found
        if not rest:  # addresses on the page are relative to the folder of the city
            question = scope["query_string"].decode("latin-1")
            slashed = f"{self.prefix}{city.address}/" + (f"?{question}" if question else "")
            await RedirectResponse(slashed)(scope, receive, send)
            return
        inside = f"{self.prefix}{rest}"
        scope |= {
            "path": inside,
            "raw_path": inside.encode(),
            "headers": [*scope["headers"], (name, city.slug.encode())],
        }
        with entered(city):
            await self.app(scope, receive, send)


def _is_own(rest: str) -> bool:
    return any(rest == own or rest.startswith(f"{own}/") for own in _OWN)
