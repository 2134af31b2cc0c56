"""Sums over pairs of a site and a group: both engines alike, and as a full matrix says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csc_array

from geo.kernels import site_pairs
from geo.kernels.compiling import ENGINE
from tests.depth import examples


@examples(40)
@given(st.integers(0, 2**32), st.sampled_from([1, 7, 40, 700]), st.integers(1, 9), st.booleans())
def test_both_engines_say_what_a_full_matrix_says(seed: int, groups: int, sites: int, metres: bool) -> None:
    """Columns of more than 128 and of more than 256 pairs too, where numpy adds halves of halves."""
    rng = np.random.default_rng(seed)
    full = (rng.random((groups, sites)) < rng.choice([0.3, 0.9])) * (
        rng.uniform(1, 40, (groups, sites)) if metres else np.ones((groups, sites))
    )
    full[rng.integers(0, groups), :] = 1.0  # each site reaches a group
    weight, price = rng.uniform(0, 50, groups), rng.choice([0.0, 1.0], groups) * rng.uniform(0, 60, groups)
    best = rng.choice([0.0, 1.0, 8.0], groups)
    taken = rng.permutation(sites)[: rng.integers(1, sites + 1)]
    worth = full * weight[:, None]
    one = int(taken[0])
    new = np.maximum(best, full[:, one])
    gain, later = (np.maximum(full - each[:, None], 0.0).T @ weight for each in (best, new))
    known = {
        "earnings": np.maximum(worth - price[:, None], 0.0).sum(axis=0),
        "slope": 1.0 - (worth[:, taken] > price[:, None]).sum(axis=1),
        "gains": gain,
        "best": full[:, taken].max(axis=1),
        "taken": gain - later,
        "after": new,
    }
    known["slope"][(price <= 0) & (known["slope"] > 0)] = 0.0

    def made(engine: str) -> dict[str, Any]:
        by_site, by_group = csc_array(full), csc_array(full.T)
        pairs, other = (
            (m.indptr.astype("int64"), m.indices.astype("int64"), m.data) for m in (by_site, by_group)
        )
        dear = (pairs[0], pairs[1], pairs[2] * weight[pairs[1]])
        after = best.copy()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(site_pairs, "ENGINE", engine)
            return {
                "earnings": site_pairs.earnings(dear, price),
                "slope": site_pairs.slope(dear, price, taken),
                "gains": site_pairs.gains_above(pairs, best, weight),
                "best": site_pairs.best_of(pairs, taken, groups),
                "taken": site_pairs.taken_by(pairs, other, one, after, weight),
                "after": after,
            }

    for engine in {"numpy", ENGINE}:
        for name, values in made(engine).items():
            np.testing.assert_allclose(values, known[name], rtol=1e-9, atol=1e-9, err_msg=f"{engine} {name}")
    for name, values in made(ENGINE).items():
        assert values.tolist() == made("numpy")[name].tolist(), name
