"""One site made once, and what is read from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geo.register.city import Atlas
from layers.site.build import site_files
from tests.site.hostile import hostile_atlas
from tests.site.reading import table

DAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    """The real pack, six of its works with names that try to run: every test here is made with them."""
    return hostile_atlas(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="session")
def files(atlas: Atlas) -> dict[str, bytes]:
    """Every file of the public site."""
    return site_files(atlas, DAY)


@pytest.fixture(scope="session")
def core(files: dict[str, bytes]) -> Any:
    """The first view's table, in Chinese."""
    return table(files, "core.zh")
