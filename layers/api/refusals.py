"""How the API says no: as OGC's schema of exceptions has it, or as a page where a person asks for pages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from geo.errors import AtlasError
from geo.templates import environment
from geo.text import mark as _
from geo.text import translate
from layers.api.operations import GEOJSON, JSON
from layers.http import language_of, refusal_headers, status_of

TEMPLATES: Final = Path(__file__).parent / "templates"
PAGE_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
_PAGE: Final = "text/html"
_CODES: Final = {400: "InvalidParameterValue", 404: "NotFound"}


def refusal(error: AtlasError, request: Request) -> Response:
    """An error in the reader's language: ``code`` and ``description``, and ``error`` as the analyses have it."""
    lang, status = language_of(request), status_of(error)
    text, headers = error.public_text(lang), refusal_headers(error)
    if _wants_page(request):
        title = translate(_("无法回答"), lang)
        page = (
            environment(TEMPLATES).get_template("refusal.html").render(lang=lang, title=title, message=text)
        )
        policy = {"Content-Security-Policy": PAGE_POLICY}
        return HTMLResponse(page, status_code=status, headers=headers | policy)
    body = {"code": _CODES.get(status, "NoApplicableCode"), "description": text, "error": text}
    return JSONResponse(body, status_code=status, headers=headers)


def _wants_page(request: Request) -> bool:
    if "f" in request.query_params:
        return request.query_params["f"] == "html"
    accepted = parse_accept_header(request.headers.get("accept") or "*/*", MIMEAccept)
    return accepted.best_match([JSON, GEOJSON, _PAGE]) == _PAGE
