"""The events of a register as arrays, so that a day's state and every change of status are worked out without a step a row.

:mod:`geo.register.register` says what a state is; this module only counts fast. Events stand in the order in which they count, so a day
cuts them once: what lies before the cut is known, and of several events of a work the one furthest on decides.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.register.order_of_events import Array, day_number, day_numbers
from geo.vocabulary import FIELD_EVENTS, STAGES, STARTED, UNKNOWN

_BEGUN: Final = STAGES.index(STARTED[0])
SECTION: Final = "section"
FOLDED: Final = ("work_id", "date", "date_precision", "kind", "value", "confirmed", "source_id")
"""Columns of events that a fold reads."""


@dataclass(frozen=True, slots=True)
class Track:
    """Some of the events: where they stand among all, in order, and the place of each one's work among the works."""

    positions: Array
    works: Array

    def last(self, upto: int, count: int) -> Array:
        """For each of ``count`` works the index in the track of its last event before position ``upto``, -1 for none."""
        known = int(np.searchsorted(self.positions, upto))
        found = np.full(count, -1, np.int64)
        np.maximum.at(found, self.works[:known], np.arange(known))
        return found


@dataclass(frozen=True, slots=True)
class Field:
    """What corrections and locations say of one field: new values in a :class:`Track`, numbers where all are."""

    track: Track
    contents: Array


class Fold:
    """The events that count, in order, over the works that count.

    Parameters
    ----------
    works : DataFrame
        By work id, as first written.
    events : DataFrame
        The columns :data:`FOLDED`, in the order of :func:`geo.register.order_of_events.in_order`.
    """

    def __init__(self, works: pd.DataFrame, events: pd.DataFrame) -> None:
        self.works, self.days = works, day_numbers(events["date"])
        self.dates, self.contents = events["date"].to_numpy(object), events["value"].to_numpy(object)
        self._precisions = events["date_precision"].to_numpy(object)
        self._sources = events["source_id"].to_numpy(object)
        kinds, self._kinds = pd.factorize(events["kind"].to_numpy(object))
        self.event_works = at = self.places_of(events["work_id"])
        sure, here = events["confirmed"].to_numpy(bool), at >= 0

        def track(names: Iterable[str], mask: Array) -> Track:
            positions = np.flatnonzero(
                np.isin(kinds, np.flatnonzero(np.isin(self._kinds, list(names)))) & mask
            )
            return Track(positions, at[positions])

        self.statuses = track(["status"], sure & here)
        self.done = track(["quantity"], sure & here)
        self.planned = track(["quantity"], ~sure & here)
        self._numbers = {id(each): self._number(each) for each in (self.done, self.planned)}
        self.fields = self._read_fields(track(FIELD_EVENTS, sure & here))

    def places_of(self, ids: pd.Series[Any]) -> Array:
        """Where works stand among those that count, -1 for none of them."""
        codes, found = pd.factorize(ids.to_numpy(object))
        return np.append(self.works.index.get_indexer(pd.Index(found, dtype=object)), -1)[codes]

    def rows_of(self, work_ids: Collection[str], places: Array) -> Array:
        """Which of the rows, of works at ``places``, are of one of the works."""
        chosen = np.zeros(len(self.works) + 1, bool)  # -1 is the last
        chosen[self.works.index.get_indexer(pd.Index(list(work_ids), dtype=object))] = True
        chosen[-1] = False
        return np.flatnonzero(chosen[places])

    def numbers_of(self, track: Track) -> Array:
        """The numbers that the events of :attr:`done` or :attr:`planned` report, NaN for none."""
        return self._numbers[id(track)]

    def _number(self, track: Track) -> Array:
        return np.asarray(pd.to_numeric(pd.Series(self.contents[track.positions], dtype=object)), "float64")

    def _read_fields(self, track: Track) -> dict[str, Field]:
        """Field -> its new values; the JSON texts of all events are read as one."""
        texts = self.contents[track.positions]
        objects = json.loads(f"[{','.join(texts)}]")
        owner = np.repeat(np.arange(len(objects)), np.fromiter(map(len, objects), np.int64, len(objects)))
        codes, names = pd.factorize(np.array(list(chain.from_iterable(objects)), object))
        values = np.empty(len(owner), object)
        values[:] = list(chain.from_iterable(map(dict.values, objects)))
        found = {}
        for code, name in enumerate(names):
            mine = np.flatnonzero(codes == code)
            own = Track(track.positions[owner[mine]], track.works[owner[mine]])
            found[str(name)] = Field(own, self._as_column(str(name), values[mine]))
        return found

    def _as_column(self, name: str, values: Array) -> Array:
        is_number = name in self.works and pd.api.types.is_numeric_dtype(self.works[name])
        return values.astype("float64") if is_number else values

    def cut(self, day: date) -> int:
        """How many of the events are known on a day."""
        return int(np.searchsorted(self.days, day_number(day), side="right"))

    def corrected(self, upto: int) -> pd.DataFrame:
        """The works with the first ``upto`` events' corrections and locations applied in order."""
        columns = {}
        for name, field in self.fields.items():
            last = field.track.last(upto, len(self.works))
            touched = np.flatnonzero(last >= 0)
            if not len(touched):
                continue
            before = (
                self.works[name] if name in self.works else pd.Series(np.nan, self.works.index, dtype=object)
            )
            column = before.to_numpy(copy=True)
            column[touched] = field.contents[last[touched]]
            columns[name] = pd.Series(column, self.works.index, dtype=before.dtype)
        return self.works.assign(**columns)

    def status_columns(self, upto: int) -> dict[str, pd.Series[Any]]:
        """Status of each work by the first ``upto`` events, with day, precision and source of the event that decided it."""
        last = self.statuses.last(upto, len(self.works))
        known = last >= 0
        positions = self.statuses.positions[last[known]]
        columns: dict[str, Array] = {"status": np.full(len(last), UNKNOWN, object)}
        columns["status"][known] = self.contents[positions]
        for name, values in (
            ("status_date", self.dates),
            ("status_precision", self._precisions),
            ("status_source_id", self._sources),
        ):
            columns[name] = np.full(len(last), np.nan, object)
            columns[name][known] = values[positions]
        return {name: pd.Series(column, self.works.index, dtype=object) for name, column in columns.items()}

    def last_number(self, track: Track, upto: int) -> Array:
        """The last reported number of each work among the first ``upto`` events, NaN for none."""
        last = track.last(upto, len(self.works))
        found = np.full(len(last), np.nan)
        found[last >= 0] = self._numbers[id(track)][last[last >= 0]]
        return found


