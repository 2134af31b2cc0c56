"""Good rows as one batch: new works, events of known ones, one source; a row that says nothing new adds nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd
import shapely

from geo.ingest.cells.mixed_frames import records
from geo.ingest.plan import corrections
from geo.ingest.plan.made import Made
from geo.ingest.plan.match import metres_between
from geo.ingest.plan.may_count import COUNT, may_count
from geo.ingest.plan.may_count import RULE as MAY_COUNT_RULE
from geo.ingest.plan.own_attributes import new_attributes
from geo.ingest.plan.place_lookup import GAZETTEER_SOURCE
from geo.register import ids
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown, json_value
from geo.vocabulary import COMPLETED, IDENTIFICATION, IMPLEMENTATION, PREPARATION, UNKNOWN

if TYPE_CHECKING:
    from geo.ingest.plan.options import Options
    from geo.register.city import Atlas

MOVED_M: Final = 1.0
"""A place nearer than this to the known one is the same place."""
LOCATION: Final = (
    "lon",
    "lat",
    "accuracy_m",
    "location_basis",
    "crs_original",
    "x_original",
    "y_original",
    "place_source_id",
)
_FILLED: Final = ("name_en", "street", "quantity", "unit", "facility_kind")
"""Fields of a known work that a row may fill where they are empty."""


def make_rows(
    rows: pd.DataFrame, options: Options, atlas: Atlas, places: Iterable[Mapping[str, Any]] = ()
) -> Made:
    """Works and events of ``rows`` (all of them are taken).

    Parameters
    ----------
    rows : DataFrame
        Typed, placed and matched rows; ``target`` is the id of a known work, or None for a new one.
    options : Options
        Choices of the person for the whole list.
    atlas : Atlas
    places : iterable of mapping
        Sources of places that may be cited, such as a geocoder's.

    Returns
    -------
    Made
    """
    made = Made()
    state = atlas.register.state(options.today)
    names = ids.names_by_id(atlas.pack.works, state)
    listed = list(records(rows))
    new = {
        row: _new_work(made, row, cells, options, atlas, names)
        for row, cells in listed
        if cells["target"] is None
    }
    made.targets.update((row, new.get(row) or str(cells["target"])) for row, cells in listed)
    known = _known_of(state, set(made.targets.values()))
    registered = _registered_events(atlas.pack.events, set(made.targets.values()))
    for row, cells in listed:
        before, work_id = len(made.events), made.targets[row]
        work = known.get(work_id)
        if row not in new:
            _location(made, cells, work, options)
            _filled(made, cells, work, options)
            if cells["likeness"] == "id" and corrections.is_correction(options.rules):
                _corrected(made, cells, work, options)
            settles = cells["likeness"] == "sure" and options.rules.get(MAY_COUNT_RULE) == COUNT
            if settles and may_count(cells, work):
                _event(made, work_id, _now(options, "correction", {"counted": "yes"}), options)
        _states(made, work_id, cells, options, registered, work)
        made.added[row] = (row in new) + len(made.events) - before
    cited = {row.get("source_id") for row in (*made.works, *made.events)}
    cited |= {row.get("place_source_id") for row in made.works}
    cited |= {
        json.loads(event["value"]).get("place_source_id")
        for event in made.events
        if event["kind"] == "location"
    }
    offered = [options.source_row(), GAZETTEER_SOURCE, *places]
    fresh = {str(row["source_id"]): dict(row) for row in offered if row["source_id"] in cited}
    made.sources.extend(row for key, row in fresh.items() if key not in atlas.pack.sources.index)
    return made


def _known_of(state: pd.DataFrame, work_ids: set[str]) -> dict[str, pd.Series[Any]]:
    """The rows of some works by id, of those that are there."""
    return {str(key): row for key, row in state[state.index.isin(work_ids)].iterrows()}


def _registered_events(events: pd.DataFrame, work_ids: set[str]) -> set[tuple[str, date, str, str]]:
    """What is registered of some works."""
    events = events[events["work_id"].isin(work_ids)]
    return set(zip(events["work_id"], events["date"], events["kind"], events["value"], strict=True))


def _new_work(
    made: Made, row: int, cells: Mapping[str, Any], options: Options, atlas: Atlas, names: dict[str, str]
) -> str:
    place = f"{cells['lon']:.4f},{cells['lat']:.4f}" if cells.get("twin") else ""
    work_id = ids.work_id(ids.WorkFacts.of(cells, category=options.category, place=place), names)
    names[work_id] = str(cells["name_zh"] or "")
    item = atlas.pack.plan_items.loc[cells["item_id"]] if cells["item_id"] else None
    counted, why = _counted(cells, item, options)
    work: dict[str, Any] = {
        "work_id": work_id,
        "item_id": cells["item_id"],
        "category": options.category if item is None else item["category"],
        "kind": "work",
        "counted": counted,
        "reach": "specific",
        "count_note_zh": translate(why).format(year=cells["year"]) if why else None,
        "count_note_en": translate(why, "en").format(year=cells["year"]) if why else None,
        "note_zh": _note(cells),
        "attributes": cells.get("own"),
        "source_id": options.source_id,
        "raw_file": options.source_id,
        "raw_row": row,
        "location_basis": cells["location_basis"] if cells["how"] != "none" else "none",
    }
    copied = ("year", "name_zh", "name_en", "district_code", "street", "quantity", "unit", "facility_kind")
    work |= {name: cells[name] for name in (*copied, *LOCATION) if name != "location_basis"}
    if cells["district_code"] is None and cells["district_found"]:
        work["district_code"] = cells["district_found"]
    if cells["shape"] is not None and "LineString" in cells["shape"].geom_type:
        work["line_id"] = f"L-{work_id}"
        made.lines[work["line_id"]] = shapely.force_2d(cells["shape"])
    made.works.append({name: value_or_none(value) for name, value in work.items()})
    return work_id


def value_or_none(value: Any) -> Any:
    """A cell as the store takes it."""
    return None if is_unknown(value) else json_value(value)


def _counted(cells: Mapping[str, Any], item: Any, options: Options) -> tuple[str, str]:
    """Whether a new work counts, and the note that says why not."""
    if options.counted:
        return options.counted, ""
    if item is None:
        return "no", _("不属于计划条目，作背景")
    first, _dash, last = (cells["year"] or "").partition("-")
    if first and not int(first) <= item["due_date"].year <= int(last or first):
        return "no", _("{year} 年的项目，不属于这一年的承诺，保留作背景")
    return "yes", ""


def _note(cells: Mapping[str, Any]) -> str | None:
    parts = [cells["note_zh"]]
    parts += [
        f"{label}{cells[name]}"
        for name, label in (("address", "地址："), ("source_text", "来源："))
        if cells[name]
    ]
    parts += [cells["source_url"]]
    return "；".join(part for part in parts if part) or None


def _location(made: Made, cells: Mapping[str, Any], work: Any, options: Options) -> None:
    """A place that is more exact than the known one; never a coarser one."""
    if cells["how"] not in {"given", "geocoder"} or is_unknown(cells["lon"]):
        return
    placed = not is_unknown(work["lon"])
    if placed and not float(cells["accuracy_m"]) < float(work["accuracy_m"]):
        return
    if placed:
        same_error = float(cells["accuracy_m"]) == float(work["accuracy_m"])
        if metres_between(cells, work) < MOVED_M and same_error:
            return
    _moved(made, cells, work, options)


def _moved(made: Made, cells: Mapping[str, Any], work: Any, options: Options) -> None:
    value = {name: value_or_none(cells[name]) for name in LOCATION}
    value["place_source_id"] = value["place_source_id"] or options.source_id
    _event(made, str(work.name), _now(options, "location", value), options)


def _corrected(made: Made, cells: Mapping[str, Any], work: Any, options: Options) -> None:
    """What the row says otherwise, on the person's word."""
    new = corrections.differences(cells, work)
    if new.pop("lon", None) is not None:
        _moved(made, cells, work, options)
    if new:
        _event(made, str(work.name), _now(options, "correction", new), options)


