"""What an import found: by row and field, what is wrong and the remedy."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from geo.ingest.cells.cell_reading import CellReading
from geo.ingest.cells.header_terms import field_labels
from geo.text import mark as _
from geo.text import translate

_TRANSLATED: Final = ("status", "count")
"""Params whose value is itself a text of the catalogue."""
LEVELS: Final = ("error", "question", "warning")
"""``error``: the row cannot go in. ``question``: a person must say. ``warning``: goes in, with this remark."""
ALIKE_FROM: Final = 4
"""From how many rows on the same remark is one line."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a row, or on the whole file.

    Attributes
    ----------
    row : int or None
        Row of the file as a person counts it; None for the whole file.
    field, column : str
        Field of the register and the file's own header, empty where neither applies.
    level : str
        One of :data:`LEVELS`.
    message, hint, params
        Texts of the catalogue and values of their fields (data, never interpreted).
    value : str
        The cell as given.
    repair : str
        What would be done about it on the person's word; a message id, empty if nothing can be.
    rule : str
        The question of the whole file that this belongs to; empty for a question about this row alone.
    group : str
        Name that a question about this row shares with those of other rows: one answer may hold for all of them.
    subject : str
        The name of what the row is about, as the file has it.
    choices : tuple of (str, str)
        Answers, and what each would make of this row.
    """

    row: int | None
    field: str
    level: str
    message: str
    hint: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    value: str = ""
    column: str = ""
    repair: str = ""
    rule: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    group: str = ""
    subject: str = ""

    def text(self, lang: str = "zh") -> str:
        """Message, repair and hint in ``lang``."""
        parts = [part for part in (self.message, self.repair, self.hint) if part]
        params = {
            key: translate(given, lang) if key in _TRANSLATED else given for key, given in self.params.items()
        }
        return " ".join(translate(part, lang).format(**params) for part in parts)

    def where(self, lang: str = "zh") -> str:
        """Row, its own name and field in words: ``第 12 行“甲村”「竣工日期」``."""
        named = self.column or field_labels(lang).get(self.field, self.field)
        if self.row is None:
            return translate(_("整个文件"), lang)
        text = translate(_("第 {row} 行"), lang).format(row=self.row)
        if self.subject:
            text += f"“{self.subject}”" if lang == "zh" else f" “{self.subject}”"
        return f"{text}「{named}」" if named and lang == "zh" else f"{text} [{named}]" if named else text

    def line(self, lang: str = "zh") -> str:
        """Where and what, as one line."""
        return (
            f"{self.where(lang)}：{self.text(lang)}"
            if lang == "zh"
            else f"{self.where(lang)}: {self.text(lang)}"
        )


def by_kind(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that a reader needs one line for, together.

    A remark that :data:`ALIKE_FROM` rows or more get in one field with the same text is one kind; every other finding stands alone,
    because a person has to do something about it.
    """
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        remark = one.level == "warning" and one.row is not None
        key = (one.field, one.column, one.text()) if remark else (str(len(groups)),)
        groups.setdefault(key, []).append(one)
    return [
        part
        for each in groups.values()
        for part in ([each] if len(each) >= ALIKE_FROM else [[one] for one in each])
    ]


def finding_of(reading: CellReading, row: int, name: str, *, column: str, value: object) -> Finding:
    """The reading of a cell as a finding.

    Parameters
    ----------
    reading : CellReading
    row : int
        Row of the file as a person counts it.
    name : str
        Field of the register.
    column : str
        Header of the file.
    value : any
        The cell as given.

    Returns
    -------
    Finding
    """
    return Finding(
        row,
        name,
        reading.level,
        reading.message,
        reading.hint,
        {"value": str(value)[:80], **{key: _cut(given) for key, given in reading.params.items()}},
        value=str(value)[:200],
        column=column,
        rule=reading.rule,
        choices=reading.choices,
    )


def _cut(value: Any) -> Any:
    return value[:80] + "…" if isinstance(value, str) and len(value) > 81 else value
