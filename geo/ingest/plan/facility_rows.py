"""Rows that are facilities standing already: which are known, what is wrong with them, and the rows they become."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import objects, records
from geo.ingest.plan.corrections import is_correction
from geo.ingest.plan.facility_corrections import corrections_of, facility_correction_findings
from geo.ingest.plan.facility_fields import closing_day, closing_days, known_fields, size_columns
from geo.ingest.plan.facility_ids import new_ids
from geo.ingest.plan.made import Made
from geo.ingest.plan.place_lookup import GAZETTEER_SOURCE
from geo.ingest.plan.registered_facilities import namesakes, registered_facilities
from geo.ingest.plan.row_findings import ROW_CHOICES
from geo.ingest.plan.shapes import is_line
from geo.ingest.plan.to_batch import LOCATION
from geo.register.column_rows import ColumnRows, plain_values
from geo.register.facility_editing import facility_changes
from geo.text import mark as _
from geo.vocabulary import OPENED_PRECISIONS

if TYPE_CHECKING:
    from geo.ingest.plan.options import Options
    from geo.register.city import Atlas


def match_facilities(rows: pd.DataFrame, atlas: Atlas) -> pd.DataFrame:
    """``rows`` with the facility of the register that each is or may be.

    Returns
    -------
    DataFrame
        With ``matched`` (id, None where none is like it), ``likeness`` (``sure``, ``ask``, ``none``), ``score`` (0),
        ``distance_m`` and ``target`` (the id where it is sure).
    """
    named = rows[rows["name_zh"].notna() & rows["facility_kind"].notna()]
    district = named["district_code"].where(named["district_code"].notna(), named["district_found"])
    asked = pd.DataFrame(
        {
            "facility_id": [
                given or made for given, made in zip(named["work_id"], new_ids(named, atlas), strict=True)
            ],
            "kind": named["facility_kind"],
            "name": named["name_zh"],
            "lon": named["lon"],
            "lat": named["lat"],
            "accuracy_m": named["accuracy_m"].fillna(0.0),
            "district_code": district.fillna(""),
        },
        index=named.index,
    )
    known = registered_facilities(asked, atlas)
    elsewhere = namesakes(asked.drop(known.index), atlas)
    known = elsewhere if known.empty else known if elsewhere.empty else pd.concat([known, elsewhere])
    likeness = pd.Series("none", rows.index, dtype=object)
    likeness[known.index] = np.where(known["sure"].astype(bool), "sure", "ask")
    matched = known["known_id"].reindex(rows.index)
    return rows.assign(
        matched=objects([one if isinstance(one, str) else None for one in matched], rows.index),
        likeness=likeness,
        score=0.0,
        distance_m=known["distance_m"].astype("float64").reindex(rows.index),
        target=objects(
            [one if like == "sure" else None for one, like in zip(matched, likeness, strict=True)], rows.index
        ),
    )


def facility_findings(
    rows: pd.DataFrame, atlas: Atlas, today: date, rules: Mapping[str, str]
) -> list[Finding]:
    """What is wrong with rows as facilities, which may be known ones, and what they say otherwise than the register.

    Parameters
    ----------
    rows : DataFrame
        Typed rows of the list, by row of the file.
    atlas : Atlas
    today : date
        The day on which the list is brought.
    rules : mapping
        Answers that hold for the whole file.

    Returns
    -------
    list of Finding
    """
    live = rows[~rows["blank"]]
    found = [
        *facility_correction_findings(live, atlas, rules),
        *_closings(live, today),
    ]
    found += [
        Finding(
            int(row),
            "facility_kind",
            "error",
            _("没有说是哪类设施。"),
            _("请选一个设施类型，或在表里加一列“设施类型”。"),
        )
        for row in live.index[live["facility_kind"].isna()]
    ]
    found += [
        Finding(
            int(row), "", "error", _("线不能作为现有设施：覆盖按点计算。"), _("请给出点或面，如入口或站点。")
        )
        for row in live.index[is_line(live["shape"])]
    ]
    found += [
        Finding(
            row,
            "end_date",
            "error",
            _("启用日期 {value} 还没有到，不是现有设施。"),
            _("请改正日期，或把这一行作为计划项目导入。"),
            {"value": cells["end_date"].isoformat()},
            value=cells["end_date"].isoformat(),
        )
        for row, cells in records(live.loc[live["end_date"].notna(), ["end_date", "end_date_planned"]])
        if cells["end_date_planned"] or cells["end_date"] > today
    ]
    names = pd.concat([atlas.register.facilities["name_zh"], atlas.pack.works["name_zh"]])
    for row, cells in records(live.loc[live["likeness"] == "ask", ["matched", "distance_m", "name_zh"]]):
        known, far = str(cells["matched"]), cells["distance_m"]
        message = (
            _("可能就是登记里的现有设施“{known}”（{work_id}），相距 {metres} 米。")
            if np.isfinite(far)
            else _("可能就是登记里的现有设施“{known}”（{work_id}）。")
        )
        found.append(
            Finding(
                row,
                "name_zh",
                "question",
                message,
                _("是同一处请跳过，不是请保留。"),
                {"known": str(names[known]), "work_id": known, "metres": f"{far:.0f}"},
                value=str(cells["name_zh"]),
                choices=ROW_CHOICES,
                group="likely_facility",
            )
        )
    return found


def _closings(rows: pd.DataFrame, today: date) -> Iterator[Finding]:
    named = ["closed", "closed_planned", "end_date"]
    for row, cells in records(rows.loc[rows["closed"].notna(), named]):
        closed, opened = closing_day(cells), cells["end_date"]
        if closed is None:
            continue
        message, hint = "", _("请改正日期，或留空。")
        if closed > today:
            message = _("关闭日期 {value} 还没有到。")
        elif opened is not None and closed < opened:
            message, hint = _("关闭早于启用。"), _("请核对两个日期。")
        if message:
            value = closed.isoformat()
            yield Finding(row, "closed", "error", message, hint, {"value": value}, value=value)


def make_facilities(
    rows: pd.DataFrame,
    options: Options,
    atlas: Atlas,
    places: Iterable[Mapping[str, Any]] = (),
) -> Made:
    """Facilities of ``rows``, which are typed, placed and matched; those with a ``target`` are known and fill what is empty.

    Parameters
    ----------
    rows : DataFrame
        Typed rows of the list, by row of the file.
    options : Options
        Choices of the person for the whole list.
    atlas : Atlas
    places : iterable of mapping
        Sources of places that may be cited.

    Returns
    -------
    Made
    """
    made = Made()
    target = rows["target"].to_numpy(object)
    is_new = np.array([one is None for one in target], bool)
    new = rows[is_new]
    ids = new_ids(new, atlas)
    made.facilities = _facilities(ids, new, options)
    made.targets |= dict(zip(map(int, new.index), ids, strict=True))
    made.added |= dict.fromkeys(map(int, new.index), 1)
    for row, cells in records(rows[~is_new]):
        known = str(cells["target"])
        made.targets[row] = known
        learnt = facility_changes(known, known_fields(cells), atlas, options.source_id)
        if is_correction(options.rules):
            learnt += corrections_of(cells, atlas, options.source_id)
        made.facility_events.extend(learnt)
        made.added[row] = len(learnt)
    cited = {one for name in ("source_id", "place_source_id") for one in made.facilities.column(name)}
    cited |= {event["source_id"] for event in made.facility_events}
    cited |= {json.loads(event["value"]).get("place_source_id") for event in made.facility_events}
    offered = {str(row["source_id"]): dict(row) for row in (options.source_row(), GAZETTEER_SOURCE, *places)}
    made.sources.extend(
        row for key, row in offered.items() if key in cited and key not in atlas.pack.sources.index
    )
    return made


def _facilities(ids: list[str], rows: pd.DataFrame, options: Options) -> ColumnRows:
    """New facilities with their ``ids``, column by column."""
    source = options.source_id
    given = rows["how"].to_numpy(object) == "given"
    columns: dict[str, Any] = {
        "facility_id": ids,
        "kind": rows["facility_kind"],
        "name_zh": rows["name_zh"],
        "name_en": rows["name_en"],
        "district_code": _first_filled(rows["district_code"], rows["district_found"]),
        "opened": rows["end_date"],
        "opened_precision": [
            precision if precision in OPENED_PRECISIONS or day is None else "year"
            for day, precision in zip(rows["end_date"], rows["end_date_precision"], strict=True)
        ],
        "address_zh": rows["address"],
        "note_zh": _notes(rows),
        "attributes": rows["own"] if "own" in rows else [None] * len(rows),
        "source_id": [source] * len(rows),
        "raw_file": [source] * len(rows),
        "raw_row": [int(row) for row in rows.index],
    }
    columns |= size_columns(rows) | {"closed": closing_days(rows)}
    columns |= {name: rows[name] for name in LOCATION}
    columns["location_basis"] = rows["location_basis"].where(rows["how"] != "none", "none")
    columns["place_source_id"] = _first_filled(
        rows["place_source_id"], objects([source if one else None for one in given], rows.index)
    )
    return ColumnRows(
        {
            name: values if isinstance(values, list) else plain_values(values)
            for name, values in columns.items()
        }
    )


def _first_filled(cells: pd.Series[Any], others: pd.Series[Any]) -> pd.Series[Any]:
    """Each cell, or where it is empty the other."""
    return objects([one or other or None for one, other in zip(cells, others, strict=True)], cells.index)


def _notes(rows: pd.DataFrame) -> list[str | None]:
    """What rows say beyond the columns of the register."""
    columns = (rows[name] for name in ("note_zh", "source_text", "source_url"))
    return [
        "；".join(part for part in (note, source and f"来源：{source}", url) if part) or None
        for note, source, url in zip(*columns, strict=True)
    ]
