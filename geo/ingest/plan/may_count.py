"""Rows that are works which only may belong to their item: does this list say that they do?

The register counts such works beside the item, never in its sum. A list of the item's own projects settles it; any other list that
names them does not. So it is asked, once for the whole file. Rows that name their work by its id are an export of this register, and say
nothing new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import records
from geo.text import mark as _
from geo.values import is_unknown

RULE: Final = "may_count"
COUNT: Final = "count"
"""Answer to the rule: the list is the item's own, so its works count."""
LEAVE: Final = "beside"
_CHOICES: Final = ((COUNT, _("是：计入")), (LEAVE, _("不是：仍另列")))


def may_count(cells: Mapping[str, Any], work: Any) -> bool:
    """Whether a row could make its known work count: the work may belong to the item and the year that the row is of."""
    same_year = is_unknown(cells["year"]) or str(cells["year"]) == str(work["year"])
    return bool(work["counted"] == "probable" and cells["item_id"] == work["item_id"] and same_year)


def counting_findings(rows: pd.DataFrame, state: pd.DataFrame, rules: Mapping[str, str]) -> Iterator[Finding]:
    """Each row of :func:`may_count`: a question, or once answered a remark.

    Parameters
    ----------
    rows : DataFrame
        Typed rows whose ``matched`` work is known.
    state : DataFrame
        ``Register.state`` of the day.
    rules : mapping
        Answers that hold for the whole file.

    Yields
    ------
    Finding
    """
    answer = rules.get(RULE, "")
    message = {
        COUNT: _("登记里“{known}”只是可能属于条目 {item}：按这份名单计入。"),
        LEAVE: _("登记里“{known}”只是可能属于条目 {item}：仍另列，不计入。"),
    }.get(answer, _("登记里“{known}”只是可能属于条目 {item}。这份名单就是该条目的项目清单吗？"))
    for row, cells in records(rows):
        work = state.loc[str(cells["matched"])]
        if may_count(cells, work):
            yield Finding(
                row,
                "item_id",
                "warning" if answer in {COUNT, LEAVE} else "question",
                message,
                "" if answer else _("是主管部门公布的条目清单就计入；别的名单只是提到它，请不计入。"),
                {"known": str(work["name_zh"]), "item": str(work["item_id"])},
                value=str(cells["name_zh"]),
                rule=RULE,
                choices=_CHOICES,
            )
