"""The response of a page with a map: its scripts carry a nonce, so nothing else can run."""

from __future__ import annotations

import secrets
from typing import Final

from starlette.responses import Response

FRAMED_BY_ALL: Final = "; frame-ancestors *"


def map_response(page: str, *, framed_by_all: bool = False) -> Response:
    """A folium page with its policy.

    Parameters
    ----------
    page : str
        HTML.
    framed_by_all : bool
        Whether any site may frame it; else the process's own rule holds (:mod:`layers.security_headers`).

    Returns
    -------
    Response
    """
    nonce = secrets.token_urlsafe(16)
    policy = _policy(nonce) + (FRAMED_BY_ALL if framed_by_all else "")
    return Response(
        page.replace("<script", f'<script nonce="{nonce}"'),
        media_type="text/html",
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"},
    )


def _policy(nonce: str) -> str:
    """Content-Security-Policy of the map page: this server, and the tile hosts of the base maps offered here."""
    from layers.map.basemaps import available

    tiles = " ".join(base.hosts for base in available() if base.hosts)
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: {tiles}; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
