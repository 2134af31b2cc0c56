"""The matrix says what single answers say; of polygons of one's own what geopandas and numpy work out apart."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from geo.atlas import load_atlas
from geo.coverage.demand import census_demand, land_demand, modelled_demand
from geo.coverage.matrix import Matrix, matrix
from geo.coverage.question import answer_coverage, read_question
from geo.coverage.verdict import Shares, verdicts
from geo.errors import AtlasError, CrsError
from geo.questions.coverage import SETS
from geo.questions.matrix import MatrixQuestion
from geo.register.facilities import facility_set
from geo.register.indicators import PassMark, load_indicators
from geo.report.reach import computable_indicators
from tests.depth import examples

DAY = date(2026, 11, 29)
SINGLE = {
    "share_low": "share_residents_least",
    "share": "share_residents",
    "share_high": "share_residents_most",
    "residents": "residents",
    "residents_served": "residents_served",
    "facilities_known": "facilities_known",
    "facilities_placed": "facilities_placed",
}


def ask(zones: gpd.GeoDataFrame | None = None, **parameters: str) -> Matrix:
    question = MatrixQuestion.read({"as_of": DAY.isoformat(), **parameters})
    return matrix(load_atlas(), zones, question)


@pytest.fixture(scope="module")
def districts() -> Matrix:
    return ask()


def boxes(*corners: tuple[float, float, float, float], names: list[str] | None = None) -> gpd.GeoDataFrame:
    """Rectangles in metres from the middle of the city."""
    city = load_atlas().city
    middle = gpd.GeoSeries(gpd.points_from_xy([load_atlas().middle[0]], [load_atlas().middle[1]]), crs=4326)
    point = middle.to_crs(city.projected_crs)[0]
    shapes = [shapely.box(point.x + w, point.y + s, point.x + e, point.y + n) for w, s, e, n in corners]
    named = names or [f"区{k}" for k in range(len(shapes))]
    return gpd.GeoDataFrame({"name": named}, geometry=shapes, crs=city.projected_crs)


def near_stations(*corners: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Rectangles beside each other, from the busiest station on."""
    facilities = facility_set(load_atlas().register, ("metro_station",), "as_of", DAY)
    x, y = (float(np.median(each)) for each in facilities.xy)
    shapes = [shapely.box(x + w, y + s, x + e, y + n) for w, s, e, n in corners]
    frame = {"name": [f"区{k}" for k in range(len(shapes))]}
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=load_atlas().city.projected_crs)


THREE = ((-4000, -3000, 0, 2500), (0, -3000, 5000, 2500), (-4000, 2500, 5000, 6130))


# --- districts ----------------------------------------------------------------------------------------------------------


def test_there_is_one_row_a_zone_an_indicator_and_a_set(districts: Matrix) -> None:
    atlas = load_atlas()
    rows = districts.table
    assert not rows.duplicated(["zone_code", "indicator_id", "set"]).any()
    assert len(rows) == (len(atlas.districts) + 1) * len(load_indicators(atlas.pack.root)) * len(SETS)


def test_every_cell_is_the_single_answer_to_the_last_digit(districts: Matrix) -> None:
    atlas, demand = load_atlas(), modelled_demand(load_atlas())
    straight = [each for each in computable_indicators(atlas) if each.reach == "straight"]
    assert len(straight) > 8
    for indicator in straight:
        for which in SETS:
            asked = {"indicator": indicator.indicator_id, "set": which, "as_of": DAY.isoformat()}
            single = answer_coverage(atlas, read_question(atlas, asked), demand).table
            rows = districts.table.set_index("zone_code")
            rows = rows[(rows["indicator_id"] == indicator.indicator_id) & (rows["set"] == which)]
            for ours, theirs in SINGLE.items():
                expected = single[theirs].astype(float)
                pd.testing.assert_series_equal(
                    rows[ours].astype(float), expected, check_names=False, check_exact=True
                )


def test_what_is_not_computed_says_why_and_has_no_number(districts: Matrix) -> None:
    rows = districts.table[districts.table["reasons"] == "not_computed"]
    atlas = load_atlas()
    straight = {row.indicator_id for row in computable_indicators(atlas) if row.reach == "straight"}
    assert set(rows["indicator_id"]) == set(load_indicators(atlas.pack.root)) - straight
    assert (rows["why"].str.len() > 5).all()
    assert rows["share"].isna().all()
    assert (rows["verdict"] == "cannot_tell").all()


