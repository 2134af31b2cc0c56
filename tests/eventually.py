"""Waits for a condition; a busy machine is slow and right."""

from __future__ import annotations

import time
from collections.abc import Callable

from tools.serving import PATIENCE_S


def eventually(true: Callable[[], bool]) -> None:
    """Ask again and again until it is true; an ``AssertionError`` when it never comes to be."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
