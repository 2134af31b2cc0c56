"""Coverage in a report: every indicator that the known facilities can answer, with low and high."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.coverage.answer import Coverage
from geo.coverage.answer_notes import facts_dates, note_texts, weaker_notes
from geo.coverage.demand import modelled_demand
from geo.coverage.question import answer_coverage, read_question
from geo.coverage.reach import straight_metres
from geo.display.labels import reach_label
from geo.register.city import Atlas
from geo.register.completeness import is_complete
from geo.register.facilities import facility_set, kind_counts
from geo.register.indicators import Indicator, load_indicators
from geo.report.model import Block, Cell, Column, Table, Text
from geo.text import mark as _
from geo.text import translate

if TYPE_CHECKING:
    from geo.report.request import ReportRequest


@lru_cache(maxsize=256)
def _answer(atlas: Atlas, indicator: Indicator, as_of: date, lang: str) -> Coverage:
    """Coverage of all districts by what stood on a day; kept, because eight reports ask the same."""
    parameters = {
        "kind": "|".join(indicator.kinds),
        "radius": str(straight_metres(indicator)),
        "as_of": as_of.isoformat(),
    }
    return answer_coverage(atlas, read_question(atlas, parameters), modelled_demand(atlas), lang=lang)


def computable_indicators(atlas: Atlas) -> list[Indicator]:
    """Indicators that can be computed from facilities the register knows."""
    known = set(kind_counts(atlas.register).index)
    rows = load_indicators(atlas.pack.root).values()
    return [row for row in rows if row.computable and known & set(row.kinds)]


def _complete(atlas: Atlas, indicator: Indicator) -> bool:
    """Whether the register claims to know every facility of these kinds, so that none means none."""
    return is_complete(atlas.register, indicator.kinds)


def blocks(atlas: Atlas, request: ReportRequest) -> list[Block]:
    """The table of indicators."""
    lang = request.lang
    code = request.district or atlas.city.code
    cells = []
    for indicator in computable_indicators(atlas):
        table = _answer(atlas, indicator, request.as_of, lang).table
        row = pd.Series(table.loc[code])
        if not (row["facilities_placed"] or _complete(atlas, indicator)):
            row = row.where(~row.index.str.startswith("share_"), np.nan)  # nothing placed here says nothing
        cells.append(
            (
                Cell(
                    indicator.name_zh if lang == "zh" else indicator.name_en,
                    small=_threshold_text(indicator, lang)
                    + _facts_date(atlas, indicator, request.as_of, lang),
                ),
                *_interval(row, "share_area"),
                *_interval(row, "share_residents", ("_least", "_most")),
                Cell(f"{int(row['facilities_placed'])}/{int(row['facilities_known'])}"),
            )
        )
    heads = (
        Column(translate(_("指标"), lang), 4.2),
        Column(translate(_("陆地"), lang), 1.1, "right"),
        Column(translate(_("肯定 – 可能"), lang), 1.9, "right"),
        Column(translate(_("居民（模型估算）"), lang), 1.2, "right"),
        Column(translate(_("两种模型"), lang), 1.9, "right"),
        Column(translate(_("有位置/已知"), lang), 1.2, "right"),
    )
    note = translate(
        _(
            "截至该日已有设施的覆盖率。没有位置的设施不计，是下限；本区没有一处有位置的，不给数（—）：那说明资料不足，不说明缺设施。"
        ),
        lang,
    )
    lines = [Text(note, quiet=True), *(Text(text, quiet=True) for text in _models(atlas, lang))]
    return [*lines, Table(heads, tuple(cells), translate(_("没有可计算的指标。"), lang))]


def _models(atlas: Atlas, lang: str) -> list[str]:
    """How residents are modelled, and that the second interval holds both models."""
    demand = modelled_demand(atlas)
    notes = [(demand.label, demand.inputs), *weaker_notes(atlas, demand)]
    if demand.second_kind:
        notes.append(
            (
                _(
                    "居民的区间是两种模型（模型估算与均匀分布）连同位置误差的最小与最大；宜看 1 公里以上的份额。"
                ),
                {},
            )
        )
    return note_texts(notes, lang)


def _interval(row: pd.Series[Any], name: str, ends: tuple[str, str] = ("_low", "_high")) -> tuple[Cell, Cell]:
    low, middle, high = (row.get(f"{name}{end}") for end in (ends[0], "", ends[1]))
    if middle is None or pd.isna(middle):
        return Cell("—"), Cell("—")
    return Cell(_percent(middle)), Cell(f"{_percent(low)} – {_percent(high)}")


def _percent(share: Any) -> str:
    return f"{100 * float(share):.1f}%"


def _facts_date(atlas: Atlas, indicator: Indicator, as_of: date, lang: str) -> str:
    """As of when most of the facilities without an opening day are known, if their source says."""
    dates = facts_dates(atlas, facility_set(atlas.register, indicator.kinds, "as_of", as_of))
    if not dates:
        return ""
    return translate(_("（设施资料截至 {day}）"), lang).format(day=max(dates, key=lambda day: dates[day]))


def _threshold_text(indicator: Indicator, lang: str) -> str:
    distance = translate(_("{n} 米"), lang).format(n=f"{straight_metres(indicator):.0f}")
    if indicator.threshold_min and not indicator.threshold_m:
        about = translate(_("{reach}，按直线 {m} 米近似"), lang)
        distance = about.format(reach=reach_label(indicator, lang), m=f"{straight_metres(indicator):.0f}")
    checked = "" if indicator.checked else translate(_("（阈值未核对标准）"), lang)
    return f"{distance}{checked}"
