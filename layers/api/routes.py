"""Routes of the open API under ``/api``: pygeoapi answers, these only translate requests and responses."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from geo.errors import AtlasError, ParameterError, UnknownIdError
from geo.text import mark as _
from layers.api import links, negotiation
from layers.api.collections import PLAN, columns, get_collection, load_pack, plan_of_request
from layers.api.config import systems
from layers.api.operations import OPERATIONS, Operation
from layers.api.parameters import check
from layers.api.refusals import PAGE_POLICY, refusal
from layers.api.tiles import check_scheme
from layers.http import has_any, has_tag, respond

Call = Callable[..., tuple[dict[str, str], int, Any]]
URL_VARIABLE: Final = "ATLAS_PUBLIC_URL"
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,200}(:\d{1,5})?|\[[0-9a-fA-F:]{2,45}\](:\d{1,5})?")
_KEPT: Final = ("Content-Language", "Content-Crs", "Content-Disposition")
"""Headers of pygeoapi that are passed on."""


def routes(prefix: str = "") -> list[BaseRoute]:
    """Routes under ``<prefix>/api``; ``prefix`` is empty or ``/name``. pygeoapi is imported with the first request."""
    base = f"{prefix}/api"
    found = [
        Route(f"{base}{operation.path}", _endpoint(base, operation), methods=["GET"])
        for operation in OPERATIONS
    ]
    return [*found, Route(f"{base}/{{rest:path}}", _nothing, methods=["GET"])]


async def _nothing(request: Request) -> Response:
    """What is asked where nothing is."""
    error = UnknownIdError(_("没有这个地址。"), hint=_("接口从 {base} 开始。"), base="/api")
    return refusal(error, request)


def _endpoint(base: str, operation: Operation) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        def make(_lang: str) -> Response:
            try:
                return _answer(request, base, operation)
            except AtlasError as error:
                return refusal(error, request)

        return await respond(request, make)

    return endpoint


def _answer(request: Request, base: str, operation: Operation) -> Response:
    from pygeoapi.api import APIRequest
    from pygeoapi.util import to_json

    whole, url = load_pack(), public_url(request, base)
    words = _words(request, operation)
    plan_of_request.set(words.get(PLAN, ""))  # of this request alone: it has a context of its own
    atlas = load_pack()
    form = negotiation.form(operation, words.get("f", ""), request.headers.get("accept", ""))
    tag = _tag(request, atlas.version, url)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language, Host"}
    if has_tag(request, tag):
        return Response(status_code=304, headers=headers)
    api = service(url, whole.version)
    asked = APIRequest(request, api.locales)
    asked._args, asked._format = words, form
    call: Call = getattr(import_module(operation.module), operation.name)
    given, _status, content = call(api, asked, *request.path_params.values())
    if has_any(request):
        return Response(status_code=304, headers=headers)
    if not isinstance(content, str | bytes):
        if form == "json":
            content = links.mend(content, url, dict(request.query_params))
        content = to_json(content, False)
    kept = {name: value for name, value in given.items() if name in _KEPT}
    if form == "html":
        kept["Content-Security-Policy"] = PAGE_POLICY
    safe = {"X-Content-Type-Options": "nosniff"}
    return Response(content or b"", headers=kept | headers | safe, media_type=operation.formats[form])


def _words(request: Request, operation: Operation) -> dict[str, str]:
    """The words of a request, checked for what its collection has."""
    name = request.path_params.get("collection", "")
    if operation.path.lower().startswith("/tilematrixsets/"):
        check_scheme(request.path_params["scheme"])
    collection = get_collection(name) if name else None
    if collection and "/tiles" in operation.path and not collection.tiles:
        raise UnknownIdError(_("集合 {name} 没有瓦片。"), name=name)
    fields = columns(collection) if collection and operation.fields else {}
    more = (PLAN,) if collection and collection.by_plan and operation.by_plan else ()
    return check(request, operation, fields, systems(load_pack()), more)


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
