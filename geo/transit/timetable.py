"""A timetable of one day as numbers: stops, the calls of vehicles, the changes that the feed itself times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.reading.read_timetable import read_timetable
from geo.text import mark as _

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
PACK_FILE: Final = "gtfs.zip"
"""The timetable that a city pack may carry."""


@dataclass(frozen=True, eq=False)
class Timetable:
    """Calls of vehicles around one day.

    Attributes
    ----------
    stops : DataFrame
        ``stop_id, name, lon, lat`` (WGS84), those with a call.
    vehicle, stop, arrival, departure : ndarray of int64, shape (calls,)
        By vehicle, in order; ``stop`` is a row of ``stops``, times are seconds from midnight of the day.
    boards, alights : ndarray of bool, shape (calls,)
        Whether one may get on and off.
    transfers : ndarray of int64, shape (n, 3)
        From and to as rows of ``stops``, and seconds; -1 where the feed rules a change out.
    report : dict
        ``name, publisher, version, first_day, last_day, day, stops_in_feed, vehicles, times_filled, by_headway``.
    """

    stops: pd.DataFrame
    vehicle: Ints
    stop: Ints
    arrival: Ints
    departure: Ints
    boards: NDArray[np.bool_]
    alights: NDArray[np.bool_]
    transfers: Ints
    report: dict[str, Any]

    @property
    def has_seconds(self) -> bool:
        """Whether a time is not a whole minute."""
        return bool((self.arrival % 60).any() or (self.departure % 60).any())

    def mirrored(self, at_s: int) -> Timetable:
        """The timetable with time running back from a moment: to leave it at ``at_s`` is to have arrived by then.

        Parameters
        ----------
        at_s : int
            Seconds from midnight; the moment that stays where it is.

        Returns
        -------
        Timetable
        """
        back = slice(None, None, -1)
        return replace(
            self,
            vehicle=self.vehicle.max(initial=0) - self.vehicle[back],
            stop=self.stop[back],
            arrival=2 * at_s - self.departure[back],
            departure=2 * at_s - self.arrival[back],
            boards=self.alights[back],
            alights=self.boards[back],
            transfers=self.transfers[:, [1, 0, 2]],
        )


@lru_cache(maxsize=4)
def _load(path: Path, __modified: tuple[int, int], day: date, begin_s: int, end_s: int) -> Timetable:
    tables = read_timetable(path, day, begin_s, end_s)
    calls, transfers = tables.calls, tables.transfers
    vehicle, stop, arrival, departure, boards, alights = (
        calls[name].to_numpy("int64")
        for name in ("vehicle", "stop", "arrival", "departure", "boards", "alights")
    )
    report = {"name": tables.name, "sha256": tables.sha256, "day": day.isoformat(), **tables.facts}
    return Timetable(
        tables.stops,
        vehicle,
        stop,
        arrival,
        departure,
        boards > 0,
        alights > 0,
        transfers.to_numpy("int64").reshape(-1, 3),
        report,
    )


def load_timetable(path: Path, day: date, begin_s: int, end_s: int) -> Timetable:
    """The timetable of a GTFS zip between two moments; the last few are remembered.

    Parameters
    ----------
    path : Path
    day : date
        The service day.
    begin_s, end_s : int
        Seconds from midnight of ``day``.

    Returns
    -------
    Timetable

    Raises
    ------
    IngestError
        As :func:`geo.reading.read_timetable.read_timetable`.
    ParameterError
        There is no such file.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise ParameterError(
            _("没有时刻表 {name}。"), hint=_("请核对 gtfs 的路径。"), name=path.name
        ) from error
    return _load(path, (state.st_mtime_ns, state.st_size), day, begin_s, end_s)


def pack_timetable(root: Path) -> Path | None:
    """The timetable that a city pack carries, if it does."""
    path = root / PACK_FILE
    return path if path.is_file() else None