def test_where_the_register_is_not_complete_there_is_no_verdict(districts: Matrix) -> None:
    """Bus stops are said to be complete in five districts, and not in the two cities beside them."""
    rows = districts.table[districts.table["indicator_id"] == "bus_500"]
    judged = set(rows.loc[rows["verdict"] != "cannot_tell", "zone_code"])
    assert judged
    assert not judged & {"320281", "320282", load_atlas().city.code}
    assert (districts.table.loc[districts.table["pass_mark"] == "", "verdict"] == "cannot_tell").all()


def test_a_shortfall_is_what_the_mark_asks_for_less_what_is_served(districts: Matrix) -> None:
    rows = districts.table[(districts.table["indicator_id"] == "bus_500") & districts.table["share"].notna()]
    expected = (0.9 * rows["residents"] - rows["residents_served"]).clip(lower=0)
    assert np.allclose(rows["shortfall"], expected, rtol=1e-9, atol=1e-6)
    assert (rows["shortfall_low"] <= rows["shortfall"]).all()
    assert (rows["shortfall"] <= rows["shortfall_high"]).all()


def test_land_is_not_held_against_a_mark_of_built_up_land() -> None:
    rows = ask(denominator="land", indicator="bus_500").table
    assert (rows["verdict"] == "cannot_tell").all()
    known = rows["share"].notna() & (rows["zone_code"] != load_atlas().city.code)
    assert rows.loc[known, "reasons"].str.contains("other_denominator").all()


# --- polygons of one's own -----------------------------------------------------------------------------------------------


def test_districts_given_as_polygons_have_the_numbers_of_the_districts(districts: Matrix) -> None:
    shapes = load_atlas().districts[["name_zh", "geometry"]]
    own = ask(shapes).table
    codes = dict(zip(load_atlas().districts["name_zh"], load_atlas().districts.index, strict=True))
    both = own.assign(zone_code=own["zone"].map(codes)).merge(
        districts.table, on=["zone_code", "indicator_id", "set"], suffixes=("", "_d")
    )
    assert len(both) == len(own)
    for name in ("share_low", "share", "share_high", "residents", "residents_served", "shortfall"):
        assert np.allclose(both[name], both[f"{name}_d"], rtol=1e-6, atol=1e-6, equal_nan=True), name
    assert (both["verdict"] == both["verdict_d"]).all()
    assert (both["reasons"] == both["reasons_d"]).all()


def test_land_of_own_polygons_is_that_of_geopandas() -> None:
    zones = near_stations(*THREE)
    rows = ask(zones, denominator="land", indicator="metro_800", set="as_of").table
    atlas = load_atlas()
    facilities = facility_set(atlas.register, ("metro_station",), "as_of", DAY)
    points = gpd.GeoSeries(gpd.points_from_xy(*facilities.xy), crs=atlas.city.projected_crs)
    near = points.buffer(800, quad_segs=256).union_all()
    land = atlas.districts["land"].to_crs(atlas.city.projected_crs).union_all()
    of_zone = zones.geometry.intersection(land)
    expected = of_zone.intersection(near).area / of_zone.area
    assert expected.max() > 0.2
    assert np.allclose(rows["share"], expected, rtol=1e-4)  # a polygon of 1,024 corners for a circle


def test_residents_of_own_polygons_are_those_of_the_cells_in_them() -> None:
    zones = near_stations(*THREE)
    rows = ask(zones, indicator="metro_800", set="as_of").table
    lattice = modelled_demand(load_atlas()).lattice
    east, north = (each.ravel() for each in np.meshgrid(*lattice.centres()))
    facilities = facility_set(load_atlas().register, ("metro_station",), "as_of", DAY)
    distance = cKDTree(np.column_stack(facilities.xy)).query(np.column_stack([east, north]))[0]
    weight = lattice.weight.ravel()
    for row, shape in zip(rows.to_dict("records"), zones.geometry, strict=True):
        inside = shapely.contains_xy(shape, east, north)
        assert row["residents"] == pytest.approx(weight[inside].sum(), rel=1e-9)
        assert row["residents_served"] == pytest.approx(weight[inside & (distance <= 800)].sum(), rel=1e-9)


