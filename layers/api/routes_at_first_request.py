"""Routes whose code is read at the first request for one of them: a start of the server need not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from starlette._utils import get_route_path
from starlette.concurrency import run_in_threadpool
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
    """

    def __init__(self, addresses: Sequence[str], make: Callable[[], list[BaseRoute]]) -> None:
        self.addresses, self._make = tuple(addresses), make

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
        router = await run_in_threadpool(lambda: self.router)
        await router(scope, receive, send)
