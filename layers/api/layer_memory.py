"""Layers as they were sent before this process began: a start of the server need not make again what nothing has changed.

A layer is found again by a digest of everything it is made of: the register, the files of the pack, this program and its packages, and the
question. Where a file of the pack has changed since the process began, nothing is looked up and nothing written down: some of it may have been
read before and some after. The layers lie in ``ATLAS_VAR/layers``, those of one state of things beside each other.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from geo.atlas import store_url
from geo.paths import var_dir
from geo.register.city import Atlas
from geo.register.pack import pack_digest, pack_files
from layers.program_digest import digest, program_digest
from layers.whole_files import read_whole, write_whole

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
    folder = _folder(atlas)
    if folder is None:
        return make()
    path = folder / digest(*question)
    content = read_whole(path)
    if content is None:
        content = make()
        if _folder(atlas) == folder:  # nothing has changed meanwhile
            write_whole(path, content)
            _forget_oldest(folder.parent)
    return content


def _folder(atlas: Atlas) -> Path | None:
    """Where the layers of this atlas lie; None where it cannot be told what they would be made of."""
    root = atlas.pack.root
    now = _signature(root)
    files = _digest_of(root, now)
    is_older = all(changed < _BEGAN_NS - _COARSE_NS for _name, changed, _size in now)
    is_read = store_url() or files == atlas.pack.digest
    if not is_older or not is_read or now != _first_seen(root):
        return None
    return var_dir() / "layers" / digest(program_digest(), atlas.pack.digest, files)


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
    states = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in states[STATES:]:
        shutil.rmtree(path, ignore_errors=True)
