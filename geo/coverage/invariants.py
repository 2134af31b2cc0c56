"""What must hold of every coverage answer, tried on the register itself (``python -m geo check --coverage``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand, modelled_demand
from geo.coverage.reach import Reach
from geo.errors import ParameterError
from geo.kernels.cell_reach import reach_counts
from geo.kernels.discs import union_area
from geo.kernels.lattice import Lattice
from geo.questions.coverage import SETS
from geo.register.city import Atlas
from geo.register.facilities import Facilities, facility_set, kind_counts
from geo.text import mark as _

RADII: Final = (300.0, 800.0, 1500.0)
_SLACK: Final = 1e-9
_SAMPLE: Final = 400


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold: its catalogue text, of which kind of facility, whether it does."""

    rule: str
    kind: str
    holds: bool


def check_coverage(atlas: Atlas, as_of: date) -> list[Check]:
    """Try every rule on every kind of facility that has a place."""
    demand = modelled_demand(atlas)
    found: list[Check] = [*_lattice_rules(demand), _border_rule(demand)]
    for kind in kind_counts(atlas.register).index:
        try:
            sets = [facility_set(atlas.register, (str(kind),), which, as_of) for which in SETS]
        except ParameterError:  # known only as a number: nothing to place, nothing to check
            continue
        if not sets[-1].placed.empty:
            found += [Check(rule, str(kind), holds) for rule, holds in _kind_rules(atlas, demand, sets)]
    return found


def _shares(answer: Coverage, level: str = "") -> NDArray[np.float64]:
    columns = [f"share_area{level}", f"share_residents{level}"]
    return np.asarray(np.nan_to_num(answer.table[columns].to_numpy("float64")), "float64")


def _kind_rules(atlas: Atlas, demand: Demand, sets: list[Facilities]) -> Iterator[tuple[str, bool]]:
    by_radius = [coverage(atlas, sets[-1], demand, Reach.straight(radius)) for radius in RADII]
    shares = [_shares(answer) for answer in by_radius]
    yield (
        _("半径变大，覆盖不减"),
        all((b >= a - _SLACK).all() for a, b in pairwise(shares)),
    )
    middle = by_radius[1]
    yield _("肯定 ≤ 按标注 ≤ 可能"), _ordered(middle)
    yield _("各区县之和等于全市"), _adds_up(middle)
    fewer = sets[-1].with_ids(list(sets[-1].frame.index[: len(sets[-1].frame) // 2]))
    half = _shares(coverage(atlas, fewer, demand, Reach.straight(RADII[1])))
    yield _("增加设施，覆盖不减"), bool((shares[1] >= half - _SLACK).all())
    turned = sets[-1].with_ids(list(sets[-1].frame.index[::-1]))
    same = _shares(coverage(atlas, turned, demand, Reach.straight(RADII[1])))
    yield _("设施的先后次序不影响结果"), bool(np.allclose(same, shares[1], rtol=0, atol=_SLACK))
    yield _("多边形面积与 100 米格网相符"), _agrees_with_cells(middle, sets[-1], demand)


def _ordered(answer: Coverage) -> bool:
    low, central, high = (_shares(answer, level) for level in ("_low", "", "_high"))
    return bool((low <= central + _SLACK).all() and (central <= high + _SLACK).all())


def _adds_up(answer: Coverage) -> bool:
    columns = ["land_km2", "served_km2", "residents", "residents_served"]
    table = np.nan_to_num(answer.table[columns].to_numpy("float64"))
    parts, city = table[:-1].sum(axis=0), table[-1]
    if (
        answer.table["served_km2"].isna().any()
    ):  # what is not known of a district may still count for the city
        return bool((parts <= city * (1 + 1e-9)).all())
    return bool(np.allclose(parts, city, rtol=1e-9))


def _agrees_with_cells(answer: Coverage, facilities: Facilities, demand: Demand) -> bool:
    """Cells can be wrong only where a circle or a border runs: its length times half a cell's diagonal."""
    lattice = demand.lattice
    x, y = facilities.xy
    near = reach_counts(lattice, x, y, RADII[1]) > 0
    cells = lattice.sums(np.where(near, lattice.size**2, 0.0)) / 1e6
    borders = np.asarray(shapely.length(demand.zones.polygons))
    rim = len(x) * 2 * np.pi * RADII[1] + borders
    exact = np.nan_to_num(answer.table["served_km2"].to_numpy("float64")[:-1])
    return bool((np.abs(cells - exact) <= rim * lattice.size / np.sqrt(2) / 1e6).all())


def _border_rule(demand: Demand) -> Check:
    """A disc on a border that two districts share serves both, and no land of theirs in it is lost."""
    polygons = demand.zones.polygons
    pairs = [(a, b) for a in range(len(polygons)) for b in range(a) if _shared(polygons[a], polygons[b]) > 0]
    held = True
    for a, b in pairs:
        seam = shapely.line_merge(
            shapely.intersection(shapely.boundary(polygons[a]), shapely.boundary(polygons[b]))
        )
        place = shapely.line_interpolate_point(
            max(shapely.get_parts(seam), key=shapely.length), 0.5, normalized=True
        )
        x, y = [shapely.get_x(place)], [shapely.get_y(place)]
        served = union_area(x, y, RADII[0], demand.zones)
        drawn = shapely.area(shapely.intersection(polygons, shapely.buffer(place, RADII[0], quad_segs=256)))
        held &= bool(served[a] > 0 and served[b] > 0 and np.allclose(served, drawn, rtol=1e-4, atol=1.0))
    return Check(_("区县界不挡服务：界上的设施两边都服务"), "", held and bool(pairs))


def _shared(a: object, b: object) -> float:
    return float(shapely.length(shapely.intersection(shapely.boundary(a), shapely.boundary(b))))


def _lattice_rules(demand: Demand) -> Iterator[Check]:
    lattice = Lattice(0.0, 0.0, 2.0, np.zeros((9, 9), "int16"), np.ones((9, 9)), ("a",))
    # the centre (9, 13) is 3-4-5 away from (6, 9): exactly on the circle
    counts = reach_counts(lattice, [6.0], [9.0], 5.0)
    yield Check(_("正好在半径上的点算作覆盖"), "", bool(counts[6, 4] == 1))
    yield Check(_("与逐格穷举一致"), "", _equals_brute_force(demand.lattice))


def _equals_brute_force(lattice: Lattice) -> bool:
    rng = np.random.default_rng(20210218)
    ny, nx = lattice.shape
    x = lattice.x0 + rng.uniform(0, nx * lattice.size, 50)
    y = lattice.y0 + rng.uniform(0, ny * lattice.size, 50)
    r = rng.uniform(0, 3000, 50)
    counts = reach_counts(lattice, x, y, r)
    rows, columns = rng.integers(0, ny, _SAMPLE), rng.integers(0, nx, _SAMPLE)
    east, north = lattice.centres()
    dx, dy = east[columns][:, None] - x, north[rows][:, None] - y
    return bool((counts[rows, columns] == (dx * dx + dy * dy <= r * r).sum(axis=1)).all())
