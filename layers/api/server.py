"""HTTP routes of the map: its page, its assets and its layers. Starlette only, so any ASGI app can mount them."""

from __future__ import annotations

import gzip
import json
import mimetypes
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from geo.atlas_cache import per_version
from geo.detailed_map.make import archive_path, archive_version
from geo.errors import UnknownIdError
from geo.questions.works import SCOPES
from geo.register.plans import ALL_PLANS
from geo.text import LANGUAGES
from geo.text import mark as _
from geo.values import read_day
from layers import browser_code, browser_packages
from layers.api.map_page import map_response
from layers.api.routes_at_first_request import RoutesAtFirstRequest
from layers.http import is_unchanged, language_of, respond

if TYPE_CHECKING:
    from layers.api import layer_tiles

_DATUMS: Final = ("WGS84", "GCJ02")
_YEAR: Final = "public, max-age=31536000, immutable"

mimetypes.add_type("text/javascript", ".js")  # browsers run no module of another type; some systems have one


class VersionedFiles(StaticFiles):
    """Files under an address that changes with their content: a browser may keep them for a year."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, with that permission."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = _YEAR
        return response


def routes(base_path: str = "") -> list[BaseRoute]:
    """Routes under ``<base_path>/atlas`` (``map``, ``embed``, ``layers/{id}.json``, ``near.json``, ``assets/...``) and ``<base_path>/api``."""
    from xstatic.pkg import leaflet

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
                _assets("leaflet", StaticFiles(directory=leaflet.BASE_DIR)),
                _assets(
                    browser_code.cluster_asset().split("/")[1],
                    VersionedFiles(directory=browser_code.cluster_file().parent),
                ),
                *_renderer_assets(),
                _assets(browser_code.version(), VersionedFiles(directory=browser_code.STATIC_DIR)),
            ],
        ),
    ]


def _assets(name: str, files: StaticFiles) -> Mount:
    """Files of the browser's code, compressed: a third of the bytes on a slow network."""
    return Mount(f"/assets/{name}", files, middleware=[Middleware(GZipMiddleware)])


def _renderer_assets() -> list[Mount]:
    """Scripts of other people, where set-up got them: what draws the detailed base map, and the one that pages project places with."""
    script, found = browser_packages.tile_renderer(), []
    if script is not None:
        folder = browser_code.tile_renderer_asset(script).split("/")[1]
        found.append(_assets(folder, VersionedFiles(directory=script.parent)))
    if browser_packages.is_installed("proj4_js"):
        address = browser_packages.asset("proj4_js").removeprefix("assets/").rpartition("/")[0]
        path = browser_packages.path_of("proj4_js")
        found.append(_assets(address, VersionedFiles(directory=path.parent)))
    return found


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
    page = await run_in_threadpool(_map_page, language_of(request), archive_version(), _plan(request))
    return map_response(page)


def _plan(request: Request) -> str:
    """The plan that an address asks for; the first where it is none, as for other words that choose among a few."""
    from geo.atlas import load_atlas

    plan = request.query_params.get("plan", "")
    return plan if plan == ALL_PLANS or plan in load_atlas().pack.plans.index else ""


@per_version(8)
def _map_page(lang: str, _base_map: str, plan: str) -> str:
    from geo.atlas import load_atlas
    from layers.map.folium_map import map_page

    return map_page(load_atlas(plan=plan), lang)


async def embed_endpoint(request: Request) -> Response:
    """The page of a map for another site's frame."""
    embed = await run_in_threadpool(import_module, "layers.api.embed")
    answer: Response = await embed.endpoint(request)
    return answer


async def config_endpoint(request: Request) -> Response:
    """The declarations of all layers, and the texts: what the map needs to know before its first layer."""
    lang = language_of(request)
    version, body = await run_in_threadpool(_config_body, lang, archive_version())
    return _json(request, body, version=version, tag=f"{version}-{lang}")


async def layer_endpoint(request: Request) -> Response:
    """One layer as JSON."""
    datum = _choice(request, "datum", _DATUMS)

    def make(lang: str) -> Response:
        from layers.map.registry import get_layer

        layer_id = request.path_params["layer_id"]
        version, body = _layer_body(layer_id, lang, datum, _plan(request), get_layer(layer_id).version())
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
        headers = {"Cache-Control": _YEAR, "X-Content-Type-Options": "nosniff"}
        return FileResponse(archive_path(), media_type="application/vnd.pmtiles", headers=headers)

    return await respond(request, make)


def _json(request: Request, body: bytes, *, version: str, tag: str) -> Response:
    """Compressed JSON. With the version in its address it may be kept for a year; without it, revalidated."""
    fresh = request.query_params.get("v") == version
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": _YEAR if fresh else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if is_unchanged(request, f'"{tag}"'):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(body, media_type="application/json", headers=headers | {"Content-Encoding": "gzip"})
    return Response(gzip.decompress(body), media_type="application/json", headers=headers)


@per_version(4)
def _config_body(lang: str, _base_map: str) -> tuple[str, bytes]:
    from geo.atlas import load_atlas
    from layers.map.basemaps import declarations_version
    from layers.map.config import map_config

    atlas = load_atlas()
    return declarations_version(atlas), _compressed(map_config(atlas, lang))


@per_version(64)
def _layer_body(layer_id: str, lang: str, datum: str, plan: str, beside: str) -> tuple[str, bytes]:
    """Version of the pack, and of what the layer reads ``beside`` it, and the compressed JSON, made once a process."""
    from geo.atlas import load_atlas
    from layers.api.layer_memory import remembered
    from layers.api.layer_tiles import Large, large_payload
    from layers.map.registry import get_layer
    from layers.map.spec import MapContext

    atlas = load_atlas(plan=plan)

    def make() -> bytes:
        payload = large_payload(Large(layer_id, lang, datum, plan, beside))
        if payload is None:
            payload = get_layer(layer_id).payload(MapContext(atlas=atlas, lang=lang, datum=datum))
        return _compressed(payload)

    return f"{atlas.version}{beside}", remembered(atlas, (layer_id, lang, datum, plan, beside), make)


def make_first_map() -> None:
    """Have ready what the map of the first page asks for."""
    from layers.map.registry import all_layers

    lang, base_map = LANGUAGES[0], archive_version()
    _map_page(lang, base_map, "")
    _config_body(lang, base_map)
    for layer in all_layers():
        if layer.shown or not layer.optional:
            _layer_body(layer.id, lang, _DATUMS[0], "", layer.version())


def _compressed(payload: dict[str, Any]) -> bytes:
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)
