"""What all tests share: the real pack, a copy of it to spoil, and no network but this machine."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.register.city import Atlas
from tests.chromium import browser, pytest_collection_modifyitems

__all__ = ["browser", "pytest_collection_modifyitems"]  # what every folder of tests may ask for

# no test sees the register of whoever runs it, nor what another test left; a test that wants a store makes one
VAR = tempfile.TemporaryDirectory(prefix="atlas-var-")
os.environ["ATLAS_VAR"] = VAR.name
os.environ.pop("ATLAS_DATABASE_URL", None)
_test_numbers = count()

settings.register_profile(
    "ci", derandomize=True
)  # a landing must not depend on luck; people explore anew each run
if os.environ.get("CI"):
    settings.load_profile("ci")

_connect = socket.socket.connect


@pytest.fixture(autouse=True)
def _this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "localhost", "::1"}:
            raise AssertionError(f"a test reached for the network: {address}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _var_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", f"{VAR.name}/{next(_test_numbers)}")


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas()


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    """A copy of the real pack that a test may spoil."""
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy)
    return copy
