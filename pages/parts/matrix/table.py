"""The table of the matrix: a cell says the share with its range, and the verdict in a sign, a word and a colour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.coverage.matrix import Matrix
from geo.coverage.matrix_table import NOT_COMPUTED
from geo.coverage.verdict import DENOMINATORS, VERDICTS
from geo.errors import AtlasError
from geo.files import get_format, stem_of
from geo.register.indicators import Indicator
from geo.report.matrix_template import templates
from geo.values import is_unknown
from layers.analysis.matrix import (
    matrix_answer,
    matrix_csv,
    matrix_form,
    matrix_gpkg,
    matrix_print,
    matrix_xlsx,
)
from layers.report.report_names import FORMS
from pages.parts.coverage.question import indicator_label
from pages.parts.matrix.question import MatrixChoice
from pages.parts.shell import downloads, html
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, language, t
from pages.parts.shell.waiting import heavy_or_wait

_SIGNS: Final = {"pass": "✓", "fail": "✗", "cannot_tell": "?"}
Shares = dict[tuple[str, str], float]
"""Share of a zone and an indicator, of those that are known."""
_MOST_COLUMNS: Final = 12
"""With more zones than this a zone is a row, and an indicator a column."""


def show_matrix(chosen: MatrixChoice) -> None:
    """The table, what is not computed and why, the notes, and the files."""
    try:
        answer = heavy_or_wait("matrix", matrix_answer, chosen.parameters, language())
    except AtlasError as error:
        st.error(error_text(error))
        return
    if answer is None:
        return
    rows = answer.rounded()
    rows = rows[rows["set"] == chosen.which]
    missing = rows["reasons"] == NOT_COMPUTED
    html.show(
        "matrix.html",
        grid=_grid(rows[~missing], answer.indicators, chosen),
        missing=rows[missing].drop_duplicates("indicator_id")[["indicator", "why"]].to_dict("records"),
        notes=answer.messages(language()),
    )
    _offer_files(chosen, answer)


def _grid(rows: pd.DataFrame, known: Mapping[str, Indicator], chosen: MatrixChoice) -> dict[str, Any]:
    """Heads and cells of the table: indicators down and zones across, or the other way where there are many zones."""
    indicators = {str(key): _indicator_head(known[str(key)]) for key in rows["indicator_id"].unique()}
    zones = {str(code): (str(name), "") for code, name in zip(rows["zone_code"], rows["zone"], strict=True)}
    rows_known = rows[rows["share"].notna()]
    shares: Shares = dict(
        zip(
            zip(rows_known["zone_code"], rows_known["indicator_id"], strict=True),
            rows_known["share"],
            strict=True,
        )
    )
    cells = {
        (str(row["indicator_id"]), str(row["zone_code"])): _cell(
            row, known[str(row["indicator_id"])], chosen, shares
        )
        for row in rows.to_dict("records")
    }
    if len(zones) <= _MOST_COLUMNS:
        lines = [(head, [cells[key, zone] for zone in zones]) for key, head in indicators.items()]
        return {"corner": t("指标"), "heads": list(zones.values()), "lines": lines}
    lines = [(head, [cells[key, zone] for key in indicators]) for zone, head in zones.items()]
    return {"corner": t("分区"), "heads": list(indicators.values()), "lines": lines}


def _indicator_head(indicator: Indicator) -> tuple[str, str]:
    """The indicator with its threshold, and its pass mark."""
    if not indicator.pass_mark:
        return indicator_label(indicator), t("没有已知的达标线")
    of = t(DENOMINATORS[indicator.denominator]) if indicator.denominator else t("分母未写明")
    return indicator_label(indicator), t("达标线 {mark}（{of}）", mark=indicator.pass_mark, of=of)


def _cell(row: dict[Any, Any], indicator: Indicator, chosen: MatrixChoice, shares: Shares) -> dict[str, str]:
    reasons = str(row["reasons"]).split("|")
    no_mark, at_least = "no_mark" in reasons, bool({"incomplete", "unplaced"} & set(reasons))
    is_known = not is_unknown(row["share"])
    short, verdict = row["shortfall"], str(row["verdict"])
    return {
        "share": f"{'≥ ' if at_least else ''}{_percent(row['share'])}" if is_known else "—",
        "range": f"{_percent(row['share_low'])} – {_percent(row['share_high'])}" if is_known else t("不详"),
        "verdict": "none" if no_mark else verdict,
        "sign": "–" if no_mark else _SIGNS[verdict],
        "text": t("无达标线") if no_mark else t(VERDICTS[verdict]),
        "short": _unserved(row, at_least) if no_mark else _shortfall(short, at_least),
        "why": str(row["why"]),
        "address": "" if chosen.own else _address(row, indicator, chosen, shares),
    }


def _address(row: dict[Any, Any], indicator: Indicator, chosen: MatrixChoice, shares: Shares) -> str:
    """The coverage page with this indicator, set and district; of a composite one with the part that
    reaches fewest, of those in the table."""
    shown = indicator.indicator_id
    if indicator.is_composite:
        parts = [part for part in indicator.parts if (row["zone_code"], part) in shares]
        shown = min(parts, key=lambda part: shares[row["zone_code"], part], default=indicator.parts[0])
    elif indicator.is_own:
        return ""
    values = {"ind": shown, "set": chosen.which, "by": chosen.by}
    if row["zone_code"] in atlas().districts.index:
        values["d"] = str(row["zone_code"])
    return html.page_address("coverage", **values, as_of=chosen.as_of.isoformat())


def _unserved(row: dict[Any, Any], at_least: bool) -> str:
    """Where there is no mark, how many residents are not served; at most so many where the share is a lower bound."""
    if is_unknown(row["residents_unserved"]):
        return ""
    number = f"{row['residents_unserved']:,.0f}"
    return t("至多 {n} 人未覆盖", n=number) if at_least else t("{n} 人未覆盖", n=number)


def _shortfall(residents: object, at_least: bool) -> str:
    """How many residents are missing to the mark; at most so many where the share is a lower bound."""
    if is_unknown(residents) or float(str(residents)) <= 0:
        return ""
    n = f"{float(str(residents)):,.0f}"
    return t("至多差 {n} 人", n=n) if at_least else t("差 {n} 人", n=n)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _offer_files(chosen: MatrixChoice, answer: Matrix) -> None:
    lang = language()
    name = f"{stem_of(atlas(), what='matrix')}-{chosen.as_of.isoformat()}"
    for label, kind, make in (
        (t("下载 CSV"), "csv", partial(matrix_csv, answer, lang)),
        (t("下载工作簿（每个指标一张表）"), "xlsx", partial(matrix_xlsx, chosen.parameters, lang)),
        (t("下载 PDF（各设施集的表、定义和来源）"), "pdf", partial(matrix_print, chosen.parameters, lang)),
        (t("下载 GeoPackage（每种设施集一个图层）"), "gpkg", partial(matrix_gpkg, chosen.parameters, lang)),
    ):
        mime = FORMS[kind] if kind in FORMS else get_format(kind).mime
        downloads.offer(downloads.Extra(label, f"{name}.{kind}", mime, make))
    for template in templates().values():
        downloads.offer(
            downloads.Extra(
                t("下载工作簿（{form}）", form=template.name(lang)),
                f"{name}-{template.template_id}.xlsx",
                get_format("xlsx").mime,
                partial(matrix_form, chosen.parameters, template.template_id, lang),
            )
        )
