"""HTTP routes of the map: its page, its assets and its layers. Starlette only, so any ASGI app can mount them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from geo.atlas_cache import per_version
from geo.detailed_map.make import archive_path, archive_version
from geo.errors import UnknownIdError
from geo.questions.works import SCOPES
from geo.register.plans import ALL_PLANS
from geo.text import LANGUAGES
from geo.text import mark as _
from geo.values import read_day
from layers.api.json_answer import YEAR, json_head, json_response
from layers.api.layer_memory import remembered
from layers.api.map_assets import asset_routes
from layers.api.map_memory import (
    DATUMS,
    address_question,
    config_question,
    layer_question,
    page_question,
    split_version,
    with_version,
)
from layers.api.map_page import map_response
from layers.api.routes_at_first_request import RoutesAtFirstRequest
from layers.http import is_unchanged, language_of, respond
from layers.map.beside import beside

if TYPE_CHECKING:
    from layers.api import layer_tiles


def routes(base_path: str = "") -> list[BaseRoute]:
    """Routes under ``<base_path>/atlas`` (``map``, ``embed``, ``layers/{id}.json``, ``near.json``, ``assets/...``) and ``<base_path>/api``."""
    from layers.api import layer_tiles

    prefix = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    return [
        RoutesAtFirstRequest((f"{prefix}/api", f"{prefix}/atlas/reach.json"), partial(api_routes, prefix)),
        Mount(
            f"{prefix}/atlas",
            routes=[
                Route("/map", map_endpoint),
                Route("/embed", embed_endpoint),
                Route("/config.json", config_endpoint),
                Route("/near.json", near_endpoint),
                Route("/news.json", news_endpoint),
                Route("/layers/{layer_id}.json", layer_endpoint),
                *(Route(path, _large_endpoint(make)) for path, make in layer_tiles.ANSWERS.items()),
                Route("/photos/{photo_id}-{size}.jpg", photo_endpoint),
                Route("/base-map/{version}.pmtiles", base_map_endpoint),
                *asset_routes(),
            ],
        ),
    ]


def api_routes(prefix: str = "") -> list[BaseRoute]:
    """The open API, in an app of its own or beside the pages: analyses, progress, features and tiles, all guarded."""
    from layers.analysis import http as api
    from layers.api import charts, feed, guard, near, progress
    from layers.api import routes as ogc
    from layers.report import view

    found = [
        *api.routes(prefix),
        Route(f"{prefix}/api/progress", progress.endpoint),
        Route(f"{prefix}/api/promises", charts.promises_endpoint),
        Route(f"{prefix}/api/districts", charts.districts_endpoint),
        Route(f"{prefix}/api/near", near.endpoint),
        Route(f"{prefix}/api/feed", feed.endpoint),
        Route(f"{prefix}/api/picture", view.endpoint),
        *ogc.routes(prefix),
    ]
    ours = [route for route in found if isinstance(route, Route) and route.path.startswith(f"{prefix}/api")]
    guarded: list[BaseRoute] = [route for route in found if route not in ours]
    for route in ours:
        own = sorted(route.methods or ("GET",))
        allowed = sorted(
            {"OPTIONS", *own, *(m for one in ours if one.path == route.path for m in one.methods or ())}
        )
        # programs put a slash behind an address; the last route is for every other address
        slashed = [] if route.path.endswith(":path}") else [f"{route.path}/"]
        guarded += [  # a browser asks leave by OPTIONS first
            Route(path, route.endpoint, methods=[*own, "OPTIONS"], middleware=guard.middleware(allowed))
            for path in (route.path, *slashed)
        ]
    return guarded


def _choice(request: Request, name: str, allowed: tuple[str, ...]) -> str:
    value = request.query_params.get(name, "")
    return value if value in allowed else allowed[0]


async def map_endpoint(request: Request) -> Response:
    """The folium page."""
    page = await run_in_threadpool(_map_page, language_of(request), _plan(request), beside())
    return map_response(page)


def _plan(request: Request) -> str:
    """The plan that an address asks for; the first where it is none, as for other words that choose among a few."""
    from geo.atlas import load_atlas

    plan = request.query_params.get("plan", "")
    return plan if plan == ALL_PLANS or plan in load_atlas().pack.plans.index else ""


@per_version(8)
def _map_page(lang: str, plan: str, _beside: tuple[str, ...]) -> str:
    from geo.atlas import load_atlas
    from layers.map.basemaps import declarations_version

    atlas = load_atlas(plan=plan)

    def make() -> bytes:
        from layers.map.folium_map import map_page

        return map_page(atlas, lang).encode()

    page = remembered(atlas, page_question(lang, plan), make).decode()
    if not plan:  # the page that may be shown before the app's own page has come
        address = f"map?lang={lang}&v={declarations_version(atlas)}"
        remembered(atlas, address_question(lang), address.encode)
    return page


async def embed_endpoint(request: Request) -> Response:
    """The page of a map for another site's frame."""
    embed = await run_in_threadpool(import_module, "layers.api.embed")
    answer: Response = await embed.endpoint(request)
    return answer


async def config_endpoint(request: Request) -> Response:
    """The declarations of all layers, and the texts: what the map needs to know before its first layer."""
    lang = language_of(request)
    version, body = await run_in_threadpool(_config_body, lang, date.today(), beside())
    return _json(request, body, version=version, tag=f"{version}-{lang}")


