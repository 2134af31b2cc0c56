"""Routes of the open API under ``/api``: pygeoapi answers, these only translate requests and responses."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from geo.errors import AtlasError, ParameterError, UnknownIdError
from geo.text import mark as _
from layers.api import links, negotiation
from layers.api.collections import columns, get_collection, load_pack
from layers.api.config import systems
from layers.api.operations import OPERATIONS, Operation
from layers.api.parameters import check
from layers.http import has_any, has_tag, language_of, respond, status_of

Call = Callable[..., tuple[dict[str, str], int, Any]]
URL_VARIABLE: Final = "ATLAS_PUBLIC_URL"
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,200}(:\d{1,5})?|\[[0-9a-fA-F:]{2,45}\](:\d{1,5})?")
_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)


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
    return _refusal(error, language_of(request))


def _endpoint(base: str, operation: Operation) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        def make(lang: str) -> Response:
            try:
                return _answer(request, base, operation)
            except AtlasError as error:
                return _refusal(error, lang)

        return await respond(request, make)

    return endpoint


def _refusal(error: AtlasError, lang: str) -> Response:
    """An error as OGC's schema of exceptions has it (``code``, ``description``), beside ``error`` as everywhere here."""
    status = status_of(error)
    code = {400: "InvalidParameterValue", 404: "NotFound"}.get(status, "NoApplicableCode")
    body = {"code": code, "description": error.text(lang), "error": error.text(lang)}
    return JSONResponse(body, status_code=status, headers={"X-Content-Type-Options": "nosniff"})


def _answer(request: Request, base: str, operation: Operation) -> Response:
    from pygeoapi.api import APIRequest
    from pygeoapi.util import to_json

    atlas = load_pack()
    url = public_url(request, base)
    words = _words(request, operation)
    form = negotiation.form(operation, words.get("f", ""), request.headers.get("accept", ""))
    tag = _tag(request, atlas.version, url)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language, Host"}
    if has_tag(request, tag):
        return Response(status_code=304, headers=headers)
    api = service(url, atlas.version)
    asked = APIRequest(request, api.locales)
    asked._args, asked._format = words, form
    call: Call = getattr(import_module(operation.module), operation.name)
    given, status, content = call(api, asked, *request.path_params.values())
    if int(status) != 200:
        return _response({}, given, int(status), content)
    if has_any(request):
        return Response(status_code=304, headers=headers)
    if not isinstance(content, str | bytes):
        if form == "json":
            content = links.mend(content, url, dict(request.query_params))
        content = to_json(content, False)
    kind = operation.formats[form]
    return _response(headers, given | {"Content-Type": kind}, 200, content)


def _words(request: Request, operation: Operation) -> dict[str, str]:
    """The words of a request, checked for what its collection has."""
    name = request.path_params.get("collection", "")
    fields = columns(get_collection(name)) if operation.fields else {}
    return check(request, operation, fields, systems(load_pack()))


def _response(headers: dict[str, str], given: dict[str, str], status: int, content: Any) -> Response:
    kind = given.pop("Content-Type", "application/json")
    if status != 200:
        told = content if isinstance(content, dict) else {"code": "NotFound", "description": str(content)}
        kind, content = "application/json", json.dumps(told, ensure_ascii=False)
    given.pop("Content-Encoding", None)
    given.pop("X-Powered-By", None)
    safe = {"X-Content-Type-Options": "nosniff"}
    if kind.startswith("text/html"):
        safe["Content-Security-Policy"] = _POLICY
    return Response(content or b"", status_code=status, headers=given | headers | safe, media_type=kind)


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
