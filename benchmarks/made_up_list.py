"""A list as an office sends it, for a register of :mod:`benchmarks.made_up_register`: invented works, new ones and known ones further on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.made_up_register import SEED

if TYPE_CHECKING:
    from geo.register.city import Atlas

ROWS = 10_000
_KNOWN = 0.3
_ENDS = ("花园", "新村", "小区", "苑")


def made_up_list(atlas: Atlas, rows: int = ROWS, *, seed: int = SEED) -> pd.DataFrame:
    """Rows of texts with an office's headers: three in ten are known works by id, completed since; the others are new.

    Parameters
    ----------
    atlas : Atlas
    rows : int
    seed : int

    Returns
    -------
    DataFrame
    """
    rng = np.random.default_rng(seed)
    known = atlas.register.works
    known = known[(known["kind"] == "work") & known["lon"].notna()]
    known = known.iloc[rng.permutation(len(known))[: min(int(rows * _KNOWN), len(known) // 2)]]
    placed = atlas.register.works
    placed = placed[placed["lon"].notna()]
    near = placed.iloc[rng.integers(0, len(placed), rows - len(known))]
    districts = atlas.districts["name_zh"].to_dict()
    numbers = np.arange(len(near))
    ends = np.array(_ENDS, object)[rng.integers(0, len(_ENDS), len(near))]
    both = pd.concat([known, near])
    shift = np.r_[np.zeros(len(known)), rng.uniform(-0.001, 0.001, len(near))]
    return pd.DataFrame(
        {
            "编号": [*known.index, *[""] * len(near)],
            "名称": [*known["name_zh"], *("虚构新列" + numbers.astype(str).astype(object) + ends)],
            "区县": [districts.get(str(code).split("|")[0], "") for code in both["district_code"].fillna("")],
            "街道": both["street"].fillna("").to_numpy(object),
            "数量": rng.integers(1, 500, rows).astype(str),
            "单位": "户",
            "状态": np.where(np.arange(rows) % 3 == 0, "已完工", "在建"),
            "状态日期": np.where(np.arange(rows) % 2 == 0, "2024-06-30", "2023-11-15"),
            "经度": (both["lon"].to_numpy("float64") + shift).round(6).astype(str),
            "纬度": (both["lat"].to_numpy("float64") + shift).round(6).astype(str),
        }
    ).sample(frac=1, random_state=seed, ignore_index=True)
