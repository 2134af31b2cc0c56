"""Where to build, the answer: against coverage's own numbers, and every fault of the input by name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csc_array

from geo.coverage.answer import coverage
from geo.coverage.demand import Demand, census_demand
from geo.coverage.question import demand_of, question_facilities
from geo.coverage.reach import Reach
from geo.errors import AtlasError, ParameterError
from geo.kernels.lattice import Lattice
from geo.kernels.network import StreetNetwork
from geo.register.city import Atlas
from geo.siting import Setting, Siting, Task, answer_sites, choose_sites, read_site_question
from geo.siting.candidates import Candidates, grid_candidates
from geo.siting.cells import fine_lattice
from geo.siting.given_candidates import point_candidates
from geo.siting.instance import Instance, reach_instance
from geo.siting.measured import with_sites
from geo.siting.nearest import nearest_instance
from geo.siting.plan import make_plan
from geo.siting.points import read_points
from geo.siting.question import candidates_of
from tests.siting.instances import HERE, QUICK

NOBODY = (np.empty(0), np.empty(0), np.empty(0))


def little_lattice() -> Lattice:
    rng = np.random.default_rng(7)
    zone = np.zeros((12, 15), "int16")
    zone[:, 8:] = 1
    zone[0, :4] = -1
    return Lattice(1000.0, 2000.0, 100.0, zone, np.where(zone >= 0, rng.random(zone.shape), 0.0), ("a", "b"))


@QUICK
@given(st.integers(0, 2**32), st.floats(40, 600))
def test_straight_pairs_are_those_of_brute_force(seed: int, metres: float) -> None:
    lattice, rng = little_lattice(), np.random.default_rng(seed)
    x, y = rng.uniform(700, 2800, 4), rng.uniform(1700, 3400, 4)
    old = (x[:1], y[:1], np.array([metres]))
    instance = reach_instance(
        lattice, old, (x[1:], y[1:]), Reach.straight(metres), scope=np.array([True, False])
    )
    east, north = lattice.centres()
    within = (east[None, :, None] - x) ** 2 + (north[:, None, None] - y) ** 2 <= metres * metres
    mine = lattice.zone == 0
    assert instance.already[0] == pytest.approx(lattice.weight[mine & within[:, :, 0]].sum())
    for k in range(3):
        fresh = mine & within[:, :, k + 1] & ~within[:, :, 0]
        assert instance.worth([k]) == pytest.approx(lattice.weight[fresh].sum())


def streets() -> StreetNetwork:
    import geopandas as gpd
    from shapely import LineString

    lines = [LineString([(900 + 100 * k, 1900), (900 + 100 * k, 3300)]) for k in range(0, 18, 3)]
    cross = [LineString([(900 + 100 * k, y) for k in range(0, 18, 3)]) for y in (1900, 3300)]
    return StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=lines + cross, crs="EPSG:4549"), "EPSG:4549")


def test_walks_serve_whom_the_coverage_engine_says() -> None:
    from geo.coverage.reach import snapped_cells
    from geo.kernels.network import snap, walk_distance

    lattice, network = little_lattice(), streets()
    x, y = np.array([1150.0, 2050.0, 1500.0]), np.array([2200.0, 2900.0, 2500.0])
    reach = Reach.walk(network, metres=500)
    instance = reach_instance(lattice, NOBODY, (x, y), reach)
    for chosen in ([0], [1, 2], [0, 1, 2]):
        walk = walk_distance(
            network, snap(network, x[chosen], y[chosen]), snapped_cells(lattice, network), limit=500.0
        )
        served = lattice.weight[lattice.zone >= 0][walk <= 500].sum()
        assert instance.worth(chosen) == pytest.approx(served)


def test_metres_spared_are_those_of_brute_force() -> None:
    lattice = little_lattice()
    x, y = np.array([1150.0, 2050.0, 1500.0]), np.array([2200.0, 2900.0, 2500.0])
    instance = nearest_instance(lattice, (x[:1], y[:1]), (x[1:], y[1:]), Reach.straight(300), cut_m=700.0)
    assert instance.size["block_m"] == 100
    rows, columns = np.nonzero(lattice.weight > 0)
    east, north = lattice.centres()
    far = np.hypot(east[columns][:, None] - x, north[rows][:, None] - y)
    weight = lattice.weight[rows, columns]
    before = np.minimum(far[:, 0], 700.0)
    assert instance.size["metres_before"] == pytest.approx(weight @ before)
    for chosen in ([0], [1], [0, 1]):
        after = np.minimum(before, far[:, [k + 1 for k in chosen]].min(axis=1))
        assert instance.worth(chosen) == pytest.approx(weight @ (before - after))


def asked(atlas: Atlas, **words: str) -> Siting:
    given = {
        "kind": "metro_station",
        "radius": "800",
        "as_of": "2021-12-31",
        "district": HERE,
        "limit": "5",
    } | words
    question = read_site_question(atlas, {name: value for name, value in given.items() if value})
    return answer_sites(atlas, question, demand_of(atlas, question.demand))


@pytest.fixture(scope="module")
def answer(atlas: Atlas) -> Siting:
    return asked(atlas, k="4", spacing="500", own="120.30,31.59;120.28,31.57")


def test_totals_are_coverage_s_own_answer_for_the_same_set(atlas: Atlas, answer: Siting) -> None:
    question = read_site_question(
        atlas, {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31", "k": "4"}
    )
    facilities, demand = question_facilities(atlas, question), demand_of(atlas, question.demand)
    for outcome in (answer.best, answer.own):
        assert outcome is not None
        sites = outcome.sites.assign(accuracy_m=0.0)
        again = coverage(atlas, with_sites(facilities, sites), demand, Reach.straight(800))
        for code in atlas.districts.index:
            assert outcome.table.loc[code, "served_after"] == again.table.loc[code, "residents_served"]
            assert outcome.table.loc[code, "share_after"] == again.table.loc[code, "share_residents"]
        before = coverage(atlas, facilities, demand, Reach.straight(800)).table
        assert (outcome.table["served_before"] == before["residents_served"]).all()
        assert outcome.sites["gained"].sum() == pytest.approx(outcome.gained)


def test_the_best_are_not_below_one_s_own_and_gains_are_near_the_model_s(answer: Siting) -> None:
    assert answer.plan.status == "optimal"
    assert answer.own is not None
    assert answer.best.gained > answer.own.gained
    assert answer.plan.value == pytest.approx(answer.best.gained, rel=0.02)
    assert answer.best.sites["place_zh"].str.len().min() > 0
    assert (answer.best.table["gained_low"] <= answer.best.table["gained_high"]).all()


def test_inputs_repeat_the_question_and_notes_say_what_is_modelled(answer: Siting) -> None:
    assert answer.inputs["solver"].startswith("HiGHS ")
    assert {"places", "candidates_digest", "version", "k", "radius_m"} <= set(answer.inputs)
    assert any("模型估算" in line for line in answer.messages())
    assert all(answer.messages("en"))
    assert "已证明最优" in answer.verdict()


def test_a_fine_lattice_holds_the_same_people(atlas: Atlas) -> None:
    demand = census_demand(atlas)
    fine = fine_lattice(demand, Reach.straight(300), [HERE])
    at = fine.codes.index(HERE)
    assert fine.size < 100
    assert fine.totals[at] == pytest.approx(demand.residents[at])
    assert fine.totals.sum() == pytest.approx(fine.totals[at])


def raster_like(atlas: Atlas) -> Demand:
    """The census counted by cell, as a population raster is."""
    from dataclasses import replace

    return replace(census_demand(atlas), kind="raster", inputs={"raster": "test"})


def test_by_cell_the_model_and_coverage_agree_to_the_last_digits(atlas: Atlas) -> None:
    question = read_site_question(
        atlas, {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31", "k": "3", "district": HERE}
    )
    points = grid_candidates(atlas, [HERE], 1000.0)
    found = choose_sites(
        atlas,
        question_facilities(atlas, question),
        raster_like(atlas),
        Reach.straight(800),
        points,
        Task(k=3),
        Setting(districts=[HERE]),
    )
    assert found.plan.value == pytest.approx(found.best.gained, rel=1e-9)


def test_the_plan_s_own_works_get_a_build_order(atlas: Atlas) -> None:
    found = asked(atlas, candidates="works", k="3", district="")
    assert found.plan.status == "optimal"
    assert list(found.best.sites["origin"]) == ["works"] * 3
    assert found.plan.gain == sorted(found.plan.gain, reverse=True)


def test_shortest_ways_say_how_far_before_and_after(atlas: Atlas) -> None:
    found = asked(atlas, goal="nearest", k="2", spacing="1000", own="120.30,31.59")
    assert found.metres["before"] > found.metres["own"] >= found.metres["best"]


def test_what_exists_can_be_left_out(atlas: Atlas) -> None:
    found = asked(atlas, kind="fire_station", existing="no", k="2", spacing="1000")
    assert found.best.share_before == 0
    assert "没有计入现有设施" in found.messages()[0]


BAD = [
    ({"k": ""}, "选址数量 k"),
    ({"k": "0"}, "选址数量（参数 k）的值“0”不可用。 可用：整数，1 ≤ k ≤ 500"),
    ({"k": "2.5"}, "可用：整数"),
    ({"k": "3", "points": "120.3,31.57;120.31,31.58"}, "要选 3 处，候选只有 2 处"),
    ({"k": "1", "points": "120.3,31.57;125.3,31.58"}, "第 2 行的点在市域以外"),
    ({"k": "1", "points": "120.3,31.57;120.31,31.57;120.3,31.57"}, "第 3 行与前面的点重复"),
    ({"k": "1", "points": "120.3,31.57;somewhere"}, "第 2 行不是"),
    ({"k": "1", "points": "120.3,31.57", "district": "320282"}, "所选区县里没有一个候选点"),
    ({"k": "1", "capacity": "0"}, "0 < capacity"),
    ({"k": "1", "capacity": "x"}, "capacity"),
    ({"k": "1", "spacing": "1"}, "间距"),
    ({"k": "1", "spacing": "20", "district": ""}, "超过上限"),
    ({"share": "99%", "points": "120.3,31.57"}, "达不到 99%"),
    ({"share": "140%"}, "目标覆盖率"),
    ({"k": "1", "floor": "95%", "points": "120.3,31.57"}, "达不到 95%"),
    ({"k": "1", "goal": "nearest", "floor": "50%"}, "区县下限只用于"),
    ({"k": "1", "goal": "nearest", "capacity": "5"}, "不支持容量"),
    ({"k": "1", "kind": ""}, "请说明设施类型"),
    ({"k": "1", "kind": "school_primary", "candidates": "works"}, "都没有位置"),
    ({"k": "1", "kind": "hospital_2", "candidates": "works"}, "没有尚未建成"),
    ({"k": "1", "district": "999999"}, "区县（参数 district）的值“999999”不可用"),
    ({"k": "1", "radius": "30000"}, "全部在现有设施的服务范围内"),
    ({"k": "1", "existing": "no", "radius": "0", "spacing": "300"}, "没有一个候选能改善"),
    ({"k": "1", "candidates": "/etc/passwd"}, "candidates"),
    ({"k": "1", "sites": "4"}, "不认识的参数"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=[said for _words, said in BAD])
def test_bad_input_is_named_in_both_languages(atlas: Atlas, words: dict[str, str], said: str) -> None:
    with pytest.raises(AtlasError) as caught:
        asked(atlas, **words)
    assert said in caught.value.text("zh")
    assert caught.value.text("en") != caught.value.text("zh")


def test_no_demand_is_said() -> None:
    empty = Instance(csc_array((0, 2)), np.empty(0), np.empty(0, "int64"), np.zeros(1), np.zeros(1), ("a",))
    with pytest.raises(ParameterError, match="没有需求"):
        make_plan(empty, Task(k=1))


def test_bad_rows_are_left_out_when_asked(atlas: Atlas) -> None:
    lon, lat = np.array([120.3, np.nan, 125.0, 120.3]), np.array([31.57, 31.5, 31.5, 31.57])
    found: Candidates = point_candidates(atlas, lon, lat, drop_bad=True)
    assert len(found) == 1
    assert found.notes[0][1] == {"n": 3}


def test_points_are_read_as_people_write_them() -> None:
    for text in (
        "120.3,31.5,东门\n120.4 , 31.6",
        "name,lat,lon\n东门,31.5,120.3\n,31.6,120.4",
        "120.3\t31.5\t东门\n120.4\t31.6",
    ):
        lon, lat, names = read_points(text)
        assert lon.tolist() == [120.3, 120.4]
        assert lat.tolist() == [31.5, 31.6]
        assert names[0] == "东门"


def test_a_grid_stands_on_land_alone_and_is_the_same_every_time(atlas: Atlas) -> None:
    one, two = (grid_candidates(atlas, ["320211"], 1000.0) for _time in range(2))
    assert one.digest == two.digest
    assert set(one.frame["district_code"]) == {"320211"}
    question = read_site_question(
        atlas, {"kind": "metro_station", "radius": "800", "k": "1", "spacing": "2000"}
    )
    assert len(candidates_of(atlas, question)) > 500
