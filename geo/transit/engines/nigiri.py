"""nigiri, the engine of MOTIS, by its Python package ``pynigiri``: rounds of vehicles and walks (RAPTOR), whole minutes.

The engine is C++ and gets nothing that a person wrote: a feed of numbers that is written here, in a process of its own.
It cuts off the seconds of a timetable. Where there are any, each change takes a minute more, and so does the arrival, so that
no connection is caught that is missed in truth.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import WorkerError
from geo.paths import PROJECT_DIR
from geo.text import mark as _
from geo.transit.engine import Ride
from geo.transit.engines.nigiri_process import LIMITS

Floats = NDArray[np.float64]
_MINUTE: Final = 60
_SERVICE: Final = "agency_id,agency_name,agency_url,agency_timezone\na,a,a,Etc/UTC\n"
_ROUTE: Final = "route_id,agency_id,route_short_name,route_long_name,route_type\nr,a,r,,3\n"
_DAY: Final = "20200101"
"""The feed that is written is of one made-up day in UTC: clocks that change play no part."""


class Nigiri:
    """See :class:`geo.transit.engine.Engine`."""

    name = "nigiri"
    package = "pynigiri"
    command = "pip install pynigiri==0.1.5"
    step_s = _MINUTE

    def is_there(self) -> bool:
        """Whether the package is installed."""
        return find_spec(self.package) is not None

    def arrivals(self, ride: Ride) -> Floats:
        """See :meth:`geo.transit.engine.Engine.arrivals`."""
        table, departures = ride.timetable, ride.departures_s
        stops = len(table.stops)
        out = np.full((len(departures), stops), np.inf)
        near = np.flatnonzero(np.isfinite(ride.access_s) & (ride.access_s <= ride.limit_s))
        if not len(near) or not len(table.stop):
            return out
        more = _MINUTE if table.has_seconds else 0
        zero = min(int(departures[0]), int(table.arrival.min())) // _MINUTE * _MINUTE
        order = {
            "day": _DAY,
            "stops": stops,
            "start": [[int(each), int(np.ceil(ride.access_s[each] / _MINUTE))] for each in near],
            "ends": np.unique(table.stop[table.alights]).tolist(),
            "begin": int(departures[0] - zero) // _MINUTE,
            "end": int(departures[-1] + ride.limit_s - zero) // _MINUTE + 1,
            "limit": -(-ride.limit_s // _MINUTE),
            # the engine joins walks to longer ones up to this
            "longest_walk": -(-int(ride.changes[:, 2].max(initial=_MINUTE)) // _MINUTE) + more // _MINUTE,
        }
        with TemporaryDirectory(prefix="atlas-transit-") as folder:
            _write_feed(Path(folder), ride, zero, more)
            journeys = _run(Path(folder), order)
        for end, pairs in journeys:
            leaves, arrives = np.array(sorted(pairs), "int64").T * _MINUTE + zero
            # who sets out at a moment takes the journey that arrives first of those that leave then or later
            earliest = np.minimum.accumulate(arrives[::-1])[::-1]
            at = np.searchsorted(leaves, departures)
            caught = at < len(leaves)
            out[caught, end] = earliest[at[caught]] + more
        return np.where(out - departures[:, None] <= ride.limit_s, out, np.inf)


ENGINE: Final = Nigiri()


def _write_feed(folder: Path, ride: Ride, zero: int, more: int) -> None:
    """The timetable as the engine reads it: places without names, vehicles that are each a trip, times from ``zero``."""
    table = ride.timetable
    places = zip(table.stops["lat"], table.stops["lon"], strict=True)
    _write(
        folder / "stops.txt",
        "stop_id,stop_name,stop_lat,stop_lon",
        (f"{at},s{at},{lat:.7f},{lon:.7f}" for at, (lat, lon) in enumerate(places)),
    )
    (folder / "agency.txt").write_text(_SERVICE, "utf-8")
    (folder / "routes.txt").write_text(_ROUTE, "utf-8")
    (folder / "calendar_dates.txt").write_text(f"service_id,date,exception_type\nd,{_DAY},1\n", "utf-8")
    _write(
        folder / "trips.txt",
        "route_id,service_id,trip_id",
        (f"r,d,{each}" for each in np.unique(table.vehicle)),
    )
    arrival, departure = ((times - zero) // _MINUTE for times in (table.arrival, table.departure))
    calls = zip(table.vehicle, arrival, departure, table.stop, table.boards, table.alights, strict=True)
    _write(
        folder / "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type",
        (
            f"{vehicle},{_clock(comes)},{_clock(goes)},{stop},{at},{int(not boards)},{int(not alights)}"
            for at, (vehicle, comes, goes, stop, boards, alights) in enumerate(calls)
        ),
    )
    _write(
        folder / "transfers.txt",
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time",
        (f"{a},{b},2,{_change_s(a != b, seconds) + more}" for a, b, seconds in ride.changes),
    )


def _change_s(walks: bool, seconds: int) -> int:
    """In whole minutes; two stops without a step between them are a minute apart, for the engine takes such for one place."""
    return max(-(-seconds // _MINUTE), int(walks)) * _MINUTE


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


def _write(path: Path, header: str, rows: Any) -> None:
    path.write_text("\n".join([header, *rows, ""]), "utf-8")


def _run(folder: Path, order: dict[str, Any]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Journeys (minute of leaving, minute of arriving) to each end that has any."""
    try:
        ended = subprocess.run(  # noqa: S603  (our own module, and a folder of our own making)
            [sys.executable, "-m", "geo.transit.engines.nigiri_process", str(folder)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=LIMITS.seconds,
            cwd=PROJECT_DIR,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkerError(
            _("公共交通的引擎 {name} 算了 {seconds} 秒还没有算完，已停止。"),
            hint=_("请缩短 window 或 minutes。"),
            name=Nigiri.name,
            seconds=LIMITS.seconds,
        ) from error
    if ended.returncode:
        raise WorkerError(
            _("公共交通的引擎 {name} 中途出错：{detail}。"),
            hint=_("请核对时刻表；换一个时刻再试。"),
            name=Nigiri.name,
            detail=ended.stderr.decode("utf-8", errors="replace").strip().rpartition("\n")[2][-200:]
            or ended.returncode,
        )
    answer: list[tuple[int, list[tuple[int, int]]]] = json.loads(ended.stdout)
    return answer