def folded_status(counts: Array, totals: Array) -> Array:
    """Status of parents by their sections, as places in ``(*STAGES, UNKNOWN)``.

    All sections completed -> completed; any under way or completed -> implementation; else the furthest of preparation and
    identification; unknown where nothing is known of any.

    Parameters
    ----------
    counts : array of shape (parents, stages)
        Sections at each stage.
    totals : array of shape (parents,)
        Sections.

    Returns
    -------
    array of shape (parents,)
    """
    known = counts.sum(axis=1)
    furthest = len(STAGES) - 1 - np.argmax(counts[:, ::-1] > 0, axis=1)
    status = np.minimum(furthest, _BEGUN)
    status = np.where((counts[:, -1] == totals) & (totals > 0), len(STAGES) - 1, status)
    return np.where(known == 0, len(STAGES), status)


def fold_parts(state: pd.DataFrame) -> pd.DataFrame:
    """A state in which parents without events of their own have the status of their sections, and a place if any part has one.

    Stations take no part, they follow their line.
    """
    parts = np.flatnonzero((state["kind"] == SECTION).to_numpy(bool))
    parents = state.index.get_indexer(pd.Index(state["parent_id"].to_numpy(object)[parts]))
    parts, parents = parts[parents >= 0], parents[parents >= 0]
    if not len(parts):
        return state
    status, placed = state["status"].to_numpy(object, copy=True), state["placed"].to_numpy(bool, copy=True)
    words = [*STAGES, UNKNOWN]
    ranks = pd.Index(STAGES).get_indexer(pd.Index(status[parts]))
    counts = np.zeros((len(state), len(STAGES)), np.int64)
    np.add.at(counts, (parents[ranks >= 0], ranks[ranks >= 0]), 1)
    totals = np.bincount(parents, minlength=len(state))
    own = np.flatnonzero((totals > 0) & (status == UNKNOWN))
    status[own] = np.array(words, object)[folded_status(counts[own], totals[own])]
    np.logical_or.at(placed, parents, placed[parts].copy())
    return state.assign(status=pd.Series(status, state.index, dtype=object), placed=placed)
