"""Walks between all pairs are those that are asked for one by one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.kernels import walks_between as module
from geo.kernels.network import Snapped, StreetNetwork, snap, walk_distance
from geo.kernels.walks_between import walks_between

CRS = "EPSG:4549"
points = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(
    lambda at: (500_000 + 100.0 * at[0], 3_490_000 + 100.0 * at[1])
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(points, min_size=2, max_size=5, unique=True), min_size=1, max_size=6),
    st.lists(st.tuples(st.floats(-700, 1600), st.floats(-100, 900)), min_size=1, max_size=7),
    st.sampled_from([0.0, 150.0, 600.0, 5000.0]),
    st.sampled_from([1, 64 << 20]),
)
def test_every_pair_as_alone(lines: list, places: list, limit: float, at_once: int) -> None:
    network = StreetNetwork.from_lines(
        gpd.GeoDataFrame(geometry=[shapely.LineString(each) for each in lines], crs=CRS), CRS
    )
    x, y = np.array(places).T
    joined = snap(network, 500_000 + x, 3_490_000 + y)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE_BYTES", at_once)
        found = {
            (int(a), int(b)): metres
            for a, b, metres in zip(*walks_between(network, joined, limit), strict=True)
        }
    alone = {}
    for a in range(len(places)):
        one = Snapped(*(part[[a]] for part in (joined.edge, joined.along, joined.off)))
        alone |= {
            (a, b): metres
            for b, metres in enumerate(walk_distance(network, one, joined, limit=limit))
            if b != a and np.isfinite(metres)
        }
    assert found.keys() == alone.keys()
    for pair, metres in alone.items():
        assert found[pair] == pytest.approx(metres, rel=1e-9, abs=1e-9)
