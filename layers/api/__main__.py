"""The open API by itself, without the pages: ``python -m layers.api --port 8502``."""

from __future__ import annotations

import argparse

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from layers.api.cities import routes
from layers.api.lifespan import workers
from layers.security_headers import SecurityHeaders, failed
from layers.slow_bodies import BodyTimeLimit


def application() -> Starlette:
    """The API (and the map page with its assets) as an ASGI app of its own."""
    return Starlette(
        routes=routes(),
        lifespan=workers,
        middleware=[Middleware(SecurityHeaders), Middleware(BodyTimeLimit)],
        exception_handlers={Exception: failed},
    )


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m layers.api", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8502)
    given = parser.parse_args()
    uvicorn.run(application(), host=given.host, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
