"""Map and API beside the pages, as the app's entry adds them: none of their code is read before somebody needs it."""

from __future__ import annotations

from functools import partial

from starlette.routing import BaseRoute

from geo.cities import ADDRESS, cities
from layers.api.routes_at_first_request import RoutesAtFirstRequest
from layers.city_addresses import with_prefix


def app_routes(base_path: str) -> list[BaseRoute]:
    """The routes of :func:`layers.api.cities.routes`, read at the first request for one of them; ``base_path`` stands before all addresses."""
    prefix = with_prefix(base_path)
    names = ["atlas/", "api", *([f"{ADDRESS}/"] if cities() else [])]
    return [
        RoutesAtFirstRequest([f"{prefix}/{name}" for name in names], partial(_routes_of_cities, base_path))
    ]


def _routes_of_cities(base_path: str) -> list[BaseRoute]:
    from layers.api.cities import routes

    return routes(base_path)
