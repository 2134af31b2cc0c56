"""Many people at once: real websocket sessions against a running server, mixed pages, the time of a filter and the server's memory.

``python -m benchmarks.load_sessions http://127.0.0.1:8501 --sessions 50 --minutes 10``: each session opens a page, changes a filter
every few seconds and changes the page now and then, as Streamlit's own browser code does (protobuf over a websocket). Prints
p50 and p95 of a filter, errors, and the memory of the server's processes over time; ``--record`` writes them with a plot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

OUT: Final = Path(__file__).resolve().parents[1] / "docs" / "performance"
FILTERS: Final = {
    "": ("category", "district", "status", "as_of"),
    "works": ("category", "district", "status", "as_of"),
    "coverage": ("set", "by", "as_of"),
    "district": ("as_of",),
    "siting": ("by",),
}
"""Page -> the filters that people change there, by the end of the widget's id."""
THINK_S: Final = (6.0, 14.0)
"""Between two clicks of one person."""
CHANGE_PAGE: Final = 0.15
"""The share of clicks that open another page."""
PATIENCE_S: Final = 120.0


@dataclass
class Measured:
    """What all sessions have seen."""

    filters: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)


class Session:
    """One person: a websocket, the page that is open, and the widgets on it."""

    def __init__(self, socket: ClientConnection, site: str, seed: int) -> None:
        self.socket, self.page, self.choice = socket, "", random.Random(seed)
        self.site, self.address = site, ""
        self.widgets: dict[str, tuple[str, Any]] = {}
        self.states: dict[str, WidgetState] = {}

    async def open(self, page: str) -> float:
        """Open a page; the seconds until its run has ended."""
        self.page, self.widgets, self.states = page, {}, {}
        return await self._run()

    async def change_filter(self) -> float:
        """Change one filter of the page; the seconds until its run has ended."""
        name = self.choice.choice([name for name in FILTERS[self.page] if name in self.widgets] or ["none"])
        if name == "none":
            return await self._run()
        kind, element = self.widgets[name]
        self.states[name] = self._new_state(kind, element)
        return await self._run()

    def _new_state(self, kind: str, element: Any) -> WidgetState:
        state = WidgetState(id=element.id)
        if kind == "slider":
            state.string_array_value.data.append(self.choice.choice(element.options))
        elif kind == "button_group":
            state.string_array_value.data.append(self.choice.choice(element.options).content)
        elif kind == "selectbox":
            state.string_value = self.choice.choice(element.options)
        else:
            state.string_array_value.data.append(self.choice.choice(element.options))
        return state

    async def _run(self) -> float:
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.query_string = self.address
        message.rerun_script.context_info.url = (
            f"{self.site}/{self.page}"  # without it no page knows where it is
        )
        message.rerun_script.widget_states.widgets.extend(self.states.values())
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = ForwardMsg()
                answer.ParseFromString(await self.socket.recv())  # type: ignore[arg-type]  # the server sends bytes
                if answer.WhichOneof("type") == "script_finished":
                    if answer.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                        raise RuntimeError(ForwardMsg.ScriptFinishedStatus.Name(answer.script_finished))
                    return time.perf_counter() - began
                self._take(answer)

    def _take(self, answer: ForwardMsg) -> None:
        if (
            answer.WhichOneof("type") == "page_info_changed"
        ):  # the view in the address, as links of pages carry it
            self.address = answer.page_info_changed.query_string
            return
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"exception on the page: {element.exception.message[:200]}")
        if kind in ("slider", "button_group", "selectbox", "multiselect"):
            widget = getattr(element, kind)
            self.widgets[widget.id.rpartition("-")[2]] = (kind, widget)


async def person(site: str, nth: int, end: float, measured: Measured) -> None:
    """One person from the first page to the end; who loses the connection comes again."""
    address = f"ws{site.removeprefix('http')}/_stcore/stream"
    await asyncio.sleep(random.Random(nth).uniform(*THINK_S))
    while time.monotonic() < end:
        try:
            async with connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
                session = Session(socket, site, nth)
                measured.pages.append(await session.open(session.choice.choice(list(FILTERS))))
                while time.monotonic() < end:
                    await asyncio.sleep(session.choice.uniform(*THINK_S))
                    if session.choice.random() < CHANGE_PAGE:
                        measured.pages.append(await session.open(session.choice.choice(list(FILTERS))))
                    else:
                        measured.filters.append(await session.change_filter())
        except Exception as error:  # noqa: BLE001 (counted by its kind, and shown)
            measured.errors[f"{type(error).__name__}: {error}"[:160]] += 1
            await asyncio.sleep(1)


async def watch_memory(servers: list[int], end: float, measured: Measured) -> None:
    """The proportional memory of the server's processes and of all their children, MiB, every few seconds."""
    began = time.monotonic()
    while time.monotonic() < end:
        measured.memory.append((time.monotonic() - began, sum(map(_mebibytes, _with_children(servers)))))
        await asyncio.sleep(5)


def _with_children(servers: list[int]) -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    family = set(servers)
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _mebibytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


async def load(address: str, sessions: int, minutes: float, servers: list[int]) -> Measured:
    """Let so many people work for so long.

    Parameters
    ----------
    address : str
        Of the server.
    sessions : int
    minutes : float
    servers : list of int
        Processes whose memory is watched, with their children.

    Returns
    -------
    Measured
    """
    measured, end = Measured(), time.monotonic() + 60 * minutes
    people = [person(address.rstrip("/"), nth, end, measured) for nth in range(sessions)]
    await asyncio.gather(watch_memory(servers, end, measured), *people)
    return measured


def summary(measured: Measured, sessions: int, minutes: float) -> dict[str, Any]:
    """The figures of a run."""
    memory = [mib for _at, mib in measured.memory]
    third = max(len(memory) // 3, 1)
    return {
        "sessions": sessions,
        "minutes": minutes,
        "filters": len(measured.filters),
        "filter_p50_s": round(quantile(measured.filters, 0.5), 3),
        "filter_p95_s": round(quantile(measured.filters, 0.95), 3),
        "pages": len(measured.pages),
        "page_p95_s": round(quantile(measured.pages, 0.95), 3),
        "errors": dict(measured.errors),
        "memory_mib_middle_third": round(statistics.fmean(memory[third : 2 * third] or [0])),
        "memory_mib_last_third": round(statistics.fmean(memory[2 * third :] or [0])),
    }


def quantile(values: list[float], share: float) -> float:
    """The value that a share of the values stays under; not a number without any."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


def record(measured: Measured, figures: dict[str, Any]) -> None:
    """Write the figures and the plot of memory over time."""
    from matplotlib.figure import Figure

    (OUT / "sessions.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    figure = Figure(figsize=(8, 3.2))
    axes = figure.add_subplot()
    axes.plot([at / 60 for at, _mib in measured.memory], [mib for _at, mib in measured.memory])
    axes.set(xlabel="minutes", ylabel="MiB, all processes", ylim=(0, None))
    axes.set_title(f"{figures['sessions']} sessions: memory over time")
    figure.tight_layout()
    figure.savefig(OUT / "sessions.svg", metadata={"Date": None})


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load_sessions", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--servers", default="", help="process ids of the servers, joined by commas")
    parser.add_argument("--record", action="store_true", help="write docs/performance/sessions.json and .svg")
    given = parser.parse_args()
    servers = [int(each) for each in given.servers.split(",") if each]
    measured = asyncio.run(load(given.address, given.sessions, given.minutes, servers))
    figures = summary(measured, given.sessions, given.minutes)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    if given.record:
        record(measured, figures)


if __name__ == "__main__":
    main()
