"""Marks functions whose answers are heavy: a server has its workers answer them, a notebook or a test answers at once."""

from __future__ import annotations

import functools
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import ContextVar
from threading import Lock
from typing import Final, Generic, ParamSpec, TypeVar

from geo.cities import current_slug
from geo.errors import ParameterError
from geo.text import mark as _
from layers.workers import handover
from layers.workers.process import Task
from layers.workers.queue import WorkQueue
from layers.workers.run import Run

P = ParamSpec("P")
R = TypeVar("R")

WORKERS_VARIABLE: Final = "ATLAS_WORKERS"
asker: ContextVar[str] = ContextVar("asker", default="")
"""Who asks: a session of the pages, an address of the API. No asker has all workers or the whole queue."""
_open: list[WorkQueue] = []


def open_queue(prepare: Sequence[Callable[[], None]] = (), imports: Sequence[str] = ()) -> WorkQueue:
    """From now on workers answer what is heavy: ``ATLAS_WORKERS`` processes, by default as many as there are cores.

    Parameters
    ----------
    prepare : sequence of callable
        What each worker does before its first question.
    imports : sequence of str
        Modules that workers share, read once.

    Returns
    -------
    WorkQueue

    Raises
    ------
    ParameterError
        ``ATLAS_WORKERS`` is no whole number of at least 1.
    """
    close_queue()
    text = os.environ.get(WORKERS_VARIABLE) or str(os.cpu_count() or 1)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise ParameterError(
            _("{name} 要是 1 至 999 的整数，不是 {value}。"), name=WORKERS_VARIABLE, value=text[:20]
        )
    _open.append(WorkQueue(int(text), prepare, imports))
    return _open[0]


def close_queue() -> None:
    """Stop the workers, if there are any."""
    while _open:
        _open.pop().close()
    handover.close_folder()


class Heavy(Generic[P, R]):
    """A function whose answers workers give, where there are workers.

    To call it waits for the answer. To :meth:`begin` it gives the answer in the making.
    """

    def __init__(
        self,
        function: Callable[P, R],
        seconds: Callable[..., float] | float,
        remembered: int,
        when: Callable[..., bool] | None,
    ) -> None:
        self._function, self._seconds, self._remembered, self._when = function, seconds, remembered, when
        self.name = f"{function.__module__}.{function.__qualname__}"
        self._kept: OrderedDict[Task, Run[R]] = OrderedDict()
        self._lock = Lock()
        functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer; waits for it."""
        if not self._goes_to_workers(*args, **kwargs):
            return self._function(*args, **kwargs)
        run = self.begin(*args, **kwargs)
        while not run.wait(asker.get(), 1.0):
            pass
        return run.result()

    def begin(self, *args: P.args, **kwargs: P.kwargs) -> Run[R]:
        """The answer in the making, or made: one that was given before is there at once.

        Raises
        ------
        BusyError
            Too many wait already.
        """
        if kwargs:
            raise TypeError("a heavy function takes its arguments by place")
        if not self._goes_to_workers(*args, **kwargs):
            return _made(self._function, *args, **kwargs)
        from geo.atlas import load_atlas

        here = (load_atlas().version, current_slug())
        task = Task(self._function.__module__, self._function.__qualname__, args, *here)
        with self._lock:
            if task in self._kept:
                self._kept.move_to_end(task)
                return self._kept[task]
        seconds = self._seconds if isinstance(self._seconds, int | float) else self._seconds(*args, **kwargs)
        run: Run[R] = _open[0].begin(task, seconds, asker.get())
        run.future.add_done_callback(functools.partial(self._keep_answer, task, run))
        return run

    def ahead(self, *args: P.args, **kwargs: P.kwargs) -> list[Run[R]]:
        """The answer in the making, for who waits for it without a thread; nothing where no worker is needed."""
        return [self.begin(*args, **kwargs)] if self._goes_to_workers(*args, **kwargs) else []

    def _goes_to_workers(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        return bool(_open) and (self._when is None or self._when(*args, **kwargs))

    def _keep_answer(self, task: Task, run: Run[R], future: Future[R]) -> None:
        if future.cancelled() or future.exception() is not None:
            return
        with self._lock:
            self._kept[task] = run
            while len(self._kept) > self._remembered:
                self._kept.popitem(last=False)


def _made(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Run[R]:
    """The answer, or its error, worked out here and now."""
    run: Run[R] = Run()
    try:
        run.future.set_result(function(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 (stored, and raised where the answer is taken)
        run.future.set_exception(error)
    return run


def heavy(
    *, seconds: Callable[..., float] | float, remembered: int, when: Callable[..., bool] | None = None
) -> Callable[[Callable[P, R]], Heavy[P, R]]:
    """Mark a function of a module as heavy: its arguments are small and hashable, its answers small.

    Parameters
    ----------
    seconds : float or callable
        How long the whole answer may take; then the work is stopped.
    remembered : int
        How many answers the server remembers.
    when : callable or None
        Which questions are heavy; all by default.

    Returns
    -------
    callable
    """

    def decorate(function: Callable[P, R]) -> Heavy[P, R]:
        return Heavy(function, seconds, remembered, when)

    return decorate
