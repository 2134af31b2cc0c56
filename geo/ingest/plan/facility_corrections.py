"""Rows that name a facility by its id and say otherwise than the register: corrections, on the person's word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.display.code_labels import code_names
from geo.ingest.cells.findings import Finding
from geo.ingest.plan.corrections import changed_fields, correction_findings, moved_place
from geo.ingest.plan.facility_fields import known_fields
from geo.ingest.plan.to_batch import LOCATION, value_or_none
from geo.register.facility_editing import facility_event

if TYPE_CHECKING:
    from geo.register.city import Atlas

_FIELDS: Final = {
    "kind": "facility_kind",
    "opened": "end_date",
    "address_zh": "address",
    "capacity": "quantity",
    "capacity_unit": "unit",
}
"""Field of a facility -> the list's word for it, where that is another."""
_NAMED: Final = ("name_zh", "name_en", "kind", "district_code", "opened")


def differences(cells: Mapping[str, Any], known: Any) -> dict[str, Any]:
    """What a row says otherwise than its facility: field -> what the row says; ``lon`` stands for a place that was moved."""
    named = {name: cells[_FIELDS.get(name, name)] for name in _NAMED}
    brought = {name: value for name, value in (named | known_fields(cells)).items() if name not in LOCATION}
    return changed_fields(brought, known) | moved_place(cells, known)


def facility_correction_findings(
    rows: pd.DataFrame, atlas: Atlas, rules: Mapping[str, str]
) -> Iterator[Finding]:
    """Each difference of rows that have the id of a facility.

    Parameters
    ----------
    rows : DataFrame
        Typed and matched rows of the list.
    atlas : Atlas
    rules : mapping
        Answers that hold for the whole file.

    Yields
    ------
    Finding
    """
    facilities = atlas.register.facilities
    own = rows[rows["work_id"].isin(facilities.index)]
    yield from correction_findings(
        own.assign(matched=own["work_id"]), facilities, rules, code_names(atlas, "zh"), differences, _FIELDS
    )


def corrections_of(cells: Mapping[str, Any], atlas: Atlas, source_id: str) -> list[dict[str, Any]]:
    """The events of a row whose differences are corrections; of a row without the id of a facility none.

    Parameters
    ----------
    cells : mapping
        A typed row of the list.
    atlas : Atlas
    source_id : str
        Source of the list.

    Returns
    -------
    list of dict
        Rows of ``facility_events``.
    """
    facilities = atlas.register.facilities
    if cells["work_id"] not in facilities.index:
        return []
    facility_id = str(cells["work_id"])
    changes = differences(cells, facilities.loc[facility_id])
    events = []
    if changes.pop("lon", None) is not None:
        place = {name: value_or_none(cells[name]) for name in LOCATION}
        place["place_source_id"] = place["place_source_id"] or source_id
        events.append(facility_event(facility_id, "location", place, source_id))
    if changes:
        events.append(facility_event(facility_id, "correction", changes, source_id))
    return events
