"""Layers as they were sent before this process began: a start of the server need not make again what nothing has changed.

A layer is found again by a digest of everything it is made of: the register, the files of the pack, this program and its packages, and the
question. Where a file of the pack has changed since the process began, nothing is looked up and nothing written down: some of it may have been
read before and some after. The layers lie in ``ATLAS_VAR/layers``, those of one state of things beside each other.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.atlas import store_url
from geo.paths import data_dir, var_dir
from geo.register.pack_files import pack_digest, pack_files
from geo.store.newest import newest_digest
from layers.program_digest import digest, program_digest
from layers.whole_files import read_whole, write_whole

if TYPE_CHECKING:
    from geo.register.city import Atlas

STATES: Final = 8
"""States of register and program whose layers stay; the oldest go."""
_COARSE_NS: Final = 2_000_000_000
"""A file system may round the time of a change by so much."""
_BEGAN_NS: Final = time.time_ns()
Signature = tuple[tuple[str, int, int], ...]


def remembered(atlas: Atlas, question: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
    """A layer as it was sent before, else as ``make`` makes it.

    Parameters
    ----------
    atlas : Atlas
        What it shows.
    question : tuple of str
        Which layer, and how.
    make : callable
        Makes what is sent.

    Returns
    -------
    bytes
    """
    folder = _folder(atlas.pack.root, atlas.pack.digest)
    if folder is None:
        return make()
    path = folder / digest(*question)
    content = read_whole(path)
    if content is None:
        content = make()
        if _folder(atlas.pack.root, atlas.pack.digest) == folder:  # nothing has changed meanwhile
            write_whole(path, content)
            _forget_oldest(folder.parent)
    return content


def recalled(question: tuple[str, ...]) -> bytes | None:
    """What :func:`remembered` would give of the first plan's atlas, before that is read: a table of it takes longer than all of this.

    Parameters
    ----------
    question : tuple of str

    Returns
    -------
    bytes or None
        None where it is not remembered, or cannot be told to be of what would be read now.
    """
    root, url = data_dir(), store_url()
    try:
        register = newest_digest(url) if url else _digest_of(root, _signature(root))
        folder = _folder(root, register) if register else None
    except OSError:  # whoever reads the pack says what is wrong with it
        return None
    return None if folder is None else read_whole(folder / digest(*question))


def _folder(root: Path, register: str) -> Path | None:
    """Where that lies which is made of a register (its digest) and a pack; None where it cannot be told what it would be made of."""
    now = _signature(root)
    files = _digest_of(root, now)
    is_older = all(changed < _BEGAN_NS - _COARSE_NS for _name, changed, _size in now)
    is_read = store_url() or files == register
    if not is_older or not is_read or now != _first_seen(root):
        return None
    return var_dir() / "layers" / digest(program_digest(), register, files)


def _signature(root: Path) -> Signature:
    stats = ((path, path.stat()) for path in pack_files(root) if path.exists())
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=32)
def _first_seen(root: Path) -> Signature:
    return _signature(root)


@lru_cache(maxsize=32)
def _digest_of(root: Path, _signature: Signature) -> str:
    return pack_digest(root)


def _forget_oldest(folder: Path) -> None:
    with suppress(FileNotFoundError):  # another process of this server forgets at the same time
        states = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in states[STATES:]:
            shutil.rmtree(path, ignore_errors=True)
