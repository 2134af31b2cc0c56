"""Waits for a condition; a busy machine is slow and right."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable

from tools.serving import PATIENCE_S


def eventually(true: Callable[[], bool], *workers: subprocess.Popen[bytes] | threading.Thread) -> None:
    """Ask again and again until it is true; an ``AssertionError`` when it never comes to be.

    Nor does it once one of the processes or threads that make it true has ended: then nobody waits any longer.
    """
    end = time.monotonic() + PATIENCE_S
    while not true():
        for worker in workers:
            assert runs(worker), f"it never came to be: {worker} ended"
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


def runs(worker: subprocess.Popen[bytes] | threading.Thread) -> bool:
    """Whether a process or a thread has not ended."""
    return worker.is_alive() if isinstance(worker, threading.Thread) else worker.poll() is None