def test_more_zones_than_fit_in_one_piece_have_the_numbers_of_each_alone() -> None:
    cells = [(x * 900, y * 900, x * 900 + 900, y * 900 + 900) for x in range(-5, 5) for y in range(-4, 4)]
    whole = ask(near_stations(*cells), indicator="metro_800", set="as_of").table
    assert len(whole) == 80
    last = ask(near_stations(*cells[70:]), indicator="metro_800", set="as_of").table
    for name in ("share_low", "share", "share_high", "residents"):
        assert np.allclose(whole[name][70:], last[name], rtol=1e-9, equal_nan=True)


@pytest.mark.parametrize("demand", [modelled_demand, census_demand])
def test_own_residents_scale_the_model_and_are_said(demand: object) -> None:
    zones = near_stations(*THREE).assign(people=["1200", "30000", "0"])
    question = MatrixQuestion.read(
        {"as_of": DAY.isoformat(), "population": "people", "indicator": "metro_800", "set": "as_of"}
    )
    answer = matrix(load_atlas(), zones, question, demand=demand(load_atlas()))  # type: ignore[operator]
    plain = ask(near_stations(*THREE), indicator="metro_800", set="as_of").table
    assert answer.table["residents"].tolist() == [1200, 30000, 0]
    if demand is modelled_demand:
        assert np.allclose(answer.table["share"][:2], plain["share"][:2], rtol=1e-9)
    assert answer.table["share"].isna().tolist() == [False, False, True]
    assert any("people" in text for text in answer.messages("en"))


def test_what_is_wrong_with_a_polygon_is_said_and_the_others_are_computed() -> None:
    good, tied = shapely.box(0, 0, 3000, 3000), shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    city = load_atlas().city.projected_crs
    far = boxes((900_000, 0, 903_000, 3000))
    frame = near_stations(
        (0, 0, 3000, 3000), (-9000, 0, -6000, 3000), (-7000, 0, -4000, 3000), (20, 4000, 50, 4030)
    )
    x, y, *_rest = frame.geometry[0].bounds
    tied = shapely.affinity.translate(tied, x, y)
    shapes = [*frame.geometry, tied, far.geometry[0], None]
    names = ["good", "one", "two", "tiny", "tied", "far", "nothing"]
    zones = gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=city)
    answer = ask(zones, indicator="metro_800", set="as_of")
    reasons = dict(zip(answer.table["zone"], answer.table["reasons"], strict=True))
    assert reasons["one"] == reasons["two"] == "zone_overlaps"
    assert reasons["tied"] == reasons["nothing"] == "zone_invalid"
    assert reasons["far"] == "zone_outside"
    assert "zone_small" in reasons["tiny"]
    shares = answer.table.set_index("zone")["share"]
    alone = ask(near_stations((0, 0, 3000, 3000)), indicator="metro_800", set="as_of").table
    assert shares["good"] == pytest.approx(alone["share"][0], rel=1e-12)
    assert shares.drop("good").isna().all()
    assert all(any(name in text for text in answer.messages()) for name in names[1:])
    assert good.is_valid


def test_where_no_polygon_can_be_computed_every_row_says_why() -> None:
    rows = ask(boxes((900_000, 0, 903_000, 3000)), indicator="metro_800|fire_drive_5").table
    assert len(rows) == 2 * len(SETS)
    assert rows["share"].isna().all()
    assert set(rows["reasons"]) == {"zone_outside", "not_computed"}


def test_a_polygon_across_the_border_is_judged_by_nobody() -> None:
    outline = load_atlas().districts.geometry.to_crs(load_atlas().city.projected_crs).loc["320213"]
    city = load_atlas().districts.geometry.to_crs(load_atlas().city.projected_crs).union_all()
    west, south, _east, north = city.bounds
    half = shapely.box(west - 5000, south, outline.centroid.x, north)
    zones = gpd.GeoDataFrame({"name": ["half"]}, geometry=[half], crs=load_atlas().city.projected_crs)
    rows = ask(zones, indicator="bus_500").table
    assert rows["reasons"].str.contains("zone_partly_outside").all()
    assert (rows["verdict"] == "cannot_tell").all()