def _filled(made: Made, cells: Mapping[str, Any], work: Any, options: Options) -> None:
    new = {
        name: value_or_none(cells[name])
        for name in _FILLED
        if not is_unknown(cells[name]) and is_unknown(work[name])
    }
    if is_unknown(cells["quantity"]) or not is_unknown(work["quantity"]):
        new.pop("unit", None)
    if (attributes := new_attributes(cells["own"], work["attributes"])) is not None:
        new["attributes"] = attributes
    if new:
        _event(made, str(work.name), _now(options, "correction", new), options)


def add_correction(made: Made, work_id: str, value: Mapping[str, Any], options: Options) -> None:
    """Add that fields of a work are otherwise, as the list says.

    Parameters
    ----------
    made : Made
    work_id : str
    value : mapping
        Field -> what the list says.
    options : Options
    """
    _event(made, work_id, _now(options, "correction", value), options)


def _now(options: Options, kind: str, value: Mapping[str, Any]) -> RowEvent:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return RowEvent(options.day, options.day_precision, kind, text)


class RowEvent(NamedTuple):
    """One thing that a row says happened, or is planned."""

    day: date
    precision: str
    kind: str
    value: str
    confirmed: bool = True
    reason: str = ""


def _event(made: Made, work_id: str, event: RowEvent, options: Options) -> None:
    made.events.append(
        {
            "work_id": work_id,
            "date": event.day,
            "date_precision": event.precision,
            "kind": event.kind,
            "value": event.value,
            "unit": None,
            "confirmed": event.confirmed,
            "source_id": options.source_id,
            "reason_zh": translate(event.reason) or None,
            "reason_en": translate(event.reason, "en") or None,
        }
    )


