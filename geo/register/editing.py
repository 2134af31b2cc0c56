"""What an editor types, made into rows of the register: each fault names its field, and only what changed is written.

Nothing here writes. A :class:`geo.store.model.Batch` is handed to ``Store.apply``, which asks for the role.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from geo.errors import AtlasError
from geo.places.crs import convert, system_name
from geo.register.form_checks import Checks
from geo.register.ids import source_id
from geo.text import mark as _
from geo.values import is_unknown, json_value
from geo.vocabulary import BASES_WITH_A_PLACE, COUNTED, PRECISIONS, RELIABILITIES, STATUSES

if TYPE_CHECKING:
    import pandas as pd

    from geo.register.city import Atlas

CORRECTABLE: Final = (
    "name_zh",
    "name_en",
    "category",
    "item_id",
    "counted",
    "year",
    "district_code",
    "street",
    "quantity",
    "unit",
    "note_zh",
    "note_en",
)
"""Fields of a work that a correction may change. Places have their own event."""
MAX_NAME: Final = 200
MAX_ACCURACY_M: Final = 50_000.0


def source_row(checks: Checks, fields: Mapping[str, object], today: date) -> dict[str, Any]:
    """A row of ``sources``; its id follows from what it says, so the same source typed twice is one source.

    ``fields``: ``title`` (required), ``publisher, published`` (2021, 2021-06 or 2021-06-30), ``url, reliability``.

    Parameters
    ----------
    checks : Checks
        Collects the faults of the form.
    fields : mapping
        As typed; see above.
    today : date

    Returns
    -------
    dict
    """
    title = checks.text("title", fields.get("title"), required=True, limit=MAX_NAME)
    publisher = checks.text("publisher", fields.get("publisher"), limit=MAX_NAME)
    published = checks.text("published", fields.get("published"), limit=10)
    if published and not _partial_day(published):
        checks.fault(
            "published", _("“{value}”不是日期。"), _("请写成 2021、2021-06 或 2021-06-30。"), value=published
        )
    url = checks.text("url", fields.get("url"))
    if url and not url.startswith(("https://", "http://")):
        checks.fault("url", _("网址要以 http:// 或 https:// 开头。"), _("没有网址可以留空。"))
    reliability = checks.choice("reliability", fields.get("reliability"), RELIABILITIES)
    told = {
        "title": title,
        "publisher": publisher or None,
        "published": published or None,
        "url": url or None,
    }
    return told | {
        "source_id": source_id(told),
        "seen_via_mirror": False,
        "reliability": reliability,
        "licence": None,
        "citation": "，".join(part for part in (publisher, title, published or today.isoformat()) if part),
    }


def _partial_day(text: str) -> bool:
    try:
        date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))
    except ValueError:
        return False
    return text.isascii()


@dataclass(frozen=True, slots=True)
class Evidence:
    """When something was so, how exactly that is known, who says it, and whether it is confirmed (else planned)."""

    day: object
    precision: object
    source_id: str
    confirmed: bool = True


def event_row(
    checks: Checks, work_id: str, kind: str, value: object, evidence: Evidence, *, unit: str = ""
) -> dict[str, Any]:
    """A row of ``events``; ``value`` is a status word, a number, a milestone's text, or fields as a mapping.

    Parameters
    ----------
    checks : Checks
        Collects the faults of the form.
    work_id : str
        Id of a work.
    kind : str
        Kind of the event.
    value : any
        As typed.
    evidence : Evidence
        When, how exactly, by whom.
    unit : str
        Unit of a quantity.

    Returns
    -------
    dict
    """
    if not isinstance(evidence.day, date):
        checks.fault("date", _("必填。"))
    if isinstance(value, Mapping):
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    elif kind == "status":
        text = checks.choice("value", value, STATUSES)
    elif kind == "quantity":
        number = checks.number("value", value, required=True)
        text = "" if number is None else str(json_value(number))
    else:
        text = checks.text("value", value, required=True)
    if not evidence.source_id:
        checks.fault("source_id", _("请选一个来源，或填写新来源。"), _("没有来源的说法不能进登记。"))
    return {
        "work_id": work_id,
        "date": evidence.day,
        "date_precision": checks.choice("date_precision", evidence.precision, PRECISIONS),
        "kind": kind,
        "value": text,
        "unit": unit or None,
        "confirmed": evidence.confirmed,
        "source_id": evidence.source_id,
    }


def changed(before: pd.Series[Any], typed: Mapping[str, object]) -> dict[str, Any]:
    """Only the fields whose typed value differs from what the editor saw; empty text is None."""
    out: dict[str, Any] = {}
    for field, value in typed.items():
        old = json_value(before.get(field))
        new = None if is_unknown(value) or value == "" else json_value(value)
        if old != new:
            out[field] = new
    return out


def work_fields(checks: Checks, typed: Mapping[str, object], atlas: Atlas) -> dict[str, Any]:
    """The typed fields of a work, each checked; a mapping of the fields that were typed.

    Parameters
    ----------
    checks : Checks
        Collects the faults of the form.
    typed : mapping
        Field -> what was typed.
    atlas : Atlas

    Returns
    -------
    dict
    """
    out: dict[str, Any] = {}
    for field, value in typed.items():
        if field == "quantity":
            out[field] = checks.number(field, value)
        elif field in {"name_zh", "name_en"}:
            out[field] = checks.text(field, value, required=field == "name_zh", limit=MAX_NAME) or None
        elif field == "category":
            out[field] = checks.choice(field, value, tuple(atlas.vocabulary("categories").index))
        elif field == "counted":
            out[field] = checks.choice(field, value, COUNTED)
        elif field == "item_id":
            out[field] = checks.choice(field, value, tuple(atlas.pack.plan_items.index)) if value else None
        else:
            out[field] = checks.text(field, value) or None
    if "year" in out and out["year"] and not _years(str(out["year"])):
        checks.fault(
            "year", _("“{value}”不是年份。"), _("请写成 2021 或 2021-2023。"), value=str(out["year"])[:40]
        )
    if out.get("quantity") and "unit" in out and not out["unit"]:
        checks.fault("unit", _("有数量就要有单位。"))
    return out


def _years(text: str) -> bool:
    parts = text.split("-")
    return len(parts) <= 2 and all(len(part) == 4 and part.isascii() and part.isdigit() for part in parts)


def place_fields(
    checks: Checks, *, x: object, y: object, system: str, accuracy: object, basis: object
) -> dict[str, Any]:
    """Where a work is: WGS84 to six decimals (a decimetre), and the coordinates as they were given.

    ``x`` is the longitude or the easting, ``y`` the latitude or the northing, in ``system`` (any that :func:`geo.places.crs.system_name` reads).

    Parameters
    ----------
    checks : Checks
        Collects the faults of the form.
    x : any
        Longitude or easting, as typed.
    y : any
        Latitude or northing, as typed.
    system : str
        System of x and y.
    accuracy : any
        Radius of error, metres, as typed.
    basis : any
        What the place rests on.

    Returns
    -------
    dict
    """
    east, north = (
        checks.number(name, value, low=-math.inf, required=True) for name, value in (("x", x), ("y", y))
    )
    accuracy_m = checks.number("accuracy_m", accuracy, high=MAX_ACCURACY_M, required=True)
    location_basis = checks.choice("location_basis", basis, BASES_WITH_A_PLACE)
    if east is None or north is None:
        return {}
    try:
        lon, lat = (float(value) for value in convert(east, north, source=system, target="WGS84"))
    except AtlasError as error:
        checks.fault("x", error.message, error.hint, **error.params)
        return {}
    return {
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "accuracy_m": accuracy_m,
        "location_basis": location_basis,
        "crs_original": system_name(system),
        "x_original": str(x).strip(),
        "y_original": str(y).strip(),
    }


def district_at(lon: float, lat: float, atlas: Atlas) -> str:
    """Code of the district a place lies in; empty outside all of them.

    Parameters
    ----------
    lon : float
        WGS84 degrees.
    lat : float
        WGS84 degrees.
    atlas : Atlas

    Returns
    -------
    str
    """
    from geo.places.districts import district_of

    return str(district_of([lon], [lat], atlas.districts)[0])


def first_day(atlas: Atlas, row: pd.Series[Any]) -> date:
    """The day from which a correction of a mistake holds: before anything that is known of the work."""
    days = [day for day in atlas.pack.events["date"] if isinstance(day, date)]
    year = str(row.get("year") or "")[:4]
    if year.isdigit():
        days.append(date(int(year), 1, 1))
    return min(days, default=date(2000, 1, 1))