@pytest.mark.parametrize(
    ("frame", "parameters"),
    [
        (lambda: near_stations(*THREE).set_crs(None, allow_override=True), {}),
        (lambda: near_stations(*THREE).iloc[:0], {}),
        (lambda: near_stations(*THREE).assign(name="a"), {}),
        (lambda: near_stations(*THREE), {"zone_name": "街道"}),
        (lambda: near_stations(*THREE), {"population": "人口"}),
        (lambda: near_stations(*THREE).assign(p=[1, -2, 3]), {"population": "p"}),
        (lambda: near_stations(*THREE).assign(p=[1, float("nan"), 3]), {"population": "p"}),
        (lambda: near_stations(*THREE).assign(p=["1", "many", "3"]), {"population": "p"}),
        (lambda: None, {"indicator": "metro_801"}),
        (lambda: None, {"set": "before|later"}),
    ],
)
def test_what_cannot_be_asked_is_refused(frame: object, parameters: dict[str, str]) -> None:
    with pytest.raises(AtlasError) as caught:
        ask(frame(), **parameters)  # type: ignore[operator]
    assert caught.value.text("en") != caught.value.text("zh")
    assert isinstance(caught.value, CrsError | AtlasError)


def test_residents_are_not_asked_of_land_alone() -> None:
    question = MatrixQuestion.read({"denominator": "residents"})
    with pytest.raises(AtlasError, match="denominator"):
        matrix(load_atlas(), None, question, demand=land_demand(load_atlas()))


# --- verdicts -----------------------------------------------------------------------------------------------------------

SHARE = st.floats(0, 1)
MARK = st.builds(PassMark, st.sampled_from([0.3, 0.5, 0.8, 0.9]) | SHARE, st.booleans())


def judge(mark: PassMark, low: float, high: float, *, complete: bool, unplaced: int, doubtful: bool) -> str:
    one = Shares(
        np.array([low]),
        np.array([high]),
        np.array([complete]),
        np.array([float(unplaced)]),
        np.array([doubtful]),
    )
    return str(verdicts(mark, one, comparable=True)[0])


@examples(200)
@given(MARK, SHARE, SHARE, SHARE, st.booleans(), st.integers(0, 2), st.booleans())
def test_a_verdict_holds_for_every_share_in_the_range(
    mark: PassMark, one: float, other: float, part: float, complete: bool, unplaced: int, doubtful: bool
) -> None:
    low, high = sorted((one, other))
    verdict = judge(mark, low, high, complete=complete, unplaced=unplaced, doubtful=doubtful)
    share = low + part * (high - low)
    met = share > mark.share if mark.strict else share >= mark.share
    if verdict == "pass":
        assert met
    if verdict == "fail":
        assert not met
        assert unplaced == 0
    if not complete or doubtful:
        assert verdict == "cannot_tell"
    if complete and not doubtful and unplaced == 0 and low == high:
        assert verdict == ("pass" if met else "fail")


@examples(200)
@given(MARK, st.lists(SHARE, min_size=4, max_size=4))
def test_knowing_less_never_turns_a_verdict_round(mark: PassMark, ends: list[float]) -> None:
    a, b, c, d = sorted(ends)
    wide = judge(mark, a, d, complete=True, unplaced=0, doubtful=False)
    narrow = judge(mark, b, c, complete=True, unplaced=0, doubtful=False)
    assert wide in ("cannot_tell", narrow)


def test_what_is_not_known_is_not_judged() -> None:
    for low, high in ((float("nan"), 1.0), (0.0, float("nan"))):
        assert (
            judge(PassMark(0.5, False), low, high, complete=True, unplaced=0, doubtful=False) == "cannot_tell"
        )
    one = Shares(np.ones(1), np.ones(1), np.ones(1, bool), np.zeros(1), np.zeros(1, bool))
    assert verdicts(None, one, comparable=True).tolist() == ["cannot_tell"]
    assert verdicts(PassMark(0.5, False), one, comparable=False).tolist() == ["cannot_tell"]


def test_marks_are_read_as_they_are_written() -> None:
    rows = load_indicators(load_atlas().pack.root)
    assert rows["bus_500"].mark == PassMark(0.9, False)
    assert rows["park_500"].mark == PassMark(0.8, True)
    assert rows["metro_commute_share"].mark is None
    assert rows["metro_800"].mark is None
