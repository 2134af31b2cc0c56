"""This program as one digest: what was made by another one is not taken for what this one would make."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from geo.paths import PROJECT_DIR

_KINDS: Final = {".py", ".js", ".css", ".html", ".po", ".csv", ".json", ".svg", ".lock", ".toml"}


def digest(*texts: str) -> str:
    """SHA-256 of texts one after another; where one ends matters."""
    total = hashlib.sha256()
    for text in texts:
        total.update(f"{len(text)}:{text}".encode())
    return total.hexdigest()


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Digest of this program's files, of Python and of the packages that are installed."""
    files = (
        f"{path.relative_to(PROJECT_DIR)}:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in sorted(_sources())
    )
    return digest(platform.python_version(), *files, *sorted(set(_packages())))


def _sources() -> Iterator[Path]:
    for part in ("geo", "layers"):
        yield from (path for path in (PROJECT_DIR / part).rglob("*") if path.suffix in _KINDS)


def _packages() -> Iterator[str]:
    """Names and versions, from the names of the folders that say so: to read what is in them takes longer than all else here."""
    for folder in sys.path:
        yield from (found.name for found in Path(folder or ".").glob("*.dist-info"))
