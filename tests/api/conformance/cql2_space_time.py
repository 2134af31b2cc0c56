"""Common Query Language, CQL2 (OGC 21-065r2), Annex A: spatial and temporal functions."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import shapely

from tests.api.conformance.asking import Api
from tests.api.conformance.cql2 import _combined, frame, of_kind
from tests.api.conformance.rows import NAMES, abstract_test

BASIC: Final = "cql2/1.0/conf/basic-spatial-functions"
PLUS: Final = "cql2/1.0/conf/basic-spatial-functions-plus"
SPATIAL: Final = "cql2/1.0/conf/spatial-functions"
TEMPORAL: Final = "cql2/1.0/conf/temporal-functions"
WORLD: Final = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
LINE: Final = "LINESTRING(7 50,10 51)"
RING: Final = (
    "(-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50)"
)


def _ask(api: Api, name: str, function: str, shape: str) -> set[str]:
    return api.filtered(name, f"{function}(geometry,{shape})")


def _refuse(api: Api, name: str, function: str, shape: str) -> None:
    api.items(name, {"filter": f"{function}(geometry,{shape})"}, status=400)


def _placed(api: Api, name: str) -> set[str]:
    return api.filtered(name, "geometry IS NOT NULL")


@abstract_test(
    BASIC,
    "s_intersects",
    "the world, a point, a point that cannot be, two halves",
    "200, 200, 400, none",
    NAMES,
)
def basic_intersects(api: Api, name: str) -> None:
    assert _ask(api, name, "S_INTERSECTS", "BBOX(-180,-90,180,90)") == _placed(api, name)
    assert _ask(api, name, "S_INTERSECTS", "POINT(7.02 49.92)") == set()
    _refuse(api, name, "S_INTERSECTS", "POINT(90 180)")
    both = "S_INTERSECTS(geometry,BBOX(-180,-90,-90,90)) AND S_INTERSECTS(geometry,BBOX(90,-90,180,90))"
    assert api.filtered(name, both) == set()


@abstract_test(
    PLUS, "s_intersects", "every kind of shape; one with a point that cannot be", "200; 400", NAMES
)
def plus_intersects(api: Api, name: str) -> None:
    _refuse(api, name, "S_INTERSECTS", "MULTIPOINT(7.02 49.92, 90 180)")
    for shape in (
        "LINESTRING(-180 -45, 0 -45)",
        "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
        f"POLYGON({RING})",
        f"MULTIPOLYGON(({RING}),((0 0, 10 0, 10 10, 0 10, 0 0)))",
        "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
    ):
        assert _ask(api, name, "S_INTERSECTS", shape) == set()
    around = "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((119 30,122 30,122 33,119 33,119 30)))"
    assert _ask(api, name, "S_INTERSECTS", around) == _placed(api, name)


@abstract_test(
    SPATIAL, "s_intersects", "the world as box and polygon, a line, points", "box as polygon; 400", NAMES
)
def intersects(api: Api, name: str) -> None:
    assert _ask(api, name, "S_INTERSECTS", "BBOX(-180,-90,180,90)") == _ask(api, name, "S_INTERSECTS", WORLD)
    assert (
        _ask(api, name, "S_INTERSECTS", LINE) == _ask(api, name, "S_INTERSECTS", "POINT(7.02 49.92)") == set()
    )
    _refuse(api, name, "S_INTERSECTS", "POINT(90 180)")


@abstract_test(SPATIAL, "s_disjoint", "the same", "none; all that has a place; 400", NAMES)
def disjoint(api: Api, name: str) -> None:
    assert (
        _ask(api, name, "S_DISJOINT", "BBOX(-180,-90,180,90)")
        == _ask(api, name, "S_DISJOINT", WORLD)
        == set()
    )
    for shape in (LINE, "POINT(7.02 49.92)"):
        assert _ask(api, name, "S_DISJOINT", shape) == _placed(api, name)
    _refuse(api, name, "S_DISJOINT", "POINT(90 180)")


@abstract_test(SPATIAL, "s_equals", "a polygon, a line, a point", "200", NAMES)
def equals(api: Api, name: str) -> None:
    assert _ask(api, name, "S_EQUALS", WORLD) == _ask(api, name, "S_EQUALS", LINE) == set()
    assert _ask(api, name, "S_EQUALS", "POINT(7.02 49.92)") == set()


@abstract_test(SPATIAL, "s_touches", "a box, a polygon, a line", "200", NAMES)
def touches(api: Api, name: str) -> None:
    assert (
        _ask(api, name, "S_TOUCHES", "BBOX(-180,-90,180,90)") == _ask(api, name, "S_TOUCHES", WORLD) == set()
    )
    assert _ask(api, name, "S_TOUCHES", LINE) == set()


@abstract_test(SPATIAL, "s_crosses", "a box, a polygon, a line", "200", NAMES)
def crosses(api: Api, name: str) -> None:
    assert (
        _ask(api, name, "S_CROSSES", "BBOX(-180,-90,180,90)") == _ask(api, name, "S_CROSSES", WORLD) == set()
    )
    assert _ask(api, name, "S_CROSSES", LINE) == set()


@abstract_test(
    SPATIAL, "s_within", "the world as box and polygon, a line, points", "all that has a place; none", NAMES
)
def within(api: Api, name: str) -> None:
    assert (
        _ask(api, name, "S_WITHIN", "BBOX(-180,-90,180,90)")
        == _ask(api, name, "S_WITHIN", WORLD)
        == _placed(api, name)
    )
    for shape in (LINE, "MULTIPOINT(7 50,10 51)"):
        assert _ask(api, name, "S_WITHIN", shape) == set()


@abstract_test(SPATIAL, "s_contains", "the same", "none", NAMES)
def contains(api: Api, name: str) -> None:
    for shape in ("BBOX(-180,-90,180,90)", WORLD, LINE, "MULTIPOINT(7 50,10 51)"):
        assert _ask(api, name, "S_CONTAINS", shape) == set()


@abstract_test(SPATIAL, "s_overlaps", "points, a line, a polygon", "200", NAMES)
def overlaps(api: Api, name: str) -> None:
    for shape in ("MULTIPOINT(7 50,10 51)", LINE, WORLD):
        assert _ask(api, name, "S_OVERLAPS", shape) == set()


FUNCTIONS: Final = (
    "intersects",
    "disjoint",
    "equals",
    "touches",
    "crosses",
    "within",
    "contains",
    "overlaps",
)
SHAPES: Final = (
    "BBOX(120.28,31.55,120.32,31.6)",
    "POLYGON((120.2 31.5,120.4 31.5,120.4 31.7,120.2 31.5))",
    "LINESTRING(120.1 31.4,120.5 31.8)",
    "POINT(120.3 31.57)",
)
DATA: Final = [(name, f, s) for name in ("works", "lines", "districts") for f in FUNCTIONS for s in SHAPES]


def _on_data(api: Api, case: tuple[str, str, str]) -> None:
    name, function, shape = case
    other = shapely.box(120.28, 31.55, 120.32, 31.6) if shape.startswith("BBOX") else shapely.from_wkt(shape)
    known = frame(name).geometry.dropna()
    wanted = {str(key) for key, one in known.items() if getattr(one, function)(other)}
    assert _ask(api, name, f"S_{function.upper()}", shape) == wanted


abstract_test(
    BASIC,
    "test-data",
    "boxes and points on our own data",
    "what shapely finds",
    [c for c in DATA if c[1] == "intersects" and c[2][:2] in ("BB", "PO")],
)(_on_data)
abstract_test(
    PLUS,
    "test-data",
    "lines and polygons on our own data",
    "what shapely finds",
    [c for c in DATA if c[1] == "intersects" and c[2][0] in "LP"],
)(_on_data)
abstract_test(SPATIAL, "test-data", "every function on our own data", "what shapely finds", DATA)(_on_data)


# the relation of [a, b] to [c, d] by the definitions of the standard, on days as words
RELATIONS: Final[dict[str, Any]] = {
    "T_AFTER": lambda a, _b, _c, d: a > d,
    "T_BEFORE": lambda _a, b, c, _d: b < c,
    "T_DISJOINT": lambda a, b, c, d: a > d or b < c,
    "T_EQUALS": lambda a, b, c, d: (a, b) == (c, d),
    "T_INTERSECTS": lambda a, b, c, d: a <= d and b >= c,
    "T_CONTAINS": lambda a, b, c, d: a < c and b > d,
    "T_DURING": lambda a, b, c, d: a > c and b < d,
    "T_FINISHEDBY": lambda a, b, c, d: a < c and b == d,
    "T_FINISHES": lambda a, b, c, d: a > c and b == d,
    "T_MEETS": lambda _a, b, c, _d: b == c,
    "T_METBY": lambda a, _b, _c, d: a == d,
    "T_OVERLAPPEDBY": lambda a, b, c, d: c < a < d < b,
    "T_OVERLAPS": lambda a, b, c, d: a < c < b < d,
    "T_STARTEDBY": lambda a, b, c, d: a == c and b > d,
    "T_STARTS": lambda a, b, c, d: a == c and b < d,
}
OF_INSTANTS: Final = ("T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS")


def _days(api: Api, name: str, column: str) -> dict[str, str]:
    listed = api.items(name, {"properties": column, "skipGeometry": "true"})["features"]
    return {one["id"]: one["properties"][column] for one in listed if one["properties"][column]}


@abstract_test(
    TEMPORAL,
    "temporal-functions-1",
    "each date with a day and a span",
    "what comparing the days gives",
    [(n, f) for n in NAMES for f in OF_INSTANTS],
)
def with_instants(api: Api, case: tuple[str, str]) -> None:
    name, function = case
    for column in of_kind(api, name, "date"):
        days = _days(api, name, column)
        for text, c, d in (
            ("DATE('2021-06-30')", "2021-06-30", "2021-06-30"),
            ("INTERVAL('2021-01-01','2021-12-31')", "2021-01-01", "2021-12-31"),
            ("TIMESTAMP('2021-06-30T00:00:00Z')", "2021-06-30", "2021-06-30"),
        ):
            wanted = {key for key, day in days.items() if RELATIONS[function](day, day, c, d)}
            assert api.filtered(name, f'{function}("{column}",{text})') == wanted


@abstract_test(
    TEMPORAL,
    "temporal-functions-2",
    "spans of two dates with a span",
    "what comparing the days gives",
    list(RELATIONS),
)
def with_spans(api: Api, function: str) -> None:
    name, column = "events", "date"
    days = _days(api, name, column)
    for c, d in (("2021-01-01", "2021-12-31"), ("..", "2021-12-31"), ("2021-06-30", "..")):
        low, high = ("0000" if c == ".." else c), ("9999" if d == ".." else d)
        wanted = {key for key, day in days.items() if RELATIONS[function](day, "9999", low, high)}
        assert api.filtered(name, f"{function}(INTERVAL({column},'..'),INTERVAL('{c}','{d}'))") == wanted
        wanted = {key for key, day in days.items() if RELATIONS[function](low, high, day, day)}
        assert api.filtered(name, f"{function}(INTERVAL('{c}','{d}'),INTERVAL({column},{column}))") == wanted


@abstract_test(
    TEMPORAL,
    "test-data",
    "every function on our own events",
    "what comparing the days gives",
    list(RELATIONS),
)
def temporal_data(api: Api, function: str) -> None:
    days = frame("events")["date"]
    c, d = date(2021, 3, 1), date(2021, 12, 31)
    wanted = {str(key) for key, day in days.items() if RELATIONS[function](day, day, c, d)}
    assert api.filtered("events", f"{function}(INTERVAL(date,date),INTERVAL('{c}','{d}'))") == wanted


for _class, _texts in (
    (
        BASIC,
        ("S_INTERSECTS(geometry,BBOX(120.28,31.55,120.32,31.6))", "status = 'completed'", "accuracy_m > 500"),
    ),
    (
        SPATIAL,
        (
            "S_WITHIN(geometry,BBOX(120,31,120.5,31.7))",
            "S_DISJOINT(geometry,POINT(120.3 31.57))",
            "done = true",
        ),
    ),
    (
        TEMPORAL,
        (
            "T_AFTER(status_date,DATE('2021-12-31'))",
            "T_INTERSECTS(status_date,INTERVAL('2021-01-01','..'))",
            "placed = true",
        ),
    ),
):
    _combined(_class, _texts)
