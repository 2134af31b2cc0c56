"""The open API in this process, and on a port of this machine for clients that nobody here wrote."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from layers.api.server import routes
from tools.ports import held_port
from tools.serving import serving


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """One loop and its threads for all requests, as a server has them: PROJ prepares each thread anew."""
    with TestClient(Starlette(routes=routes()), base_url="http://atlas.test") as client:
        yield client


@pytest.fixture(scope="session")
def live() -> Iterator[str]:
    """Address of a server in a process of its own: GDAL keeps Python waiting while it reads from the network."""
    with held_port() as port:
        command = [sys.executable, "-m", "layers.api", "--port", str(port)]
        with serving(
            command, port, "/api/progress", {"ATLAS_RATE": "100000/second", "ATLAS_TIME_FACTOR": "10"}
        ) as server:
            yield server.url
