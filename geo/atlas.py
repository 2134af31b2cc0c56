"""Everything one city pack gives, loaded once a process: the object that pages, routes and commands share."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.pack import DATA_DIR, Pack, load_pack, read_package
from geo.register import Register

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from geo.errors import StoreError
    from geo.gazetteer import Gazetteer
    from geo.store.follow import Following


@dataclass(frozen=True, eq=False)
class Atlas:
    """A city pack with what is derived from it. Read only: share it, never change its frames.

    Attributes
    ----------
    pack, register : Pack, Register
        The tables, and the register over them.
    districts : GeoDataFrame
        EPSG:4326, indexed by district code.
    """

    pack: Pack
    register: Register
    districts: GeoDataFrame

    def names(self, table: str, lang: str) -> dict[str, str]:
        """Id -> name in ``lang`` of the word list ``table`` (``categories`` or ``kinds``), in its own order."""
        return dict(zip(self.words(table).index, self.words(table)[f"name_{lang}"], strict=True))

    def words(self, table: str) -> DataFrame:
        """The word list ``table`` of the pack, indexed by id."""
        return _read_words(self.pack.root / f"{table}.csv")

    @property
    def city(self) -> dict[str, str]:
        """``code``, ``name_zh`` and ``name_en`` of the whole city, as the pack describes itself."""
        return _read_city(self.pack.root)

    @property
    def version(self) -> str:
        """Short digest of the pack or of the store's log: part of every data URL, so nothing is ever served stale."""
        return self.pack.digest[:12]


def var_dir() -> Path:
    """Folder of what this installation keeps, such as the store: ``ATLAS_VAR``, else ``var/`` of this project."""
    return Path(os.environ.get("ATLAS_VAR") or DATA_DIR.parent / "var")


def data_dir() -> Path:
    """Folder of the city pack: ``ATLAS_DATA`` if set, else the ``data/`` of this project."""
    return Path(os.environ.get("ATLAS_DATA", str(DATA_DIR)))


@lru_cache(maxsize=8)
def _read_words(path: Path) -> DataFrame:
    import pandas as pd

    return pd.read_csv(path, dtype=str, index_col=0, keep_default_na=False)


@lru_cache(maxsize=2)
def _read_city(root: Path) -> dict[str, str]:
    city: dict[str, str] = read_package(root)["city"]
    return city


def load_atlas(root: Path | None = None) -> Atlas:
    """The atlas of the store if there is one, else of the pack's files; with ``root``, of the files in that folder.

    There is a store where ``ATLAS_DATABASE_URL`` is set or ``atlas.db`` is in the folder ``ATLAS_VAR`` (``var/``). It is
    followed: after a change the next call gives a new atlas with another ``version``.

    Raises
    ------
    DataError
        The pack is broken: every problem is listed.
    StoreError
        The store cannot be opened, and was not read before.
    """
    if root is None and (store := _following()):
        return store.atlas()
    return _load_files(root or data_dir())


def store_trouble() -> StoreError | None:
    """Why :func:`load_atlas` gives the last state it could read instead of the newest; None if all is well."""
    store = _following()
    return store.trouble if store else None


def _following() -> Following | None:
    url = os.environ.get("ATLAS_DATABASE_URL")
    if not url:
        file = var_dir() / "atlas.db"
        if not file.exists():
            return None
        url = f"sqlite:///{file}"
    from geo.store.follow import following

    return following(url, data_dir())


def atlas_of(pack: Pack) -> Atlas:
    """An atlas over a loaded pack."""
    from geo.districts import load_districts

    return Atlas(pack=pack, register=Register.from_pack(pack), districts=load_districts(pack.root))


@lru_cache(maxsize=2)
def _load_files(root: Path) -> Atlas:
    return atlas_of(load_pack(root))


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """The gazetteer of the city, read on first use because searching needs it and drawing does not."""
    from geo.gazetteer import Gazetteer

    return Gazetteer.from_package(load_atlas().districts)
