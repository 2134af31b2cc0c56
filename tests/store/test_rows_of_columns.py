"""Rows held as columns go into a store as rows do, and a batch is digested a row at a time as if it were one text."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.plan.made import Made
from geo.places.districts import load_districts
from geo.places.named_systems import lonlat
from geo.register.city import Atlas
from geo.register.column_rows import ColumnRows, plain_values
from geo.register.pack import Problem, table_schemas
from geo.register.pack_check import _near, place_problems
from geo.store import facts
from geo.store.json_texts import row_texts
from geo.store.rows import text_rows
from geo.store.write import Draft, Drafted, _chained, points_of
from geo.values import is_unknown, json_value
from tests.ingest.row_by_row import digested, key_of

VALUES = st.one_of(st.none(), st.text(max_size=4), st.integers(-9, 9), st.floats(), st.booleans(), st.dates())


@given(st.lists(st.tuples(VALUES, VALUES), max_size=5))
def test_columns_are_rows(rows: list[tuple[Any, Any]]) -> None:
    plain = [{"a": one, "b": two} for one, two in rows]
    columns = ColumnRows({"a": [row[0] for row in rows], "b": [row[1] for row in rows]})
    assert len(columns) == len(plain)
    assert repr(list(columns)) == repr(plain)
    schema = {"fields": [{"name": name} for name in ("b", "c", "a")]}
    assert text_rows("t", columns, schema, []) == text_rows("t", plain, schema, [])


@given(st.lists(VALUES, max_size=6))
def test_values_are_as_the_store_takes_them(values: list[Any]) -> None:
    single = [None if is_unknown(value) else json_value(value) for value in values]
    cells = np.empty(len(values), object)
    cells[:] = values
    assert repr(plain_values(cells)) == repr(single)
    numbers = np.array(
        [float(value) for value in values if isinstance(value, float) and not math.isinf(value)]
    )
    assert plain_values(numbers) == [None if is_unknown(value) else json_value(value) for value in numbers]


CELLS = st.dictionaries(st.sampled_from(("乙", "a", "b")), st.text(max_size=3))
ROWS = st.lists(
    st.tuples(st.text(max_size=3), CELLS, st.sampled_from((None, shapely.Point(1, 2)))), max_size=4
)


@given(st.dictionaries(st.sampled_from(("works", "facilities")), ROWS), st.lists(CELLS, max_size=3))
def test_a_digest_is_that_of_the_whole(rows: dict[str, Any], events: list[Any]) -> None:
    head = {"乙": 1, "a": None}
    total = hashlib.sha256(digested(b"before", head, rows, events))
    for _table, part in sorted(rows.items()):
        for _id, _cells, shape in part:
            total.update(b"" if shape is None else shapely.to_wkb(shape))
    draft = Draft()
    for table, part in rows.items():
        draft.rows[table] = Drafted()
        for row_id, cells, shape in part:
            draft.add(table, row_id, cells, shape)
    assert _chained("before", head, draft.rows, [events[:1], events[1:]]) == total.hexdigest()


CELL_VALUES = st.recursive(
    st.one_of(st.none(), st.text(max_size=4), st.integers(), st.floats(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=2), inner, max_size=2)),
    max_leaves=3,
)  # fmt: skip
COLUMN_NAMES = st.lists(st.text(max_size=3) | st.sampled_from(("%s", "%", "b")), max_size=3, unique=True)


@st.composite
def any_rows(draw: st.DrawFn, cells: st.SearchStrategy[Any] = CELL_VALUES) -> list[dict[str, Any]]:
    names = draw(COLUMN_NAMES)
    rows: list[dict[str, Any]] = draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys(names, cells)), max_size=4)
    )
    odd = draw(st.none() | st.fixed_dictionaries({"b": cells}))
    return rows if odd is None else [*rows, odd]


def as_columns(rows: list[dict[str, Any]]) -> ColumnRows:
    return ColumnRows({name: [row[name] for row in rows] for name in (rows[0] if rows else ())})


@given(any_rows(), st.booleans())
def test_json_of_rows_is_that_of_each(rows: list[dict[str, Any]], in_order: bool) -> None:
    assert row_texts(rows, in_order=in_order) == [
        json.dumps(row, ensure_ascii=False, sort_keys=in_order) for row in rows
    ]


@given(st.lists(st.tuples(*[st.text(max_size=4)] * 3), max_size=4), st.sampled_from(("works", "plans")))
def test_creations_are_those_of_each_row(rows: list[tuple[str, ...]], table: str) -> None:
    cells = [dict(zip(("乙%", "source_id", "a"), row, strict=True)) for row in rows]
    ids = [f"{row[0]}{at}" for at, row in enumerate(rows)]
    each = [facts.creation(table, key, row) for key, row in zip(ids, cells, strict=True)]
    assert list(facts.creations(table, ids, cells)) == each
    assert list(facts.creations(table, ids, as_columns(cells))) == each


TARGETS = st.fixed_dictionaries(
    {"event_id": st.text(max_size=4), "table_name": st.sampled_from(("works", "plans")), "row_id": st.text(max_size=2),
     "work_id": st.none() | st.text(max_size=2), "always": st.booleans() | st.integers(0, 1)}
)  # fmt: skip


@given(st.lists(st.tuples(TARGETS, st.integers(1, 3)), max_size=4))
def test_undos_are_those_of_each_event(targets: list[tuple[dict[str, Any], int]]) -> None:
    each = [facts.undo(target, turn) for target, turn in targets]
    assert list(facts.undos_of([target for target, _turn in targets], [turn for _t, turn in targets])) == each


@given(any_rows(VALUES), any_rows(VALUES), any_rows(VALUES))
def test_the_key_of_a_batch_is_that_of_its_rows(events: Any, columns: Any, later: Any) -> None:
    columns = [row for row in columns if list(row) == list(columns[0])]
    made = Made(events=events, facilities=as_columns(columns), facility_events=later)
    said = [*events, *([] if columns and not columns[0] else columns), *later]
    text = f"([], [], [{key_of(said)}])"
    assert made.key() == f"import-{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:32]}"


@given(any_rows(st.text(max_size=3)), st.integers(1, 9))
def test_events_are_numbered_in_turn(rows: list[dict[str, str]], most: int) -> None:
    drafted = Drafted()
    for row in rows[:most]:
        drafted.append(row)
    drafted.extend(as_columns([row for row in rows if list(row) == list(rows[0])]))
    drafted.append({"b": "last"})
    parts = [row for part in drafted.parts() for row in part]
    assert len(drafted) == len(parts)
    assert parts[: len(rows[:most])] == rows[:most]
    assert parts[-1] == {"b": "last"}


def test_points_stand_where_both_numbers_are() -> None:
    rows = [{"lon": "120.3", "lat": "31.5"}, {"lon": "", "lat": "31.5"}, {"lon": "120", "lat": "31"}]
    assert list(shapely.from_wkb(points_of(rows))) == [
        shapely.Point(120.3, 31.5),
        None,
        shapely.Point(120, 31),
    ]


ORIGINALS = st.sampled_from(
    (
        ("WGS84", "120.3", "31.57"),
        ("GCJ02", "120.3046", "31.5680"),
        (None, None, None),
        ("WGS84", "x", "31.57"),
        ("WGS84", "120.31", "31.57"),
    )
)
PLACED = st.tuples(
    st.sampled_from((120.3, 120.300011, 100.0, np.nan)), st.sampled_from((31.57, np.nan)), st.sampled_from((100.0, np.nan, 3e6)),
    st.sampled_from(("320213", None)), ORIGINALS,
)  # fmt: skip


def problems_of_a_place(number: int, row: dict[Any, Any], inside: bool) -> list[Problem]:
    """As the check says it of one row alone."""

    def problem(field: str, message: str, hint: str = "", **params: Any) -> Problem:
        return Problem("facilities", number, field, message, hint, params=params)

    found = []
    if np.isnan(row["accuracy_m"]):
        found.append(problem("accuracy_m", "有位置却没有误差半径。", "请填写以米计的误差。"))
    if not inside and row["district_code"]:
        found.append(
            problem("lon", "位置不在任何区县内。", "请核对坐标和坐标系；确在市外的，区县代码请留空。")
        )
    if row["crs_original"]:
        try:
            lon, lat = lonlat(float(row["x_original"]), float(row["y_original"]), row["crs_original"])
        except ValueError as error:
            found.append(problem("x_original", "原坐标无法换算：{detail}", detail=str(error)))
        else:
            if max(abs(float(lon) - row["lon"]), abs(float(lat) - row["lat"])) > 2e-6:
                found.append(problem("lon", "WGS84 坐标与原坐标换算的结果不符。", "请由原坐标重新换算。"))
    return found


@given(st.lists(PLACED, min_size=1, max_size=6))
def test_places_are_checked_as_each_alone(atlas: Atlas, rows: list[Any]) -> None:
    columns = ("lon", "lat", "accuracy_m", "district_code", "crs_original", "x_original", "y_original")
    cells = [dict(zip(columns, (*row[:4], *row[4]), strict=True)) for row in rows]
    frame = pd.DataFrame(cells, index=[f"F{at}" for at in range(len(cells))])
    frame = frame.astype(dict.fromkeys(columns[3:], object)).where(
        lambda each: each.notna() | (each.dtypes == "float64"), None
    )
    districts, crs = load_districts(atlas.pack.root), atlas.city.projected_crs
    expected = []
    for number, (key, row) in enumerate(frame.iterrows(), start=1):
        if np.isnan(row["lon"]) != np.isnan(row["lat"]):
            continue
        if not np.isnan(row["lon"]):
            inside = (row["lon"] < 121 and row["lon"] > 120) or bool(
                _near(frame.loc[[key]], districts, crs)[0]
            )
            expected += problems_of_a_place(number, dict(row), inside)
    said = [
        problem
        for problem in place_problems("facilities", frame, districts, crs)
        if problem.message != "经度和纬度只有一个。"
    ]
    assert said == expected


def test_the_schema_of_facilities_has_what_lists_bring(atlas: Atlas) -> None:
    assert {"facility_id", "attributes"} <= {
        field["name"] for field in table_schemas(atlas.pack.root)["facilities"]["fields"]
    }
