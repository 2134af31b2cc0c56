"""What days change of features, as arrays: what status each has on a day, and which are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.vocabulary import STATUSES, UNKNOWN

_DAYS: Final = 10**8
"""More than any day number (``layers.map.payload.day_number``)."""
_UNKNOWN: Final = STATUSES.index(UNKNOWN)


@dataclass(frozen=True, slots=True)
class Histories:
    """Changes of status, those of one feature side by side and the earliest first.

    Attributes
    ----------
    first : ndarray of int64
        Position of each feature's first change, and the number of changes at the end.
    key : ndarray of int64
        Feature and day of each change as one number, in order.
    status : ndarray of int64
        Positions in :data:`geo.vocabulary.STATUSES`.
    days : ndarray of int64
        Days on which anything changes, in order.
    """

    first: NDArray[np.int64]
    key: NDArray[np.int64]
    status: NDArray[np.int64]
    days: NDArray[np.int64]

    def statuses_on(self, day: int) -> NDArray[np.int64]:
        """Status of each feature: its last change that is not after the day (``statusOn`` of ``static/map/rows.js``)."""
        n = len(self.first) - 1
        end = np.searchsorted(self.key, np.arange(n) * _DAYS + day, side="right")
        has_any = end > self.first[:-1]
        statuses = np.full(n, _UNKNOWN, "int64")
        statuses[has_any] = self.status[end[has_any] - 1]
        return statuses

    def last_change(self, day: int) -> int:
        """The last day up to ``day`` on which anything changes: until the next one all is as it was then. 0 before the first."""
        before = int(np.searchsorted(self.days, day, side="right"))
        return int(self.days[before - 1]) if before else 0


def histories_of(lists: Sequence[Sequence[int]]) -> Histories:
    """Histories of lists ``[day, status, day, status, ...]``, the earliest first."""
    lengths = np.fromiter((len(each) // 2 for each in lists), "int64", len(lists))
    flat: NDArray[Any] = np.fromiter(chain.from_iterable(lists), "int64", 2 * int(lengths.sum()))
    day, status = flat[0::2], flat[1::2]
    owner = np.repeat(np.arange(len(lists)), lengths)
    return Histories(
        first=np.concatenate([[0], np.cumsum(lengths)]),
        key=owner * _DAYS + day,
        status=status,
        days=np.unique(day),
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """From when to when each feature stands.

    Attributes
    ----------
    opened, closed : ndarray of int64
        Day numbers, 0 where none is known: it stands from the first day to the one before the other.
    """

    opened: NDArray[np.int64]
    closed: NDArray[np.int64]

    def standing_on(self, day: int) -> NDArray[np.bool_]:
        """Which features stand on a day (``visibleStatus`` of ``static/map/layer_host.js``)."""
        return np.asarray((self.opened <= day) & ((self.closed == 0) | (self.closed > day)))

    def last_change(self, day: int) -> int:
        """The last day up to ``day`` on which one opens or closes: until the next one all is as it was then. 0 before the first."""
        days = np.concatenate([self.opened, self.closed])
        return int(days[days <= day].max(initial=0))
