"""A person's file read beside its page: the page can be used meanwhile, says that it reads, and the reading can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from pages.parts.shell.jobs import QUICK_S, Job, show_progress
from pages.parts.shell.texts import t

Result = TypeVar("Result")


@dataclass(slots=True)
class _Reading:
    """What a place on the page reads, or has read."""

    file: str
    job: Job[Any]


def read_or_wait(
    place: str, file: str, read: Callable[[Job[Result]], Result], is_held: Callable[[Result], bool]
) -> Result | None:
    """What a file says; or None while it is read, or after the person has cancelled: then the page says so.

    Parameters
    ----------
    place : str
        Where on the page; each reads one file at a time, another file calls the one before off.
    file : str
        Which file: the id of its upload. It is read once.
    read : callable
        Reads it, in a thread.
    is_held : callable
        Whether what was read is still there; where it is not, the file is read again.

    Returns
    -------
    object or None

    Raises
    ------
    AtlasError
        What the reading met: the same in every run, until there is another file.
    """
    key = f"_reading-{place}"
    reading: _Reading | None = st.session_state.get(key)
    if reading is None or reading.file != file:
        if reading is not None:
            reading.job.call_off()
        reading = st.session_state[key] = _Reading(file, Job(read))
    job = reading.job
    if job.off and job.wait(0):
        st.info(t("已取消，文件没有读入。"), icon=":material/cancel:")
        st.button(
            t("再读一次"), key=f"again-{place}", icon=":material/refresh:", on_click=_forget, args=(key,)
        )
        return None
    if not job.wait(QUICK_S):
        show_progress(job, place)
        return None
    result: Result = job.take()
    if is_held(result):
        return result
    _forget(key)
    return read_or_wait(place, file, read, lambda _result: True)


def _forget(key: str) -> None:
    st.session_state.pop(key, None)
