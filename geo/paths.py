"""Folders of the city that is meant here (:mod:`geo.cities`): its pack, and what is kept beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from geo.cities import current
from geo.errors import StoreError
from geo.installation import DATA_DIR, PROJECT_DIR, pack_dir, root_var_dir
from geo.text import mark as _

__all__ = [
    "DATA_DIR",
    "PROJECT_DIR",
    "REGISTER_FILE",
    "data_dir",
    "database_url",
    "datasets_dir",
    "earlier_register",
    "register_file",
    "var_dir",
]

DATABASE_VARIABLE: Final = "ATLAS_DATABASE_URL"
REGISTER_FILE: Final = "atlas.db"
"""SQLite's file of the register in :func:`var_dir`."""
_CITY: Final = "{city}"
"""In that address: stands for the slug, where a process has a list of cities."""


def var_dir() -> Path:
    """Folder of what this installation keeps, such as the store: ``ATLAS_VAR``, else ``var/`` of this project.

    Of a process with a list of cities, each has its own, ``cities/<slug>`` in that folder.
    """
    city = current()
    return root_var_dir() / "cities" / city.slug if city else root_var_dir()


def register_file() -> Path:
    """SQLite's file of the register; it need not be there."""
    return var_dir() / REGISTER_FILE


def earlier_register() -> Path | None:
    """The register of an installation of one city, where a list of cities was set since and the city that is meant has none of its own."""
    earlier = root_var_dir() / REGISTER_FILE
    return earlier if current() and not register_file().exists() and earlier.exists() else None


def datasets_dir() -> Path:
    """Folder of the data sets that are saved (:mod:`geo.coverage.saved_data`)."""
    return var_dir() / "datasets"


def data_dir() -> Path:
    """Folder of the city pack: of the city that is meant, else ``ATLAS_DATA`` if set, else the ``data/`` of this project."""
    city = current()
    return city.data if city else pack_dir()


def database_url() -> str:
    """``ATLAS_DATABASE_URL``, empty where it is not set; of a list of cities, that of the city that is meant.

    Raises
    ------
    StoreError
        There is a list, and the address does not say where a city stands in it: two cities never share a register.
    """
    url, city = os.environ.get(DATABASE_VARIABLE, ""), current()
    if not url or city is None:
        return url
    if _CITY not in url:
        raise StoreError(
            _("一个进程服务几个城市时，{name} 里要有 {place}，每个城市一个库。"),
            hint=_("例如 postgresql+psycopg://…/atlas_{place}。"),
            name=DATABASE_VARIABLE,
            place=_CITY,
        )
    return url.replace(_CITY, city.slug)
