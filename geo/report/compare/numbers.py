"""What there is of each district on a day: works, kilometres, residents. Measures are made of these columns and of no others."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from geo.register.amounts import top_works
from geo.register.city import Atlas
from geo.register.progress import in_district, line_progress
from geo.register.work_counts import work_counts
from geo.vocabulary import UNKNOWN

LOW: Final = "_low"
HIGH: Final = "_high"
_OF_WORKS: Final = ["kind", "parent_id", "counted", "district_code", "placed", "done", "status"]
"""What of a state the numbers of works follow from."""


def district_numbers(atlas: Atlas, as_of: date) -> pd.DataFrame:
    """Amounts by district, each with the least and the most that the records leave open.

    Parameters
    ----------
    atlas : Atlas
    as_of : date
        The day of the state.

    Returns
    -------
    DataFrame
        By district code: ``named, placed, silent, done, km_planned, km_open`` with ``<name>_low`` and ``<name>_high``, and
        ``residents``. Works are counted by :func:`geo.register.work_counts.work_counts`, in every district they touch; kilometres are
        shared by length. ``done_low`` is confirmed; ``done_high`` counts as done every work without any record of progress, too, and
        so does ``km_open_high``.
    """
    state = atlas.register.state(as_of)
    works = top_works(state[_OF_WORKS])
    kilometres = _kilometres(line_progress(atlas.register, atlas.line_shares, as_of), state)
    rows: dict[str, dict[str, float]] = {}
    for code, district in atlas.districts.iterrows():
        counts = work_counts(works[in_district(works, str(code))])
        rows[str(code)] = {
            **_exact("named", counts.works),
            **_exact("placed", counts.placed),
            **_exact("silent", counts.silent),
            **_range("done", counts.done, counts.done + counts.silent),
            **kilometres.get(str(code), {**_exact("km_planned", 0.0), **_range("km_open", 0.0, 0.0)}),
            "residents": float(district["residents_2020"]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _exact(name: str, value: float) -> dict[str, float]:
    return {name: value, f"{name}{LOW}": value, f"{name}{HIGH}": value}


def _range(name: str, low: float, high: float) -> dict[str, float]:
    return {name: low, f"{name}{LOW}": low, f"{name}{HIGH}": high}


def _kilometres(lines: pd.DataFrame, state: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Kilometres by district of the plan's lines; a section counts where the whole has no line of its own, never beside it."""
    if lines.empty:
        return {}
    mine = lines.join(state[["counted", "parent_id", "kind"]], on="work_id")
    mine = mine[(mine["counted"] == "yes") & (mine["district_code"] != "")]
    whole = mine["parent_id"].isna()
    kept = mine[whole | ~mine["parent_id"].isin(mine.loc[whole, "work_id"])]
    silent = kept["km_planned"].where(kept["status"] == UNKNOWN, 0.0)
    sums = kept.assign(most=kept["km_open"] + silent).groupby("district_code")[
        ["km_planned", "km_open", "most"]
    ]
    return {
        str(code): {**_exact("km_planned", planned), **_range("km_open", is_open, most)}
        for code, planned, is_open, most in sums.sum().itertuples()
    }
