"""Routes of the open API under ``/api``: pygeoapi answers, these only translate requests and responses."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from geo.errors import ParameterError, UnknownIdError
from geo.text import mark as _
from layers.http import error_response, language_of, respond

Call = Callable[..., tuple[dict[str, str], int, Any]]
URL_VARIABLE: Final = "ATLAS_PUBLIC_URL"
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,200}(:\d{1,5})?|\[[0-9a-fA-F:]{2,45}\](:\d{1,5})?")
_MAX_PARAMETER: Final = 2000
_FORMATS: Final = {
    "get_collection_items": ("csv",),
    "get_collection_tiles_metadata": ("tilejson",),
    "get_collection_tiles_data": ("mvt",),
}
_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)


def routes(prefix: str = "") -> list[BaseRoute]:
    """Routes under ``<prefix>/api``; ``prefix`` is empty or ``/name``. pygeoapi is imported with the first request."""
    base = f"{prefix}/api"
    collection = f"{base}/collections/{{collection}}"
    table = {
        base: ("pygeoapi.api", "landing_page"),
        f"{base}/openapi": ("pygeoapi.api", "openapi_"),
        f"{base}/conformance": ("pygeoapi.api", "conformance"),
        f"{base}/collections": ("pygeoapi.api", "describe_collections"),
        collection: ("pygeoapi.api", "describe_collections"),
        f"{collection}/schema": ("pygeoapi.api", "get_collection_schema"),
        f"{collection}/queryables": ("pygeoapi.api.itemtypes", "get_collection_queryables"),
        f"{collection}/items": ("pygeoapi.api.itemtypes", "get_collection_items"),
        f"{collection}/items/{{item}}": ("pygeoapi.api.itemtypes", "get_collection_item"),
        f"{collection}/tiles": ("pygeoapi.api.tiles", "get_collection_tiles"),
        f"{collection}/tiles/{{scheme}}": ("pygeoapi.api.tiles", "get_collection_tiles_metadata"),
        f"{collection}/tiles/{{scheme}}/metadata": ("pygeoapi.api.tiles", "get_collection_tiles_metadata"),
        f"{collection}/tiles/{{scheme}}/{{z:int}}/{{y:int}}/{{x:int}}": (
            "pygeoapi.api.tiles",
            "get_collection_tiles_data",
        ),
        f"{base}/TileMatrixSets": ("pygeoapi.api.tiles", "tilematrixsets"),
        f"{base}/TileMatrixSets/{{scheme}}": ("pygeoapi.api.tiles", "tilematrixset"),
    }
    found = [Route(path, _endpoint(base, *call), methods=["GET"]) for path, call in table.items()]
    return [*found, Route(f"{base}/{{rest:path}}", _nothing, methods=["GET"])]


async def _nothing(request: Request) -> Response:
    """What is asked where nothing is."""
    error = UnknownIdError(_("没有这个地址。"), hint=_("接口从 {base} 开始。"), base="/api")
    return error_response(error, language_of(request))


def _endpoint(base: str, module: str, name: str) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        return await respond(request, lambda _lang: _answer(request, base, module, name))

    return endpoint


def _answer(request: Request, base: str, module: str, name: str) -> Response:
    from importlib import import_module

    from pygeoapi.api import APIRequest

    from geo.atlas import load_atlas

    _check_parameters(request)
    url = public_url(request, base)
    tag = _tag(request, load_atlas().version, url)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language, Host"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    api = service(url, load_atlas().version)
    asked = APIRequest(request, api.locales)
    _settle(asked, name)
    call: Call = getattr(import_module(module), name)
    if not asked.is_valid(_FORMATS.get(name, ())):
        given, status, content = api.get_format_exception(asked)
    else:
        given, status, content = call(api, asked, *request.path_params.values())
    return _response(headers if status == 200 else {}, given, int(status), content)


def _settle(requested: Any, name: str) -> None:
    """Formats that pygeoapi would get wrong, and the name of a dialect that it does not know.

    A tile is a tile whatever is accepted; its page of tile matrix sets asks other hosts for its look, so those are JSON;
    CQL2 text needs no name, because both dialects are read; and an empty word is no word.
    """
    if name == "get_collection_tiles_data":
        requested._format = "mvt"
    elif name.startswith("tilematrixset"):
        requested._format = "json"
    words = {key: value for key, value in requested.params.items() if value}
    if words.get("filter-lang") == "cql2-text":
        del words["filter-lang"]
    if "sortby" in words:
        words["sortby"] = ",".join(part for part in words["sortby"].split(",") if part)
    requested._args = words


def _response(headers: dict[str, str], given: dict[str, str], status: int, content: Any) -> Response:
    kind = given.pop("Content-Type", "application/json")
    if status != 200 and kind.endswith("vector-tile"):
        kind, content = "application/json", json.dumps({"code": "NotFound", "description": str(content)})
    given.pop("Content-Encoding", None)
    given.pop("X-Powered-By", None)
    safe = {"X-Content-Type-Options": "nosniff"}
    if kind.startswith("text/html"):
        safe["Content-Security-Policy"] = _POLICY
    return Response(content or b"", status_code=status, headers=given | headers | safe, media_type=kind)


def _check_parameters(request: Request) -> None:
    from layers.api.filters import check_text

    for name, value in request.query_params.multi_items():
        if len(value) > _MAX_PARAMETER or "\0" in value or "\0" in name:
            raise ParameterError(_("参数 {name} 太长或含有不可用的字符。"), name=name[:40])
    check_text(request.query_params.get("filter", ""))


def public_url(request: Request, base: str) -> str:
    """Address of the API as its readers see it: ``ATLAS_PUBLIC_URL``, else the request's own host, if it is one."""
    given = os.environ.get(URL_VARIABLE, "").rstrip("/")
    if given:
        return f"{given}{base}"
    host = request.headers.get("host", "127.0.0.1")
    if not _HOST.fullmatch(host):
        raise ParameterError(_("主机名“{host}”不可用。"), host=host[:80])
    return f"{request.url.scheme}://{host}{base}"


def _tag(request: Request, version: str, url: str) -> str:
    """The same question to the same data on the same day has the same answer."""
    asked = "|".join(
        [
            version,
            date.today().isoformat(),
            url,
            request.url.path,
            str(request.query_params),
            request.headers.get("accept", ""),
            request.headers.get("accept-language", ""),
        ]
    )
    return f'W/"{hashlib.sha256(asked.encode()).hexdigest()[:20]}"'


@lru_cache(maxsize=8)
def service(url: str, _version: str) -> Any:
    """pygeoapi for one public address and one version of the data."""
    from pygeoapi.api import API

    from geo.atlas import load_atlas
    from layers.api import adapt
    from layers.api.config import service as configured
    from layers.api.document import document, examples, operations

    adapt.adapt()
    config = configured(load_atlas(), url)
    written = document(config)
    config["metadata"] |= {"operations": operations(written), "examples": examples(load_atlas())}
    return API(config, written)
