"""What stands before every route of the open API: a rate for each address, CORS for reading, compression."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.errors import RateError
from geo.sender import sender_of
from geo.text import mark as _
from layers.http import error_response, language_of

RATE_VARIABLE: Final = "ATLAS_RATE"
RATE: Final = "60/second;1800/minute"


class RateLimit:
    """Answers 429 to an address that asks more often than ``ATLAS_RATE`` allows; others are not kept waiting."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] == "http" and not _allowed(_sender(scope)):
            error = RateError(_("请求太频繁，请稍后再试。"))
            answer = error_response(error, language_of(Request(scope)))
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Options:
    """Answers OPTIONS with the methods of an address; a preflight of a browser is answered before, by CORS."""

    def __init__(self, app: ASGIApp, methods: Sequence[str]) -> None:
        self.app = app
        self.allow = ", ".join(methods)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer here, or let a request pass."""
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await Response(status_code=204, headers={"Allow": self.allow})(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _sender(scope: Scope) -> str:
    names = (name.decode("latin-1") for name, _value in scope["headers"])
    return sender_of((scope.get("client") or ("",))[0], names)


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@lru_cache(maxsize=4)
def _rates(text: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(text))


def _allowed(address: str) -> bool:
    rates = _rates(os.environ.get(RATE_VARIABLE, RATE))
    hits = [_limiter().hit(rate, "api", address) for rate in rates]  # every rate counts every request
    return all(hits)


def middleware(methods: Sequence[str]) -> list[Middleware]:
    """What stands before a route that answers to ``methods``; outermost first."""
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
            allow_headers=["*"],
            expose_headers=["ETag", "Link", "Content-Crs"],
        ),
        Middleware(RateLimit),
        Middleware(Options, methods=methods),
        Middleware(GZipMiddleware, minimum_size=600),
    ]
