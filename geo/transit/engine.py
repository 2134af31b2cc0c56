"""What an engine of public transport has to answer, and which one does. Another engine is another file in ``engines``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.transit.timetable import Timetable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ride:
    """One question to an engine: from a place, at several moments, to every stop.

    Attributes
    ----------
    timetable : Timetable
    access_s : ndarray of float64, shape (stops,)
        Seconds on foot from the place to each stop; infinite where there is no way.
    changes : ndarray of int64, shape (n, 3)
        From and to as rows of the stops, and seconds on foot; from a stop to itself: the least time of a change there. What is not
        in it is not possible.
    departures_s : ndarray of int64
        When one sets out, seconds from midnight, in whole minutes, growing.
    limit_s : int
        Longer journeys are not looked for.
    """

    timetable: Timetable
    access_s: Floats
    changes: Ints
    departures_s: Ints
    limit_s: int


class Engine(Protocol):
    """An engine of public transport that other people maintain.

    Attributes
    ----------
    name, package, command : str
        What it is called, the package that is imported, and the command that installs it.
    step_s : int
        It counts in steps of so many seconds.
    """

    name: str
    package: str
    command: str
    step_s: int

    def is_there(self) -> bool:
        """Whether it is installed."""

    def arrivals(self, ride: Ride) -> Floats:
        """The earliest arrival at every stop with at least one vehicle, for every moment of setting out.

        Never earlier than the timetable allows. A journey may be left out that is no quicker than walking to a stop and from there
        by one of the changes: who uses the answer compares it with walking anyhow.

        Parameters
        ----------
        ride : Ride

        Returns
        -------
        ndarray of float64, shape (departures, stops)
            Seconds from midnight; infinite where there is no journey within the limit.

        Raises
        ------
        WorkerError
            It failed.
        """


def engines() -> tuple[Engine, ...]:
    """Every engine that there is a file for, installed or not, by name of the file."""
    import geo.transit.engines as folder

    names = sorted(each.name for each in iter_modules(folder.__path__))
    return tuple(
        import_module(f"{folder.__name__}.{name}").ENGINE for name in names if not name.endswith(_PROCESS)
    )


_PROCESS: Final = "_process"
"""Ending of a file that an engine runs in a process of its own."""


def engine() -> Engine:
    """The first engine that is installed; ``ParameterError`` with the command for one if none is."""
    known = engines()
    ready = next((each for each in known if each.is_there()), None)
    if ready is None:
        raise ParameterError(
            _("公共交通要有一个计算引擎，这里没有安装。"),
            hint=_("请运行：{command}（见 docs/travel.md）。"),
            command=" / ".join(each.command for each in known),
        )
    return ready
