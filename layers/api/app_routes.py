"""Map and API beside the pages, as the app's entry adds them: none of their code is read before somebody needs it."""

from __future__ import annotations

from functools import partial

from starlette._utils import get_route_path
from starlette.requests import Request
from starlette.routing import BaseRoute

from geo.cities import ADDRESS, cities
from layers.api.first_answers import Answer, first_answer
from layers.api.map_assets import asset_routes
from layers.api.routes_at_first_request import RoutesAtFirstRequest
from layers.city_addresses import with_prefix


def app_routes(base_path: str) -> list[BaseRoute]:
    """The routes of :func:`layers.api.cities.routes`, read at the first request for one of them; ``base_path`` stands before all addresses."""
    prefix = with_prefix(base_path)
    atlas = f"{prefix}/atlas"
    names = ["atlas/", "api", *([f"{ADDRESS}/"] if cities() else [])]
    addresses = [f"{prefix}/{name}" for name in names]
    remembered = (
        None if cities() else partial(_remembered, atlas)
    )  # a city among several is one of its address
    return [
        *asset_routes(atlas),
        RoutesAtFirstRequest(addresses, partial(_routes_of_cities, base_path), remembered),
    ]


def _remembered(atlas: str, request: Request) -> Answer | None:
    path = get_route_path(request.scope)
    return first_answer(request, path.removeprefix(atlas)) if path.startswith(f"{atlas}/") else None


def _routes_of_cities(base_path: str) -> list[BaseRoute]:
    from layers.api.cities import routes

    return routes(base_path)
