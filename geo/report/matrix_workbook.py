"""The matrix as a workbook: a cover with what was asked, definitions and sources, then one sheet an indicator."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Final

import pandas as pd

from geo.coverage.matrix import Matrix
from geo.coverage.verdict import DENOMINATORS, REASONS, VERDICTS
from geo.coverage.zone_set import PROBLEMS
from geo.display.labels import reach_label
from geo.files.sheet_writer import SheetWriter, new_book
from geo.register.city import Atlas
from geo.register.indicators import Indicator, load_indicators
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import SET_LABELS

LABELS: Final = {
    "zone": _("分区"),
    "indicator": _("指标"),
    "set": _("设施集"),
    "denominator": _("分母"),
    "share_low": _("份额，肯定"),
    "share": _("份额"),
    "share_high": _("份额，可能"),
    "pass_mark": _("达标线"),
    "verdict": _("结论"),
    "why": _("说明"),
    "residents": _("居民（模型估算）"),
    "residents_served": _("覆盖居民"),
    "residents_unserved": _("未覆盖居民"),
    "shortfall_low": _("离达标还差（人），至少"),
    "shortfall": _("离达标还差（人）"),
    "shortfall_high": _("离达标还差（人），至多"),
    "facilities_known": _("已知设施"),
    "facilities_placed": _("有位置的设施"),
    "facilities_unplaced": _("可能在此、没有位置的设施"),
    "facts_as_of": _("设施资料截至"),
}
"""Columns of the tables that people read, in their order; ``zone_code`` and the other keys are for programs."""
JUDGED: Final = _(
    "达标：份额的下端也达到达标线；不达标：上端也达不到，且没有缺位置的设施；二者都只在登记说明这里的设施齐全时给出，"
    "否则不能判断。份额的区间包含设施位置误差；按居民时同时包含两种居民模型。"
)
_SHEET: Final = tuple(name for name in LABELS if name != "indicator")


def readable(matrix: Matrix, lang: str) -> pd.DataFrame:
    """The table with words for codes, in ``lang``; shares in percent, residents whole."""
    frame = matrix.rounded()
    shares = [name for name in frame.columns if name.startswith("share")]
    people = [name for name in frame.columns if name.startswith(("residents", "shortfall"))]
    frame[shares] = (100 * frame[shares]).round(1)
    frame[people] = frame[people].round()
    for name, names in (("set", SET_LABELS), ("verdict", VERDICTS), ("denominator", DENOMINATORS)):
        frame[name] = [translate(names[key], lang) if key in names else "" for key in frame[name]]
    return frame


def headers(lang: str) -> dict[str, str]:
    """Column -> header in ``lang``; shares are in percent."""
    ending = {name: " (%)" if name.startswith("share") else "" for name in LABELS}
    return {name: translate(text, lang) + ending[name] for name, text in LABELS.items()}


def matrix_workbook(atlas: Atlas, matrix: Matrix, lang: str) -> bytes:
    """The workbook as bytes (XLSX); the same matrix gives the same bytes.

    Parameters
    ----------
    atlas : Atlas
    matrix : Matrix
    lang : str
        ``zh`` or ``en``; the matrix is in the same.

    Returns
    -------
    bytes
    """
    stream = BytesIO()
    title = translate(_("{city}指标矩阵"), lang).format(city=atlas.city.name(lang))
    day = date.fromisoformat(matrix.inputs["as_of"])
    licence = f"{atlas.city.licence.label}; {atlas.city.credit_line(lang)}"
    book = new_book(stream, title=title, subject=day.isoformat(), comments=licence, day=day)
    writer = SheetWriter(book)
    writer.facts(translate(_("封面"), lang), [(title, day.isoformat()), *_cover(matrix, lang, licence)])
    frame, named = readable(matrix, lang), headers(lang)
    for key, part in frame.groupby("indicator_id", sort=False):
        writer.table(str(key)[:31], part[list(_SHEET)], named, freeze=2)
    used = [matrix.indicators[str(key)] for key in frame["indicator_id"].unique()]
    writer.table(translate(_("指标的定义"), lang), *_definitions(atlas, used, lang), freeze=2)
    writer.table(translate(_("来源"), lang), *_sources(atlas, used, lang), freeze=1)
    book.close()
    return stream.getvalue()


def _cover(matrix: Matrix, lang: str, licence: str) -> list[tuple[str, str]]:
    asked = [(str(name), str(value)) for name, value in matrix.inputs.items() if value is not None]
    notes = [(translate(_("说明"), lang), text) for text in matrix.messages(lang)]
    rule = translate(JUDGED, lang)
    words = [(translate(VERDICTS[key], lang), translate(text, lang)) for key, text in _MEANINGS.items()]
    reasons = [(key, translate(text, lang)) for key, text in (REASONS | PROBLEMS).items()]
    blank = ("", "")
    head = [(translate(_("许可与署名"), lang), licence), (translate(_("怎么判断"), lang), rule)]
    return [*head, blank, *asked, blank, *notes, blank, *words, blank, *reasons]


_MEANINGS: Final = {
    "pass": _("区间的下端达到达标线"),
    "fail": _("区间的上端达不到达标线"),
    "cannot_tell": _("没有达标线、区间跨过达标线、设施不齐全，或算不出"),
}


def _definitions(atlas: Atlas, used: list[Indicator], lang: str) -> tuple[pd.DataFrame, dict[str, str]]:
    kinds, known = atlas.names("kinds", lang), load_indicators(atlas.pack.root)
    columns = {
        "indicator_id": translate(_("编号"), lang),
        "name": translate(_("名称"), lang),
        "kinds": translate(_("设施类型"), lang),
        "reach": translate(_("半径或时间"), lang),
        "parts": translate(_("单项"), lang),
        "denominator": translate(_("分母"), lang),
        "pass_mark": translate(_("达标线"), lang),
        "standard": translate(_("标准"), lang),
        "checked": translate(_("已在标准文本中核对"), lang),
        "note": translate(_("说明"), lang),
    }
    rows = [
        {
            "indicator_id": row.indicator_id,
            "name": row.name(lang),
            "kinds": "、".join(kinds.get(kind, kind) for kind in row.kinds),
            "reach": reach_label(row, lang),
            "parts": "、".join(known[part].name(lang) for part in row.parts),
            "denominator": translate(DENOMINATORS[row.denominator], lang) if row.denominator else "",
            "pass_mark": row.pass_mark,
            "standard": f"{row.standard} {row.clause}".strip(),
            "checked": translate(_("是") if row.checked else _("否"), lang),
            "note": row.note(lang),
        }
        for row in used
    ]
    return pd.DataFrame(rows, columns=list(columns)), columns


def source_ids(atlas: Atlas, used: list[Indicator]) -> set[str]:
    """Sources of the facilities of indicators: of what stood before, and of the works."""
    kinds = {kind for row in used for kind in row.kinds}
    facilities, works = atlas.register.facilities, atlas.pack.works
    return {
        *facilities.loc[facilities["kind"].isin(kinds), "source_id"].dropna(),
        *works.loc[works["facility_kind"].isin(kinds), "source_id"].dropna(),
    }


def _sources(atlas: Atlas, used: list[Indicator], lang: str) -> tuple[pd.DataFrame, dict[str, str]]:
    ids = source_ids(atlas, used)
    named = {
        "source_id": translate(_("来源编号"), lang),
        "title": translate(_("标题"), lang),
        "publisher": translate(_("发布者"), lang),
        "published": translate(_("发布日期"), lang),
        "url": translate(_("网址"), lang),
        "licence": translate(_("许可与署名"), lang),
    }
    sources = atlas.pack.sources
    return sources.loc[sources["source_id"].isin(ids), list(named)], named
