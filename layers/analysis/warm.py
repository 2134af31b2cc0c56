"""Gets coverage ready in the background, so that the first person who asks does not wait for compilation."""

from __future__ import annotations

import logging
from functools import lru_cache
from threading import Thread


@lru_cache(maxsize=1)
def start() -> Thread:
    """Answer one question in a thread of its own, once a process."""
    thread = Thread(target=_ask, name="atlas-warm", daemon=True)
    thread.start()
    return thread


def _ask() -> None:
    from geo.errors import AtlasError

    try:
        _answer()
    except AtlasError as error:  # whoever asks next is told the same
        logging.getLogger(__name__).warning("not made ready: %s", error)


def _answer() -> None:
    from geo.atlas import load_atlas
    from geo.facilities import kinds_known
    from layers.analysis.answers import coverage_answer, words_of

    kinds = kinds_known(load_atlas().register)
    if len(kinds):
        coverage_answer(words_of({"kind": str(kinds.index[0]), "radius": "1000"}), "zh")
