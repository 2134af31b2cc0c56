"""Which lines are listed with their kilometres: one choice for the page of a district, its report and the public site."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geo.display.labels import name_of
from geo.text import mark as _
from geo.text import translate

SHORT_KM: Final = 0.05
"""A line shorter than this would read 0.0."""
NOTE: Final = _("各段与其总项分列，不可相加；* 为图上量得的长度，公布长度不详。")


def plan_lines(
    kilometres: pd.DataFrame, state: pd.DataFrame, district: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines of the plan in a district, or in the whole city, and those that are left out.

    Parameters
    ----------
    kilometres : DataFrame
        As :func:`geo.register.progress.line_progress` gives it.
    state : DataFrame
        ``Register.state`` of the same day, all rows.
    district : str
        A code; empty for all districts together.

    Returns
    -------
    (DataFrame, DataFrame)
        Indexed by ``work_id``, both: ``name_zh, name_en, km_planned, km_open, basis, status``. The second holds the
        lines that do not count for the plan; stretches shorter than :data:`SHORT_KM` are in neither.
    """
    here = kilometres[kilometres["district_code"] == district] if district else kilometres
    how = {
        "name_zh": "first",
        "name_en": "first",
        "km_planned": "sum",
        "km_open": "sum",
        "basis": "first",
        "status": "first",
    }
    sums = here.groupby("work_id", sort=False).agg(how)
    sums = sums[sums["km_planned"] >= SHORT_KM]
    planned = (state.loc[sums.index, "counted"] == "yes").to_numpy(bool)
    return sums[planned], sums[~planned]


def kilometres_text(row: pd.Series[float], name: str) -> str:
    """``7.6``, with a star where the length was measured on the map."""
    return f"{row[name]:,.1f}" + ("*" if name == "km_planned" and str(row["basis"]) == "drawn" else "")


def notes(others: pd.DataFrame, lang: str) -> str:
    """What a reader must know of the table, and what it leaves out."""
    note = translate(NOTE, lang)
    if others.empty:
        return note
    between = ", " if lang == "en" else "、"
    out = translate(_("未列入不计入本计划的线路 {n} 条：{names}。"), lang)
    names = between.join(
        f"{name_of(row, lang)} {kilometres_text(row, 'km_planned')}" for _id, row in others.iterrows()
    )
    return note + (" " if lang == "en" else "") + out.format(n=len(others), names=names)
