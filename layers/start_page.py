"""The HTML that Streamlit starts every page with, told where its server is and which language the page is in.

Left alone, a page at ``/works`` first looks for its server below ``/works`` and writes two errors 404 into the console of everyone who
opens a deep link. Streamlit takes the server's address from ``window.__streamlit``, which is there for pages that are hosted elsewhere. Below ``/c/<slug>`` that
is the address of the city (:mod:`layers.city_addresses`).
And it says ``lang="en"`` whatever is on the page; a page's language is a word of its address (:mod:`pages.parts.shell.link`), which changes
without a new page being loaded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.cities import ADDRESS
from geo.text import LANGUAGE_TAGS, LANGUAGES
from layers import browser_code
from layers.city_addresses import with_prefix

NEWEST_MAP: Final = "/newest-map"
"""Below ``/atlas``: leads to the newest page of the map, for a browser that knows no version yet."""
_EARLY_MAP: Final = ("components/early_map.js", "shared/dom.js", "shared/fetch_json.js")
"""The module that shows it, and those that it imports, to be fetched beside it."""
_HEAD: Final = "<head>"
_LANGUAGE: Final = f"""
(() => {{
  const tags = new Map(Object.entries({json.dumps(LANGUAGE_TAGS)}));
  const follow = () => {{
    document.documentElement.lang = tags.get(new URLSearchParams(location.search).get("lang")) ?? tags.get("{LANGUAGES[0]}");
  }};
  follow();
  window.navigation?.addEventListener("currententrychange", follow);
}})();"""


def with_server(start_page: str, base_path: str = "", slugs: Sequence[str] = ()) -> str:
    """The start page with one more script, first in its head, and where there is one city the module that shows its map first.

    Parameters
    ----------
    start_page : str
        HTML.
    base_path : str
        What stands before every address of the app.
    slugs : sequence of str
        Of the cities of this process.

    Returns
    -------
    str
    """
    prefix = with_prefix(base_path)
    root = json.dumps(prefix)
    if slugs:
        city = rf"^{re.escape(prefix)}/{ADDRESS}/({'|'.join(slugs)})(?=/|$)"
        root = f"(location.pathname.match(new RegExp({json.dumps(city)}))?.[0] ?? {root})"
    script = f"window.__streamlit = {{ BACKEND_BASE_URL: location.origin + {root} }};{_LANGUAGE}"
    first_map = "" if slugs else _first_map(f"{prefix}/atlas")
    return start_page.replace(_HEAD, f"{_HEAD}<script>{script}</script>{first_map}", 1)


def _first_map(atlas: str) -> str:
    module, *imported = (escape(f"{atlas}/{browser_code.asset(name)}") for name in _EARLY_MAP)
    preload = "".join(f'<link rel="modulepreload" href="{each}">' for each in imported)
    newest = escape(atlas + NEWEST_MAP)
    return f'<script type="module" src="{module}" data-newest-map="{newest}"></script>{preload}'


def _is_page_view(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


class StartPage:
    """Sends the start page with the server's address in it; every other answer passes as it is."""

    def __init__(self, app: ASGIApp, original: str, served: str) -> None:
        self.app = app
        self.original, self.served = original.encode(), served.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an answer that is as long as the start page waits until it is known to be it."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        if _is_page_view(scope):  # the page is read here before it leaves, so it comes as it is; it is small
            plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": plain}
        start: Message | None = None
        body = b""

        async def replacing(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and self._may_be(MutableHeaders(scope=message)):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._send(start, body, send)

        await self.app(scope, receive, replacing)

    def _may_be(self, headers: MutableHeaders) -> bool:
        return headers.get("content-type", "").startswith("text/html") and headers.get(
            "content-length"
        ) == str(len(self.original))

    async def _send(self, start: Message, body: bytes, send: Send) -> None:
        if body == self.original:
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(self.served))
            del headers["etag"]  # of the file as it was
            del headers["last-modified"]
            body = self.served
        await send(start)
        await send({"type": "http.response.body", "body": body})
