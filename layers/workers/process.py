"""What happens inside a worker: it gets ready once, then answers one question after another."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, Final, NamedTuple

from geo.cities import city_called, entered

_CATCH_UP_S: Final = 2.0
"""A worker sees what another process wrote to the store a moment later; it waits for that, but no longer than this."""


class Task(NamedTuple):
    """A question as it crosses to another process: which function, what it is asked, and of which city's data.

    Equal tasks have equal answers.
    """

    module: str
    name: str
    args: tuple[Any, ...]
    version: str
    city: str = ""


def answer(task: Task) -> Any:
    """The answer to a task, in its city."""
    with entered(city_called(task.city) if task.city else None):
        return _answer_here(task)


def _answer_here(task: Task) -> Any:
    from geo.atlas import load_atlas

    end = time.monotonic() + _CATCH_UP_S
    while load_atlas().version != task.version and time.monotonic() < end:
        time.sleep(0.05)
    return getattr(import_module(task.module), task.name)(*task.args)


def get_ready(folder: str, prepare: Sequence[Callable[[], None]]) -> None:
    """Where the server leaves what people brought; then whatever is to be ready before the first question."""
    from layers.workers import handover

    end_with_server()
    handover.take_from(folder)
    for step in prepare:
        step()


def end_with_server() -> None:
    """End this process with the server that started it, even where that was killed and could stop nobody."""
    server = parent_process()
    if server is None:
        return

    def follow() -> None:
        wait([server.sentinel])
        os._exit(1)

    Thread(target=follow, name="end with the server", daemon=True).start()
