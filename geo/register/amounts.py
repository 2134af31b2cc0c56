"""How much works add to a promise, and how much of it is done at the least."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.register.item_counts import least_done


def whole_works(rows: pd.DataFrame) -> pd.DataFrame:
    """The works themselves: no sections, stations or totals."""
    return rows[is_whole(rows)]


def is_whole(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows are works themselves."""
    return np.asarray((rows["kind"].to_numpy(object) == "work") & rows["parent_id"].isna().to_numpy(), bool)


def top_works(rows: pd.DataFrame) -> pd.DataFrame:
    """The works themselves that count towards the plan."""
    counted = np.asarray(rows["counted"].to_numpy(object) == "yes", bool)
    top: pd.DataFrame = rows[is_whole(rows) & counted]
    return top


def weights(rows: pd.DataFrame, measure: str) -> pd.Series[float]:
    """What each work adds: one, or its quantity in the item's unit."""
    if measure == "count":
        return pd.Series(1.0, index=rows.index)
    return rows["quantity"].fillna(0.0).astype("float64")


def done_lower_bound(named: pd.DataFrame, totals: pd.DataFrame) -> float:
    """How much is done at the least, without counting anything twice.

    A reported total of a district may cover works that are also named there, so a district has the larger of the two;
    totals of streets of one district add up before that; a citywide total competes with the sum over the city.

    Parameters
    ----------
    named : DataFrame
        Counted works: ``district_code, done, weight``.
    totals : DataFrame
        Counted aggregates: ``district_code, street, quantity_done``.
    """
    done = named[named["done"].to_numpy(bool)]
    return least_done(
        zip(done["district_code"], done["weight"], strict=True),
        zip(totals["district_code"], totals["street"], totals["quantity_done"], strict=True),
    )
