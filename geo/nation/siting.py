"""Where to build in each division of a nation: the city's own choice of sites, one division after another or many at once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.reach import Reach
from geo.errors import ParameterError
from geo.kernels.lattice import Lattice
from geo.nation.blocks import Block, Shares, surrounded
from geo.nation.coverage import NationAnswer
from geo.nation.make import part_of
from geo.nation.part import Part, cropped
from geo.nation.problem import Problem
from geo.nation.run import Run, one_by_one
from geo.nation.strips import system_of
from geo.nation.sums import Query, exact
from geo.nation.tiles import Rectangle
from geo.places.crs import convert
from geo.questions.coverage import SETS
from geo.siting.instance import reach_instance
from geo.siting.plan import make_plan
from geo.siting.task import Task
from geo.text import mark as _

Floats = NDArray[np.float64]
MOST_CANDIDATES: Final = 4000
MOST_SITES: Final = 50
QUICK: Final = _(
    "每个区县各选 {k} 处，按逐处加最多的快速算法，未证明最优；候选是有居民的格的中点，大区县隔几格取一个。"
)
COLUMNS: Final = (
    "district_code",
    "rank",
    "lon",
    "lat",
    "gained",
    "residents",
    "served_before",
    "served_after",
    "candidates",
    "why",
)


@dataclass(frozen=True, eq=False)
class Home:
    """A division to be given sites.

    Attributes
    ----------
    code : str
    block : Block
        The tiles around it, with all that a halo touches.
    """

    code: str
    block: Block


def nation_siting(
    problem: Problem, query: Query, k: int, run: Run = one_by_one, *, lang: str = "zh"
) -> NationAnswer:
    """The best sites of each division, chosen quickly.

    Parameters
    ----------
    problem : Problem
    query : Query
        What stands already, and how far a facility serves.
    k : int
        Sites in each division.
    run : callable
        As :func:`geo.nation.run.opened` gives it.
    lang : str
        Of what is said of a division without sites.

    Returns
    -------
    NationAnswer
        A row a site, :data:`COLUMNS`; a division that needs none, or where none helps, has one row that says so.

    Raises
    ------
    ParameterError
        A number of sites out of range.
    """
    if not 1 <= k <= MOST_SITES:
        raise ParameterError(_("每个区县的新址应在 1 到 {most} 处之间，不是 {k}。"), most=MOST_SITES, k=k)
    homes = division_blocks(problem, problem.shares(run), query.metres)
    rows = [row for part in run(partial(division_sites, query, k, lang), homes) for row in part]
    named = dict(zip(problem.codes, problem.names, strict=True))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(
        ["district_code", "rank"], ignore_index=True
    )
    table.insert(1, "district", table["district_code"].map(named))
    kinds = "|".join(problem.nation.kinds[kind] for kind in query.kinds)
    inputs = problem.inputs() | {"kind": kinds, "radius_m": query.metres, "set": SETS[query.state], "k": k}
    return NationAnswer(table.assign(**inputs), inputs, [*problem.notes(), (QUICK, {"k": k})])


def division_blocks(problem: Problem, shares: Shares, metres: float) -> Iterator[Home]:
    """The tiles of each division, ready to be worked out by itself.

    Parameters
    ----------
    problem : Problem
    shares : Shares
    metres : float
        How far a facility serves.

    Yields
    ------
    Home
    """
    tile = problem.nation.tile_m
    for meridian, divisions in problem.strips.items():
        for code, box in zip(divisions.codes, divisions.boxes.tolist(), strict=True):
            tiles = Rectangle.around(tuple(box), tile).common(shares.extents[meridian])
            block = surrounded(problem.nation, problem.strips, shares, (meridian, tiles), metres)
            if block is not None:
                yield Home(code, block)


def division_sites(query: Query, k: int, lang: str, home: Home) -> list[dict[str, Any]]:
    """The sites of one division: what a worker does.

    Parameters
    ----------
    query : Query
    k : int
    lang : str
    home : Home

    Returns
    -------
    list of dict
        Of :data:`COLUMNS`, without a name.
    """
    chosen = choose(own_part(part_of(home.block), home.code), query, k, lang)
    meridian = home.block.own.meridian
    lon, lat = convert(chosen.x, chosen.y, source=system_of(meridian), target="WGS84")
    common = {"district_code": home.code} | chosen.facts
    if not len(chosen.x):
        return [common | {"rank": 0, "lon": None, "lat": None, "gained": 0}]
    return [
        common
        | {
            "rank": nth + 1,
            "lon": round(float(lon[nth]), 6),
            "lat": round(float(lat[nth]), 6),
            "gained": int(chosen.gained[nth]),
        }
        for nth in range(len(chosen.x))
    ]


@dataclass(frozen=True, eq=False)
class Sites:
    """Sites in build order (metres), what each adds, and the division's numbers."""

    x: Floats
    y: Floats
    gained: NDArray[np.int64]
    facts: dict[str, Any]


