"""The number that what is done of an item does not exceed: against the states themselves, on random registers and the shipped one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.made_up_register import made_up_pack
from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.register.promises import day_of_sum, done_on

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_what_is_done_on_any_day_is_no_more_and_its_first_day_is_the_same(
    tmp_path: Path, seed: int | None
) -> None:
    root = DATA_DIR if seed is None else made_up_pack(tmp_path / "data", 700, 3_000, seed=seed)
    register = load_atlas(root).register
    items = register.pack.plan_items.reset_index()
    rng = np.random.default_rng(seed)
    for _at, row in items.iloc[rng.permutation(len(items))[:6]].iterrows():
        mine = list(register.works.index[register.works["item_id"] == row["item_id"]])
        days = sorted(day for day in register.events_of(mine)["date"].dropna().unique() if day <= AS_OF)
        chosen = sorted(rng.permutation(len(days))[:14].tolist())
        days = [days[at] for at in chosen]
        done = [done_on(register, row, day) for day in days]
        most = register.most_done(row, days)
        assert (most >= np.array(done) - 1e-6).all()
        target = float(rng.choice([*done, 1.0])) or 1.0
        item = row.copy()
        item["target"] = target
        first = day_of_sum(register, item, AS_OF)
        reached = [day for day, number in zip(days, done, strict=True) if number >= target]
        assert (first is None) == (not reached) or (first is not None and first not in days)
        assert not reached or (first is not None and first <= reached[0])
        assert first is None or done_on(register, item, first) >= target
