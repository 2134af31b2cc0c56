"""What matching a row with the register asks of the person: is it this work, and does it contradict what is known?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from geo.display.code_labels import CodeNames
from geo.ingest.cells.findings import Finding
from geo.ingest.plan.corrections import correction_findings
from geo.ingest.plan.may_count import counting_findings
from geo.ingest.plan.own_attributes import attribute_findings
from geo.ingest.plan.row_findings import ROW_CHOICES
from geo.text import mark as _
from geo.values import is_unknown
from geo.vocabulary import STAGES, STATUS_LABELS


def match_findings(
    rows: pd.DataFrame, state: pd.DataFrame, rules: Mapping[str, str], names: CodeNames
) -> list[Finding]:
    """Questions and remarks about rows that are, or may be, known works.

    Parameters
    ----------
    rows : DataFrame
        With the columns of :func:`geo.ingest.plan.match.match_rows`, ``work_id`` renamed ``matched``.
    state : DataFrame
        ``Register.state``.
    rules : mapping
        Answers for the whole file.
    names : mapping
        Names of the pack's codes.

    Returns
    -------
    list of Finding
    """
    live = rows[~rows["blank"]]
    return [
        *_uncertain_matches(live[live["likeness"] == "ask"], state),
        *_unknown_ids(live, state),
        *_twice(live),
        *_against(live[live["likeness"].isin(["sure", "id"])], state),
        *attribute_findings(live[live["likeness"].isin(["sure", "id"])], state),
        *correction_findings(live[live["likeness"] == "id"], state, rules, names),
        *counting_findings(live[live["likeness"] == "sure"], state, rules),
    ]


def _uncertain_matches(rows: pd.DataFrame, state: pd.DataFrame) -> Iterator[Finding]:
    for row, cells in rows.iterrows():
        work_id = str(cells["matched"])
        work = state.loc[work_id]
        near = "" if is_unknown(cells["distance_m"]) else f"{cells['distance_m']:.0f}"
        message = (
            _("可能就是登记里的“{known}”（{work_id}，{year}），相距 {metres} 米。")
            if near
            else _("可能就是登记里的“{known}”（{work_id}，{year}）。")
        )
        yield Finding(
            int(str(row)),
            "name_zh",
            "question",
            message,
            _("是同一处请选它，不是请作为新项目保留。"),
            {"known": work["name_zh"], "work_id": work_id, "year": work["year"] or "—", "metres": near},
            value=str(cells["name_zh"]),
            choices=((work_id, str(work["name_zh"])), *ROW_CHOICES),
            group="likely",
        )


def _unknown_ids(rows: pd.DataFrame, state: pd.DataFrame) -> Iterator[Finding]:
    for row, work_id in rows["work_id"].dropna().items():
        if work_id not in state.index:
            yield Finding(
                int(str(row)),
                "work_id",
                "error",
                _("登记里没有编号 {value}。"),
                _("新项目请把编号留空，由系统编。"),
                {"value": str(work_id)[:80]},
                value=str(work_id)[:200],
            )


def _twice(rows: pd.DataFrame) -> Iterator[Finding]:
    """Two rows that are the same known work."""
    sure = rows[rows["likeness"].isin(["sure", "id"])]
    first: dict[str, int] = {}
    for row, work_id in sure["matched"].items():
        other = first.setdefault(str(work_id), int(str(row)))
        if other != row:
            yield Finding(
                int(str(row)),
                "name_zh",
                "question",
                _("与第 {other} 行是登记里的同一个项目 {work_id}。"),
                _("重复的请跳过，都有用请保留。"),
                {"other": other, "work_id": work_id},
                value=str(rows.at[row, "name_zh"]),
                choices=ROW_CHOICES,
                group="one_work",
            )


def _against(rows: pd.DataFrame, state: pd.DataFrame) -> Iterator[Finding]:
    """Rows that say otherwise than the register: a status that goes back, another quantity."""
    for row, cells in rows.iterrows():
        work = state.loc[cells["matched"]]
        yield from _status(int(str(row)), cells, work)
        if cells["likeness"] == "sure":
            yield from _quantity(int(str(row)), cells, work)


def _stage(status: object) -> int | None:
    """How far a work is, from 0; None for a status that is no stage, such as one on hold."""
    return STAGES.index(str(status)) if status in STAGES else None


def _status(row: int, cells: Any, work: Any) -> Iterator[Finding]:
    new, old = _stage(cells["status"]), _stage(work["status"])
    earlier = (
        cells["status_date"] is not None
        and not is_unknown(work["status_date"])
        and cells["status_date"] <= work["status_date"]
    )
    if new is not None and old is not None and new < old and not earlier:
        yield Finding(
            row,
            "status",
            "question",
            _("登记里已是“{status}”（{day}），这里却是更早的阶段。"),
            _("保留会把状态改回去；名单较旧请跳过，或写明状态日期。"),
            {"status": STATUS_LABELS[str(work["status"])], "day": str(work["status_date"] or "—")},
            value=STATUS_LABELS.get(str(cells["status"]), str(cells["status"])),
            choices=ROW_CHOICES,
            group="earlier_stage",
        )


def _quantity(row: int, cells: Any, work: Any) -> Iterator[Finding]:
    if is_unknown(cells["quantity"]) or is_unknown(work["quantity"]):
        return
    same_unit = cells["unit"] is None or work["unit"] is None or cells["unit"] == work["unit"]
    if same_unit and float(cells["quantity"]) != float(work["quantity"]):
        yield Finding(
            row,
            "quantity",
            "warning",
            _("登记里的数量是 {known:g}，这里是 {value}；登记不改。"),
            _("要改请在登记页更正。"),
            {"known": float(work["quantity"]), "value": f"{cells['quantity']:g}"},
            value=f"{cells['quantity']:g}",
        )
