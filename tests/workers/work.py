"""Work for the workers of the tests: it ends when a file appears, or never."""

from __future__ import annotations

import os
import time
from pathlib import Path

from layers.workers.heavy import heavy


def until(file: str, word: str) -> str:
    """``word``, once ``file`` is there."""
    Path(f"{file}.{word}.began").touch()
    while not Path(file).exists():
        time.sleep(0.01)
    return word


def process_id(_word: str) -> int:
    """Which process answers."""
    return os.getpid()


def forever() -> None:
    """Works until it is stopped."""
    while True:
        pass


def die() -> None:
    """Ends its process without a word."""
    os._exit(9)


heavy_until = heavy(seconds=60, remembered=4)(until)
