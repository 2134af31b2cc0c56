"""The register: what is known of every work, as a fold of events up to a day.

Only confirmed events change a state; planned ones are shown in a timeline and never counted. Nothing is
overwritten: "as of", "what changed" and the history of a work are the same events, cut at another day. An event that
was undone counts on no day, and a work that was merged into another stops counting while its history stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import UnknownIdError
from geo.register.facility_events import counted_facilities, standing_facilities
from geo.register.folding import Change, certainty_of, corrected, last_quantity, placed_of, with_parts
from geo.register.pack import Pack
from geo.register.plan_view import as_promised, plan_view
from geo.register.plans import ALL_PLANS
from geo.register.undone_and_merged import counted_events, counted_works, standing_events, standing_merges
from geo.text import mark as _
from geo.vocabulary import COMPLETED, FIELD_EVENTS

_DAYS: Final = 64
"""States that are remembered; one of a thousand works takes about half a megabyte."""


def _in_order(events: pd.DataFrame) -> pd.DataFrame:
    """Events by day, then by when they were recorded, then as written: the order in which they count."""
    keys = ["date", "recorded_at", "recorded_order", "event_id"]
    return events.sort_values(keys, kind="stable", na_position="first")


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

    def _events(self, as_of: date | None = None) -> pd.DataFrame:
        """Events in the order they count: by day, then by when they were recorded, then as written."""
        if as_of is None:
            return self.events
        return self.events[self.events["date"].to_numpy() <= np.array(as_of, dtype=object)]

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events that count (none that was undone, no creation, undo or merge), in the order they count."""
        return _in_order(counted_events(self.pack.events))

    @cached_property
    def works(self) -> pd.DataFrame:
        """The works that count: ``pack.works`` without those merged into another or taken back, as the pack's plan knows them."""
        return as_promised(self._standing_works, self.pack)

    @cached_property
    def _standing_works(self) -> pd.DataFrame:
        return counted_works(self.pack.works, self.pack.events)

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
        return lru_cache(maxsize=self.days)(self._fold_events)

    def _fold_events(self, as_of: date) -> pd.DataFrame:
        works = self._corrected(as_of)
        confirmed = self._events(as_of)
        confirmed = confirmed[confirmed["confirmed"].astype(bool)]
        last = confirmed[confirmed["kind"] == "status"].groupby("work_id").last()
        columns = {
            "status": last["value"],
            "status_date": last["date"],
            "status_precision": last["date_precision"],
            "status_source_id": last["source_id"],
        }
        state = works.assign(**{name: values.reindex(works.index) for name, values in columns.items()})
        state["status"] = with_parts(works, state["status"])
        state["quantity_done"] = last_quantity(confirmed).reindex(works.index)
        planned = self.events[~self.events["confirmed"].astype(bool)]
        state["quantity_planned"] = last_quantity(planned).reindex(works.index)
        state["certainty"] = certainty_of(state)
        state["placed"] = placed_of(state)
        state["done"] = state["status"] == COMPLETED
        return state

    def _corrected(self, as_of: date) -> pd.DataFrame:
        """``works`` with the ``correction`` and ``location`` events up to a day applied in order.

        The value of such an event is a JSON object of field -> new value.
        """
        return as_promised(corrected(self._standing_works, self._changes, as_of), self.pack)

    @cached_property
    def _changes(self) -> list[Change]:
        """The confirmed corrections and places of the works that count, in the order they count."""
        rows = self.events[self.events["kind"].isin(FIELD_EVENTS) & self.events["confirmed"].astype(bool)]
        rows = rows[rows["work_id"].isin(self.works.index)]
        return [
            (day, str(work_id), json.loads(value))
            for day, work_id, value in zip(rows["date"], rows["work_id"], rows["value"], strict=True)
        ]

    def _statuses(self, own: pd.DataFrame, as_of: date) -> pd.Series[Any]:
        """The status of every work on a day, as in :meth:`state`; ``own`` are the statuses that events give, in their order."""
        structure = corrected(self._standing_works[["kind", "parent_id"]], self._changes, as_of)
        last = (
            own[own["date"].to_numpy() <= np.array(as_of, dtype=object)].groupby("work_id")["status"].last()
        )
        return with_parts(structure, last.reindex(structure.index))

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
        events = self._events()
        events = events[(events["kind"] == "status") & events["confirmed"].astype(bool)]
        events = events[events["work_id"].isin(self.works.index)]
        own = events[["work_id", "date", "value"]].rename(columns={"value": "status"})
        works = self.works
        parents = set(works.loc[works["kind"] == "section", "parent_id"]) - set(own["work_id"])
        days = sorted(
            own.loc[own["work_id"].isin(works.index[works["parent_id"].isin(parents)]), "date"].unique()
        )
        folded = [
            {"work_id": parent, "date": day, "status": statuses[parent]}
            for day, statuses in ((day, self._statuses(own, day)) for day in days)
            for parent in sorted(parents)
        ]
        both = pd.concat([own, pd.DataFrame(folded, columns=own.columns)], ignore_index=True)
        both = both.drop_duplicates(["work_id", "date"], keep="last").sort_values(
            ["work_id", "date"], kind="stable"
        )
        return both[both["status"] != both.groupby("work_id")["status"].shift()].reset_index(drop=True)

    @cached_property
    def _rows_of_citations(self) -> dict[str, list[int]]:
        return _rows_by(self.pack.citations["work_id"])

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

    def timeline(self, work_id: str) -> pd.DataFrame:
        """Events of one work, oldest first, each with its source's ``title, publisher, published, url``."""
        self.work(work_id)
        if work_id not in self._merges:
            return self._with_sources.iloc[self._rows_of_events.get(work_id, [])]
        # its own history stays, though the other has it too
        events = _in_order(standing_events(self.pack.events))
        return self._beside_sources(events[events["work_id"] == work_id])

    @cached_property
    def _merges(self) -> dict[str, str]:
        return standing_merges(self.pack.events)

    @cached_property
    def _rows_of_events(self) -> dict[str, list[int]]:
        """Work -> where its events are in :attr:`events`."""
        return _rows_by(self.events["work_id"])

    @cached_property
    def _with_sources(self) -> pd.DataFrame:
        return self._beside_sources(self.events)

    def _beside_sources(self, events: pd.DataFrame) -> pd.DataFrame:
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
        rows = sorted(row for one in same for row in self._rows_of_citations.get(one, []))
        pairs += [(cited["role"].iloc[row], cited["source_id"].iloc[row]) for row in rows]
        sources = self.events["source_id"]
        pairs += [("status", sources.iloc[row]) for row in self._rows_of_events.get(work_id, [])]
        frame = pd.DataFrame([pair for pair in pairs if pair[1]], columns=["role", "source_id"])
        frame = frame.drop_duplicates("source_id").set_index("source_id")
        return frame.join(self.pack.sources)


def _rows_by(works: pd.Series[Any]) -> dict[str, list[int]]:
    """Each work, and where it stands among ``works``."""
    found: dict[str, list[int]] = {}
    for row, work in enumerate(works):
        found.setdefault(work, []).append(row)
    return found
