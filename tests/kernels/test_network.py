"""Walking along streets: distances known by hand, brute force on split edges, and what must be refused."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.errors import CrsError, DataError, ParameterError
from geo.kernels.network import OSM_CREDIT, Snapped, StreetNetwork, read_streets, snap, walk_distance
from geo.places.crs import convert

METRIC_CRS = "EPSG:4549"

E0, N0 = 500_000.0, 3_480_000.0
Line = list[tuple[float, float]]
Floats = NDArray[np.float64]

CROSS: list[Line] = [[(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)]]
LADDER: list[Line] = [
    [(0, 0), (100, 0), (200, 0), (300, 0)],
    [(0, 50), (100, 50), (200, 50), (300, 50)],
    *[[(x, 0), (x, 50)] for x in (0.0, 300.0)],
]


def lines(*parts: Line) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString(np.add(part, (E0, N0))) for part in parts]
    return gpd.GeoDataFrame(geometry=shapes, crs=METRIC_CRS)


def network(*parts: Line) -> StreetNetwork:
    return StreetNetwork.from_lines(lines(*parts), METRIC_CRS)


def at(streets: StreetNetwork, *places: tuple[float, float], max_m: float = 500.0) -> Snapped:
    x, y = np.reshape(places, (-1, 2)).T
    return snap(streets, x + E0, y + N0, max_m=max_m)


def walk(
    streets: StreetNetwork, origins: list[tuple[float, float]], *targets: tuple[float, float]
) -> list[float]:
    found: list[float] = walk_distance(streets, at(streets, *origins), at(streets, *targets)).tolist()
    return found


# --- the network ------------------------------------------------------------------------------------------------


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


# --- what is refused --------------------------------------------------------------------------------------------


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


# --- snapping ---------------------------------------------------------------------------------------------------


def test_a_place_joins_the_nearest_street_and_says_how_far() -> None:
    streets = network([(0, 0), (100, 0)], [(0, 80), (100, 80)])
    joined = at(streets, (30, 10), (30, 75), (-30, -40), (100, 0))
    assert joined.off.tolist() == [10, 5, 50, 0]
    assert joined.along.tolist() == [30, 30, 0, 100]
    assert joined.edge[0] == joined.edge[2] == joined.edge[3] != joined.edge[1]


def test_equally_near_edges_give_the_first() -> None:
    assert at(network(*CROSS), (0, 0), (30, 30), (-30, 30)).edge.tolist() == [0, 2, 0]


def test_beyond_the_farthest_a_place_is_not_connected() -> None:
    streets = network([(0, 0), (100, 0)])
    joined = at(streets, (50, 30), (50, -30.001), max_m=30.0)
    assert joined.edge.tolist() == [0, -1]
    assert joined.off.tolist() == [30, np.inf]
    assert walk_distance(streets, joined, joined).tolist() == [60, np.inf]


def test_no_places_are_no_answers() -> None:
    streets = network(*CROSS)
    nobody, somebody = at(streets), at(streets, (0, 0))
    assert walk_distance(streets, somebody, nobody).shape == (0,)
    assert walk_distance(streets, nobody, somebody).tolist() == [np.inf]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=1, max_size=20))
def test_no_edge_is_nearer_than_the_one_joined(places: list[tuple[float, float]]) -> None:
    streets = network(*CROSS, *LADDER)
    joined = at(streets, *places)
    edges = shapely.linestrings(streets.nodes[np.column_stack([streets.u, streets.v])])
    points = shapely.points(np.add(places, (E0, N0)))
    assert np.allclose(joined.off, shapely.distance(points[:, None], edges).min(axis=1), atol=1e-6)
    foot = shapely.line_interpolate_point(edges[joined.edge], joined.along)
    assert np.allclose(shapely.distance(points, foot), joined.off, atol=1e-6)


# --- distances known by hand ------------------------------------------------------------------------------------


def test_around_the_corner_of_a_cross() -> None:
    assert walk(network(*CROSS), [(-100, 0)], (0, 100), (100, 0), (50, 10), (-100, 0)) == [200, 200, 160, 0]


def test_the_shorter_way_around_a_ladder() -> None:
    streets = network(*LADDER)
    assert walk(streets, [(100, 0)], (100, 50), (200, 50), (300, 50)) == [250, 350, 250]
    assert walk(streets, [(100, 0), (200, 50)], (100, 50), (0, 25), (300, 25)) == [100, 125, 125]


def test_off_the_street_counts_at_both_ends() -> None:
    assert walk(network(*LADDER), [(50, -7)], (150, 63)) == [7 + 50 + 50 + 150 + 13]


def test_on_one_edge_the_way_is_straight_along_it() -> None:
    streets = network([(0, 0), (1000, 0)])
    assert walk(streets, [(400, 5)], (450, 0), (100, -2), (400, 5)) == [55, 307, 10]
    assert walk(streets, [(900, 0), (100, 0), (500, 0)], (560, 0), (240, 0), (1000, 0)) == [60, 140, 100]


def test_on_one_edge_the_way_around_may_still_be_shorter_for_another_origin() -> None:
    streets = network([(0, 0), (100, 0)], [(0, 0), (0, 10)])
    origins, targets = at(streets, (90, 0), (0, 10)), at(streets, (10, 0))
    assert walk_distance(streets, origins, targets).tolist() == [20]
    assert walk_distance(streets, origins, targets, extra=[0, 70]).tolist() == [80]


def test_an_origin_that_stands_on_a_node_is_reached_at_no_cost() -> None:
    """A way of zero metres is an edge of the graph like any other."""
    streets = network(*CROSS)
    assert walk(streets, [(0, 0)], (0, 0), (0, 100), (100, 0), (-100, 0)) == [0, 100, 100, 100]


def test_extra_is_walked_beyond_the_origin() -> None:
    streets = network(*CROSS)
    origins, targets = at(streets, (-100, 0), (100, 0)), at(streets, (-50, 0), (60, 0), (0, 0))
    assert walk_distance(streets, origins, targets, extra=25.0).tolist() == [75, 65, 125]
    assert walk_distance(streets, origins, targets, extra=[200, 0]).tolist() == [150, 40, 100]


def test_exactly_at_the_limit_is_reached_and_beyond_is_not() -> None:
    streets = network(*CROSS)
    origin, targets = at(streets, (-100, 0)), at(streets, (50, 0), (50.01, 0), (0, 40), (0, 50))
    found = walk_distance(streets, origin, targets, limit=150)
    assert found.tolist() == [150, np.inf, 140, 150]
    assert walk_distance(streets, origin, at(streets, (-100, 0), (0, 0)), limit=0).tolist() == [0, np.inf]


@pytest.mark.parametrize("steps", [3, 7, 30])
def test_a_limit_made_of_uneven_lengths_is_reached_from_both_ends(steps: int) -> None:
    """0.1 + 0.2 is not 0.3, and a sum depends on its order; the limit must not."""
    x = np.arange(steps + 1) * 100.1
    streets = network([(float(east), 0.0) for east in x])
    first, last = at(streets, (x[0], 0)), at(streets, (x[-1], 0))
    limit = steps * 100.1
    assert walk_distance(streets, first, last, limit=limit)[0] == pytest.approx(limit, abs=1e-6)
    assert walk_distance(streets, last, first, limit=limit)[0] <= limit


def test_islands_are_out_of_reach_and_counted() -> None:
    streets = network(*CROSS, [(1000, 0), (1100, 0)])
    assert streets.report["components"] == 2
    assert streets.report["share_of_length_in_largest"] == pytest.approx(0.8)
    assert walk(streets, [(0, 0)], (1000, 0), (0, 10)) == [np.inf, 10]
    assert walk(streets, [(1100, 0)], (1000, 0), (0, 10)) == [100, np.inf]


# --- brute force and properties ---------------------------------------------------------------------------------

NODE = st.tuples(st.integers(0, 3), st.integers(0, 3))
EDGE = st.tuples(NODE, NODE).filter(lambda ends: ends[0] != ends[1])
PLACE = st.tuples(st.floats(-50, 350), st.floats(-50, 350))
STREETS = st.lists(EDGE, min_size=1, max_size=9)
PLACES = st.lists(PLACE, min_size=1, max_size=5)


def hundred(edges: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[Line]:
    return [[(100.0 * x, 100.0 * y) for x, y in ends] for ends in edges]


def brute_force(streets: StreetNetwork, origins: Snapped, targets: Snapped, extra: Floats) -> Floats:
    """Floyd and Warshall over a graph whose edges are split at every place that joins them."""
    n, k, t = len(streets.nodes), len(origins.edge), len(targets.edge)
    edge, along = np.concatenate([origins.edge, targets.edge]), np.concatenate([origins.along, targets.along])
    way = np.full((n + k + t, n + k + t), np.inf)
    np.fill_diagonal(way, 0.0)
    for e, length in enumerate(streets.length):
        on = np.flatnonzero(edge == e)
        on = on[np.argsort(along[on], kind="stable")]
        stops = [int(streets.u[e]), *(n + on).tolist(), int(streets.v[e])]
        marks = [0.0, *along[on].tolist(), float(length)]
        for a, b, step in zip(stops[:-1], stops[1:], np.diff(marks), strict=True):
            way[a, b] = way[b, a] = min(way[a, b], step)
    for middle in range(len(way)):
        way = np.minimum(way, way[:, [middle]] + way[[middle]])
    walked: Floats = way[n : n + k, n + k :] + (origins.off + extra)[:, None] + targets.off
    return walked.min(axis=0)


@settings(max_examples=25)
@given(STREETS, PLACES, PLACES, st.floats(0, 500), st.lists(st.floats(0, 90), min_size=5, max_size=5))
def test_equals_brute_force(
    edges: list[tuple[tuple[int, int], tuple[int, int]]],
    origins: list[tuple[float, float]],
    targets: list[tuple[float, float]],
    limit: float,
    extras: list[float],
) -> None:
    streets = network(*hundred(edges))
    start, goal, extra = at(streets, *origins, max_m=120), at(streets, *targets, max_m=120), np.array(extras)
    expected = brute_force(streets, start, goal, extra[: len(origins)])
    assert np.allclose(walk_distance(streets, start, goal, extra=extra[: len(origins)]), expected, atol=1e-6)
    limited = walk_distance(streets, start, goal, limit=limit, extra=extra[: len(origins)])
    clear = np.abs(expected - limit) > 1e-3
    assert np.allclose(limited[clear], np.where(expected <= limit, expected, np.inf)[clear], atol=1e-6)


def same_places(old: StreetNetwork, new: StreetNetwork, places: Snapped) -> Snapped:
    """``places`` of one network at the same spots of the same edges of a larger one."""
    ends = {(*map(tuple, new.nodes[[u, v]]),): e for e, (u, v) in enumerate(zip(new.u, new.v, strict=True))}
    edge = [ends[(*map(tuple, old.nodes[[old.u[e], old.v[e]]]),)] for e in places.edge]
    return Snapped(np.array(edge), places.along, places.off)


@settings(max_examples=25)
@given(STREETS, EDGE, PLACES, PLACES)
def test_one_more_street_never_makes_a_walk_longer(
    edges: list[tuple[tuple[int, int], tuple[int, int]]],
    more: tuple[tuple[int, int], tuple[int, int]],
    origins: list[tuple[float, float]],
    targets: list[tuple[float, float]],
) -> None:
    old, new = network(*hundred(edges)), network(*hundred([*edges, more]))
    start, goal = at(old, *origins, max_m=1000), at(old, *targets, max_m=1000)
    before = walk_distance(old, start, goal)
    after = walk_distance(new, same_places(old, new, start), same_places(old, new, goal))
    assert (after <= before + 1e-9).all()


@settings(max_examples=25)
@given(STREETS, PLACES, PLACES, st.randoms(use_true_random=False))
def test_the_order_of_origins_does_not_matter(
    edges: list[tuple[tuple[int, int], tuple[int, int]]],
    origins: list[tuple[float, float]],
    targets: list[tuple[float, float]],
    random: object,
) -> None:
    streets = network(*hundred(edges))
    shuffled = list(origins)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    goal = at(streets, *targets)
    a = walk_distance(streets, at(streets, *origins), goal, limit=300)
    b = walk_distance(streets, at(streets, *shuffled), goal, limit=300)
    assert a.tolist() == b.tolist()


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "json", "shp", "fgb", "GPKG"])
def test_a_file_comes_back_as_the_same_network(tmp_path: Path, ending: str) -> None:
    drivers = {"json": "GeoJSON", "shp": "ESRI Shapefile", "fgb": "FlatGeobuf", "geojson": "GeoJSON"}
    path = tmp_path / f"街道.{ending}"
    crs = "EPSG:4326" if "json" in ending else METRIC_CRS
    lines(*LADDER).to_crs(crs).to_file(path, driver=drivers.get(ending, "GPKG"), engine="pyogrio")
    streets = read_streets(path, METRIC_CRS)
    assert streets.report["source"] == path.name
    assert "credit" not in streets.report
    assert np.allclose(streets.nodes, network(*LADDER).nodes, atol=0.02)
    assert streets.report["edges"] == 8


def test_of_several_layers_the_first_of_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "layers.gpkg"
    points = gpd.GeoDataFrame(geometry=[shapely.Point(E0, N0)], crs=METRIC_CRS)
    for name, frame in {"nodes": points, "edges": lines(*CROSS), "more": lines(*LADDER)}.items():
        frame.to_file(path, layer=name, driver="GPKG")
    assert read_streets(path, METRIC_CRS).report["edges"] == 4
    points.to_file(tmp_path / "points.gpkg", driver="GPKG")
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(tmp_path / "points.gpkg", METRIC_CRS)


OSM_NODES = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0), 4: (100.0, 100.0)}
OSM_WAYS = {
    10: ([1, 2], {"highway": "footway"}),
    11: ([2, 3], {"highway": "motorway"}),
    12: ([2, 4], {"highway": "trunk", "lanes": "4"}),
    13: ([1, 4], {"highway": "trunk", "foot": "no"}),
    14: ([3, 4], {"railway": "rail"}),
    15: ([1, 3], {"highway": "construction"}),
    16: ([4, 3, 2], {"highway": "motorway_link"}),
}


def osm_places() -> dict[int, tuple[float, float]]:
    x, y = np.add(list(OSM_NODES.values()), (E0, N0)).T
    lon, lat = convert(x, y, source="EPSG:4549", target="WGS84")
    return {k: (float(a), float(b)) for k, a, b in zip(OSM_NODES, lon, lat, strict=True)}


def osm_xml() -> bytes:
    nodes = [f'<node id="{k}" lon="{lon:.7f}" lat="{lat:.7f}"/>' for k, (lon, lat) in osm_places().items()]
    ways = [
        f'<way id="{k}">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        + "</way>"
        for k, (refs, tags) in OSM_WAYS.items()
    ]
    text = "\n".join(
        ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">', *nodes, *ways, "</osm>"]
    )
    return text.encode()


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def chunk(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def osm_pbf() -> bytes:
    """The same data in the binary format, by its published message definitions."""
    words = [
        "",
        *sorted({word for _refs, tags in OSM_WAYS.values() for pair in tags.items() for word in pair}),
    ]
    group = b""
    for k, (lon, lat) in osm_places().items():
        place = number(8, zigzag(round(lat * 1e7))) + number(9, zigzag(round(lon * 1e7)))
        group += chunk(1, number(1, zigzag(k)) + place)
    for k, (refs, tags) in OSM_WAYS.items():
        keys = b"".join(varint(words.index(key)) for key in tags)
        values = b"".join(varint(words.index(value)) for value in tags.values())
        steps = b"".join(varint(zigzag(b - a)) for a, b in zip([0, *refs[:-1]], refs, strict=True))
        group += chunk(3, number(1, k) + chunk(2, keys) + chunk(3, values) + chunk(8, steps))
    table = b"".join(chunk(1, word.encode()) for word in words)
    out = b""
    for kind, content in (
        (b"OSMHeader", chunk(4, b"OsmSchema-V0.6")),
        (b"OSMData", chunk(1, table) + chunk(2, group)),
    ):
        blob = chunk(1, content) + number(2, len(content))
        header = chunk(1, kind) + number(3, len(blob))
        out += len(header).to_bytes(4, "big") + header + blob
    return out


@pytest.mark.parametrize(("name", "content"), [("wuxi.osm", osm_xml()), ("wuxi.osm.pbf", osm_pbf())])
def test_of_openstreetmap_the_ways_that_may_be_walked_on_are_read(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    streets = read_streets(path, METRIC_CRS)
    assert (streets.report["nodes"], streets.report["edges"]) == (3, 2)
    assert streets.report["source"] == name
    assert streets.report["credit"] == OSM_CREDIT
    assert walk(streets, [(0, 0)], (100, 100)) == pytest.approx([200], abs=0.1)


def test_openstreetmap_without_a_way_to_walk_on_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "motorway.osm"
    path.write_bytes(osm_xml().replace(b"footway", b"motorway").replace(b"trunk", b"motorway"))
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(path, METRIC_CRS)


def test_openstreetmap_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    for name, content in (("half.osm", osm_xml()[:-40]), ("half.osm.pbf", osm_pbf()[:-30])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=name):
            read_streets(tmp_path / name, METRIC_CRS)


def test_openstreetmap_with_negative_ids_and_ways_without_nodes(tmp_path: Path) -> None:
    """Ids of an editor that has not uploaded yet; ways whose nodes the extract does not hold are no streets."""
    text = osm_xml().replace(b'<nd ref="', b'<nd ref="-').replace(b'<node id="', b'<node id="-')
    (tmp_path / "negative.osm").write_bytes(text)
    assert read_streets(tmp_path / "negative.osm", METRIC_CRS).report["edges"] == 2
    lost = b'<way id="99"><nd ref="501"/><nd ref="502"/><tag k="highway" v="footway"/></way></osm>'
    (tmp_path / "lost.osm").write_bytes(osm_xml().replace(b"</osm>", lost))
    assert read_streets(tmp_path / "lost.osm", METRIC_CRS).report["edges"] == 2
    only = b'<?xml version="1.0"?><osm version="0.6">' + lost
    (tmp_path / "only.osm").write_bytes(only)
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(tmp_path / "only.osm", METRIC_CRS)


@pytest.mark.parametrize(
    "name",
    [
        "roads.kml",
        "roads.vrt",
        "roads",
        "/vsicurl/http://localhost/a.gpkg",
        "https://example.org/a.gpkg",
        "/vsizip/a.zip/a.shp",
    ],
)
def test_other_files_and_addresses_are_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="不接受文件") as caught:
        read_streets(Path(name), METRIC_CRS)
    assert ".osm.pbf" in str(caught.value)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"missing\.gpkg.*No such file"):
        read_streets(tmp_path / "missing.gpkg", METRIC_CRS)
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [', "utf-8")
    with pytest.raises(DataError, match=r"读不了文件 broken\.geojson"):
        read_streets(broken, METRIC_CRS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gpkg", "not a database"),
        ("a.osm", "<gml/>"),
        ("a.osm.pbf", "<osm/>"),
        ("a.geojson", '{"a": 1} <OGRVRTDataSource><OGRVRTLayer name="b"/></OGRVRTDataSource>'),
    ],
)
def test_a_file_must_be_what_its_name_says(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(DataError, match="与扩展名不符"):
        read_streets(tmp_path / name, METRIC_CRS)


def test_a_file_without_lines_geometry_or_crs_says_so(tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    with pytest.raises(ParameterError, match="没有一条"):
        read_streets(bare, METRIC_CRS)
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "table.gpkg")
    with pytest.raises(DataError, match="没有几何图层"):
        read_streets(tmp_path / "table.gpkg", METRIC_CRS)
    lines(*CROSS).to_file(tmp_path / "roads.shp", driver="ESRI Shapefile")
    (tmp_path / "roads.prj").unlink()
    with pytest.raises(CrsError, match="没有坐标系"):
        read_streets(tmp_path / "roads.shp", METRIC_CRS)
