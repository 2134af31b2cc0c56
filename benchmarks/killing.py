"""Kills writers at random moments and checks what is left: shared by a test and a benchmark."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import IO

from benchmarks.victim import PARTS
from geo.store import Store, open_store

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Toll:
    """What many kills left: ``lost`` and ``halves`` must be zero."""

    kills: int = 0
    acknowledged: int = 0
    unacknowledged_but_whole: int = 0
    lost: int = 0
    halves: int = 0


def kill_writers(url: str, kills: int, random: Random) -> Toll:
    """Start a writer and end it by SIGKILL at a random moment, ``kills`` times over, on one store."""
    toll = Toll()
    acknowledged: set[int] = set()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.victim", url],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        acknowledged.add(int(process.stdout.readline()))
        for turn in range(1, kills + 1):
            process.stdin.write(f"{turn * 1_000_000}\n")
            process.stdin.flush()
            acknowledged |= _one_kill(process.stdout, random)
            toll.kills += 1
        process.stdin.close()
    store = open_store(url)
    _count(store, acknowledged, toll)
    store.engine.dispose()
    return toll


def _one_kill(answers: IO[str], random: Random) -> set[int]:
    """Kill the writer that announces itself, and read what it said until it ended.

    Half of the writers are killed a moment after their first acknowledgement: on a slow machine all others may die before it.
    """
    acknowledged: set[int] = set()
    delay, is_late = random.uniform(0.0, 0.3), random.random() < 0.5
    writer = 0
    for line in answers:
        if line == "end\n":
            break
        if line.startswith("pid "):
            writer = int(line.split()[1])
        else:
            acknowledged.add(int(line))
        if writer and bool(acknowledged) == is_late:
            time.sleep(delay)
            os.kill(writer, signal.SIGKILL)
            writer = 0
    return acknowledged


def _count(store: Store, acknowledged: set[int], toll: Toll) -> None:
    """Each batch has all its works, a creation and a status each, or nothing at all."""
    pack = store.pack()
    works: dict[int, int] = {}
    events: dict[int, int] = {}
    for work_id in pack.works.index:
        if work_id.startswith("K-"):
            turn = int(work_id.split("-")[1])
            works[turn] = works.get(turn, 0) + 1
    for work_id in pack.events["work_id"]:
        if work_id.startswith("K-"):
            turn = int(work_id.split("-")[1])
            events[turn] = events.get(turn, 0) + 1
    found = works.keys() | events.keys()
    whole = {turn for turn in found if (works.get(turn), events.get(turn)) == (PARTS, 2 * PARTS)}
    toll.acknowledged = len(acknowledged)
    toll.halves = len(found - whole)
    toll.lost = len(acknowledged - whole)
    toll.unacknowledged_but_whole = len(whole - acknowledged)
