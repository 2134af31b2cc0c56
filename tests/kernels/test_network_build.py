"""Streets become a network: nodes, edges, and what is refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import CrsError, ParameterError
from geo.kernels.network import StreetNetwork, walk_distance
from tests.kernels.street_cases import CROSS, E0, LADDER, METRIC_CRS, N0, at, lines, network, walk


def test_every_vertex_is_a_node_and_every_segment_an_edge() -> None:
    streets = network(*CROSS)
    assert streets.nodes.shape == (5, 2)
    assert streets.length.tolist() == [100] * 4
    assert (streets.u < streets.v).all()
    assert streets.report == {
        "nodes": 5,
        "edges": 4,
        "length_km": 0.4,
        "components": 1,
        "share_of_length_in_largest": 1.0,
        "dropped": 0,
        "source": "",
    }


def test_lines_that_cross_without_a_shared_vertex_do_not_connect() -> None:
    bridge = network([(-100, 0), (100, 0)], [(0, -100), (0, 100)])
    assert bridge.report["components"] == 2
    assert walk(bridge, [(-100, 0)], (0, 100)) == [np.inf]


def test_parts_of_a_multiline_do_not_connect() -> None:
    parts = shapely.MultiLineString(
        [np.add([(0, 0), (10, 0)], (E0, N0)), np.add([(20, 0), (60, 0)], (E0, N0))]
    )
    streets = StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=[parts], crs=METRIC_CRS), METRIC_CRS)
    assert streets.report["edges"] == 2
    assert streets.report["components"] == 2
    assert streets.report["share_of_length_in_largest"] == pytest.approx(0.8)


def test_vertices_of_one_grid_place_are_one_node_at_the_first() -> None:
    streets = network([(0, 0), (100, 0)], [(100.01, 0.01), (200, 0)])
    assert streets.report["components"] == 1
    assert streets.length.tolist() == [100, 100]
    apart = StreetNetwork.from_lines(
        lines([(0, 0), (100, 0)], [(100.01, 0.01), (200, 0)]), METRIC_CRS, precision_m=0.001
    )
    assert apart.report["components"] == 2


def test_repeated_and_empty_segments_count_once_or_not_at_all() -> None:
    streets = network(
        [(0, 0), (0, 0), (100, 0)], [(100, 0), (0, 0)], [(0, 0), (100, 0)], [(500, 0), (500.001, 0)]
    )
    assert (streets.report["nodes"], streets.report["edges"], streets.report["components"]) == (2, 1, 1)


def test_rows_that_are_no_lines_are_dropped_and_counted() -> None:
    frame = lines(*CROSS)
    others = [shapely.Point(E0, N0), shapely.box(E0, N0, E0 + 9, N0 + 9), shapely.LineString(), None]
    mixed = gpd.GeoDataFrame(geometry=[*others, *frame.geometry], crs=METRIC_CRS)
    streets = StreetNetwork.from_lines(mixed, METRIC_CRS)
    assert streets.report["dropped"] == 4
    assert streets.report["edges"] == 4


def test_degrees_are_reprojected() -> None:
    streets = StreetNetwork.from_lines(lines(*CROSS).to_crs("EPSG:4326"), METRIC_CRS)
    assert np.allclose(streets.length, 100, atol=1e-6)
    assert np.allclose(streets.nodes[0], (E0 - 100, N0), atol=1e-6)


def test_no_crs_is_refused() -> None:
    with pytest.raises(CrsError, match="没有坐标系"):
        StreetNetwork.from_lines(lines(*CROSS).set_crs(None, allow_override=True), METRIC_CRS)


def test_degrees_that_claim_to_be_metres_are_refused() -> None:
    mislabelled = lines(*CROSS).to_crs("EPSG:4326").set_crs(METRIC_CRS, allow_override=True)
    with pytest.raises(CrsError, match="EPSG:4549，坐标却像经纬度"):
        StreetNetwork.from_lines(mislabelled, METRIC_CRS)


def test_longitude_and_latitude_swapped_are_refused_by_row() -> None:
    good, swapped = (
        shapely.LineString([(120.3, 31.5), (120.4, 31.5)]),
        shapely.LineString([(31.5, 120.3), (31.5, 120.4)]),
    )
    with pytest.raises(CrsError, match=r"第 2 行.*共 1 行"):
        StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=[good, swapped], crs="EPSG:4326"), METRIC_CRS)


def test_a_crs_without_a_place_on_earth_is_refused() -> None:
    local = (
        'ENGCRS["site",EDATUM["site"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
    )
    with pytest.raises(CrsError, match="换算不到 EPSG:4549"):
        StreetNetwork.from_lines(lines(*CROSS).set_crs(local, allow_override=True), METRIC_CRS)


@pytest.mark.parametrize("crs", [METRIC_CRS, "EPSG:4326"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_coordinates_that_are_no_numbers_are_refused_by_row(crs: str, value: float) -> None:
    frame = lines(*LADDER).to_crs(crs)
    with np.errstate(invalid="ignore"):
        for row in (1, 3):
            xy = shapely.get_coordinates(frame.geometry.iloc[row])
            frame.loc[row, "geometry"] = shapely.LineString([xy[0], (xy[1][0], value)])
    point = gpd.GeoDataFrame(geometry=[shapely.Point(xy[0])], crs=crs)
    mixed = gpd.GeoDataFrame(geometry=[*point.geometry, *frame.geometry], crs=crs)
    with pytest.raises(CrsError, match=r"第 3、5 行.*共 2 行"):
        StreetNetwork.from_lines(mixed, METRIC_CRS)


@pytest.mark.parametrize(
    "shapes",
    [[], [shapely.Point(E0, N0)], [shapely.LineString([(E0, N0), (E0, N0)])]],
    ids=["none", "point", "short"],
)
def test_not_one_line_is_refused(shapes: list[shapely.Geometry]) -> None:
    with pytest.raises(ParameterError, match="没有一条"):
        StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=shapes, crs=METRIC_CRS), METRIC_CRS)


@pytest.mark.parametrize("precision", [0, -1, np.nan, np.inf])
def test_precision_must_be_above_zero(precision: float) -> None:
    with pytest.raises(ParameterError, match="节点精度"):
        StreetNetwork.from_lines(lines(*CROSS), METRIC_CRS, precision_m=precision)


def test_numbers_without_meaning_are_refused() -> None:
    streets = network(*CROSS)
    here = at(streets, (0, 0))
    with pytest.raises(ParameterError, match="有 1 个点"):
        at(streets, (0, 0), (np.nan, 0))
    for bad in (0.0, -1.0, np.nan):
        with pytest.raises(ParameterError, match="最远距离"):
            at(streets, (0, 0), max_m=bad)
    for bad in (-1.0, np.nan):
        with pytest.raises(ParameterError, match="上限"):
            walk_distance(streets, here, here, limit=bad)
        with pytest.raises(ParameterError, match="附加距离"):
            walk_distance(streets, here, here, extra=[bad])
    with pytest.raises(ParameterError, match="附加距离"):
        walk_distance(streets, here, here, extra=np.inf)
