"""One asks far too much while another works: 45 siting questions at once beside a person who filters.

``python -m benchmarks.attack http://127.0.0.1:8501 --record``: how every question was answered, how long the slowest took, and how
long the person waited for a filter meanwhile. Writes docs/performance/attack.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import httpx2 as httpx
from websockets.asyncio.client import connect

from benchmarks.load_sessions import Session, quantile
from benchmarks.timing import machine, write_record
from layers.http import LONGEST_WAIT_S
from layers.workers.limits import API_SITES_S

QUESTIONS: Final = 45
BOUND_S: Final = LONGEST_WAIT_S + API_SITES_S + 5.0
"""To wait for a worker, to be answered, and the way there and back."""
GOAL_S: Final = 1.0
_BETWEEN_S: Final = 0.5


@dataclass
class Attacked:
    """What became of the questions, and of the person's filters."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    filters: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def questions() -> list[str]:
    """Addresses of different questions, so that no answer serves two."""
    asked: dict[str, object] = {"kind": "metro_station", "share": "0.3", "spacing": 1500, "each": "yes"}
    return [f"/api/site?{urlencode(asked | {'radius': 500 + 5 * nth})}" for nth in range(QUESTIONS)]


async def _ask(client: httpx.AsyncClient, path: str, seen: Attacked) -> None:
    began = time.perf_counter()
    try:
        answer = await client.get(path)
    except httpx.HTTPError as error:
        seen.faults.append(f"{type(error).__name__}: {error}"[:160])
        return
    seen.seconds.append(time.perf_counter() - began)
    again = " with Retry-After" if answer.headers.get("retry-after") else ""
    seen.answers[f"{answer.status_code}{again}"] += 1


async def _person(site: str, over: asyncio.Event, seen: Attacked) -> None:
    async with connect(
        f"ws{site.removeprefix('http')}/_stcore/stream", subprotocols=["streamlit"], max_size=None
    ) as socket:  # type: ignore[list-item]
        session = Session(socket, site, 0)
        await session.open("works")
        while not over.is_set():
            seen.filters.append(await session.change_filter())
            await asyncio.sleep(_BETWEEN_S)


async def attack(site: str) -> Attacked:
    """Ask all at once, with a person at work; what became of both."""
    seen, over = Attacked(), asyncio.Event()
    person = asyncio.create_task(_person(site, over, seen))
    await asyncio.sleep(2 * _BETWEEN_S)
    limits = httpx.Limits(max_connections=QUESTIONS)
    async with httpx.AsyncClient(base_url=site, timeout=10 * BOUND_S, limits=limits) as client:
        await asyncio.gather(*(_ask(client, path, seen) for path in questions()))
    over.set()
    await person
    return seen


def figures(seen: Attacked) -> dict[str, Any]:
    """The figures of an attack."""
    return {
        "questions": QUESTIONS,
        "answers": dict(seen.answers),
        "faults": seen.faults,
        "slowest_s": round(max(seen.seconds, default=float("nan")), 2),
        "bound_s": BOUND_S,
        "filters": len(seen.filters),
        "filter_p50_s": round(quantile(seen.filters, 0.5), 3),
        "filter_p95_s": round(quantile(seen.filters, 0.95), 3),
        "filter_slowest_s": round(max(seen.filters, default=float("nan")), 3),
    }


def main() -> None:
    """Attack, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--record", action="store_true", help="write docs/performance/attack.json")
    given = parser.parse_args()
    before = machine()
    found = figures(asyncio.run(attack(given.address.rstrip("/"))))
    print(json.dumps(found, indent=1))
    if given.record:
        write_record("attack", {"machine": before} | found, quick=False)


if __name__ == "__main__":
    main()
