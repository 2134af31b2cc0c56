"""Routes whose code is read at the first request for one of them: a start of the server need not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from starlette._utils import get_route_path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send


class RoutesAtFirstRequest(BaseRoute):
    """Everything at some addresses and below them.

    Parameters
    ----------
    addresses : sequence of str
        Everything below them; one without a slash at its end is itself among them.
    make : callable
        Gives the routes.
    before : callable or None
        Of a request that may have an answer which needs none of them: what looks for it.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        make: Callable[[], list[BaseRoute]],
        before: Callable[[Request], Callable[[], Response | None] | None] | None = None,
    ) -> None:
        self.addresses, self._make, self._before = tuple(addresses), make, before

    @cached_property
    def router(self) -> Router:
        """What answers."""
        return Router(self._make())

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether an address is one of them or below one."""
        path = get_route_path(scope) if scope["type"] == "http" else ""
        below = any(path == each or path.startswith(f"{each.rstrip('/')}/") for each in self.addresses)
        return (Match.FULL if below else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        """The address of a route by its name."""
        return self.router.url_path_for(name, **path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the routes answer."""
        look = self._before(Request(scope)) if self._before else None
        answer = await run_in_threadpool(look) if look else None
        if answer is not None:
            await answer(scope, receive, send)
            return
        router = await run_in_threadpool(lambda: self.router)
        await router(scope, receive, send)
