"""Heavy answers on a page: its place in the queue, how far it is, a button to cancel; the page can be used meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from layers.workers.heavy import Heavy, asker
from layers.workers.run import Run
from pages.parts.shell import link, uploader
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import t

P = ParamSpec("P")
R = TypeVar("R")
PATIENCE_S: Final = 1.5
"""What is ready within this is shown at once, without a waiting sign."""
_LOOK_S: Final = 1.0


def name_asker() -> None:
    """Whatever this run begins is asked by this session."""
    this = uploader.session()
    asker.set(f"session {this}" if this else "")


@dataclass(slots=True)
class Pending:
    """What a place on the page waits for; ``run`` is None once the person has called it off."""

    question: Hashable
    run: Run[Any] | None


def answer_or_wait(place: str, question: Hashable, begin: Callable[[], Run[R]]) -> R | None:
    """The answer; or None while it is worked out: then the page says so, and runs again once it is there.

    Parameters
    ----------
    place : str
        Where on the page; each waits for one question at a time.
    question : hashable
        What is asked: another question calls the one before off.
    begin : callable
        Begins to work it out.

    Returns
    -------
    object or None

    Raises
    ------
    AtlasError
        What the work met, or that too many wait.
    """
    if not is_answered(place, question, begin):
        show_wait(place)
        return None
    answer: R = taken(place)
    return answer


def heavy_or_wait(place: str, function: Heavy[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """The answer of a heavy function; or None while it is worked out, as :func:`answer_or_wait`.

    Parameters
    ----------
    place : str
        Where on the page.
    function : Heavy
    *args, **kwargs
        What it is asked; hashable.

    Returns
    -------
    object or None
    """
    question = (function.name, *args)
    return answer_or_wait(place, question, lambda: function.begin(*args, **kwargs))


def taken(place: str) -> Any:
    """The answer that a place waited for, or the ``AtlasError`` that the work met."""
    run = _asked(place).run
    return run.result() if run is not None else None


def is_answered(place: str, question: Hashable, begin: Callable[[], Run[Any]]) -> bool:
    """Is there an answer, or an error, after a moment? What was called off is not begun again by itself.

    Parameters
    ----------
    place : str
    question : hashable
    begin : callable

    Returns
    -------
    bool

    Raises
    ------
    BusyError
        Too many wait.
    """
    now = (question, atlas().version)
    before = st.session_state.get(_key(place))
    if before is None or before.question != now:
        if before is not None and before.run is not None:
            before.run.leave(asker.get())
        st.session_state.pop(_key(place), None)
        st.session_state[_key(place)] = Pending(now, begin())
    run = _asked(place).run
    return run is not None and run.wait(asker.get(), PATIENCE_S)


def show_wait(place: str) -> None:
    """The place in the queue or the time that has passed, and a button to cancel, or to begin again."""
    run, who = _asked(place).run, asker.get()
    if run is None:
        st.info(t("已取消。"), icon=":material/cancel:")
        st.button(
            t("再算一次"),
            key=f"again-{place}",
            icon=":material/refresh:",
            on_click=lambda: st.session_state.pop(_key(place), None),
        )
        return

    @st.fragment(run_every=_LOOK_S)
    def watch() -> None:
        if run.wait(who, 0):
            link.run_again()
        ahead = run.place()
        st.progress(
            run.share,
            text=t("排队中，第 {n} 位……页面可以照常使用。", n=int(ahead))
            if ahead
            else t("正在计算……页面可以照常使用。"),
        )
        st.button(
            t("取消"), key=f"off-{place}", icon=":material/cancel:", on_click=_call_off, args=(place, who)
        )

    watch()


def _call_off(place: str, who: str) -> None:
    asked = _asked(place)
    if asked.run is not None:
        asked.run.leave(who)
        asked.run = None


def _asked(place: str) -> Pending:
    asked: Pending = st.session_state[_key(place)]
    return asked


def _key(place: str) -> str:
    return f"_asked-{place}"
