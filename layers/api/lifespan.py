"""While a server runs: workers answer what is heavy, and what a first page needs is read beside the start instead of before it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from importlib import import_module
from threading import Event, Thread
from typing import Final

from starlette.concurrency import run_in_threadpool

from layers.analysis import warm
from layers.workers.heavy import close_queue, open_queue

SHARED_BY_WORKERS: Final = (
    "numba",
    "streamlit",
    "matplotlib.figure",
    "layers.analysis.files",
    "layers.analysis.siting",
    "layers.report.files",
    "layers.report.view",
)
"""Modules that are read once for all workers."""
_LONGEST_S: Final = 60.0
_UNVISITED_S: Final = 15.0
"""Where nobody has come for so long, the rest is read."""
_read = Event()
_read.set()  # where no server has begun to read, nobody waits
_visited = Event()


@asynccontextmanager
async def workers(_app: object, pages: Sequence[str] = ()) -> AsyncIterator[None]:
    """While a server runs, workers answer what is heavy. It listens at once: ``pages``, modules, and their first answers are read beside that."""
    open_queue((warm.get_worker_ready,), SHARED_BY_WORKERS)
    _read.clear()
    Thread(target=_make_ready, args=(tuple(pages),), name="atlas-start", daemon=True).start()
    try:
        yield
    finally:
        await run_in_threadpool(close_queue)


def wait_until_read() -> None:
    """Wait for the first answers, which two at once would only make twice."""
    _visited.set()
    _read.wait(_LONGEST_S)


def _make_ready(pages: Sequence[str]) -> None:
    try:
        _read_first(pages)
    finally:
        _read.set()
    # else the first visit sees to the rest, once its map is there (pages/frame.py)
    if pages and not _visited.wait(_UNVISITED_S):
        warm.read_modules()


def _read_first(pages: Sequence[str]) -> None:
    from geo.errors import AtlasError

    for page in pages:
        import_module(page)
    if not pages:
        return
    try:
        _answer_first()
    except AtlasError as error:  # the pages say what is wrong
        logging.getLogger(__name__).warning("not made ready: %s", error)


def _answer_first() -> None:
    """What the first page shows, in the order in which it asks."""
    from geo.text import LANGUAGES
    from layers.analysis.districts import front_on
    from layers.api import server

    front_on(date.today(), LANGUAGES[0])
    _read.set()
    server.make_first_map()
