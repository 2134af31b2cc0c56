"""The queue of heavy answers: bounded, fair, shared, stopped in time; a lost worker is replaced."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geo import errors
from geo.atlas import load_atlas
from geo.errors import AtlasError, BusyError, CalledOffError, TooLongError, WorkerError
from layers.workers.process import Task
from layers.workers.queue import WorkQueue
from layers.workers.run import Run
from tests.eventually import eventually
from tools.serving import PATIENCE_S, ROOT


def task(name: str, *args: object) -> Task:
    return Task("tests.workers.work", name, args, load_atlas().version)


@pytest.fixture(scope="module")
def two() -> Iterator[WorkQueue]:
    queue = WorkQueue(2)
    yield queue
    queue.close()


@pytest.fixture
def ask(two: WorkQueue, tmp_path: Path) -> Iterator[Callable[..., Run[Any]]]:
    """Asks for a word that is given once the test is over, or once the file ``go`` is there."""

    def begin(word: str, asker: str = "a") -> Run[Any]:
        return two.begin(task("until", str(tmp_path / "go"), word), PATIENCE_S, asker)

    yield begin
    (tmp_path / "go").touch()
    eventually(lambda: not two._runs)


def test_work_is_stopped_when_its_time_is_over_and_the_next_is_answered(two: WorkQueue) -> None:
    run = two.begin(task("forever"), 0.5, "a")
    with pytest.raises(TooLongError, match=r"0\.5"):
        run.result(PATIENCE_S)
    assert two.begin(task("process_id", "after"), PATIENCE_S, "a").result(PATIENCE_S) != os.getpid()


def test_work_that_no_worker_takes_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.workers.queue._START_S", -60.0)
    queue = WorkQueue(1)
    try:
        with pytest.raises(TooLongError):
            queue.begin(task("forever"), 59.0, "a").result(PATIENCE_S)
        eventually(lambda: not queue._runs)
    finally:
        queue.close()


def test_a_worker_that_dies_is_replaced(two: WorkQueue) -> None:
    with pytest.raises(WorkerError):
        two.begin(task("die"), PATIENCE_S, "a").result(PATIENCE_S)
    assert two.begin(task("process_id", "again"), PATIENCE_S, "a").result(PATIENCE_S)


def test_a_worker_at_work_ends_with_a_server_that_is_killed() -> None:
    program = """
import time
from tests.workers.test_queue import WorkQueue, task
queue = WorkQueue(1)
worker = queue.begin(task("process_id", "killed"), 240, "a").result(240)
run = queue.begin(task("forever"), 240, "a")
while run.began is None:
    time.sleep(0.02)
print(worker, flush=True)
time.sleep(240)
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        worker = int(server.stdout.readline())
        assert Path(f"/proc/{worker}").exists()
        server.kill()
    eventually(lambda: not Path(f"/proc/{worker}").exists())


def test_the_same_question_is_worked_out_once(ask: Callable[..., Run[Any]], tmp_path: Path) -> None:
    one, other = ask("same", "a"), ask("same", "b")
    assert one is other
    (tmp_path / "go").touch()
    assert one.result(PATIENCE_S) == "same"


def test_nobody_has_all_workers_and_nobody_the_whole_queue(
    ask: Callable[..., Run[Any]], two: WorkQueue
) -> None:
    runs = [ask(f"a{n}") for n in range(two.most_waiting // 2 + 1)]
    assert [run.began is not None for run in runs] == [True] + [False] * (len(runs) - 1)
    with pytest.raises(BusyError):
        ask("one more")
    other = ask("b", "b")
    assert other.began is not None
    assert [run.place() for run in runs] == list(range(len(runs)))


def test_the_queue_is_bounded(ask: Callable[..., Run[Any]], two: WorkQueue) -> None:
    for n in range(two.most_waiting + two.workers):
        ask(f"w{n}", f"asker {n}")
    with pytest.raises(BusyError, match=str(two.most_waiting)):
        ask("one too many", "another")


def test_who_leaves_is_not_worked_for(ask: Callable[..., Run[Any]], two: WorkQueue) -> None:
    working, waiting = ask("working"), ask("waiting")
    both = ask("working", "b")
    working.leave("a")
    waiting.leave("a")
    eventually(lambda: waiting.done)
    with pytest.raises(CalledOffError):
        waiting.result()
    assert not both.done, "b still waits for it"
    both.leave("b")
    eventually(lambda: working.done)
    with pytest.raises(CalledOffError):
        working.result()
    assert two.begin(task("process_id", "then"), PATIENCE_S, "a").result(PATIENCE_S)


@pytest.mark.parametrize(
    "kind", [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, AtlasError)]
)
def test_errors_cross_to_another_process_whole(kind: type[AtlasError]) -> None:
    more: dict[str, Any] = {"changes": [{"id": 1}]} if kind is errors.ConflictError else {}
    error = kind("没有 {what}。", hint="请换 {what}。", what="图层", **more)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    assert (type(again), again.text("zh"), vars(again)) == (kind, "没有 图层。 请换 图层。", vars(error))
