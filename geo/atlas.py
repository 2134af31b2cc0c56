"""Loads the atlas of the city that is meant (:mod:`geo.cities`) once a process: from its store where there is one, else from the pack's files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.cities import MOST_CITIES
from geo.errors import UnknownIdError
from geo.paths import data_dir, database_url, earlier_register, register_file
from geo.register.photos import PHOTO_SIZES, photo_file
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.errors import StoreError
    from geo.places.gazetteer import Gazetteer
    from geo.register.city import Atlas
    from geo.store.follow import StoreFollower
    from geo.store.remarks import PublishedRemark


def load_atlas(root: Path | None = None, plan: str = "") -> Atlas:
    """The atlas of the store if there is one, else of the pack's files; with ``root``, of the files in that folder.

    There is a store where ``ATLAS_DATABASE_URL`` is set or ``atlas.db`` is in the folder ``ATLAS_VAR`` (``var/``). It is
    followed: after a change the next call gives a new atlas with another ``version``.

    Parameters
    ----------
    root : Path or None
    plan : str
        Id of a plan, ``all``, or empty for the first one.

    Returns
    -------
    Atlas

    Raises
    ------
    ParameterError
        There is no such plan.
    DataError
        The pack is broken: every problem is listed.
    StoreError
        The store cannot be opened, and was not read before.
    """
    if root is None and (store := _following()):
        return store.atlas().of_plan(plan)
    return _load_files(root or data_dir()).of_plan(plan)


def store_trouble() -> StoreError | None:
    """Why :func:`load_atlas` gives the last state it could read instead of the newest; None if all is well."""
    store = _following()
    return store.trouble if store else None


def store_url() -> str:
    """Address of the store that this installation has; empty where nothing was ever written.

    Raises
    ------
    StoreError
        The city's register is still where an installation of one city keeps it (:mod:`geo.store.earlier`).
    """
    if url := database_url():
        return url
    if earlier_register():
        from geo.store.earlier import require_taken_over

        require_taken_over()
    return f"sqlite:///{register_file()}" if register_file().exists() else ""


def _following() -> StoreFollower | None:
    url = store_url()
    if not url:
        return None
    from geo.store.follow import store_follower

    return store_follower(url, data_dir())


@lru_cache(maxsize=MOST_CITIES)
def _load_files(root: Path) -> Atlas:
    # with these come the tables: what a start remembers is known by the files alone
    from geo.register.city import atlas_of
    from geo.register.pack import load_pack

    return atlas_of(load_pack(root))


def load_picture(photo_id: str, size: str) -> bytes:
    """A picture (JPEG) of a photo that the register shows; ``UnknownIdError`` for any other. ``size``: ``large`` or ``small``."""
    atlas = load_atlas()
    if photo_id not in atlas.pack.photos.index or size not in PHOTO_SIZES:
        raise UnknownIdError(_("没有这张照片。"), photo_id=photo_id[:80])
    if url := store_url():
        from geo.store.engine import reading
        from geo.store.photos import picture
        from geo.store.store import connect

        with reading(connect(url).engine) as connection:
            return picture(connection, photo_id, size)
    return photo_file(atlas.pack.root, photo_id, size).read_bytes()


def published_remarks() -> tuple[PublishedRemark, ...]:
    """What readers reported and editors decided in public; nothing where there is no store."""
    url = store_url()
    if not url:
        return ()
    from geo.store.engine import reading
    from geo.store.remarks import published
    from geo.store.store import connect

    with reading(connect(url).engine) as connection:
        return published(connection)


def load_gazetteer(root: Path | None = None) -> Gazetteer:
    """The gazetteer of the city, or of the pack in ``root``; read on first use, because much needs no place names."""
    return _gazetteer_of(root or load_atlas().pack.root)


@lru_cache(maxsize=MOST_CITIES)
def _gazetteer_of(root: Path) -> Gazetteer:
    from geo.places.districts import load_districts
    from geo.places.gazetteer import Gazetteer

    return Gazetteer.from_package(load_districts(root), root)
