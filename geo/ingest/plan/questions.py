"""What an import asks, each thing once: questions of the whole file, and questions of rows that share one answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from geo.ingest.cells.findings import Finding
from geo.ingest.plan.row_findings import ROW_CHOICES, TAKE_KNOWN
from geo.text import mark as _

_KNOWN_GROUP: Final = "likely"
_ALL_KNOWN: Final = (TAKE_KNOWN, _("都认作相像的已有项目"))


@dataclass(frozen=True)
class RowQuestion:
    """A question that several rows may ask.

    Attributes
    ----------
    group : str
        Name of the question; an answer of :attr:`choices` may be given for all its rows under it.
    findings : tuple of Finding
        One for each row that asks, in the order of the file.
    """

    group: str
    findings: tuple[Finding, ...]

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Answers that hold for all its rows."""
        return (*ROW_CHOICES, _ALL_KNOWN) if self.group == _KNOWN_GROUP else ROW_CHOICES


def whole_questions(findings: Iterable[Finding]) -> tuple[tuple[Finding, int], ...]:
    """What must be answered for the whole file, and what can be mended in all rows by one answer.

    Returns
    -------
    tuple of (Finding, int)
        An example of each, and how many cells ask it.
    """
    first: dict[str, Finding] = {}
    counts: dict[str, int] = {}
    for found in findings:
        if found.rule and found.choices and found.level in {"question", "error"}:
            first.setdefault(found.rule, found)
            counts[found.rule] = counts.get(found.rule, 0) + 1
    return tuple((found, counts[rule]) for rule, found in first.items())


def row_questions(findings: Iterable[Finding]) -> tuple[RowQuestion, ...]:
    """Questions about single rows, those that one answer may settle together."""
    groups: dict[str, list[Finding]] = {}
    for found in findings:
        if found.level == "question" and not found.rule:
            groups.setdefault(found.group, []).append(found)
    return tuple(RowQuestion(group, tuple(each)) for group, each in groups.items())