def _states(
    made: Made,
    work_id: str,
    cells: Mapping[str, Any],
    options: Options,
    registered: set[tuple[str, date, str, str]],
    current: Any,
) -> None:
    """Status, dates and milestone of a row as events, less those that are known."""
    for event in _row_events(cells, options):
        key = (work_id, event.day, event.kind, event.value)
        same_state = current is not None and event.reason == _UNDATED and current["status"] == event.value
        if key not in registered and not same_state:
            registered.add(key)
            _event(made, work_id, event, options)


_UNDATED: Final = _("名单所列状态，未写日期，记在名单的日期")
_STATED: Final = _("名单所列状态")
_STARTED: Final = _("名单所列开工日期")
_FINISHED: Final = _("名单所列竣工日期")
_PLANNED_START: Final = _("名单所列计划开工")
_PLANNED_END: Final = _("名单所列计划竣工")
_MILESTONE: Final = _("名单所列节点")


def _row_events(cells: Mapping[str, Any], options: Options) -> list[RowEvent]:
    """What a row says happened. What lies ahead is a plan."""
    today, status = options.today, cells["status"]
    out = []

    def add(name: str, value: str, reason: str, *, plan: bool = False) -> None:
        day = cells[name]
        if day is not None:
            sure = not (plan or cells[f"{name}_planned"] or day > today)
            out.append(RowEvent(day, cells[f"{name}_precision"], "status", value, sure, reason))

    ahead = status not in {None, COMPLETED, UNKNOWN}
    add("start_date", IMPLEMENTATION, _STARTED, plan=status in {IDENTIFICATION, PREPARATION})
    add("end_date", COMPLETED, _FINISHED, plan=ahead)
    add("planned_start", IMPLEMENTATION, _PLANNED_START, plan=True)
    add("planned_end", COMPLETED, _PLANNED_END, plan=True)
    if status and status != UNKNOWN:
        dated = {COMPLETED: "end_date", IMPLEMENTATION: "start_date"}.get(status)
        if cells["status_date"] is not None:
            day, precision = cells["status_date"], cells["status_date_precision"]
            out.append(RowEvent(day, precision, "status", status, True, _STATED))
        elif dated is None or cells[dated] is None or cells[f"{dated}_planned"]:
            out.append(RowEvent(options.day, options.day_precision, "status", status, True, _UNDATED))
    if cells["milestone"]:
        day = cells["status_date"] or options.day
        precision = cells["status_date_precision"] or options.day_precision
        out.append(RowEvent(day, precision, "milestone", cells["milestone"], True, _MILESTONE))
    return out
