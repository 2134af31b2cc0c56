"""Rows that name their work or facility by its id and say otherwise than the register: an export that someone corrected.

Such a file may also simply be old, so nothing of it is taken without a word: one question for the whole file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from geo.display.code_labels import CodeNames, label_of_value
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import records
from geo.ingest.plan.match import metres_between
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
    changes = changed_fields({name: cells[name] for name in (*TEXTS, "quantity")}, work)
    return changes | moved_place(cells, work)


def changed_fields(brought: Mapping[str, Any], known: Any) -> dict[str, Any]:
    """Fields of which both sides know something, and not the same: what is brought."""
    return {
        name: json_value(new)
        for name, new in brought.items()
        if not (
            is_unknown(new)
            or is_unknown(known[name])
            or _same(name, json_value(new), json_value(known[name]))
        )
    }


def moved_place(cells: Mapping[str, Any], work: Any) -> dict[str, Any]:
    """``lon`` where a row gives another place that is no better than the known one: a better one is taken without a question."""
    if cells["how"] != "given" or is_unknown(cells["lon"]) or is_unknown(work["lon"]):
        return {}
    if metres_between(cells, work) >= MOVED_M and float(cells["accuracy_m"]) >= float(work["accuracy_m"]):
        return {"lon": cells["lon"]}
    return {}


def _same(name: str, new: Any, old: Any) -> bool:
    if isinstance(new, int | float) and isinstance(old, int | float):
        return abs(float(new) - float(old)) <= 1e-9 * max(1.0, abs(float(old)))
    if name == "district_code":
        return set(str(new).split("|")) == set(str(old).split("|"))
    return str(new).strip() == str(old).strip()


def is_correction(rules: Mapping[str, str]) -> bool:
    """Whether the person said that what the file says otherwise is a correction."""
    return rules.get(RULE) == TAKE


def correction_findings(
    rows: pd.DataFrame,
    state: pd.DataFrame,
    rules: Mapping[str, str],
    names: CodeNames,
    differ: Callable[[Mapping[str, Any], Any], Mapping[str, Any]] = differences,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Finding]:
    """Each difference of rows whose ``matched`` work or facility is known by id: a question, or once answered a remark.

    Parameters
    ----------
    rows : DataFrame
        Typed rows of the list, by row of the file.
    state : DataFrame
        ``Register.state`` of the day, or ``Register.facilities``.
    rules : mapping
        Answers that hold for the whole file.
    names : mapping
        Names of the pack's codes.
    differ : callable
        What a row says otherwise than a row of ``state``.
    fields : mapping
        Field of ``state`` -> the list's word for it, where that is another.

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
        for name, new in differ(cells, work).items():
            value = _value_text(cells, name, names) if name == "lon" else _text(name, new, names)
            yield Finding(
                row,
                fields.get(name, name),
                level,
                message,
                "" if answer else _("文件改过请按文件更正；文件较旧请不改登记。"),
                {"known": _value_text(work, name, names), "value": value},
                value=label_of_value(name, new, "zh", names)[:200],
                rule=RULE,
                choices=_CHOICES,
            )


def _value_text(cells: Any, name: str, names: CodeNames) -> str:
    if name == "lon":
        return f"{float(cells['lon']):.6f}, {float(cells['lat']):.6f}"
    return _text(name, cells[name], names)


def _text(name: str, value: Any, names: CodeNames) -> str:
    if isinstance(value, int | float):
        return f"{float(value):g}"
    return label_of_value(name, value, "zh", names)[:80]
