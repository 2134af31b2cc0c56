"""A simulated nation: any blocks give one answer, strips meet without a seam, and a city's own call says the same."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geo.coverage.demand import Demand
from geo.coverage.reach import Reach, measure_at
from geo.errors import ParameterError
from geo.kernels.zones import Zones
from geo.nation.blocks import Nation, full_blocks
from geo.nation.coverage import nation_coverage, query_of
from geo.nation.divisions import divisions_by_strip, outline
from geo.nation.make import part_of
from geo.nation.matrix import nation_matrix
from geo.nation.part import Part, Points
from geo.nation.problem import Problem
from geo.nation.run import INSTALL, one_by_one, opened
from geo.nation.simulated import first_facility, residents_hit
from geo.nation.siting import choose, nation_siting, own_part
from geo.nation.strips import FIRST, LAST, moved, strip_of, system_of
from geo.nation.sums import RESIDENTS, Query
from geo.paths import DATA_DIR
from geo.places.crs import convert
from geo.register.indicators import load_indicators

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("clinic", "park", "school")
TWO_STRIPS = "31"  # divisions on both sides of 121.5° E
MANY = 3_000
ALL_AT_ONCE = 10_000
QUERIES = [Query((0,), 800.0, 0), Query((1, 2), 2500.0, 1), Query((2,), 0.0, 2)]


def problem(within: str = TWO_STRIPS, tiles: int = 0, cell: int = 1000, number: int = MANY) -> Problem:
    return Problem(Nation(KINDS, cell_m=cell, facilities=number, block_tiles=tiles), within)


@lru_cache(maxsize=4)
def whole_parts(within: str = TWO_STRIPS) -> dict[int, Part]:
    """Each strip as one part, with the facilities of all strips in its plane, however far away."""
    one = problem(within, ALL_AT_ONCE)
    blocks = full_blocks(one.nation, one.strips, one.shares(one_by_one), 0.0)
    parts = {block.own.meridian: part_of(block) for block in blocks}
    return {meridian: Part(part.lattice, _every(meridian, parts)) for meridian, part in parts.items()}


def _every(meridian: int, parts: dict[int, Part]) -> Points:
    mine = parts[meridian].points
    own = mine.some(mine.zone >= 0)
    for other, part in parts.items():
        if other != meridian:
            theirs = part.points.some(part.points.zone >= 0)
            x, y = moved(theirs.x, theirs.y, other, meridian)
            there = Points(x, y, theirs.kind, theirs.state, theirs.accuracy_m, theirs.zone)
            own = own.beside(there.of_no_zone())
    return own


def served_of(part: Part, question: Query, level: int) -> dict[str, list[int]]:
    """Cells and residents by division, each cell against each facility."""
    points, lattice = question.chosen(part.points), part.lattice
    radius = question.metres + level * points.accuracy_m
    points, radius = points.some(radius >= 0), radius[radius >= 0]
    rows, columns = np.nonzero(lattice.zone >= 0)
    east, north = (columns + 0.5) * lattice.size + lattice.x0, (rows + 0.5) * lattice.size + lattice.y0
    near = np.zeros(len(rows), bool)
    for first in range(0, len(rows), 500):
        some = slice(first, first + 500)
        dx, dy = east[some, None] - points.x, north[some, None] - points.y
        near[some] = (dx * dx + dy * dy <= radius * radius).any(axis=1)
    zone, people = lattice.zone[rows, columns], lattice.weight[rows, columns]
    return {
        code: [int((near & (zone == k)).sum()), int(people[near & (zone == k)].sum())]
        for k, code in enumerate(lattice.codes)
    }


@pytest.mark.parametrize("tiles", [1, 3, ALL_AT_ONCE])
def test_blocks_of_any_size_give_what_all_at_once_gives(tiles: int) -> None:
    one = problem(tiles=tiles)
    assert len(one.strips) == 2
    sums = one.sums(QUERIES, one_by_one)
    for nth, question in enumerate(QUERIES):
        for k, level in enumerate((-1, 0, 1)):
            expected = {
                code: numbers
                for part in whole_parts().values()
                for code, numbers in served_of(part, question, level).items()
            }
            assert {code: sums.served[n, nth, k].tolist() for n, code in enumerate(sums.codes)} == expected
    assert int(sums.facilities[:, 1].sum()) == sum(
        int((question_points.zone >= 0).sum())
        for question_points in (QUERIES[1].chosen(part.points) for part in whole_parts().values())
    )


def test_neighbours_in_another_strip_serve_across_the_seam() -> None:
    """Left out, they would be missed: the test of blocks is no test of strips otherwise."""
    apart = 0
    for part in whole_parts().values():
        alone = Part(part.lattice, part.points.some(part.points.zone >= 0))
        apart += served_of(alone, QUERIES[0], 1) != served_of(part, QUERIES[0], 1)
    assert apart


def test_every_facility_is_made_once() -> None:
    for tiles, cell in ((2, 1000), (0, 500)):
        one = problem(tiles=tiles, cell=cell)
        every = Query((0, 1, 2), 0.0, 2)
        assert int(one.sums([every], one_by_one).facilities.sum()) == MANY


def test_facilities_are_shared_out_by_residents() -> None:
    people, number = 1009, 97
    hit = residents_hit(np.arange(number), people, number)
    assert hit.min() >= 0
    assert hit.max() < people
    for before in range(people + 1):
        assert first_facility(before, people, number) == int((hit < before).sum())


def test_a_citys_own_call_says_the_same() -> None:
    """The cells as a demand, the facilities as places: ``measure_at`` is what the coverage page calls."""
    within = "3202"
    (meridian, part), *others = whole_parts(within).items()
    assert not others
    codes = part.lattice.codes
    shapes = [outline(code, meridian) for code in codes]
    people = part.lattice.totals
    demand = Demand("raster", Zones.from_polygons(codes, shapes, cell_m=2000), people, part.lattice)
    points = QUERIES[0].chosen(part.points)
    reach = Reach.straight(QUERIES[0].metres)
    served = measure_at(points.x, points.y, demand, reach)(np.full(len(points), reach.metres)).residents
    sums = problem(within, 2).sums(QUERIES[:1], one_by_one)
    assert served is not None
    assert sums.served[:, 0, 1, RESIDENTS].tolist() == served.tolist()


def test_a_division_lies_in_the_strip_of_its_middle_and_metres_are_metres() -> None:
    assert (strip_of(119.9), strip_of(121.6), strip_of(60.0), strip_of(150.0)) == (120, 123, FIRST, LAST)
    assert system_of(FIRST) == "EPSG:4534"
    assert system_of(LAST) == "EPSG:4554"
    for lat in (18.0, 36.0, 53.0):
        for lon in (118.6, 120.0, 121.4):
            east, north = convert([lon], [lat], source="WGS84", target=system_of(120))
            x, y = convert(
                east + np.array([0, 3000]), north + np.zeros(2), source=system_of(120), target="WGS84"
            )
            _a, _b, far = Geod(ellps="WGS84").inv(x[0], y[0], x[1], y[1])
            assert abs(far - 3000) < 3000 * 0.0004


def test_the_matrix_has_every_division_indicator_and_set() -> None:
    indicators = load_indicators(DATA_DIR)
    chosen = [indicators["park_500"], indicators["health_walk_15"], indicators["circle_15"]]
    one = Problem(Nation(("park", "clinic"), facilities=MANY, block_tiles=3), "3202")
    answer = nation_matrix(one, chosen)
    assert len(answer.table) == 3 * 3 * (len(one.codes) + 1)
    coverage = nation_coverage(one, query_of(one, ["park"], 500, "as_of")).table
    mine = answer.table[(answer.table["indicator_id"] == "park_500") & (answer.table["set"] == "as_of")]
    for theirs, ours in (("share_low", "share_residents_low"), ("share", "share_residents")):
        assert mine[theirs].tolist() == coverage[ours].tolist()
    assert set(mine["verdict"]) <= {"pass", "fail", "cannot_tell"}
    grow = answer.table[answer.table["indicator_id"] == "park_500"].pivot_table(
        index="zone_code", columns="set", values="share"
    )
    assert (grow["before"] <= grow["as_of"]).all()
    assert (grow["as_of"] <= grow["planned"]).all()
    assert (answer.table.loc[answer.table["indicator_id"] == "circle_15", "share"].isna()).all()


def shuffled(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
    """Results in another order than asked for, as workers give them."""
    results = [function(task) for task in tasks]
    order = np.random.default_rng(5).permutation(len(results))
    return (results[k] for k in order)


def test_siting_by_division_is_the_citys_choice_with_everything_in_sight() -> None:
    """A halo is enough: with all facilities of the nation each division chooses the same sites."""
    one, question = problem(), QUERIES[1]
    table = nation_siting(one, question, 3, shuffled).table
    pd.testing.assert_frame_equal(table, nation_siting(problem(tiles=1), question, 3).table, check_exact=True)
    for meridian, part in whole_parts().items():
        for code in one.strips[meridian].codes:
            alone = own_part(part, code)
            sites = choose(alone, question, 3)
            mine = table[(table["district_code"] == code) & (table["rank"] > 0)]
            assert mine["gained"].tolist() == sites.gained.tolist()
            lon, lat = convert(sites.x, sites.y, source=system_of(meridian), target="WGS84")
            assert mine["lon"].tolist() == np.round(lon, 6).tolist()
            assert mine["lat"].tolist() == np.round(lat, 6).tolist()
            assert sites.facts["served_before"] == served_of(alone, question, 0)[code][1]
            assert sites.facts["served_after"] == _with(alone, sites, question)[code][1]


def _with(alone: Part, sites: Any, question: Query) -> dict[str, list[int]]:
    n = len(sites.x)
    new = Points(
        sites.x,
        sites.y,
        np.full(n, question.kinds[0]),
        np.zeros(n, "int64"),
        np.zeros(n),
        np.zeros(n, "int64"),
    )
    return served_of(Part(alone.lattice, alone.points.beside(new)), question, 0)


def test_a_division_that_needs_no_site_says_so() -> None:
    one = problem("3101")
    answer = nation_siting(one, Query((0, 1, 2), 20_000.0, 2), 2, lang="en").table
    assert (answer["rank"] == 0).all()
    assert answer["why"].str.len().gt(10).all()
    assert (answer["served_before"] == answer["residents"]).all()


@pytest.mark.parametrize("given", [{"kinds": ["?"]}, {"metres": -1.0}, {"metres": 1e9}, {"which": "later"}])
def test_a_question_out_of_range_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        query_of(problem(), **({"kinds": ["park"], "metres": 5.0, "which": "before"} | given))
    with pytest.raises(ParameterError):
        problem("99").codes  # noqa: B018
    with pytest.raises(ParameterError):
        nation_siting(problem(), QUERIES[0], 0)


@pytest.mark.parametrize(
    "address",
    ["http://a:1", "tcp://a", "tcp://a:0", "tcp://a:99999", "tcp://a b:1", "inproc://x:1", "tcp://u@a:1"],
)
def test_only_addresses_of_schedulers_are_taken(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_DASK", address)
    with pytest.raises(ParameterError, match="ATLAS_DASK"), opened():
        raise AssertionError


def test_without_dask_a_cluster_is_refused_and_the_loop_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    monkeypatch.delenv("ATLAS_DASK", raising=False)
    with pytest.raises(ParameterError, match="pip install dask"), opened(2):
        raise AssertionError
    with opened() as run:
        assert sorted(run(abs, [-2, 1])) == [1, 2]
    monkeypatch.setenv("ATLAS_DASK", "tcp://127.0.0.1:1")
    with pytest.raises(ParameterError, match="workers"), opened(2):
        raise AssertionError


def test_all_divisions_of_the_package_have_a_strip() -> None:
    every = Problem(Nation(KINDS)).codes
    strips = divisions_by_strip(every)
    assert sorted(code for each in strips.values() for code in each.codes) == list(every)
    assert len(every) > 2800


def test_the_command_that_installs_dask_is_the_extra() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert f"pip install {' '.join(extra['nation'])}" == INSTALL
    assert INSTALL in (ROOT / "docs" / "nation.md").read_text("utf-8")
