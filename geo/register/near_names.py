"""Which names are like a name: two rows that are one work or facility seldom differ by more than a few characters."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.register.ids import name_key


def nearest_names(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """``rows`` (with ``name_zh``) in the order of how like their names are to ``name``; alike ones stay as they stand."""
    from rapidfuzz import fuzz, process

    if rows.empty:
        return rows
    keys = [name_key(str(each)) for each in rows["name_zh"]]
    scores = process.cdist([name_key(name)], keys, scorer=fuzz.WRatio)[0]
    return rows.iloc[np.argsort(-scores, kind="stable")]
