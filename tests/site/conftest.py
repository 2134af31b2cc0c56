"""One site made once, and what is read from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo.atlas import Atlas
from layers.site.build import site_files
from tests.site.reading import table

DAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def files(atlas: Atlas) -> dict[str, bytes]:
    """Every file of the public site of the real pack."""
    return site_files(atlas, DAY)


@pytest.fixture(scope="session")
def site(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in a folder. Not to be changed."""
    from layers.site.folder import bring

    folder = tmp_path_factory.mktemp("site") / "public"
    bring(folder, files)
    return folder


@pytest.fixture(scope="session")
def core(files: dict[str, bytes]) -> Any:
    """The first view's table, in Chinese."""
    return table(files, "core.zh")
