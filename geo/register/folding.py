"""The parts of a state: fields as they were corrected, what sections make of their work, places, last numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo.vocabulary import CERTAINTIES, COMPLETED, EXACT_LIMIT_M, STAGES, STARTED, UNKNOWN

Change = tuple[date, str, dict[str, Any]]
"""What was learnt of a work's fields: the day, the work, field -> new value."""


def corrected(works: pd.DataFrame, changes: list[Change], as_of: date) -> pd.DataFrame:
    """Works with what was learnt of their fields up to a day.

    Parameters
    ----------
    works : DataFrame
        By ``work_id``; only fields that are among its columns are corrected if it has not all of them.
    changes : list of (date, work_id, dict)
        Each a day, a work and its new values by field, in the order in which they count.
    as_of : date

    Returns
    -------
    DataFrame
        A copy.
    """
    fields: dict[str, dict[str, Any]] = {}
    for day, work_id, values in changes:
        if day <= as_of:
            for name, new in values.items():
                fields.setdefault(name, {})[work_id] = new
    works = works.copy()
    for name in [name for name in fields if name in works.columns]:
        rows = works.index.get_indexer(pd.Index(list(fields[name])))
        column = works[name].to_numpy(copy=True)
        for row, new in zip(rows, fields[name].values(), strict=True):
            column[row] = new
        works[name] = pd.Series(column, index=works.index, dtype=works[name].dtype)
    return works


def last_quantity(events: pd.DataFrame) -> pd.Series[float]:
    """The last reported number of each work, by ``work_id``; ``events`` in the order in which they count."""
    quantities = events[events["kind"] == "quantity"].groupby("work_id")["value"].last()
    return pd.to_numeric(quantities).astype("float64")


def certainty_of(works: pd.DataFrame) -> np.ndarray[Any, np.dtype[Any]]:
    """How exactly it is known where each work is: a word of ``CERTAINTIES`` each."""
    has_point = works["lon"].notna().to_numpy()
    accuracy = works["accuracy_m"].to_numpy("float64")
    with np.errstate(invalid="ignore"):
        exact = has_point & (accuracy <= EXACT_LIMIT_M)
    exactly, about, line, nowhere = CERTAINTIES
    choices = np.select(
        [works["line_id"].notna().to_numpy(), exact, has_point], [line, exactly, about], nowhere
    )
    return choices.astype(object)


def _sections(works: pd.DataFrame) -> dict[Any, list[int]]:
    """The sections of each work that has any, as rows of ``works``; stations take no part, they follow their line."""
    found: dict[Any, list[int]] = {}
    for row in np.flatnonzero((works["kind"] == "section").to_numpy()):
        found.setdefault(works["parent_id"].iloc[row], []).append(int(row))
    return {parent: rows for parent, rows in found.items() if parent in works.index}


def with_parts(works: pd.DataFrame, own: pd.Series[Any]) -> pd.Series[Any]:
    """The status of each work: its own (``own``, None or NaN where no event gives one), else that of its sections.

    All sections completed -> completed; any under way or completed -> implementation; else the furthest of preparation
    and identification; unknown where nothing is known.
    """
    statuses = own.where(own.notna(), UNKNOWN).astype(object)
    known = statuses.to_numpy()
    of_parts = {parent: _status_of_parts(list(known[rows])) for parent, rows in _sections(works).items()}
    for parent, status in of_parts.items():
        if statuses[parent] == UNKNOWN:
            statuses[parent] = status
    return statuses


def placed_of(state: pd.DataFrame) -> pd.Series[bool]:
    """Which works have a place of their own, or a section that has one."""
    placed: pd.Series[bool] = state["certainty"] != "none"
    own = placed.to_numpy(copy=True)
    for parent, rows in _sections(state).items():
        placed[parent] = bool(placed[parent]) or bool(own[rows].any())
    return placed


def _status_of_parts(statuses: list[str]) -> str:
    ranks = [STAGES.index(status) for status in statuses if status in STAGES]
    if not ranks:
        return UNKNOWN
    if len(ranks) == len(statuses) and STAGES[min(ranks)] == COMPLETED:
        return COMPLETED
    return STAGES[min(max(ranks), STAGES.index(STARTED[0]))]
