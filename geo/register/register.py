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
from geo.register.pack import Pack
from geo.register.plan_view import as_promised, plan_view
from geo.register.plans import ALL_PLANS
from geo.register.undone_and_merged import (
    counted_events,
    counted_works,
    in_order,
    standing_events,
    standing_merges,
)
from geo.text import mark as _
from geo.vocabulary import CERTAINTIES, COMPLETED, EXACT_LIMIT_M, FIELD_EVENTS, STAGES, STARTED, UNKNOWN

_DAYS: Final = 64
"""States that are remembered; one of a thousand works takes about half a megabyte."""


@dataclass(frozen=True, eq=False)
class Register:
    """The works of a pack and everything that happened to them. Read only."""

    pack: Pack

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
        return in_order(counted_events(self.pack.events))

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
        return lru_cache(maxsize=_DAYS)(self._fold_events)

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
        state["status"] = state["status"].where(state["status"].notna(), UNKNOWN).astype(object)
        state["quantity_done"] = _last_quantity(confirmed).reindex(works.index)
        planned = self.events[~self.events["confirmed"].astype(bool)]
        state["quantity_planned"] = _last_quantity(planned).reindex(works.index)
        state["certainty"] = _certainty(state)
        state["placed"] = state["certainty"] != "none"
        state = _fold_parts(state)
        state["done"] = state["status"] == COMPLETED
        return state

    def _corrected(self, as_of: date) -> pd.DataFrame:
        """``works`` with the ``correction`` and ``location`` events up to a day applied in order.

        The value of such an event is a JSON object of field -> new value.
        """
        changes = self._events(as_of)
        changes = changes[changes["kind"].isin(FIELD_EVENTS) & changes["confirmed"].astype(bool)]
        changes = changes[changes["work_id"].isin(self.works.index)]
        works = self._standing_works.copy()
        for work_id, value in zip(changes["work_id"], changes["value"], strict=True):
            for name, new in json.loads(value).items():
                works.at[work_id, name] = new
        return as_promised(works, self.pack)

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
            {"work_id": parent, "date": day, "status": states.at[parent, "status"]}
            for day, states in ((day, self.state(day)) for day in days)
            for parent in sorted(parents)
        ]
        both = pd.concat([own, pd.DataFrame(folded, columns=own.columns)], ignore_index=True)
        both = both.drop_duplicates(["work_id", "date"], keep="last").sort_values(
            ["work_id", "date"], kind="stable"
        )
        return both[both["status"] != both.groupby("work_id")["status"].shift()].reset_index(drop=True)

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
        is_merged = work_id in standing_merges(
            self.pack.events
        )  # its own history stays, though the other has it too
        events = in_order(standing_events(self.pack.events)) if is_merged else self.events
        events = events[events["work_id"] == work_id]
        sources = self.pack.sources[["title", "publisher", "published", "url", "reliability"]]
        return events.join(sources, on="source_id")

    def sources_of(self, work_id: str) -> pd.DataFrame:
        """Every source of one work, and of those merged into it: ``role`` (fact, place, status) and the columns of ``sources``."""
        self.work(work_id)
        events = self.events
        cited = self.pack.citations
        same = [work_id, *(work for work, end in standing_merges(self.pack.events).items() if end == work_id)]
        pairs = [
            (role, row[name])
            for row in (self.pack.works.loc[one] for one in same if one in self.pack.works.index)
            for role, name in (("fact", "source_id"), ("place", "place_source_id"))
        ]
        pairs += list(
            cited.loc[cited["work_id"].isin(same), ["role", "source_id"]].itertuples(index=False, name=None)
        )
        pairs += [("status", source) for source in events.loc[events["work_id"] == work_id, "source_id"]]
        frame = pd.DataFrame([pair for pair in pairs if pair[1]], columns=["role", "source_id"])
        frame = frame.drop_duplicates("source_id").set_index("source_id")
        return frame.join(self.pack.sources)


def _last_quantity(events: pd.DataFrame) -> pd.Series[float]:
    quantities = events[events["kind"] == "quantity"].groupby("work_id")["value"].last()
    return pd.to_numeric(quantities).astype("float64")


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


def _fold_parts(state: pd.DataFrame) -> pd.DataFrame:
    """Give a parent without events of its own the state of its sections, and a place if any part has one.

    All sections completed -> completed; any under way or completed -> implementation; else the furthest
    of preparation and identification; stations take no part, they follow their line.
    """
    sections = state[state["kind"] == "section"]
    for parent, parts in sections.groupby("parent_id"):
        if parent not in state.index:
            continue
        state.at[parent, "placed"] = bool(state.at[parent, "placed"]) or bool(parts["placed"].any())
        if state.at[parent, "status"] == UNKNOWN:
            state.at[parent, "status"] = _status_of_parts(list(parts["status"]))
    return state


def _status_of_parts(statuses: list[str]) -> str:
    ranks = [STAGES.index(status) for status in statuses if status in STAGES]
    if not ranks:
        return UNKNOWN
    if len(ranks) == len(statuses) and STAGES[min(ranks)] == COMPLETED:
        return COMPLETED
    return STAGES[min(max(ranks), STAGES.index(STARTED[0]))]
