"""The browser reads vector tiles as mapbox-vector-tile does, and counts a mark by its groups."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.depth import examples

READ = """({ readVectorTile }, text) => [...readVectorTile(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)), 4096)]"""
values = st.one_of(
    st.text(max_size=9),
    st.integers(-(2**40), 2**40),
    st.floats(-1e9, 1e9),
    st.booleans(),
)
places = st.tuples(st.integers(-64, 4160), st.integers(-64, 4160))
marks = st.tuples(
    places,
    st.one_of(st.none(), st.tuples(st.integers(1, 900), st.integers(1, 900))),
    st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=3),
)


@examples(40)
@given(drawn=st.lists(marks, min_size=1, max_size=12))
def test_any_tile_reads_alike(call: Callable[..., Any], drawn: list[Any]) -> None:
    features = [
        {
            "geometry": shapely.Point(x, y) if side is None else shapely.box(x, y, x + side[0], y + side[1]),
            "properties": known,
        }
        for (x, y), side, known in drawn
    ]
    body = mapbox_vector_tile.encode(
        [{"name": "所有", "features": features}], default_options={"y_coord_down": True}
    )
    wanted = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})["所有"]["features"]
    ((name, found),) = call("static/map/tiled/vector_tile.js", READ, base64.b64encode(body).decode())
    assert name == "所有"
    assert [mark["props"] for mark in found] == [mark["properties"] for mark in wanted]
    for mark, other in zip(found, wanted, strict=True):
        coordinates = other["geometry"]["coordinates"]
        is_point = other["geometry"]["type"] == "Point"
        rings = [[coordinates]] if is_point else [ring[:-1] for ring in coordinates]
        assert mark["isPoint"] == is_point
        assert [[[at["x"], at["y"]] for at in part] for part in mark["geom"]] == [
            [list(at) for at in ring] for ring in rings
        ]


@pytest.mark.parametrize("body", [b'{"error": "no"}', b"Internal Server Error", b"\x1a\xff\x01ab"])
def test_what_is_no_tile_is_refused(call: Callable[..., Any], body: bytes) -> None:
    attempt = """({ readVectorTile }, text) => { try { return readVectorTile(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)), 512).size; } catch (error) { return error.message; } }"""
    found = call("static/map/tiled/vector_tile.js", attempt, base64.b64encode(body).decode())
    assert found == 0 or isinstance(found, str)


def test_a_mark_counts_the_groups_that_pass(call: Callable[..., Any]) -> None:
    script = """({ membersOf, numberOf, mainStatus }) => {
      const [a, c] = [{ id: "a" }, { id: "c" }];
      const statuses = [a, null, c, a];
      const count = (props) => { const members = membersOf(props); return [numberOf({ members }, statuses), mainStatus({ members }, statuses)?.id ?? null]; };
      return [count({ g: 0 }), count({ g: 1 }), count({ g: 2, n: 0 }), count({ n: 9, m: "0:2 1:4 1:3" }), count({ n: 4, m: "1:4" }),
        count({ n: 7, m: "0:2 2:3 1:2" }), count({ n: 2, m: "2 1" })];
    }"""
    assert call("static/map/tiled/marks.js", script) == [
        [1, "a"],
        [0, None],
        [0, "c"],
        [5, "c"],
        [0, None],
        [7, "a"],  # two groups of one status are more than one group of another
        [2, "c"],
    ]
