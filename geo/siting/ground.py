"""What candidates must hold where they stand: far enough from what exists and from each other, within parcels and budget."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.spatial import cKDTree

from geo.errors import ParameterError
from geo.register.facilities import Facilities
from geo.siting.candidates import Candidates
from geo.siting.conditions import TOUCH_M, Conditions, apart, at_most_of_each
from geo.siting.task import Task
from geo.text import mark as _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def too_near(candidates: Candidates, facilities: Facilities, gap_m: float) -> Flags:
    """Which candidates stand nearer than ``gap_m`` metres (straight) to a facility with a place.

    Parameters
    ----------
    candidates : Candidates
    facilities : Facilities
        What exists, of the kinds asked for.
    gap_m : float
        Metres, straight.

    Returns
    -------
    ndarray of bool (candidates,)
    """
    x, y = facilities.xy
    if gap_m <= 0 or not len(x) or not len(candidates):
        return np.zeros(len(candidates), bool)
    far, _which = cKDTree(np.column_stack([x, y])).query(np.column_stack(candidates.xy))
    return np.asarray(far < gap_m - TOUCH_M)


def away_from_existing(candidates: Candidates, facilities: Facilities, gap_m: float) -> Candidates:
    """The candidates that keep the distance to what exists; how many do not is counted in ``inputs`` and noted.

    Parameters
    ----------
    candidates : Candidates
    facilities : Facilities
        What exists, of the kinds asked for.
    gap_m : float
        Metres, straight.

    Returns
    -------
    Candidates

    Raises
    ------
    ParameterError
        None keeps it.
    """
    near = too_near(candidates, facilities, gap_m)
    if near.all() and len(candidates):
        raise ParameterError(
            _("全部 {n} 个候选离现有设施都不足 {gap} 米。"),
            hint=_("请缩小间隔，或换候选。"),
            n=len(candidates),
            gap=f"{gap_m:g}",
        )
    notes, inputs = list(candidates.notes), dict(candidates.inputs)
    if near.any():
        text = _("{n} 个候选离现有设施不足 {gap} 米，没有参与。")
        notes.append((text, {"n": int(near.sum()), "gap": f"{gap_m:g}"}))
        inputs["left_out"] = inputs.get("left_out", {}) | {"near_existing": int(near.sum())}
    unplaced = facilities.known_count - len(facilities.placed)
    if gap_m > 0 and unplaced:
        text = _("{n} 处现有设施没有位置，新址与它们的间隔无法核对。")
        notes.append((text, {"n": unplaced}))
    return replace(candidates, frame=candidates.frame[~near], notes=notes, inputs=inputs)


def conditions_of(pool: Candidates, task: Task) -> Conditions | None:
    """What sites chosen from a pool must hold together; None where nothing is asked of them.

    Rows of the pool whose ``barred`` is true (a person's own sites that may not be built) are never chosen.
    """
    frame, number = pool.frame, len(pool)
    barred = frame["barred"].eq(True).to_numpy() if "barred" in frame else np.zeros(number, bool)
    rows: list[csr_array] = [apart(pool.xy, task.gap_m)]
    if "parcel_row" in frame:
        row_of = frame["parcel_row"].fillna(-1).to_numpy("int64")
        rows.append(at_most_of_each(row_of, task.per_parcel))
    at = np.flatnonzero(barred)
    rows.append(csr_array((np.full(len(at), 2.0), (np.arange(len(at)), at)), shape=(len(at), number)))
    together = vstack(rows).tocsr()
    if task.budget is None:
        return Conditions(together) if together.shape[0] else None
    cost = np.where(barred, 2 * task.budget, frame["cost"].astype("float64").to_numpy())
    return Conditions(together, cost, task.budget)


def capacities_of(pool: Candidates, task: Task) -> Floats | None:
    """What a site at each candidate can take: what its parcel says, else the task; None where nobody limits it."""
    own = pool.frame.get("capacity")
    if own is None or own.isna().all():
        own = pd.Series(np.nan, index=pool.frame.index)
        if task.capacity is None:
            return None
    return np.asarray(own.astype("float64").fillna(task.capacity or 0.0), "float64")
