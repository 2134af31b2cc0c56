"""Long work in a thread beside the page, with progress and a cancel button; cancelled work leaves nothing behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Generic, TypeVar

import streamlit as st

from geo.cities import context_here
from geo.text import mark as _
from layers.workers.handover import parcel, step_of
from layers.workers.heavy import Heavy, asker
from layers.workers.run import Run
from pages.parts.shell import link
from pages.parts.shell.texts import escaped, t

Result = TypeVar("Result")
Answer = TypeVar("Answer")


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
        self.fields: dict[str, object] = {}
        self._off = threading.Event()
        self._seen = time.monotonic()
        as_session = context_here().run  # whatever the work begins is asked by this session
        self._thread = threading.Thread(target=as_session, args=(self._run, work), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Job[Result]], Result]) -> None:
        try:
            self.result = work(self)
        except BaseException as error:  # noqa: BLE001 (stored, and raised where the result is taken)
            self.error = error

    def set_progress(self, share: float, message: str, **fields: object) -> None:
        """Say how far the work is; ``message`` is a message id, with its ``fields``."""
        if self.off:
            raise CalledOff
        self.share, self.message, self.fields = min(max(share, 0.0), 1.0), message, fields

    def heavy(self, function: Heavy[[Any], Answer], value: Any, message: str) -> Answer:
        """The answer of a worker to a large ``value``, as :meth:`answer_of`; its steps take the place of ``message``."""
        with parcel(value) as sent:
            return self.answer_of(function.begin(sent), message, partial(step_of, sent.token))

    def answer_of(self, run: Run[Answer], message: str, step: Callable[[], str] = str) -> Answer:
        """The answer of a worker, with the place in the queue; called off with this job."""
        try:
            while not run.wait(asker.get(), _LOOK_S):
                if ahead := run.place():
                    self.set_progress(0.0, _("排队中，第 {n} 位……页面可以照常使用。"), n=int(ahead))
                else:
                    self.set_progress(run.share, step() or message)
        except CalledOff:
            run.leave(asker.get())
            raise
        return run.result()

    def call_off(self) -> None:
        """Ask the work to end; its result is never used."""
        self._off.set()

    @property
    def off(self) -> bool:
        """Was it called off, or has its page gone?"""
        return self._off.is_set() or time.monotonic() - self._seen > _GONE_S

    def wait(self, seconds: float) -> bool:
        """Wait a little; True once the work has ended. The page that looks is there still."""
        self._seen = time.monotonic()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def take(self) -> Result:
        """The result of ended work, or its error."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]


_LOOK_S: Final = 0.3
_GONE_S: Final = 90.0
"""A page looks several times a second; browsers let one that nobody sees look once a minute."""
QUICK_S = 1.5
"""Work that ends within this many seconds shows no progress bar."""


def show_progress(job: Job[Result], place: str = "job") -> None:
    """The bar and the cancel button at a place of the page; the page runs again when the work has ended."""

    @st.fragment(run_every=0.4)
    def watch() -> None:
        if job.wait(0) or job.off:
            link.run_again()
        fields = {name: escaped(value) for name, value in job.fields.items()}
        st.progress(job.share, text=t(job.message or _("处理中…"), **fields))
        st.button(t("取消"), key=f"{place}-off", icon=":material/cancel:", on_click=job.call_off)

    watch()
