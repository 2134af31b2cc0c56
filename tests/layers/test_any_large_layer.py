"""Whatever a layer is of: one with more features than a map is sent whole goes as tiles, and its filters count what Python counts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.errors import DataError
from geo.paths import DATA_DIR
from geo.register.city import Atlas
from geo.register.selection import COUNTED_IN_SCOPE
from geo.register.totals import reported_numbers
from geo.vocabulary import COUNTED, NAMED_WORK_KINDS, STATUSES
from layers.map.registry import all_layers, get_layer
from layers.map.spec import LayerSpec, MapContext
from layers.map.tiled import table as tables
from layers.map.tiled.grid import LAST_ZOOM, Tile
from layers.map.tiled.large import TILED_FROM, description, large_table, numbers_on
from layers.map.tiled.tiles import make_tile
from tests.crowded_pack import crowded_pack
from tests.depth import examples
from tests.layers.test_tiled import (
    features,
    made,
    marks,
    numbers_by_group,
    point_table,
    python_count,
    tiled_count,
    tiles_of,
)

MOST_BYTES = 300_000
"""Of what a map is sent at first, and for a day: however many features there are."""
BASE_MAP = {"areas", "ways"}
"""Drawn for a look around, and few: more are refused with a message."""


def many_of(spec: LayerSpec, n: int, *, seed: int = 5) -> LayerSpec:
    """The layer with so many features, each with days, a district and a name of its own."""
    rng = np.random.default_rng(seed)
    days = [int(f"{year}{month:02}{day:02}") for year, month, day in zip(
        rng.integers(1990, 2026, n), rng.integers(1, 13, n), rng.integers(1, 28, n), strict=True)]  # fmt: skip
    x, y = rng.uniform(119.6, 120.6, n).round(6), rng.uniform(31.2, 31.9, n).round(6)
    known: dict[str, list[Any]] = {
        "id": [f"X{at}" for at in range(n)],
        "name": [f"某处的第{at}个要素" for at in range(n)],
        "districts": rng.choice(["320213", "320205|320213", ""], n).tolist(),
        "category": ["road"] * n,
        "counted": [0] * n,
        "accuracy": [200.0] * n,
        "certainty": [0] * n,
        "opened": days,
        "closed": [0] * n,
        "kind": ["town"] * n,
        "zoom": rng.uniform(9, 18, n).round(1).tolist(),
        "own": ["#aa3377"] * n,
        "short": [f"第{at}" for at in range(n)],
        "at": [[120.0, 31.0]] * n,
        "from": [None] * n,
    }
    if spec.draw == "bubbles":
        del known["opened"], known["closed"]
        known |= {"history": [[]] * n, "unit": ["处"] * n, "quantities": [[[day, 3.0, 1.0]] for day in days]}
    if spec.shapes is None and spec.draw not in BASE_MAP:
        columns = known | {"x": x.tolist(), "y": y.tolist()}
        return replace(spec, payload=lambda _context: {"columns": columns})
    start, end = np.column_stack([x, y]), np.column_stack([x + 0.01, y + 0.01])
    shapes = (
        shapely.linestrings(np.stack([start, end], axis=1))
        if spec.draw in {"lines", "ways"}
        else shapely.box(*start.T, *end.T)
    )
    rows = pd.DataFrame(known).to_dict("records")
    whole = {"type": "FeatureCollection", "features": rows}
    if spec.shapes is None:
        return replace(spec, payload=lambda _context: whole)
    return replace(spec, payload=lambda _context: whole, shapes=lambda _context: (GeoSeries(shapes), rows))


@pytest.mark.parametrize("most_groups", [20, 10_000])
@pytest.mark.parametrize("layer_id", [spec.id for spec in all_layers()])
def test_no_layer_with_many_features_is_sent_whole(
    monkeypatch: pytest.MonkeyPatch, layer_id: str, most_groups: int
) -> None:
    n = TILED_FROM + 1 + 37 * len(layer_id)
    large, context = many_of(get_layer(layer_id), n), MapContext(atlas=load_atlas(DATA_DIR))
    monkeypatch.setattr(tables, "MOST_GROUPS", most_groups)
    if large.draw in BASE_MAP:
        with pytest.raises(DataError) as refused:
            large_table(large, context)
        assert str(n) in refused.value.text()
        assert refused.value.hint
        return
    table = large_table(large, context)
    assert table is not None
    assert len(table) == n
    first = json.dumps(description(table, {"url": ""}), ensure_ascii=False)
    assert len(first.encode()) < MOST_BYTES
    if large.draw == "names":
        return
    opened = since(large)
    for day in (19950101, 20140701, 20261231):
        if table.is_of_days:
            assert len(json.dumps(numbers_on(table, day))) < MOST_BYTES
        of_day = table.on_day(day)
        numbers = numbers_by_group(of_day, [make_tile(of_day, tile) for tile in tiles_around(table)])
        in_groups = table.groups.get("opened", [0] * len(numbers))
        assert sum(n for group, n in numbers.items() if in_groups[group] <= day) == (opened <= day).sum()


def tiles_around(table: tables.FeatureTable, zoom: int = 8) -> list[Tile]:
    x, y = table.x >> (30 - zoom), table.y >> (30 - zoom)
    return [Tile(zoom, a, b) for a, b in set(zip(x.tolist(), y.tolist(), strict=True))]


def since(spec: LayerSpec) -> pd.Series[Any]:
    """From which day on each feature is there."""
    rows = rows_of(spec)
    return pd.Series([row["quantities"][0][0] if spec.draw == "bubbles" else row["opened"] for row in rows])


def rows_of(spec: LayerSpec) -> list[dict[str, Any]]:
    payload = spec.payload(MapContext(atlas=load_atlas(DATA_DIR)))
    return (
        payload["features"] if "features" in payload else pd.DataFrame(payload["columns"]).to_dict("records")
    )


@examples(20)
@given(
    features,
    st.sets(st.sampled_from(("320213", "320205", "320281"))),
    st.sampled_from((20100101, 20150101, 20211230, 20211231, 20250101)),
    st.integers(4, LAST_ZOOM),
)
def test_where_days_name_the_tiles_any_filter_counts_alike(
    drawn: Any, chosen: set[str], day: int, zoom: int
) -> None:
    """Each feature may have days of its own: then the groups do not grow with them."""
    rows = made(drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "MOST_GROUPS", 0)
        table = point_table(rows)
    assert "opened" not in table.groups
    sent = numbers_on(table, day)
    of_day = table.on_day(sent["day"])  # the day that names the tiles
    numbers = numbers_by_group(of_day, [make_tile(of_day, tile) for tile in tiles_of(zoom, rows)])
    assert list(numbers.values()) == sent["n"]
    groups = replace(
        of_day, groups=table.groups | {"opened": [0] * len(sent["n"]), "closed": [0] * len(sent["n"])}
    )
    assert tiled_count(groups, numbers, chosen, day) == python_count(rows, chosen, day)


@examples(15)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(np.arange(8, 18.5, 0.5).tolist())), min_size=1, max_size=60),
       st.sampled_from(np.arange(8, 18.5, 0.5).tolist()))  # fmt: skip
def test_every_name_is_in_the_tiles_of_its_zoom(drawn: list[Any], zoom: float) -> None:
    """The browser rounds a zoom to that of Leaflet's tiles, which are half as wide as ours."""
    rows = made([(x, y, "", 0, 0) for x, y, _zoom in drawn]).assign(zoom=[first for *_rest, first in drawn])
    columns = {name: rows[name].tolist() for name in ("name", "zoom", "x", "y")}
    table = tables.table_of_names({"columns": columns})
    tiles = tiles_of(min(int(np.floor(zoom + 0.5)) - 1, LAST_ZOOM), rows)
    sent = [mark for tile in tiles for mark in marks(make_tile(table, tile))]
    shown = sorted(mark["name"] for mark in sent if mark["zoom"] <= zoom)
    assert shown == sorted(rows["name"][rows["zoom"] <= zoom])


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return load_atlas(crowded_pack(tmp_path_factory.mktemp("pack") / "data"))


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2021, 7, 15), date(2025, 1, 1)])
@pytest.mark.parametrize("scope", list(COUNTED_IN_SCOPE))
def test_many_totals_are_counted_as_the_register_has_them(crowded: Atlas, day: date, scope: str) -> None:
    table = large_table(get_layer("aggregates"), MapContext(atlas=crowded))
    assert table is not None
    assert len(table) > TILED_FROM
    groups = pd.DataFrame(table.groups)
    is_kept = groups["counted"].map(lambda at: COUNTED[at]).isin(COUNTED_IN_SCOPE[scope])
    shown = groups["n"][is_kept & (groups["opened"] <= int(f"{day:%Y%m%d}"))].sum()
    reported = reported_numbers(crowded.register)
    known = reported.loc[[since <= day for since in reported["since"]], "work_id"]
    works = crowded.register.state(date(9999, 12, 31)).loc[known.unique()]
    works = works[(works["counted"] != "no") & works["counted"].isin(COUNTED_IN_SCOPE[scope])]
    assert shown == works["district_code"].isin(crowded.districts.index).sum()


def test_many_lines_are_counted_as_the_register_has_them(crowded: Atlas) -> None:
    table = large_table(get_layer("lines"), MapContext(atlas=crowded))
    assert table is not None
    state = crowded.register.state(date(9999, 12, 31))
    rows = state[state["kind"].isin(NAMED_WORK_KINDS) & (state["certainty"] == "line")]
    for day in (date(2018, 1, 1), date(2021, 8, 1), date(2024, 1, 1)):
        numbers = np.reshape(numbers_on(table, int(f"{day:%Y%m%d}"))["n"], (-1, len(STATUSES))).sum(axis=0)
        on_day = crowded.register.state(day)["status"].reindex(rows.index).fillna("unknown")
        assert (
            dict(zip(STATUSES, numbers.tolist(), strict=True))
            == dict.fromkeys(STATUSES, 0) | on_day.value_counts().to_dict()
        )
