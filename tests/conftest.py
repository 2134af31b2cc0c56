"""What all tests share: the real pack, a copy of it to spoil, no network but this machine, and no skip unnoticed.

`make test` runs in several processes (pytest-xdist). A file of tests stays in one of them, and folders that share what is
costly to make (a PostgreSQL server, the public site, files of cases that were read) stay together.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.register.city import Atlas
from tests import chromium, depth
from tests.chromium import browser
from tests.osm_map import helsinki_map
from tests.skips import pytest_runtest_makereport, pytest_terminal_summary

# what every folder of tests may ask for, and what pytest asks for
__all__ = [
    "browser",
    "helsinki_map",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]

# no test sees the register of whoever runs it, nor what another test left; a test that wants a store makes one
VAR = tempfile.TemporaryDirectory(prefix="atlas-var-")
os.environ["ATLAS_VAR"] = VAR.name
os.environ.pop("ATLAS_DATABASE_URL", None)
_test_numbers = count()

settings.load_profile("ci" if os.environ.get("CI") else "people")

# tests whose ids begin so run in one process, one after another, and share their session fixtures
TOGETHER = {
    "tests/store/": "store",
    "tests/site/": "site",
    "tests/browser/test_site_": "site",
    "tests/detailed_map/": "detailed_map",
    "tests/browser/test_detailed_map_": "detailed_map",
    "tests/ingest/test_right_": "office cases",
    "tests/pages/test_cases": "office cases",
}

# what takes longest begins first: a file that runs alone at the end leaves the other cores idle
LONGEST = (
    "tests/browser/",
    "tests/docs/",
    "tests/site/",
    "tests/files/",
    "tests/second_city/",
    "tests/store/",
    "tests/register/",
)

_connect = socket.socket.connect


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: the one with the browser tests mostly waits for the browser and its server."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests that belong together go to one process."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next(
                (name for start, name in TOGETHER.items() if nodeid.startswith(start)),
                nodeid.split("::", maxsplit=1)[0],
            )

    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only the tests of this run, quick or deep, the longest first; those with a browser are marked."""
    depth.choose(config, items)
    chromium.mark(items)
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    starts = [rank for rank, start in enumerate(LONGEST) if item.nodeid.startswith(start)]
    return starts[0] if starts else len(LONGEST)


@pytest.fixture(autouse=True)
def _this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "localhost", "::1"}:
            raise AssertionError(f"a test reached for the network: {address}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of one process are one visitor: the limit of the open API is for those that set it."""
    monkeypatch.setenv("ATLAS_RATE", "100000/second")


@pytest.fixture(autouse=True)
def _var_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", f"{VAR.name}/{next(_test_numbers)}")


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    """The real pack, six of its works with names that try to run."""
    from tests.site.hostile import hostile_atlas

    return hostile_atlas(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="session")
def hostile_site(hostile: Atlas, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file of the public site of that pack on a fixed day, made once; one of its works has an outline."""
    from layers.site.build import site_files
    from tests.site.hostile import draw_outline
    from tests.site.site_days import DAY

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_VAR", str(tmp_path_factory.mktemp("outlines")))
        draw_outline(hostile)
        return site_files(hostile, DAY)


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    """A copy of the real pack that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy)
    return copy
