"""The second city: a simulated pack of another province, and everything the program makes of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.second_city.reading import HERE, PACK, write_lists


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of everything that leaves the program for the second city, made once in a process of its own."""
    out, lists = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("lists")
    write_lists(lists)
    environment = os.environ | {
        "ATLAS_DATA": str(PACK),
        "ATLAS_VAR": str(tmp_path_factory.mktemp("var")),
        "ATLAS_RATE": "100000/second",
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "make_everything.py"), str(out), str(lists)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return out
