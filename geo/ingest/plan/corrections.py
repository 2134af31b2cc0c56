"""Rows that name their work by its id and say otherwise than the register: an export that someone corrected.

Such a file may also simply be old, so nothing of it is taken without a word: one question for the whole file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from geo.display.code_labels import CodeNames, label_of_value
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import records
from geo.ingest.plan.match import metres
from geo.text import mark as _
from geo.values import is_unknown, json_value

RULE: Final = "differs"
TAKE: Final = "file"
"""Answer to the rule: what the file says is a correction."""
LEAVE: Final = "register"
TEXTS: Final = ("name_zh", "name_en", "district_code", "street", "unit", "facility_kind", "year")
MOVED_M: Final = 2.0
"""A place nearer than this to the known one is the same place: systems are converted to and fro within it."""
_CHOICES: Final = ((TAKE, _("按文件更正")), (LEAVE, _("登记不改")))


def differences(cells: Mapping[str, Any], work: Any) -> dict[str, Any]:
    """What a row says otherwise than its work: field -> what the row says; ``lon`` stands for a place that was moved.

    What the row leaves empty, or the register does not know yet, is no difference.
    """
    changes: dict[str, Any] = {}
    for name in (*TEXTS, "quantity"):
        new, old = cells[name], work[name]
        if is_unknown(new) or is_unknown(old) or _same(name, json_value(new), json_value(old)):
            continue
        changes[name] = json_value(new)
    if cells["how"] == "given" and not is_unknown(cells["lon"]) and not is_unknown(work["lon"]):
        here, there = (pd.DataFrame([{"lon": one["lon"], "lat": one["lat"]}]) for one in (cells, work))
        if metres(here, there)[0] >= MOVED_M and float(cells["accuracy_m"]) >= float(work["accuracy_m"]):
            changes["lon"] = cells["lon"]  # a better place is taken as it is
    return changes


def _same(name: str, new: Any, old: Any) -> bool:
    if name == "quantity":
        return abs(float(new) - float(old)) <= 1e-9 * max(1.0, abs(float(old)))
    if name == "district_code":
        return set(str(new).split("|")) == set(str(old).split("|"))
    return str(new).strip() == str(old).strip()


def correction_findings(
    rows: pd.DataFrame, state: pd.DataFrame, rules: Mapping[str, str], names: CodeNames
) -> Iterator[Finding]:
    """Each difference of rows whose ``matched`` work is known by id: a question, or once answered a remark.

    Parameters
    ----------
    rows : DataFrame
        Typed rows of the list, by row of the file.
    state : DataFrame
        ``Register.state`` of the day.
    rules : mapping
        Answers that hold for the whole file.
    names : mapping
        Names of the pack's codes.

    Yields
    ------
    Finding
    """
    answer = rules.get(RULE, "")
    level = "warning" if answer in {TAKE, LEAVE} else "question"
    message = {
        TAKE: _("登记里是“{known}”，这里是“{value}”：按文件更正。"),
        LEAVE: _("登记里是“{known}”，这里是“{value}”：登记不改。"),
    }.get(answer, _("登记里是“{known}”，这里是“{value}”。"))
    for row, cells in records(rows):
        work = state.loc[str(cells["matched"])]
        for name, new in differences(cells, work).items():
            yield Finding(
                row,
                name,
                level,
                message,
                "" if answer else _("文件改过请按文件更正；文件较旧请不改登记。"),
                {"known": _value_text(work, name, names), "value": _value_text(cells, name, names)},
                value=label_of_value(name, new, "zh", names)[:200],
                rule=RULE,
                choices=_CHOICES,
            )


def _value_text(cells: Any, name: str, names: CodeNames) -> str:
    if name == "lon":
        return f"{float(cells['lon']):.6f}, {float(cells['lat']):.6f}"
    if name == "quantity":
        return f"{float(cells['quantity']):g}"
    return label_of_value(name, cells[name], "zh", names)[:80]
