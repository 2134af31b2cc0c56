"""Indicators as data: rows of ``indicators.csv`` that a planner can add, used everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import pandas as pd

from geo.errors import DataError, ParameterError, UnknownIdError
from geo.text import mark as _
from geo.text_tables import read_city_table
from geo.values import is_number, read_number

OWN: Final = "own"
"""``evidence`` of an indicator that a person wrote for one question."""
_MARK: Final = re.compile(r"(>=|>)\s*(\d+(?:\.\d+)?)\s*%")


@dataclass(frozen=True, slots=True)
class PassMark:
    """From which share on an indicator is met.

    Attributes
    ----------
    share : float
        0 to 1.
    strict : bool
        Whether the share must be greater, and not only as great.
    """

    share: float
    strict: bool

    def met_by(self, share: float) -> bool:
        """Whether a share meets the mark."""
        return share > self.share if self.strict else share >= self.share


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. Its threshold is a standard's only where ``checked`` is true; else it is custom, unconfirmed.

    Attributes
    ----------
    indicator_id, name_zh, name_en : str
    kinds : tuple of str
        Facility kinds of ``kinds.csv``; empty where it is not about the distance to facilities.
    reach : str
        ``straight``, ``walk``, ``cycle``, ``drive``; ``all`` or ``any`` of its parts; or empty.
    threshold_m, threshold_min : float or None
        Metres, or minutes along streets.
    denominator, pass_mark, standard, clause, evidence, note_zh, note_en : str
    checked : bool
        Whether the threshold was seen in a text on the standard.
    parts : tuple of str
        Ids of the single indicators that a composite one joins: its ``kinds`` are those of all of them.
    """

    indicator_id: str
    name_zh: str
    name_en: str
    kinds: tuple[str, ...]
    reach: str
    threshold_m: float | None
    threshold_min: float | None
    denominator: str
    pass_mark: str
    standard: str
    clause: str
    checked: bool
    evidence: str
    note_zh: str
    note_en: str
    parts: tuple[str, ...] = ()

    @property
    def computable(self) -> bool:
        """Whether coverage can answer it alone: facilities, and a distance or a time."""
        return bool(self.kinds) and self.reach in ("straight", "walk", "cycle", "drive")

    @property
    def is_composite(self) -> bool:
        """Whether it is a rule over single indicators: all of them must reach a place, or any."""
        return bool(self.parts)

    @property
    def is_own(self) -> bool:
        """Whether a person wrote it for one question, and no pack has it."""
        return self.evidence == OWN

    @property
    def mark(self) -> PassMark | None:
        """The pass mark as one share; None where there is none, or where it differs by the class of a city."""
        one = _MARK.fullmatch(self.pass_mark)
        return PassMark(float(one[2]) / 100, one[1] == ">") if one else None

    def name(self, lang: str) -> str:
        """Its name in ``lang``."""
        return self.name_zh if lang == "zh" else self.name_en

    def note(self, lang: str) -> str:
        """What is missing to compute it, or not confirmed of it, in ``lang``; empty for nothing."""
        return self.note_zh if lang == "zh" else self.note_en


_COLUMNS: Final = tuple(
    "facility_kinds" if field.name == "kinds" else field.name
    for field in fields(Indicator)
    if field.name != "parts"
)
RULES: Final = ("all", "any")
"""``reach`` of a composite indicator: a place counts where all of its parts reach it, or any of them does."""


@lru_cache(maxsize=4)
def load_indicators(root: Path) -> dict[str, Indicator]:
    """The rows of ``root/indicators.csv`` by id; ``DataError`` names the row that cannot be read."""
    rows = indicator_rows(root).to_dict("records")
    found = [_indicator({str(name): cell for name, cell in row.items()}, n) for n, row in enumerate(rows, 1)]
    single = {row.indicator_id: row for row in found if not row.is_composite}
    return {row.indicator_id: joined(row, single) if row.is_composite else row for row in found}


def joined(row: Indicator, single: Mapping[str, Indicator]) -> Indicator:
    """A composite indicator with the kinds of its parts.

    Parameters
    ----------
    row : Indicator
        With its ``parts``.
    single : mapping of str to Indicator
        What may be a part, by id.

    Returns
    -------
    Indicator

    Raises
    ------
    DataError
        A part that is no indicator about the distance to facilities, or a rule other than :data:`RULES`.
    """
    wrong = [part for part in row.parts if part not in single or not single[part].computable]
    if wrong or row.reach not in RULES:
        raise DataError(
            _("合成指标“{name}”写得不对：{value}。"),
            hint=_("各部分应是能由设施距离算出的单项指标，规则应是 all 或 any。"),
            name=row.name_zh,
            value="、".join(wrong) or row.reach,
        )
    kinds = dict.fromkeys(kind for part in row.parts for kind in single[part].kinds)
    return replace(row, kinds=tuple(kinds))


def indicator_rows(root: Path) -> pd.DataFrame:
    """The table ``root/indicators.csv`` as it is written; ``DataError`` where it is missing or lacks columns."""
    return read_city_table(root, "indicators.csv", _COLUMNS)


def get_indicator(root: Path, indicator_id: str) -> Indicator:
    """One computable indicator; errors say what exists, or why it cannot be computed."""
    indicators = load_indicators(root)
    if indicator_id not in indicators:
        usable = "、".join(key for key, row in indicators.items() if row.computable)
        raise UnknownIdError(
            _("没有指标 {indicator}。"), hint=_("可用：{usable}。"), indicator=indicator_id, usable=usable
        )
    row = indicators[indicator_id]
    if not row.computable:
        raise ParameterError(
            _("指标“{name}”不能由设施距离算出：{why}"), name=row.name_zh, why=row.note_zh or "—"
        )
    return row


def _indicator(row: dict[str, str], number: int) -> Indicator:
    return Indicator(
        indicator_id=row["indicator_id"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kinds=tuple(kind for kind in row["facility_kinds"].split("|") if kind),
        reach=row["reach"],
        threshold_m=_number(row["threshold_m"], number),
        threshold_min=_number(row["threshold_min"], number),
        denominator=row["denominator"],
        pass_mark=row["pass_mark"],
        standard=row["standard"],
        clause=row["clause"],
        checked=row["checked"] == "true",
        evidence=row["evidence"],
        note_zh=row["note_zh"],
        note_en=row["note_en"],
        parts=tuple(part for part in row.get("parts", "").split("|") if part),
    )


def _number(text: str, row: int) -> float | None:
    if not text:
        return None
    value = read_number(text) if is_number(text) else 0.0
    if value <= 0:
        raise DataError(
            _("指标表第 {row} 行的阈值“{value}”不是正数。"),
            hint=_("请改正或留空。"),
            row=row,
            value=text[:40],
        )
    return value
