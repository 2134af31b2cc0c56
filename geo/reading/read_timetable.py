"""``read_timetable``: a timetable (GTFS zip) that a person brings, read by a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import IngestError
from geo.reading.isolate import staged
from geo.reading.kinds import display_name, kind_of
from geo.reading.limits import Limits
from geo.reading.plain_file import head_and_digest
from geo.reading.wire import unpack
from geo.text import mark as _

if TYPE_CHECKING:
    import pandas as pd

TIMETABLE: Final = Limits(seconds=240, rows=20_000_000, memory_bytes=3000 * 2**20, archive_bytes=4 * 2**30)
"""A whole region's timetable; only the trips of three days stay in memory."""


@dataclass(frozen=True, slots=True)
class TimetableTables:
    """What :func:`geo.reading.timetable.open_timetable` gives, as frames.

    Attributes
    ----------
    name, sha256 : str
    stops, calls, transfers : DataFrame
    facts : dict
    """

    name: str
    sha256: str
    stops: pd.DataFrame
    calls: pd.DataFrame
    transfers: pd.DataFrame
    facts: dict[str, Any]


def read_timetable(
    path: Path, day: date, begin_s: int, end_s: int, *, limits: Limits = TIMETABLE
) -> TimetableTables:
    """The calls of a timetable between two moments.

    Parameters
    ----------
    path : Path
        A GTFS zip.
    day : date
        The service day.
    begin_s, end_s : int
        Seconds from midnight of ``day``.
    limits : Limits

    Returns
    -------
    TimetableTables

    Raises
    ------
    IngestError
        Missing, not a zip, hostile, damaged, incomplete, or of other days; names the file, the line and the remedy.
    """
    shown = display_name(path.name)
    head, digest = head_and_digest(path, shown, limits)
    if kind_of(head, shown).key != "zip":
        raise IngestError(
            _("{name} 不是 zip。"), hint=_("请给出 GTFS 的 zip，各表直接放在压缩包里。"), name=shown
        )
    with staged(path, shown, ".zip", limits=limits) as copy:
        letter = copy.run("timetable", day=day.isoformat(), begin=begin_s, end=end_s)
        layers, __ = unpack(copy.folder, letter)
    stops, calls, transfers = (layer.frame for layer in layers)
    return TimetableTables(shown, digest, stops, calls, transfers, letter["facts"])
