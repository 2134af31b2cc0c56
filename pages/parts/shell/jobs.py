"""Long work in a thread beside the page, with progress and a cancel button; cancelled work leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import streamlit as st

from geo.text import mark as _
from pages.parts.shell.texts import t

Result = TypeVar("Result")


class CalledOff(Exception):  # noqa: N818 (not a fault: the person pressed cancel)
    """The person pressed cancel."""


class Job(Generic[Result]):
    """One piece of work in a thread of its own.

    The work gets this job. It calls ``set_progress(share, message)`` now and then, with a share from 0 to 1; that call raises
    :class:`CalledOff` once the person has pressed cancel, so a job ends at its next call.
    """

    def __init__(self, work: Callable[[Job[Result]], Result]) -> None:
        self.share, self.message = 0.0, ""
        self.result: Result | None = None
        self.error: BaseException | None = None
        self._off = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Job[Result]], Result]) -> None:
        try:
            self.result = work(self)
        except BaseException as error:  # noqa: BLE001 (stored, and raised where the result is taken)
            self.error = error

    def set_progress(self, share: float, message: str) -> None:
        """Say how far the work is; ``message`` is a message id."""
        if self._off.is_set():
            raise CalledOff
        self.share, self.message = min(max(share, 0.0), 1.0), message

    def call_off(self) -> None:
        """Ask the work to end; its result is never used."""
        self._off.set()

    @property
    def off(self) -> bool:
        """Was it called off?"""
        return self._off.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait a little; True once the work has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def take(self) -> Result:
        """The result of ended work, or its error."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]


QUICK_S = 1.5
"""Work that ends within this many seconds shows no progress bar."""


def show_progress(job: Job[Result]) -> None:
    """The bar and the cancel button; the page runs again when the work has ended."""

    @st.fragment(run_every=0.4)
    def watch() -> None:
        if job.wait(0) or job.off:
            st.rerun()
        st.progress(job.share, text=t(job.message or _("处理中…")))
        st.button(t("取消"), key="job-off", icon=":material/cancel:", on_click=job.call_off)

    watch()
