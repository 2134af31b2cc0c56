"""A process of two cities, and beside it a process of each alone."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.paths import DATA_DIR
from layers.api.cities import routes
from tests.second_city.reading import PACK

PACKS = {"wuxi": DATA_DIR, "jingdezhen": PACK}
Ask = Callable[[str], tuple[int, bytes]]


@pytest.fixture
def two_cities(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """This process serves both packs; the folder is that of what it keeps."""
    monkeypatch.setenv("ATLAS_CITIES", os.pathsep.join(map(str, PACKS.values())))
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    monkeypatch.setenv("ATLAS_RATE", "100000/second")
    return tmp_path


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks an address of this process, which serves both packs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_CITIES", os.pathsep.join(map(str, PACKS.values())))
        patch.setenv("ATLAS_VAR", str(tmp_path_factory.mktemp("var")))
        patch.setenv("ATLAS_RATE", "100000/second")
        with TestClient(Starlette(routes=routes()), base_url="http://atlas.test") as client:

            def ask(address: str) -> tuple[int, bytes]:
                answer = client.get(address, follow_redirects=False)
                return answer.status_code, answer.content

            yield ask


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ask]]:
    """For each slug, asks an address of a process that has this pack alone."""
    started: dict[str, Any] = {}
    for slug, pack in PACKS.items():
        own = {
            "ATLAS_DATA": str(pack),
            "ATLAS_VAR": str(tmp_path_factory.mktemp(slug)),
            "ATLAS_RATE": "100000/second",
        }
        started[slug] = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "one_city.py")],
            env={name: value for name, value in os.environ.items() if name != "ATLAS_CITIES"} | own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def asking(process: Any) -> Ask:
        def ask(address: str) -> tuple[int, bytes]:
            process.stdin.write(json.dumps(address) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            return answer["status"], base64.b64decode(answer["body"])

        return ask

    yield {slug: asking(process) for slug, process in started.items()}
    for process in started.values():
        process.stdin.close()
        process.wait(timeout=60)
