"""The open API in this process, and on a port of this machine for clients that nobody here wrote."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from layers.api.server import routes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_RATE", "100000/second")


@pytest.fixture(scope="session")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()), base_url="http://atlas.test")


@pytest.fixture(scope="session")
def live() -> Iterator[str]:
    """Address of a server in a process of its own: GDAL keeps Python waiting while it reads from the network."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"ATLAS_RATE": "100000/second"}
    process = subprocess.Popen(
        [sys.executable, "-m", "layers.api", "--port", str(port)], cwd=ROOT, env=environment
    )
    address = f"http://127.0.0.1:{port}"
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api/progress", timeout=30).close()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)
