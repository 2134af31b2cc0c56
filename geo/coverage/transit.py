"""By public transport and on foot: how far every place of the streets is from one, over a window of departures.

An engine (:mod:`geo.transit.engine`) says when each stop is reached; walks to stops, between them and from them go along the
streets, by the kernel that answers for walks. A time is written as metres at the walking speed, as for vehicles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.answer_notes import Note
from geo.errors import ParameterError
from geo.kernels.network import SNAP_M, Snapped, StreetNetwork, snap, walk_distance
from geo.kernels.walks_between import walks_between
from geo.places.crs import convert
from geo.questions.isochrone import IsochroneQuestion
from geo.register.city import Atlas
from geo.text import mark as _
from geo.transit.engine import Engine, Ride, engine
from geo.transit.timetable import Timetable, load_timetable, pack_timetable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CHANGE_WALK_MIN: Final = 10
"""Longest walk between two vehicles, minutes (a choice of ours, told with every answer)."""
CHANGE_MIN: Final = 2
"""Least time of a change at one stop, minutes, where the feed says none."""


@dataclass(frozen=True, eq=False)
class Rides:
    """Journeys from one place (or to it) at every departure of a window.

    Attributes
    ----------
    roads : StreetNetwork
    origin : Snapped
        The place.
    stops : Snapped
        The stops that join the streets.
    ridden_m : ndarray of float64, shape (departures, stops)
        Minutes to each of ``stops`` by at least one vehicle, as metres at the walking speed; infinite where there is no journey.
    limit_m : float
        The longest time, likewise.
    inputs : dict
    notes : list of (str, dict)
    """

    roads: StreetNetwork
    origin: Snapped
    stops: Snapped
    ridden_m: Floats
    limit_m: float
    inputs: dict[str, Any]
    notes: list[Note]

    def far(self, targets: Snapped) -> Floats:
        """The median over the departures of the time to each target, as metres at the walking speed (targets,); infinite beyond the limit."""
        each = np.stack([self._at(ridden, targets) for ridden in self.ridden_m])
        # of an even number of departures the later of the middle two: half of the departures are no slower
        middle: Floats = np.partition(each, len(each) // 2, axis=0)[len(each) // 2]
        return middle

    def _at(self, ridden: Floats, targets: Snapped) -> Floats:
        use = np.isfinite(ridden) & (ridden <= self.limit_m)
        pairs = zip(self._parts(self.origin), self._parts(self.stops), strict=True)
        origins = Snapped(*(np.concatenate([place, stops[use]]) for place, stops in pairs))
        extra = np.concatenate([np.zeros(len(self.origin.edge)), ridden[use]])
        return walk_distance(self.roads, origins, targets, limit=self.limit_m, extra=extra)

    @staticmethod
    def _parts(places: Snapped) -> tuple[Any, ...]:
        return places.edge, places.along, places.off


def timetable_path(atlas: Atlas, question: IsochroneQuestion) -> Path:
    """The timetable that a question names, or that the city pack carries; ``ParameterError`` where there is none."""
    if question.gtfs:
        return Path(question.gtfs)
    carried = pack_timetable(atlas.pack.root)
    if carried is None:
        raise ParameterError(
            _("资料包里没有公共交通的时刻表（GTFS）。"),
            hint=_("命令行请用 --gtfs 给出 GTFS 的 zip；或把它放进资料包，名为 gtfs.zip。"),
        )
    return carried


def rides(atlas: Atlas, question: IsochroneQuestion, roads: StreetNetwork, origin: Snapped) -> Rides:
    """The journeys that a question means.

    Parameters
    ----------
    atlas : Atlas
    question : IsochroneQuestion
        Its mode is ``transit``.
    roads : StreetNetwork
        Streets to walk on.
    origin : Snapped
        The place, on ``roads``.

    Returns
    -------
    Rides

    Raises
    ------
    ParameterError
        No timetable, no moment of departure, or no engine.
    IngestError
        A timetable that cannot be read, or of other days.
    WorkerError
        The engine failed.
    """
    runner, departs = engine(), _moment(question)
    speed, longest_s = question.speed_m_min, round(max(question.minutes) * 60)
    departures = 60 * np.arange(max(question.window, 1), dtype="int64") + _midnight_s(departs)
    back = question.direction == "to"
    first, last = int(departures[0]), int(departures[-1]) + longest_s
    span = (2 * first - last, first) if back else (first, last)
    table = load_timetable(timetable_path(atlas, question), departs.date(), *span)
    if back:
        table = table.mirrored(first)
    stops = _stops(table, roads, atlas.city.projected_crs)
    access = walk_distance(roads, origin, stops, limit=longest_s / 60 * speed)
    ride = Ride(table, 60 * access / speed, changes(table, roads, stops, speed), departures, longest_s)
    arrives = runner.arrivals(ride)
    on = stops.edge >= 0
    ridden = (arrives - departures[:, None])[:, on] / 60 * speed
    joined = Snapped(stops.edge[on], stops.along[on], stops.off[on])
    counts = {
        "stops": len(on),
        "off": int((~on).sum()),
        "reached": int(np.isfinite(ridden).any(axis=0).sum()),
        "limit": f"{longest_s / 60:g}",
        "farthest": f"{SNAP_M:g}",
    }
    notes = _notes(table, question, runner, departs, counts)
    return Rides(
        roads,
        origin,
        joined,
        ridden,
        longest_s / 60 * speed,
        _inputs(table, question, runner, departs),
        notes,
    )


def changes(table: Timetable, roads: StreetNetwork, stops: Snapped, speed_m_min: float) -> Ints:
    """Every change that is possible: a walk of at most :data:`CHANGE_WALK_MIN`, waiting at one stop, and what the feed itself times.

    Parameters
    ----------
    table : Timetable
    roads : StreetNetwork
    stops : Snapped
        The stops of ``table`` on ``roads``.
    speed_m_min : float

    Returns
    -------
    ndarray of int64, shape (n, 3)
        As :attr:`geo.transit.engine.Ride.changes`.
    """
    a, b, metres = _walks(roads, stops, CHANGE_WALK_MIN * speed_m_min)
    every = np.arange(len(table.stops))
    seconds = np.ceil(60 * metres / speed_m_min - 1e-9).astype("int64")
    walks = np.column_stack(
        [np.r_[a, every], np.r_[b, every], np.r_[seconds, np.full(len(every), 60 * CHANGE_MIN)]]
    )
    timed = dict(zip(map(tuple, walks[:, :2].tolist()), walks[:, 2].tolist(), strict=True))
    timed |= {(start, end): least for start, end, least in table.transfers.tolist()}
    return np.array([(*pair, least) for pair, least in timed.items() if least >= 0], "int64").reshape(-1, 3)


_walks = lru_cache(maxsize=2)(walks_between)


@lru_cache(maxsize=4)
def _stops(table: Timetable, roads: StreetNetwork, crs: str) -> Snapped:
    """The stops on the streets; one that lies farther than 500 m from every street is ridden through and not used."""
    x, y = convert(table.stops["lon"], table.stops["lat"], source="WGS84", target=crs)
    return snap(roads, x, y)


def _moment(question: IsochroneQuestion) -> datetime:
    if question.depart is None:
        raise ParameterError(
            _("公共交通要说什么时候出发。"), hint=_("请给 depart，写成 2021-12-01T08:00 这样。")
        )
    return question.depart


def _midnight_s(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60


def _inputs(
    table: Timetable, question: IsochroneQuestion, runner: Engine, departs: datetime
) -> dict[str, Any]:
    report = table.report
    return {
        "depart": departs.isoformat(timespec="minutes"),
        "window_min": question.window,
        "timetable": report["name"],
        "timetable_sha256": report["sha256"],
        "timetable_publisher": report["publisher"],
        "timetable_version": report["version"],
        "timetable_days": [report["first_day"], report["last_day"]],
        "change_min": CHANGE_MIN,
        "change_walk_min": CHANGE_WALK_MIN,
        "engine": runner.name,
    }


def _notes(
    table: Timetable, question: IsochroneQuestion, runner: Engine, departs: datetime, counts: dict[str, Any]
) -> list[Note]:
    """Which timetable, which day and departures, what was assumed, and what is not joined."""
    report = table.report
    values = {
        **{
            name: report[name]
            for name in ("name", "publisher", "first_day", "last_day", "day", "times_filled", "by_headway")
        },
        "version": report["version"] or "—",
        "time": f"{time(departs.hour, departs.minute):%H:%M}",
        "window": question.window,
        "engine": runner.name,
        "change": CHANGE_MIN,
        "walk": CHANGE_WALK_MIN,
        **counts,
    }
    if question.direction == "to":
        when = (
            _("乘车加步行，{day} {time} 以前到达。")
            if question.window < 2
            else _("乘车加步行，{day} {time} 以前的 {window} 分钟里每分钟到达一次，取中位数。")
        )
    else:
        when = (
            _("乘车加步行，{day} {time} 出发。")
            if question.window < 2
            else _("乘车加步行，{day} {time} 起的 {window} 分钟里每分钟出发一次，取中位数。")
        )
    notes: list[Note] = [
        (when, values),
        (
            _(
                "时刻表：{name}（{publisher}，版本 {version}，运营日 {first_day} 至 {last_day}），按计划时刻，晚点不计；引擎 {engine}，按整分钟。"
            ),
            values,
        ),
        (
            _(
                "换乘：两站之间沿街道步行不超过 {walk} 分钟，同站至少 {change} 分钟，时刻表另有规定的从其规定。"
            ),
            values,
        ),
        (
            _(
                "这段时间有车的站点 {stops} 处，{limit} 分钟内乘车到得了的 {reached} 处；{off} 处离街道超过 {farthest} 米，不在那里上下车。"
            ),
            values,
        ),
    ]
    if report["by_headway"]:
        notes.append((_("{by_headway} 个车次只有发车间隔，没有时刻：假定第一班准点，以后按间隔。"), values))
    if report["times_filled"]:
        notes.append((_("{times_filled} 次停站没有写时刻，在前后时刻之间均匀推算。"), values))
    return notes
