"""Compiled kernels where numba is installed, the same code in plain Python where it is not.

``ATLAS_NO_NUMBA=1`` leaves numba out even where it is installed: for tests, and for machines that may not compile.
Kernels release the interpreter lock and are split over threads by :func:`over_threads`; numba's own threading is
not used, because its default layer must not be entered by two server threads at once.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from geo.paths import PROJECT_DIR

T = TypeVar("T")
_MIN_CHUNK = 512
_CORES = os.cpu_count() or 1  # asking takes as long as a small kernel


def _uncompiled(function: Callable[..., T]) -> Callable[..., T]:
    return function


def _cache_dir() -> str:
    """A folder for compiled code that only this very source uses.

    numba looks at the file of a kernel alone, not at the kernels it calls in other files: a changed neighbour would
    leave yesterday's machine code in use. So the folder's name is made from all of them. ``NUMBA_CACHE_DIR``, where it is
    set, is the folder that it lies in.
    """
    here = Path(__file__).parent
    texts = [path.read_bytes() for path in sorted(here.glob("*.py"))]
    kernels = b"".join(text for text in texts if b"@compiled" in text or b"def compiled" in text)
    name = hashlib.sha256(kernels).hexdigest()[:16]
    base = os.environ.get("NUMBA_CACHE_DIR", "")
    folder = (Path(base) if base else PROJECT_DIR / "var" / "numba") / name
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if os.access(folder, os.W_OK):
        return str(folder)
    # a read-only installation: compiled anew by each process, where nobody else can write
    return tempfile.mkdtemp(prefix="atlas-numba-")


try:
    if os.environ.get("ATLAS_NO_NUMBA"):
        raise ModuleNotFoundError
    from numba import config, njit

    CACHE = _cache_dir()
    setattr(config, "CACHE_DIR", CACHE)  # noqa: B010 (numba's own stub does not know its settings)
    compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(cache=True, nogil=True)
    ENGINE = "numba"
except ModuleNotFoundError:
    compiled = _uncompiled
    ENGINE, CACHE = "numpy", ""


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=_CORES, thread_name_prefix="atlas-kernel")


def over_threads(kernel: Callable[[int, int], T], n: int, *, smallest: int = _MIN_CHUNK) -> list[T]:
    """``kernel(first, last)`` over ``range(n)`` in pieces of at least ``smallest``, results in order.

    Parameters
    ----------
    kernel : callable
        Works a range of numbers, first to last.
    n : int
        How many numbers there are.
    smallest : int
        Numbers that one thread works at least.

    Returns
    -------
    list of T
    """
    workers = _CORES if ENGINE == "numba" else 1
    pieces = max(1, min(workers * 4, n // smallest)) if workers > 1 else 1
    edges = [n * k // pieces for k in range(pieces + 1)]
    if pieces == 1:
        return [kernel(0, n)]
    return list(_pool().map(kernel, edges[:-1], edges[1:]))
