"""Workers of a Dask cluster give the answer of one process, also when one of them is killed while it works."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.errors import ParameterError
from geo.nation import run as running
from geo.nation.blocks import Nation
from geo.nation.coverage import nation_coverage, query_of
from geo.nation.problem import Problem
from geo.nation.run import one_by_one, opened
from geo.nation.siting import nation_siting
from tests.eventually import eventually

distributed = pytest.importorskip("distributed", reason="Dask is an extra")
NATION = Nation(("clinic", "park"), facilities=3_000, block_tiles=1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made


@pytest.fixture
def address(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ATLAS_DASK", cluster.scheduler_address)
    return str(cluster.scheduler_address)


def pids(address: str) -> dict[str, int]:
    with distributed.Client(address, set_as_default=False) as client:
        return dict(client.run(os.getpid))


def test_a_killed_worker_changes_nothing(address: str) -> None:
    problem = Problem(NATION, "31")
    query = query_of(problem, ["clinic"], 1500, "as_of")
    alone = nation_coverage(problem, query).table
    before = pids(address)
    assert len(set(before.values()) - {os.getpid()}) == 2
    victim = next(iter(before.values()))
    results: list[int] = []

    with opened() as run:

        def killing(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
            """The first worker dies as soon as one block is done; most of the others are not."""
            for result in run(function, tasks):
                if not results:
                    os.kill(victim, signal.SIGKILL)
                results.append(1)
                yield result

        together = nation_coverage(problem, query, killing).table
    assert len(results) > 40
    pd.testing.assert_frame_equal(together, alone, check_exact=True)
    eventually(lambda: len(pids(address)) == 2)
    assert victim not in pids(address).values()


def test_sites_and_refusals_come_from_workers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem(NATION, "3101")
    query = query_of(problem, ["park"], 2000, "before")
    with opened() as run:
        pd.testing.assert_frame_equal(
            nation_siting(problem, query, 2, run).table,
            nation_siting(problem, query, 2, one_by_one).table,
            check_exact=True,
        )
        assert np.array_equal(problem.shares(run).residents, problem.shares(one_by_one).residents)
        monkeypatch.setattr(running, "program", lambda: "of another version")
        with pytest.raises(ParameterError, match="版"):
            list(run(abs, [1, 2, 3]))
