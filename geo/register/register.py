"""The register: what is known of every work, as a fold of events up to a day.

Only confirmed events change a state; planned ones are shown in a timeline and never counted. Nothing is
overwritten: "as of", "what changed" and the history of a work are the same events, cut at another day. An event that
was undone counts on no day, and a work that was merged into another stops counting while its history stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import UnknownIdError
from geo.register.facility_events import counted_facilities, standing_facilities
from geo.register.fold import FOLDED, SECTION, Fold, fold_parts
from geo.register.most_done import most_done
from geo.register.order_of_events import Array, in_order
from geo.register.pack import Pack
from geo.register.plan_view import Promises, as_promised, plan_view, promises_of
from geo.register.plans import ALL_PLANS
from geo.register.status_changes import status_changes
from geo.register.undone_and_merged import (
    Counted,
    bookkeeping,
    counted_events,
    counted_works,
    standing_events,
    standing_merges,
)
from geo.text import mark as _
from geo.vocabulary import CERTAINTIES, COMPLETED, EXACT_LIMIT_M

_DAYS: Final = 64
_STATE_ROWS: Final = 500_000
"""States that are remembered: of so many days, and of so many rows in all. A thousand rows take about half a megabyte."""


@dataclass(frozen=True, eq=False)
class Register:
    """The works of a pack and everything that happened to them. Read only.

    Attributes
    ----------
    pack : Pack
    days : int
        States that are remembered: whoever asks for every day again and again takes more.
    """

    pack: Pack
    days: int = _DAYS

    @classmethod
    def from_pack(cls, pack: Pack) -> Register:
        """The register over a loaded pack."""
        return cls(pack)

    @cached_property
    def by_plan(self) -> dict[str, Register]:
        """The register of each plan, by its id: of a register of one plan, itself."""
        if self.pack.plan != ALL_PLANS or len(self.pack.plans) < 2:
            return {self.pack.plan: self}
        return {str(plan): Register(plan_view(self.pack, str(plan))) for plan in self.pack.plans.index}

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events that count (none that was undone, no creation, undo or merge), in the order they count."""
        return self._counted.of(self.pack.events)

    @cached_property
    def _counted(self) -> Counted:
        return counted_events(self.pack.events)

    @cached_property
    def works(self) -> pd.DataFrame:
        """The works that count: ``pack.works`` without those merged into another or taken back, as the pack's plan knows them."""
        return as_promised(self._standing_works, self._promises)

    @cached_property
    def _promises(self) -> Promises:
        return promises_of(self.pack, self._bookkeeping)

    @cached_property
    def _standing_works(self) -> pd.DataFrame:
        return counted_works(self.pack.works, self._bookkeeping)

    @cached_property
    def _bookkeeping(self) -> pd.DataFrame:
        return bookkeeping(self.pack.events)

    @cached_property
    def facilities(self) -> pd.DataFrame:
        """The facilities that count, as what was learnt of them has made them: ``pack.facilities`` are as first written."""
        return counted_facilities(self.pack.facilities, self.pack.facility_events)

    @cached_property
    def facility_records(self) -> dict[str, dict[str, Any]]:
        """:attr:`facilities` as field -> value by id, for who looks at one after another."""
        rows = self.facilities.to_dict("index")
        return {str(key): {str(name): value for name, value in row.items()} for key, row in rows.items()}

    def facilities_on(self, as_of: date) -> pd.DataFrame:
        """The facilities that stand on a day: open by then, or since no known day, and not closed by then."""
        return self._standing(as_of)

    @cached_property
    def _standing(self) -> Callable[[date], pd.DataFrame]:
        """The facilities of the days asked last."""
        return lru_cache(maxsize=_DAYS)(lambda day: standing_facilities(self.facilities, day))

    def state(self, as_of: date) -> pd.DataFrame:
        """What is known of every work on a day.

        Parameters
        ----------
        as_of : date
            Events after this day are left out.

        Returns
        -------
        DataFrame
            Indexed by ``work_id``, all kinds of works, the columns of ``works`` and: ``status`` (OC4IDS word),
            ``status_date, status_precision, status_source_id`` (of the event that decided it; None where the
            state follows from the parts), ``done`` (confirmed completed), ``placed`` (has a place of its own, or a
            part has), ``certainty`` (``exact`` to 150 m, ``approximate``, ``line``, ``none``), ``quantity_done,
            quantity_planned`` (last reported numbers of an aggregate; planned ones need not be dated by the day).
        """
        return self._states(as_of).copy(deep=False)  # whoever changes a column changes a copy of it

    @cached_property
    def _states(self) -> Callable[[date], pd.DataFrame]:
        """The states of the days asked last: every page, filter and layer of a day asks for the same."""
        days = min(self.days, max(2, _STATE_ROWS // max(len(self.works), 1)))
        return lru_cache(maxsize=days)(self._state_on)

    @cached_property
    def _fold(self) -> Fold:
        return Fold(self._standing_works, self._counted.of(self.pack.events[list(FOLDED)]))

    def _state_on(self, as_of: date) -> pd.DataFrame:
        fold = self._fold
        upto = fold.cut(as_of)
        state = as_promised(fold.corrected(upto), self._promises).assign(
            **fold.status_columns(upto),
            quantity_done=fold.last_number(fold.done, upto),
            quantity_planned=fold.last_number(fold.planned, len(fold.days)),
        )
        state["certainty"] = _certainty(state)
        state["placed"] = state["certainty"] != "none"
        state = fold_parts(state)
        state["done"] = state["status"] == COMPLETED
        return state

    def most_done(self, item: pd.Series[Any], days: Sequence[date]) -> Array:
        """A number that what is done of an item does not exceed, on each of the ``days``, in its unit (:mod:`geo.register.most_done`)."""
        return most_done(self._fold, self._promises, self._intervals, item, days)

    def intervals(self) -> pd.DataFrame:
        """Every change of status, for a time slider.

        Returns
        -------
        DataFrame
            ``work_id, date, status`` sorted by work and day: the state of a work on a day is its last row not after
            that day, ``unknown`` before the first. Agrees with :meth:`state` on every day. Read only.
        """
        return self._intervals

    @cached_property
    def _intervals(self) -> pd.DataFrame:
        return status_changes(self._fold)

    def work(self, work_id: str) -> pd.Series[Any]:
        """The row of one work; ``UnknownIdError`` if there is none."""
        if work_id not in self.pack.works.index:
            raise UnknownIdError(
                _("没有编号为 {work_id} 的项目。"), hint=_("请在清单中查找编号。"), work_id=work_id
            )
        return pd.Series(self.pack.works.loc[work_id])

    def children(self, work_id: str) -> pd.DataFrame:
        """Sections and stations of a work."""
        self.work(work_id)
        return self.works[self.works["parent_id"] == work_id]

    def events_of(self, work_ids: Collection[str]) -> pd.DataFrame:
        """The :attr:`events` of some works, in the order they count."""
        return self.events.iloc[self._fold.rows_of(work_ids, self._fold.event_works)]

    def event_facts_of(self, work_ids: Collection[str], fields: Collection[str]) -> Iterator[tuple[Any, ...]]:
        """Some fields of :meth:`events_of`, an event at a time, without a frame of them."""
        at = self._fold.rows_of(work_ids, self._fold.event_works)
        return zip(*(self.events[field].to_numpy(object)[at] for field in fields), strict=True)

    @cached_property
    def sections(self) -> Mapping[str, list[str]]:
        """Work -> its sections, of those that have any."""
        parts = self.works[(self.works["kind"] == SECTION).to_numpy(bool)]
        found: dict[str, list[str]] = {}
        for part, work in zip(parts.index, parts["parent_id"], strict=True):
            found.setdefault(work, []).append(part)
        return found

    def intervals_of(self, work_ids: Collection[str]) -> pd.DataFrame:
        """The :meth:`intervals` of some works."""
        return self._intervals.iloc[self._fold.rows_of(work_ids, self._interval_works)]

    @cached_property
    def _interval_works(self) -> np.ndarray[Any, np.dtype[Any]]:
        return self._fold.places_of(self._intervals["work_id"])

    @cached_property
    def _merges(self) -> dict[str, str]:
        return standing_merges(self._bookkeeping)

    @cached_property
    def _rows_of_works(self) -> Mapping[Any, Any]:
        """Work -> the places of its events in :attr:`events`."""
        return self.events.groupby("work_id", sort=False).indices

    def _events_of(self, work_id: str) -> pd.DataFrame:
        rows: pd.DataFrame = self.events.iloc[self._rows_of_works.get(work_id, [])]
        return rows

    def _all_events_of(self, work_id: str) -> pd.DataFrame:
        events = standing_events(self.pack.events)
        mine = events[events["work_id"] == work_id]
        return mine.iloc[in_order(mine)]

    def timeline(self, work_id: str) -> pd.DataFrame:
        """Events of one work, oldest first, each with its source's ``title, publisher, published, url``."""
        self.work(work_id)
        # the own history of a merged work stays, though the other has it too
        is_merged = work_id in self._merges
        events = self._all_events_of(work_id) if is_merged else self._events_of(work_id)
        sources = self.pack.sources[["title", "publisher", "published", "url", "reliability"]]
        return events.join(sources, on="source_id")

    def sources_of(self, work_id: str) -> pd.DataFrame:
        """Every source of one work, and of those merged into it: ``role`` (fact, place, status) and the columns of ``sources``."""
        self.work(work_id)
        cited = self.pack.citations
        same = [work_id, *(work for work, end in self._merges.items() if end == work_id)]
        pairs = [
            (role, row[name])
            for row in (self.pack.works.loc[one] for one in same if one in self.pack.works.index)
            for role, name in (("fact", "source_id"), ("place", "place_source_id"))
        ]
        pairs += list(
            cited.loc[cited["work_id"].isin(same), ["role", "source_id"]].itertuples(index=False, name=None)
        )
        pairs += [("status", source) for source in self._events_of(work_id)["source_id"]]
        frame = pd.DataFrame([pair for pair in pairs if pair[1]], columns=["role", "source_id"])
        frame = frame.drop_duplicates("source_id").set_index("source_id")
        return frame.join(self.pack.sources)


def _certainty(works: pd.DataFrame) -> np.ndarray[Any, np.dtype[Any]]:
    has_point = works["lon"].notna().to_numpy()
    accuracy = works["accuracy_m"].to_numpy("float64")
    with np.errstate(invalid="ignore"):
        exact = has_point & (accuracy <= EXACT_LIMIT_M)
    exactly, about, line, nowhere = CERTAINTIES
    choices = np.select(
        [works["line_id"].notna().to_numpy(), exact, has_point], [line, exactly, about], nowhere
    )
    return choices.astype(object)
