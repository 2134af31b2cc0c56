"""Workbooks over the matrix in the forms that planners hand in: a city check-up, complete communities.

A form is rows of ``matrix_templates.csv``: which indicators it has, under which heads. Nobody has checked the forms against the texts of
the programmes they follow, and each workbook says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import pandas as pd

from geo.coverage.matrix import Matrix
from geo.coverage.verdict import VERDICTS
from geo.display.labels import reach_label
from geo.errors import UnknownIdError
from geo.files.sheet_writer import SheetWriter, new_book
from geo.register.city import Atlas
from geo.report.matrix_workbook import JUDGED, readable
from geo.text import mark as _
from geo.text import translate
from geo.text_tables import read_texts
from geo.vocabulary import SET_LABELS

_UNCHECKED: Final = _(
    "表式和分类仿照通行的做法编排，没有与任何文件的原文核对；达标线是否核对过，见明细表。登记不齐全的设施不作结论。"
)
_DETAIL: Final = {
    "section": _("类别"),
    "indicator": _("指标"),
    "reach": _("半径或时间"),
    "zone": _("分区"),
    "set": _("设施集"),
    "share_low": _("份额，肯定"),
    "share": _("份额"),
    "share_high": _("份额，可能"),
    "pass_mark": _("达标线"),
    "checked": _("已在标准文本中核对"),
    "verdict": _("结论"),
    "shortfall": _("离达标还差（人）"),
    "why": _("说明"),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A form: its name, and the indicators with the head of each, in order."""

    template_id: str
    name_zh: str
    name_en: str
    rows: tuple[tuple[str, str, str], ...]
    """Indicator, head in Chinese, head in English."""

    def name(self, lang: str) -> str:
        """Its name in ``lang``."""
        return self.name_zh if lang == "zh" else self.name_en


@cache
def templates() -> dict[str, Template]:
    """The forms by id, in the order of the table."""
    frame = read_texts(Path(__file__).with_name("matrix_templates.csv"))
    return {
        str(key): Template(
            str(key),
            str(rows["name_zh"].iloc[0]),
            str(rows["name_en"].iloc[0]),
            tuple(zip(rows["indicator_id"], rows["section_zh"], rows["section_en"], strict=True)),
        )
        for key, rows in frame.groupby("template", sort=False)
    }


def find_template(template_id: str) -> Template:
    """The form with that id; ``UnknownIdError`` lists those that there are."""
    if template_id not in templates():
        raise UnknownIdError(
            _("没有表式 {name}。"),
            hint=_("可用：{known}。"),
            name=template_id[:40],
            known="、".join(templates()),
        )
    return templates()[template_id]


def template_workbook(atlas: Atlas, matrix: Matrix, template_id: str, lang: str) -> bytes:
    """The workbook as bytes (XLSX): a cover, one row a zone, and every figure with its reason.

    Parameters
    ----------
    atlas : Atlas
    matrix : Matrix
        Of all indicators of the form; what it lacks is listed on the cover.
    template_id : str
    lang : str
        ``zh`` or ``en``; the matrix is in the same.

    Returns
    -------
    bytes

    Raises
    ------
    UnknownIdError
        No such form.
    """
    template = find_template(template_id)
    stream = BytesIO()
    title = translate(_("{city}指标表（{form}）"), lang).format(
        city=atlas.city.name(lang), form=template.name(lang)
    )
    day = date.fromisoformat(matrix.inputs["as_of"])
    licence = f"{atlas.city.licence.label}; {atlas.city.credit_line(lang)}"
    writer = SheetWriter(new_book(stream, title=title, subject=day.isoformat(), comments=licence, day=day))
    known = [row for row in template.rows if row[0] in matrix.indicators]
    writer.facts(translate(_("封面"), lang), _cover(title, matrix, template, licence, lang))
    detail = _detail(matrix, known, lang)
    writer.table(translate(_("各分区"), lang), *_zones(detail, matrix, known, lang), freeze=1)
    heads = {name: translate(text, lang) for name, text in _DETAIL.items()}
    writer.table(translate(_("明细"), lang), detail[list(_DETAIL)], heads, freeze=2)
    writer.book.close()
    return stream.getvalue()


def _cover(title: str, matrix: Matrix, template: Template, licence: str, lang: str) -> list[tuple[str, str]]:
    missing = [key for key, _zh, _en in template.rows if key not in matrix.indicators]
    notes = [(translate(_("说明"), lang), text) for text in matrix.messages(lang)]
    return [
        (title, matrix.inputs["as_of"]),
        (translate(_("表式"), lang), translate(_UNCHECKED, lang)),
        (translate(_("怎么判断"), lang), translate(JUDGED, lang)),
        *([(translate(_("指标表里没有的"), lang), "、".join(missing))] if missing else []),
        *notes,
        (translate(_("许可与署名"), lang), licence),
    ]


def _detail(matrix: Matrix, rows: Sequence[tuple[str, str, str]], lang: str) -> pd.DataFrame:
    """Every figure of the form's indicators, in the form's order, with words for codes."""
    frame = readable(matrix, lang)
    parts = []
    for key, zh, en in rows:
        indicator = matrix.indicators[key]
        mine = frame[frame["indicator_id"] == key]
        checked = translate(_("是") if indicator.checked else _("否"), lang)
        parts.append(
            mine.assign(
                section=zh if lang == "zh" else en, reach=reach_label(indicator, lang), checked=checked
            )
        )
    return pd.concat(parts, ignore_index=True)


def _zones(
    detail: pd.DataFrame, matrix: Matrix, rows: Sequence[tuple[str, str, str]], lang: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """A row a zone: the share of each indicator now (or of the one set that was asked), and how many it meets, fails, and leaves open."""
    sets = matrix.table["set"].unique()
    shown = translate(SET_LABELS["as_of" if "as_of" in sets else str(sets[0])], lang)
    now = detail[detail["set"] == shown]
    wide = now.pivot_table("share", "zone", "indicator_id", "first").reindex(
        index=now["zone"].unique(), columns=[key for key, _zh, _en in rows]
    )
    table = wide.reset_index()
    heads = {"zone": translate(_("分区"), lang)} | {
        key: f"{matrix.indicators[key].name(lang)} (%)" for key, _zh, _en in rows
    }
    for word, text in VERDICTS.items():
        label = translate(text, lang)
        counts = now[now["verdict"] == label].groupby("zone").size()
        table[word] = table["zone"].map(counts).fillna(0).astype(int)
        heads[word] = label
    return table, heads
