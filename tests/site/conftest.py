"""One site made once, and what is read from it."""

from __future__ import annotations

from typing import Any

import pytest

from geo.register.city import Atlas
from tests.site.reading import table


@pytest.fixture(scope="session")
def atlas(hostile: Atlas) -> Atlas:
    """Every test here is made with names that try to run."""
    return hostile


@pytest.fixture(scope="session")
def files(hostile_site: dict[str, bytes]) -> dict[str, bytes]:
    """Every file of the public site."""
    return hostile_site


@pytest.fixture(scope="session")
def core(files: dict[str, bytes]) -> Any:
    """The first view's table, in Chinese."""
    return table(files, "core.zh")
