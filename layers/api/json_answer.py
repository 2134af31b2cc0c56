"""Compressed JSON of the map, with what a browser may keep of it."""

from __future__ import annotations

import gzip
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

YEAR: Final = "public, max-age=31536000, immutable"
"""Of what has its version in its address."""


def json_head(request: Request, version: str, tag: str) -> dict[str, str]:
    """With the version in its address an answer may be kept for a year; without it, it is asked for again.

    Parameters
    ----------
    request : Request
    version : str
        Of what is sent.
    tag : str
        Its version with all that else decides what is sent.

    Returns
    -------
    dict
        Headers.
    """
    return {
        "ETag": f'"{tag}"',
        "Cache-Control": YEAR if request.query_params.get("v") == version else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }


def json_response(request: Request, body: bytes, head: dict[str, str]) -> Response:
    """JSON that is compressed by gzip, as the browser takes it.

    Parameters
    ----------
    request : Request
    body : bytes
        Compressed.
    head : dict
        Of :func:`json_head`.

    Returns
    -------
    Response
    """
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(body, media_type="application/json", headers=head | {"Content-Encoding": "gzip"})
    return Response(gzip.decompress(body), media_type="application/json", headers=head)