async def layer_endpoint(request: Request) -> Response:
    """One layer as JSON."""
    datum = _choice(request, "datum", DATUMS)

    def make(lang: str) -> Response:
        from layers.map.registry import get_layer

        layer_id = request.path_params["layer_id"]
        version, body = _layer_body(get_layer(layer_id).id, lang, datum, _plan(request), beside())
        return _json(request, body, version=version, tag=f"{version}-{lang}-{datum}")

    return await respond(request, make)


def _large_endpoint(make: layer_tiles.Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        from layers.api import layer_tiles

        return await layer_tiles.answer(request, make, plan=await run_in_threadpool(_plan, request))

    return endpoint


async def near_endpoint(request: Request) -> Response:
    """What a browser needs to say by itself what is near its own position, which is never sent here."""

    def make(lang: str) -> Response:
        day = read_day(request.query_params.get("as_of", ""))
        scope = _choice(request, "scope", SCOPES)
        version, body = _near_body(lang, day, scope, _plan(request))
        return _json(request, body, version=version, tag=f"{version}-{lang}-{day}-{scope}")

    return await respond(request, make)


@per_version(8)
def _near_body(lang: str, day: date, scope: str, plan: str) -> tuple[str, bytes]:
    from geo.atlas import load_atlas
    from layers.analysis.near_table import near_table

    atlas = load_atlas(plan=plan)
    return atlas.version, _compressed(near_table(atlas, day, lang, scope=scope))


async def photo_endpoint(request: Request) -> Response:
    """A picture of a photo that the register shows. One that was withdrawn is gone within the hour."""

    def make(_lang: str) -> Response:
        from geo.atlas import load_picture

        content = load_picture(request.path_params["photo_id"], request.path_params["size"])
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type="image/jpeg", headers=headers)

    return await respond(request, make)


async def news_endpoint(request: Request) -> Response:
    """The newest records, for a browser that compares them with its own last visit."""

    def make(lang: str) -> Response:
        version, body = _news_body(lang, date.today(), _plan(request))
        return _json(request, body, version=version, tag=f"{version}-{lang}-{date.today()}")

    return await respond(request, make)


@per_version(4)
def _news_body(lang: str, day: date, plan: str) -> tuple[str, bytes]:
    from geo.atlas import load_atlas
    from layers.feeds import news

    atlas = load_atlas(plan=plan)
    return atlas.version, _compressed(news(atlas, day, lang))


async def base_map_endpoint(request: Request) -> Response:
    """The detailed base map: a map asks for the ranges of bytes that it needs. An address of an older file is gone."""

    def make(_lang: str) -> Response:
        if request.path_params["version"] != archive_version():
            raise UnknownIdError(_("这份底图已经换了。"), hint=_("请重新载入页面。"))
        headers = {"Cache-Control": YEAR, "X-Content-Type-Options": "nosniff"}
        return FileResponse(archive_path(), media_type="application/vnd.pmtiles", headers=headers)

    return await respond(request, make)


def _json(request: Request, body: bytes, *, version: str, tag: str) -> Response:
    """Compressed JSON, or nothing where the browser has it."""
    head = json_head(request, version, tag)
    if is_unchanged(request, f'"{tag}"'):
        return Response(status_code=304, headers=head)
    return json_response(request, body, head)


@per_version(4)
def _config_body(lang: str, _day: date, _beside: tuple[str, ...]) -> tuple[str, bytes]:
    from geo.atlas import load_atlas
    from layers.map.basemaps import declarations_version, keys_set
    from layers.map.config import map_config

    atlas = load_atlas()

    def make() -> bytes:
        return with_version(declarations_version(atlas), _compressed(map_config(atlas, lang)))

    # the declarations hold the keys of base maps: such are written down nowhere
    return split_version(make() if keys_set() else remembered(atlas, config_question(lang), make))


@per_version(64)
def _layer_body(
    layer_id: str, lang: str, datum: str, plan: str, _beside: tuple[str, ...]
) -> tuple[str, bytes]:
    """Version of the pack, and of what the layer reads beside it, and the compressed JSON, made once a process."""
    from geo.atlas import load_atlas
    from layers.api.layer_tiles import Large, large_payload
    from layers.map.registry import get_layer
    from layers.map.spec import MapContext

    atlas, version = load_atlas(plan=plan), get_layer(layer_id).version()

    def make() -> bytes:
        payload = large_payload(Large(layer_id, lang, datum, plan, version))
        if payload is None:
            payload = get_layer(layer_id).payload(MapContext(atlas=atlas, lang=lang, datum=datum))
        return with_version(f"{atlas.version}{version}", _compressed(payload))

    return split_version(remembered(atlas, layer_question(layer_id, lang, datum, plan), make))


def make_first_map() -> None:
    """Have ready what the map of the first page asks for."""
    from layers.map.registry import all_layers

    lang, read = LANGUAGES[0], beside()
    _map_page(lang, "", read)
    _config_body(lang, date.today(), read)
    for layer in all_layers():
        if layer.shown or not layer.optional:
            _layer_body(layer.id, lang, DATUMS[0], "", read)


def _compressed(payload: dict[str, Any]) -> bytes:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)
