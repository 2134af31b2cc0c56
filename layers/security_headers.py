"""Headers of security on every answer of the process, whoever makes it: pages, Streamlit's own files, map and API."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import AtlasError, UnknownIdError

FRAMES: Final = "frame-ancestors 'self'"
"""Pages and the map are framed by this server alone; what others embed is ``/atlas/embed`` and the public site's ``embed.html``
(docs/publish.md), which have no session."""
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
}
CLOSED: Final = "/_stcore/metrics"
"""Streamlit's counters of sessions and memory: for nobody outside, and nothing here reads them."""
_STARTS: Final = {"http.response.start", "websocket.accept", "websocket.http.response.start"}
_INLINE_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def page_policy(start_page: str = "") -> str:
    """Content-Security-Policy of whatever names none of its own.

    ``start_page`` is the HTML that Streamlit starts with; its inline scripts are let in by what is in them. Streamlit loads the
    code of components from addresses that only its own scripts can make (``blob:``), and makes styles in the browser. Nothing is
    fetched from elsewhere, no text is run as code.
    """
    scripts = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in _INLINE_SCRIPT.findall(start_page)
    ]
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' blob:", *scripts]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            FRAMES,
        ]
    )


class SecurityHeaders:
    """Adds the headers to every answer, and closes what nobody needs; an answer's own stricter policy stays."""

    def __init__(self, app: ASGIApp, start_page: str = "") -> None:
        self.app = app
        self.policy = page_policy(start_page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with ``send`` that knows the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] in _STARTS:
                message.setdefault("headers", [])
                add_to(MutableHeaders(scope=message), self.policy)
            await send(message)

        if scope["type"] == "http" and scope["path"].rstrip("/").endswith(CLOSED):
            from layers.http import STATUS

            await Response(status_code=STATUS[UnknownIdError])(scope, receive, with_headers)
        else:
            await self.app(scope, receive, with_headers)


def add_to(headers: MutableHeaders, policy: str) -> None:
    """Add what is missing; a policy that says nothing of frames is told who may frame it."""
    own = headers.get("content-security-policy", policy)
    headers["content-security-policy"] = own if "frame-ancestors" in own else f"{own}; {FRAMES}"
    for name, value in FIXED.items():
        headers[name] = value


async def failed(_request: Request, _error: Exception) -> Response:
    """The answer where something failed that nobody foresaw: no word of what; the log has it."""
    from layers.http import STATUS

    answer = PlainTextResponse("Internal Server Error", status_code=STATUS[AtlasError])
    add_to(answer.headers, page_policy())
    return answer
