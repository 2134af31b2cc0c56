"""What becomes of each row: decisions of the person, and the verdict that findings leave it with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import iterate_rows
from geo.ingest.cells.quantity_units import UNIT_RULE
from geo.ingest.plan.list_year import YEAR_RULE
from geo.ingest.plan.row_findings import IMPORT_ROW, SKIP_ROW, TAKE_KNOWN
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.plan.options import Options
    from geo.register.city import Atlas

IMPORT_TERMS: Final = frozenset({IMPORT_ROW, "new", "保留", "新增", "是"})
SKIP_TERMS: Final = frozenset({SKIP_ROW, "跳过", "忽略", "删除", "否"})


def decided_entries(decision: pd.DataFrame | None, decisions: Mapping[int, str]) -> set[int]:
    """Rows that a person said are entries of the list, in the list's own column or on the page."""
    written = (
        {}
        if decision is None
        else {row: str(word).strip() for row, (word,) in iterate_rows(decision, *map(str, decision.columns))}
    )
    answers = written | {int(row): word for row, word in decisions.items()}
    return {row for row, word in answers.items() if word in IMPORT_TERMS}


def with_decisions(
    findings: list[Finding], rows: pd.DataFrame, options: Options, atlas: Atlas
) -> list[Finding]:
    """Questions less those that the person answered for a row; what they named becomes the row's target.

    Parameters
    ----------
    findings : list of Finding
    rows : DataFrame
        Typed and matched rows; gets the column ``skip``.
    options : Options
    atlas : Atlas

    Returns
    -------
    list of Finding
    """
    rows["skip"] = False
    answers = {row: word.strip() for row, (word,) in iterate_rows(rows, "decision") if isinstance(word, str)}
    answers |= {int(row): word for row, word in options.decisions.items() if row in rows.index}
    closed = set()
    for row, word in answers.items():
        if word in SKIP_TERMS:
            rows.at[row, "skip"] = True
        elif word in IMPORT_TERMS or word in atlas.pack.works.index:
            closed.add(row)
            if word not in IMPORT_TERMS:
                rows.at[row, "target"] = word
            elif rows.at[row, "likeness"] == "ask":
                rows.at[row, "target"] = None
        else:
            findings.append(
                Finding(
                    int(row),
                    "decision",
                    "error",
                    _("看不懂决定“{value}”。"),
                    _("可写：保留、跳过，或登记里的项目编号。"),
                    {"value": word[:80]},
                )
            )
    findings = _shared(findings, rows, options.rules, answers)
    return [one for one in findings if not (one.row in closed and one.level == "question" and not one.rule)]


_SHARED_WORDS: Final = frozenset({IMPORT_ROW, SKIP_ROW, TAKE_KNOWN})


def _names_known(finding: Finding) -> bool:
    """Whether the first answer of a question is the known work that its row may be."""
    return finding.choices[0][0] not in IMPORT_TERMS


def _shared(
    findings: list[Finding], rows: pd.DataFrame, rules: Mapping[str, str], answers: Mapping[int, str]
) -> list[Finding]:
    """Less the questions of a group that one answer settles for all its rows; a row's own answer goes first."""
    left = []
    for one in findings:
        word = rules.get(one.group, "") if one.group and one.level == "question" else ""
        row = -1 if one.row is None or one.row in answers else one.row
        if row < 0 or word not in _SHARED_WORDS or (word == TAKE_KNOWN and not _names_known(one)):
            left.append(one)
        elif word == SKIP_ROW:
            rows.at[row, "skip"] = True
        elif word == TAKE_KNOWN:
            rows.at[row, "target"] = one.choices[0][0]
        elif rows.at[row, "likeness"] == "ask":
            rows.at[row, "target"] = None
    return left


def verdicts(rows: pd.DataFrame, findings: list[Finding]) -> pd.Series[Any]:
    """What becomes of each row: ``new``, ``question``, ``rejected``, ``skipped`` or ``blank``."""
    verdict = pd.Series("new", index=rows.index, dtype=object)
    for level, word in (("question", "question"), ("error", "rejected")):
        verdict[[found.row for found in findings if found.level == level and found.row is not None]] = word
    open_rules = {one.rule for one in findings if one.level == "question" and one.row is None}
    concerned = {
        "crs": rows["unread"],
        UNIT_RULE: rows["quantity"].notna(),
        YEAR_RULE: rows["item_id"].notna(),
    }
    for rule in open_rules & concerned.keys():
        verdict[concerned[rule] & (verdict == "new")] = "question"
    verdict[rows["skip"].astype(bool)] = "skipped"
    verdict[rows["blank"]] = "blank"
    return verdict
