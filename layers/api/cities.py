"""The routes of every city of a process: below ``/c/<slug>`` those that a process with its pack alone has at the root."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import Receive, Scope, Send

from geo.cities import ADDRESS, cities, city_called, entered
from geo.errors import AtlasError, UnknownIdError
from geo.text import mark as _
from layers.api import server
from layers.api.refusals import refusal
from layers.city_addresses import city_at, with_prefix


def routes(base_path: str = "") -> list[BaseRoute]:
    """Routes of the first city as :func:`layers.api.server.routes` has them, and ``<base_path>/c/<slug>/...`` of each.

    An unknown slug is answered 404, with those that there are.
    """
    prefix = with_prefix(base_path)
    below = [Mount(f"{prefix}/{ADDRESS}", app=_Cities(prefix))] if cities() else []
    return [*server.routes(base_path), *below]


class _Cities:
    """Finds the city of an address and has its routes answer, in that city."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._of = lru_cache(maxsize=None)(self._routes_of)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        whole = {**scope, "root_path": scope.get("app_root_path", "")}
        found = city_at(scope["path"], self.prefix)
        if found is None:
            await _no_city(scope["path"].removeprefix(f"{self.prefix}/{ADDRESS}"), whole)(
                whole, receive, send
            )
            return
        with entered(found[0]):
            await self._of(found[0].address)(whole, receive, send)

    def _routes_of(self, address: str) -> Router:
        return Router(server.routes(f"{self.prefix}{address}"))


def _no_city(below: str, scope: Scope) -> Response:
    """The refusal of an address that is of no city of this process."""
    try:
        city_called(below.strip("/").split("/")[0])
    except AtlasError as error:
        return refusal(error, Request(scope))
    return refusal(
        UnknownIdError(_("没有这个地址。"), hint=_("接口从 {base} 开始。"), base="/api"), Request(scope)
    )
