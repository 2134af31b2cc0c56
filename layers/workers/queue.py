"""The queue before the workers: bounded, fair between those who ask, and each question worked out once.

The workers themselves are a pool of the library pebble, which stops a worker whose time is over and starts another.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures import TimeoutError as WorkTimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from threading import Condition, Thread
from time import monotonic
from typing import Any, Final

from pebble import ProcessExpired, ProcessPool

from geo.errors import BusyError, TooLongError, WorkerError
from geo.text import mark as _
from layers.workers import handover
from layers.workers.process import Task, answer, get_ready
from layers.workers.run import Run

WAITING_PER_WORKER: Final = 8
"""So many questions may wait for each worker; half of them of one asker."""
_TASKS_OF_A_WORKER: Final = 200
"""A worker is replaced after so many answers: what it kept in memory goes with it."""
_LOOK_S: Final = 0.5
_START_S: Final = 10.0
"""A worker that replaces another has this long to get ready, beside the time of the work."""


class WorkQueue:
    """Questions that wait for a worker.

    Parameters
    ----------
    workers : int
        Processes; at least one.
    prepare : sequence of callable
        What each worker does before its first question; functions of modules.
    imports : sequence of str
        Modules that workers share, read once.
    """

    def __init__(
        self, workers: int, prepare: Sequence[Callable[[], None]] = (), imports: Sequence[str] = ()
    ) -> None:
        self.workers = max(workers, 1)
        self.most_waiting = WAITING_PER_WORKER * self.workers
        self._prepare, self._imports = tuple(prepare), list(imports)
        self._brought = handover.folder()
        self._pool: ProcessPool | None = None
        self._runs: dict[Task, Run[Any]] = {}
        self._changed = Condition()
        self._closed = False
        Thread(target=self._watch, name="atlas-queue", daemon=True).start()

    def begin(self, task: Task, seconds: float, asker: str) -> Run[Any]:
        """The answer to a task in the making; the same for all who ask the same meanwhile.

        Parameters
        ----------
        task : Task
        seconds : float
            How long the work may take.
        asker : str
            Who asks: a session, an address.

        Returns
        -------
        Run

        Raises
        ------
        BusyError
            Too many wait already, or too many of this asker's.
        """
        with self._changed:
            run = self._runs.get(task)
            if run is not None and not run.done:
                run.stay(asker)
                return run
            self._check_room(asker)
            run = self._runs[task] = Run(asker, seconds, self.place)
            self._start_waiting()
            self._changed.notify()
            return run

    def place(self, run: Run[Any]) -> int:
        """How many wait before a run, itself included; 0 once it is worked on."""
        with self._changed:
            waiting = self._waiting()
            return waiting.index(run) + 1 if run in waiting else 0

    def close(self) -> None:
        """Stop the workers, and all that they do."""
        with self._changed:
            self._closed = True
            for run in self._runs.values():
                run.future.cancel()
            self._runs.clear()
            pool, self._pool = self._pool, None
            self._changed.notify()
        if pool is not None:
            _stop(pool)

    def _check_room(self, asker: str) -> None:
        waiting = self._waiting()
        own = sum(run.asker == asker for run in waiting)
        if len(waiting) >= self.most_waiting or own >= self.most_waiting // 2:
            raise BusyError(
                _("现在有 {n} 个计算在排队，排不下了。"), hint=_("请过几秒再试。"), n=len(waiting)
            )

    def _waiting(self) -> list[Run[Any]]:
        return [run for run in self._runs.values() if run.began is None and not run.done]

    def _at_work(self) -> list[Run[Any]]:
        return [run for run in self._runs.values() if run.began is not None and not run.done]

    def _start_waiting(self) -> None:
        """Give free workers something to do: those first who have least at work; nobody has all the workers."""
        most = max(self.workers - 1, 1)
        while len(at_work := self._at_work()) < self.workers:
            owners = [run.asker for run in at_work]
            ready = [
                (owners.count(run.asker), nth, task)
                for nth, (task, run) in enumerate(self._runs.items())
                if run.began is None and not run.done and owners.count(run.asker) < most
            ]
            if not ready:
                return
            self._start(min(ready)[2])

    def _start(self, task: Task) -> None:
        run = self._runs[task]
        run.began = monotonic()
        run.work = self._ready_pool().schedule(answer, args=(task,), timeout=run.seconds)
        run.work.add_done_callback(partial(self._ended, task, run))

    def _ready_pool(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            if self._pool is not None:  # its workers were stopped from outside
                Thread(target=_stop, args=(self._pool,), daemon=True).start()
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(self._imports)
            self._pool = ProcessPool(
                self.workers, _TASKS_OF_A_WORKER, get_ready, (self._brought, self._prepare), context
            )
        return self._pool

    def _ended(self, task: Task, run: Run[Any], work: Future[Any]) -> None:
        with suppress(InvalidStateError):  # told already that it took too long
            _settle(run, work)
        with self._changed:
            if self._runs.get(task) is run:
                del self._runs[task]
            if not self._closed:
                self._start_waiting()

    def _watch(self) -> None:
        """Stop what nobody waits for any more, and what no worker has ended in time."""
        with self._changed:
            while not self._closed:
                self._changed.wait(_LOOK_S if self._runs else None)
                for task, run in list(self._runs.items()):
                    late = run.began is not None and monotonic() > run.began + run.seconds + _START_S
                    if late:
                        with suppress(InvalidStateError):  # the answer came this moment
                            run.future.set_exception(_too_long(run))
                    if late or (run.deserted and not run.done):
                        self._drop(task, run)

    def _drop(self, task: Task, run: Run[Any]) -> None:
        if run.work is not None:
            run.work.cancel()  # the worker is stopped, and `_ended` is told
        else:
            del self._runs[task]
            run.future.cancel()


def _settle(run: Run[Any], work: Future[Any]) -> None:
    """Hand on what came of the work, in words that a person understands."""
    if run.future.done():
        return
    try:
        run.future.set_result(work.result())
    except CancelledError:
        run.future.cancel()
    except WorkTimeoutError:
        run.future.set_exception(_too_long(run))
    except (ProcessExpired, BrokenProcessPool):
        hint = _("请再试一次；若仍如此，请缩小范围。")
        run.future.set_exception(WorkerError(_("计算进程意外结束（可能内存不足）。"), hint=hint))
    except BaseException as error:  # noqa: BLE001 (stored, and raised where the answer is taken)
        run.future.set_exception(error)


def _too_long(run: Run[Any]) -> TooLongError:
    return TooLongError(
        _("{seconds} 秒内没有算完，已停止。"),
        hint=_("服务器可能正忙，请再试一次；仍如此请缩小范围（少选区县、加大间距、少几处），或用命令行。"),
        seconds=f"{run.seconds:g}",
    )


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # the library's is untyped
    pool.join()
