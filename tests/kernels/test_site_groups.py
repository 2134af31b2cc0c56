"""Groups of cells by the sites that reach them, against sets made cell by cell; and the same from pairs, to the last digit."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.reach import Reach
from geo.kernels.compiling import ENGINE
from geo.kernels.lattice import Lattice
from geo.kernels.site_groups import CellGroups, cell_groups
from geo.siting import groups
from geo.siting.groups import lattice_groups
from tests.depth import examples
from tests.kernels.lattice_cases import lattice, squares

pytestmark = pytest.mark.skipif(ENGINE != "numba", reason="numba is not installed")
Case = tuple[Lattice, np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray], float]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Zones in single cells and in stretches, cells without demand, sites on one spot, beside the lattice, and with centres on
    their circle."""
    ny, nx, seed = draw(st.integers(1, 12)), draw(st.integers(1, 12)), draw(st.integers(0, 2**32))
    rng = np.random.default_rng(seed)
    cells = lattice(ny, nx, 2.0, (-3.0, 5.0), seed)
    zone = np.repeat(cells.zone, 3, axis=1)[:, :nx] if draw(st.booleans()) else cells.zone
    weight = np.where((zone >= 0) & (rng.random(zone.shape) < 0.8), rng.uniform(0, 50, zone.shape), 0.0)
    cells = Lattice(cells.x0, cells.y0, cells.size, np.ascontiguousarray(zone), weight, cells.codes)
    sites = draw(st.integers(0, 9))
    x, y = rng.integers(-8, 26, sites).astype(float), rng.integers(0, 34, sites).astype(float)
    if draw(st.booleans()):
        x, y = x + rng.random(sites), y + rng.random(sites)
    served, asked = rng.random(zone.shape) < draw(st.sampled_from([0.0, 0.3])), rng.random(3) < 0.8
    return cells, served, asked, (x, y), draw(st.sampled_from([0.5, 5.0, 13.0, 7.3]))


def by_hand(case: Case) -> dict[tuple[frozenset[int], int], float]:
    """Demand of each set of sites and zone, cell by cell."""
    cells, served, asked, (x, y), metres = case
    near = squares(cells, x, y) <= metres * metres
    out: dict[tuple[frozenset[int], int], float] = defaultdict(float)
    for row, column in np.argwhere((cells.zone >= 0) & (cells.weight > 0) & ~served):
        zone, reached = int(cells.zone[row, column]), frozenset(np.flatnonzero(near[:, row, column]).tolist())
        if asked[zone] and reached:
            out[reached, zone] += float(cells.weight[row, column])
    return dict(out)


def as_sets(made: CellGroups) -> dict[tuple[frozenset[int], int], float]:
    sets = [frozenset(each.tolist()) for each in np.split(made.sites, made.first[1:-1])][: len(made.zone)]
    return {(sites, int(z)): float(w) for sites, z, w in zip(sets, made.zone, made.weight, strict=True)}


@examples(60)
@given(cases(), st.sampled_from([1, 3, 2**40]))
def test_groups_are_the_sets_of_sites_that_reach_cells(case: Case, different: int) -> None:
    """With few different random numbers most keys are equal: sets are told apart all the same."""
    cells, served, asked, (x, y), metres = case
    rng = np.random.default_rng(1)
    salts = rng.integers(0, different, len(x), "uint64"), rng.integers(0, different, 3, "uint64")
    made = cell_groups(cells, served, asked, (x, y, metres), salts)
    known = by_hand(case)
    assert len(made.zone) == len(made.key) == len(known)
    assert as_sets(made) == pytest.approx(known)
    use = (cells.zone >= 0) & (cells.weight > 0)
    use[use] = asked[cells.zone[use]]
    for zone in range(3):
        of_zone = (
            cells.weight[use & (cells.zone == zone)].sum(),
            cells.weight[use & served & (cells.zone == zone)].sum(),
        )
        assert (made.total[zone], made.already[zone]) == pytest.approx(of_zone)
    near = (squares(cells, x, y) <= metres * metres).any(axis=0)
    assert (made.cells, made.reachable) == ((use & ~served).sum(), (use & ~served & near).sum())


@examples(40)
@given(cases())
def test_groups_from_spans_and_from_pairs_are_one_to_the_last_digit(case: Case) -> None:
    cells, served, asked, sites, metres = case

    def made(engine: str) -> list[Any]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(groups, "ENGINE", engine)
            value, *others = lattice_groups(cells, served, asked, sites, Reach.straight(metres))
        return [value.toarray().tolist(), *(np.asarray(each).tolist() for each in others)]

    assert made("numba") == made("numpy")


def test_many_groups_find_room() -> None:
    """Hundreds of sites over thousands of cells: nearly every cell is a group of its own, also where many keys are equal."""
    rng = np.random.default_rng(5)
    cells = lattice(60, 60, 1.0, seed=3)
    case = (cells, np.zeros((60, 60), bool), np.ones(3, bool), tuple(rng.uniform(0, 60, (2, 300))), 9.0)
    for different in (50, 2**62):
        salts = rng.integers(0, different, 300, "uint64"), rng.integers(0, different, 3, "uint64")
        made = cell_groups(*case[:3], (*case[3], 9.0), salts)
        assert len(made.zone) > 2_000
        assert as_sets(made) == pytest.approx(by_hand(case))
