"""Says on the page that a sign-in failed: Streamlit goes back to the start without a word."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CALLBACK: Final = "/oauth2callback"
FAILED: Final = "signin=failed"
USER_COOKIE: Final = "_streamlit_user="
_REDIRECTS: Final = range(300, 400)


class FailedSignInNotice:
    """Where the identity service sends a person back and no identity follows, the next address says so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; mark the way back from a sign-in without an identity."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _REDIRECTS:
                headers = MutableHeaders(scope=message)
                given = [value for value in headers.getlist("set-cookie") if value.startswith(USER_COOKIE)]
                if not any(_keeps(value) for value in given) and "location" in headers:
                    headers["location"] += ("&" if "?" in headers["location"] else "?") + FAILED
            await send(message)

        back = scope["type"] == "http" and scope["path"].endswith(CALLBACK)
        # the identity service sends a person who signed out here too, without the code of a sign-in
        asked = back and any(name in scope["query_string"] for name in (b"code=", b"error="))
        await self.app(scope, receive, marked if asked else send)


def _keeps(cookie: str) -> bool:
    """Whether a ``Set-Cookie`` gives an identity; one that ends it has no time to live."""
    return "max-age=0" not in cookie.lower()
