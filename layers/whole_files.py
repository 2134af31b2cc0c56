"""Files of results that can be made again: one that is damaged or half written counts as none."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_DIGEST_BYTES: Final = hashlib.sha256().digest_size


def read_whole(path: Path) -> bytes | None:
    """The content of a file that is whole; None for none, for it is made anew."""
    with suppress(OSError):
        found = path.read_bytes()
        content = found[_DIGEST_BYTES:]
        if hashlib.sha256(content).digest() == found[:_DIGEST_BYTES]:
            return content
    return None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that :func:`read_whole` reads; where nothing can be written, it is made again the next time."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".part-{os.getpid()}")
        part.write_bytes(hashlib.sha256(content).digest() + content)
        part.replace(path)