def own_part(part: Part, code: str) -> Part:
    """The part with the cells of one division alone, cut to where they are; facilities stay."""
    lattice = part.lattice
    mine = lattice.zone == (lattice.codes.index(code) if code in lattice.codes else -2)
    rows, columns = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
    if not len(rows):
        return Part(_of_one(cropped(lattice, slice(0, 1), slice(0, 1)), mine[:1, :1], code), part.points)
    down, across = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return Part(_of_one(cropped(lattice, down, across), mine[down, across], code), part.points)


def _of_one(lattice: Lattice, mine: NDArray[np.bool_], code: str) -> Lattice:
    zone, weight = np.where(mine, 0, -1).astype("int16"), np.where(mine, lattice.weight, 0.0)
    return replace(lattice, zone=zone, weight=weight, codes=(code,))


def choose(part: Part, query: Query, k: int, lang: str = "zh") -> Sites:
    """The city's quick choice of sites for a part of one division.

    Parameters
    ----------
    part : Part
        From :func:`own_part`.
    query : Query
        What stands, and how far a facility serves; places count as stated.
    k : int
        Sites wanted; fewer where fewer help.
    lang : str
        Of ``why``.

    Returns
    -------
    Sites
    """
    lattice, reach = part.lattice, Reach.straight(query.metres)
    standing = query.chosen(part.points)
    x, y = candidates(lattice)
    radii = np.full(len(standing), reach.metres)
    instance = reach_instance(lattice, (standing.x, standing.y, radii), (x, y), reach)
    total, before = (int(exact(each)[0]) for each in (instance.total, instance.already))
    facts = {"residents": total, "served_before": before, "candidates": len(x)}
    task = Task(goal="most", k=min(k, max(len(x), 1)), method="greedy", curve=False)
    try:
        plan = make_plan(instance, task)
    except ParameterError as error:
        nothing = np.empty(0)
        why = facts | {"served_after": before, "why": error.text(lang)}
        return Sites(nothing, nothing, np.empty(0, "int64"), why)
    gained = exact(np.array(plan.gain))
    after = before + int(gained.sum())
    return Sites(x[plan.chosen], y[plan.chosen], gained, facts | {"served_after": after, "why": ""})


def candidates(lattice: Lattice) -> tuple[Floats, Floats]:
    """Middles of cells with residents; of every second, third ... row and column where they would be too many.

    Parameters
    ----------
    lattice : Lattice

    Returns
    -------
    (ndarray, ndarray)
        Metres; at most :data:`MOST_CANDIDATES` or thereabouts.
    """
    lived_in = lattice.weight > 0
    step = max(1, math.ceil(math.sqrt(int(lived_in.sum()) / MOST_CANDIDATES)))
    ny, nx = lattice.shape
    # rows and columns of the plane, not of this part: a part may begin anywhere
    first_row, first_column = round(lattice.y0 / lattice.size), round(lattice.x0 / lattice.size)
    regular = ((np.arange(ny) + first_row) % step == 0)[:, None] & (
        (np.arange(nx) + first_column) % step == 0
    )[None, :]
    rows, columns = np.nonzero(lived_in & regular)
    east, north = lattice.centres()
    return east[columns], north[rows]
