"""What is learnt of a known facility, made into rows of its log: only what differs, and a place only where it is better."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from geo.places.crs import convert
from geo.register.form_checks import Checks
from geo.text import mark as _
from geo.values import is_unknown, json_value

if TYPE_CHECKING:
    from geo.register.city import Atlas

SIZE_FIELDS: Final = ("capacity", "capacity_unit", "level", "area_m2", "service_population")
PLACE_FIELDS: Final = (
    "lon",
    "lat",
    "accuracy_m",
    "location_basis",
    "crs_original",
    "x_original",
    "y_original",
    "place_source_id",
)
FACILITY_CORRECTABLE: Final = (
    "name_zh",
    "name_en",
    "kind",
    "district_code",
    "address_zh",
    "opened",
    "closed",
    *SIZE_FIELDS,
    "note_zh",
    "note_en",
)
"""Fields of a facility that a correction may change. Places have their own event; a closing is a correction of ``closed``."""
MAX_TEXT: Final = 2000
_LIMITS: Final = {"name_zh": 200, "name_en": 200, "level": 40, "capacity_unit": 40}
_NUMBERS: Final = ("capacity", "area_m2", "service_population")
_DAYS: Final = ("opened", "closed")
SAME_PLACE_M: Final = 1.0
"""A place nearer than this to the known one is the same place."""
FIRST_DAY: Final = date(2000, 1, 1)
"""Day of an event of a facility that names none: events of facilities hold on every day."""


def facility_event(
    facility_id: str, kind: str, value: object, source_id: str | None, *, day: date = FIRST_DAY
) -> dict[str, Any]:
    """A row of ``facility_events``.

    Parameters
    ----------
    facility_id : str
        Id of a facility.
    kind : str
        One of :data:`geo.vocabulary.FACILITY_EVENT_KINDS`.
    value : any
        Fields as a mapping, or the id of the facility it is merged into.
    source_id : str or None
    day : date
        When it was so.

    Returns
    -------
    dict
    """
    text = (
        json.dumps(value, ensure_ascii=False, sort_keys=True, default=json_value)
        if isinstance(value, Mapping)
        else str(value)
    )
    return {
        "facility_id": facility_id,
        "date": day,
        "date_precision": "circa",
        "kind": kind,
        "value": text,
        "confirmed": True,
        "source_id": source_id,
    }


def facility_fields(checks: Checks, typed: Mapping[str, object], atlas: Atlas) -> dict[str, Any]:
    """The typed fields of a facility, each checked; a mapping of the fields that were typed.

    Parameters
    ----------
    checks : Checks
        Collects the faults of the form.
    typed : mapping
        Field of :data:`FACILITY_CORRECTABLE` -> what was typed.
    atlas : Atlas

    Returns
    -------
    dict
    """
    out: dict[str, Any] = {}
    for name, value in typed.items():
        if name in _NUMBERS:
            out[name] = checks.number(name, value)
        elif name == "kind":
            out[name] = checks.choice(name, value, tuple(atlas.vocabulary("kinds").index))
        elif name in _DAYS:
            out[name] = value if isinstance(value, date) else None
        else:
            limit = _LIMITS.get(name, MAX_TEXT)
            out[name] = checks.text(name, value, required=name == "name_zh", limit=limit) or None
    opened, closed = out.get("opened"), out.get("closed")
    if opened and closed and closed < opened:
        checks.fault("closed", _("关闭早于启用。"), _("请核对两个日期。"))
    if out.get("capacity") is not None and not out.get("capacity_unit"):
        checks.fault("capacity_unit", _("有数量就要有单位。"))
    return out


def facility_changes(
    facility_id: str, brought: Mapping[str, Any], atlas: Atlas, source_id: str
) -> list[dict[str, Any]]:
    """The events that a list or an extract brings of a facility which the register has.

    What is empty is filled; what is known stays, except that a place with a smaller radius of error takes the place of one
    with a larger. Nothing is guessed: what the row leaves empty says nothing.

    Parameters
    ----------
    facility_id : str
        A row of ``Register.facilities``; of a work nothing is made here.
    brought : mapping
        Field -> value of a row, None for what it leaves empty.
    atlas : Atlas
    source_id : str
        Source of the row.

    Returns
    -------
    list of dict
        Rows of ``facility_events``.
    """
    row = atlas.register.facility_records.get(facility_id)
    if row is None:
        return []
    found = []
    if is_better_place(row, brought, atlas.city.projected_crs):
        place = {name: json_value(brought.get(name)) for name in PLACE_FIELDS}
        place["place_source_id"] = place["place_source_id"] or source_id
        found.append(facility_event(facility_id, "location", place, source_id))
    filled = {
        name: json_value(brought[name])
        for name in (*SIZE_FIELDS, "address_zh", "closed")
        if not is_unknown(brought.get(name)) and is_unknown(row[name])
    }
    if "capacity_unit" in filled and "capacity" not in filled:
        del filled["capacity_unit"]  # a unit without its number says nothing
    if filled:
        found.append(facility_event(facility_id, "correction", filled, source_id))
    return found


def is_better_place(row: Mapping[str, Any], brought: Mapping[str, Any], projected: str) -> bool:
    """Whether a row brings a place where none is known, or a more exact one elsewhere.

    Parameters
    ----------
    row : mapping
        The known facility.
    brought : mapping
        ``lon, lat, accuracy_m``; None for what is not given.
    projected : str
        System (``EPSG:n``, metres) in which distances are measured.

    Returns
    -------
    bool
    """
    if (
        is_unknown(brought.get("lon"))
        or is_unknown(brought.get("lat"))
        or is_unknown(brought.get("accuracy_m"))
    ):
        return False
    if is_unknown(row["lon"]):
        return True
    if float(brought["accuracy_m"]) >= float(row["accuracy_m"]):
        return False
    x, y = convert(
        [float(row["lon"]), float(brought["lon"])],
        [float(row["lat"]), float(brought["lat"])],
        source="WGS84",
        target=projected,
    )
    return bool(((x[1] - x[0]) ** 2 + (y[1] - y[0]) ** 2) ** 0.5 > SAME_PLACE_M)
