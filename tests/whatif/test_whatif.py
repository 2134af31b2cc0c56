"""What-if on the real register, scenarios as files and links, and edits that cannot be."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.atlas import load_atlas
from geo.coverage.answer import coverage
from geo.coverage.demand import Demand, census_demand
from geo.coverage.reach import Reach
from geo.errors import AtlasError, DataError, ParameterError, UnknownIdError
from geo.register.facilities import Facilities, facility_set
from geo.whatif.saved_scenarios import link_code, load, save, saved, scenario_at
from geo.whatif.scenario import MAX_EDITS, Edit, Scenario, read_link_code, read_scenario, scenario_of
from geo.whatif.scenario_geojson import from_geojson, to_geojson
from geo.whatif.what_if import WhatIf, differences
from tests.depth import examples
from tests.whatif.fresh_answer import changed_coverage

TODAY = date(2026, 11, 24)
CENTRE = (120.3, 31.57)
R = Reach.straight(800)


def metro() -> Facilities:
    return facility_set(load_atlas().register, ("metro_station",), "planned", TODAY)


def engine() -> WhatIf:
    return WhatIf(load_atlas(), metro(), census_demand(load_atlas()), R)


def add(key: str, lon: float = CENTRE[0], lat: float = CENTRE[1], **more: object) -> Edit:
    return Edit(op="add", id=key, at=(lon, lat), **more)


def fresh(edits: list[Edit]) -> pd.DataFrame:
    return changed_coverage(load_atlas(), metro(), census_demand(load_atlas()), R, edits).table


# --- edits one after another ----------------------------------------------------------------------------------------


def test_every_step_equals_an_answer_from_nothing() -> None:
    """All columns, to the last digit: adding, placing what had no place, moving, removing, undoing, starting again."""
    placed = list(metro().placed.index)
    steps = [
        [add("n1")],
        [add("n1"), Edit(op="move", id=placed[0], at=(120.4, 31.6))],
        [add("n1"), Edit(op="move", id=placed[0], at=(120.4, 31.6)), Edit(op="remove", id=placed[3])],
        [add("n1"), add("n2", 120.31, accuracy_m=300.0)],
        [add("n2", 120.31, accuracy_m=300.0), add("n1"), Edit(op="remove", id="n2")],
        [],
    ]
    what = engine()
    for edits in steps:
        what.show(edits)
        pd.testing.assert_frame_equal(what.answer().table, fresh(edits), check_exact=True)
    base = coverage(load_atlas(), metro(), census_demand(load_atlas()), R)
    pd.testing.assert_frame_equal(what.answer().table, base.table, check_exact=True)


def test_the_register_and_the_set_stay_as_they_were() -> None:
    before = metro().frame.copy()
    what = engine()
    what.show([add("n1"), Edit(op="remove", id=str(before.index[0]))])
    assert what.facilities.frame.index[-1] == "n1"
    assert before.index[0] not in what.facilities.frame.index
    pd.testing.assert_frame_equal(metro().frame, before)


def test_a_refused_edit_leaves_the_answer_alone() -> None:
    what = engine()
    what.show([add("n1")])
    table = what.answer().table
    with pytest.raises(ParameterError, match="不在本市范围内"):
        what.show([add("n1"), add("n2", 0.0, 0.0)])
    pd.testing.assert_frame_equal(what.answer().table, table, check_exact=True)


def test_differences_are_after_less_before() -> None:
    what = engine()
    before = what.answer()
    what.show([add("n1", 120.1, 31.9)])
    table = differences(before, what.answer())
    city = table.iloc[-1]
    assert city["served_km2_change"] == pytest.approx(math.pi * 0.64, abs=0.3)
    assert city["facilities_placed_change"] == 1
    assert (table["share_area_change"] >= 0).all()
    assert city["residents_served_after"] - city["residents_served_before"] == pytest.approx(
        city["residents_served_change"], abs=0.2
    )


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([add("n1", 121.9, 31.5)], r"第 1 处改动的位置.*不在本市范围内"),
        ([add("n1"), add("n1", 120.31)], "第 2 处改动要增加的 n1 已经存在"),
        ([add("n1"), add("n2")], "第 2 处改动与已增加的 n1 在同一位置"),
        ([Edit(op="remove", id="nobody")], "第 1 处改动提到的设施 nobody 不在"),
        (
            [add("n1"), Edit(op="remove", id="n1"), Edit(op="remove", id="n1")],
            "第 3 处改动提到的设施 n1 不在",
        ),
        ([Edit(op="close", at=CENTRE)], "没有街道数据"),
    ],
)
def test_edits_that_cannot_be(edits: list[Edit], message: str) -> None:
    with pytest.raises(AtlasError, match=message):
        engine().show(edits)


def test_a_demand_without_anyone_is_refused() -> None:
    full = census_demand(load_atlas())
    lattice = type(full.lattice)(
        0.0, 0.0, 100.0, full.lattice.zone, np.zeros(full.lattice.shape), full.lattice.codes
    )
    with pytest.raises(ParameterError, match="推演没有意义"):
        WhatIf(load_atlas(), metro(), Demand("census", full.zones, full.residents, lattice), R)


# --- scenarios --------------------------------------------------------------------------------------------------------

positions = st.tuples(st.floats(119, 121), st.floats(31, 32))
names = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",)), max_size=12)
edits_of = st.one_of(
    st.builds(Edit, op=st.just("add"), id=names.filter(bool), at=positions, name=names),
    st.builds(Edit, op=st.just("move"), id=names.filter(bool), at=positions, accuracy_m=st.floats(0, 900)),
    st.builds(Edit, op=st.just("remove"), id=names.filter(bool)),
    st.builds(Edit, op=st.just("link"), line=st.lists(positions, min_size=2, max_size=4).map(tuple)),
    st.builds(Edit, op=st.just("close"), at=positions),
)
scenarios = st.builds(
    Scenario,
    name=names,
    words=st.fixed_dictionaries({}, optional={"kind": names, "radius": st.just("800")}),
    edits=st.lists(edits_of, max_size=6).map(tuple),
)


@examples(60)
@given(scenario=scenarios)
def test_a_scenario_survives_every_form(scenario: Scenario) -> None:
    assert read_scenario(scenario.to_json()) == scenario
    assert read_link_code(scenario.to_link_code() or "") == scenario
    assert from_geojson(to_geojson(scenario)) == scenario


def test_saved_scenarios_come_back_by_their_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    scenario = Scenario(name="五处", edits=(add("n1"),))
    key = save(scenario)
    assert save(scenario) == key == f"s-{scenario.digest}"
    assert load(key) == scenario_at(key) == scenario_at(scenario.to_link_code() or "") == scenario
    assert saved() == [(key, scenario)]
    assert link_code(scenario, longest=10) == key
    assert link_code(scenario, longest=4000).startswith("z-")
    for wrong in ("s-0000000000000000", "s-../../etc/passwd", "../x"):
        with pytest.raises(UnknownIdError, match="没有编号为"):
            load(wrong)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scenarios").write_text("a file where the folder should be", "ascii")
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    with pytest.raises(DataError, match="方案存不下来"):
        save(Scenario())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "不是有效的 JSON"),
        ("[" * 3000, "不是有效的 JSON"),
        ('{"edits": [{"op": "add", "id": "a", "at": [NaN, 31.5]}]}', "不是有效的 JSON"),
        ('{"version": 9}', "版本是 9"),
        (
            '{"edits": [{"op": "add", "id": "a", "at": [1, 2]}, {"op": "paint"}]}',
            "第 2 处改动的 op 不可用：paint",
        ),
        ('{"edits": [{"op": "add", "id": "a", "at": [1, 2, 3]}]}', "第 1 处改动的 at 不可用"),
        ('{"edits": [{"op": "add", "id": "a"}]}', "第 1 处改动.*缺少 at"),
        ('{"edits": [{"op": "add", "at": [1, 2]}]}', "第 1 处改动.*缺少 id"),
        ('{"edits": [{"op": "link", "line": [[1, 2]]}]}', "第 1 处改动.*两个位置"),
        (
            '{"edits": [{"op": "add", "id": "a", "at": [1, 2], "accuracy_m": true}]}',
            "0 ≤ accuracy_m ≤ 50000 m",
        ),
        ('{"edits": [{"op": "add", "id": "a", "at": [1, 2], "supply": 1e999}]}', "0 ≤ supply ≤ 1000000000"),
        ('{"edits": [{"op": "add", "id": "a", "at": [1, 200]}]}', "WGS84 度"),
        ('{"edits": [{"op": "add", "id": "a", "at": [1, 2], "colour": "red"}]}', "没有这个字段"),
        ('{"edits": [{"op": "remove", "id": "a\\u0000"}]}', "第 1 处改动的 id"),
        ('{"edits": [{"op": "add", "id": "a", "at": [1, 2], "accuracy_m": -5}]}', "accuracy_m 不可用：-5"),
        ('{"words": {"evil": "1"}}', "方案的 words 不可用"),
        ('{"name": 5}', "方案的 name 不可用"),
        ("[]", "方案的 — 不可用"),
    ],
)
def test_files_that_are_no_scenario(content: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        read_scenario(content)
    assert "Input should" not in caught.value.text("zh") + caught.value.text("en")


def test_too_many_edits_and_too_large_files() -> None:
    many = [{"op": "close", "at": [120, 31.5 + n / 1e4]} for n in range(MAX_EDITS + 1)]
    with pytest.raises(ParameterError, match=f"最多 {MAX_EDITS} 处"):
        scenario_of({"edits": many})
    with pytest.raises(ParameterError, match="最多"):
        Scenario().with_edits([add(f"n{n}") for n in range(MAX_EDITS + 1)])
    with pytest.raises(ParameterError, match="超过 1 MB"):
        read_scenario("x" * 1_000_001)


@pytest.mark.parametrize("word", ["z-", "z-%%%", "z-abcd", "z-eJw", "漢字", "z-" + "A" * 50])
def test_words_that_are_no_scenario(word: str) -> None:
    with pytest.raises(ParameterError, match="链接里的方案读不了"):
        read_link_code(word)


def test_a_word_that_unpacks_to_a_gigabyte_is_refused_early() -> None:
    import base64
    import zlib

    bomb = zlib.compress(b" " * 50_000_000, 9)
    with pytest.raises(ParameterError, match="读不了"):
        read_link_code("z-" + base64.urlsafe_b64encode(bomb).decode())


# --- GeoJSON ------------------------------------------------------------------------------------------------------------


def test_plain_points_and_lines_are_additions_and_links() -> None:
    drawn = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "东门"},
                "geometry": {"type": "Point", "coordinates": [120.3, 31.5]},
            },
            {
                "type": "Feature",
                "properties": None,
                "geometry": {"type": "Point", "coordinates": [120.4, 31.5, 7]},
            },
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "LineString", "coordinates": [[120.3, 31.5], [120.31, 31.5]]},
            },
        ],
    }
    scenario = from_geojson(json.dumps(drawn))
    assert [edit.op for edit in scenario.edits] == ["add", "add", "link"]
    assert [edit.id for edit in scenario.edits[:2]] == ["new-1", "new-2"]
    assert scenario.edits[0].name == "东门"
    assert scenario.edits[1].at == (120.4, 31.5)


def test_a_polygon_is_refused_by_its_number() -> None:
    drawn = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": []}}
        ],
    }
    with pytest.raises(ParameterError, match=r"第 1 个要素.*Polygon"):
        from_geojson(json.dumps(drawn))
    with pytest.raises(ParameterError, match="FeatureCollection"):
        from_geojson('{"type": "Point"}')


def test_the_export_carries_the_inputs() -> None:
    what = engine()
    scenario = Scenario(
        name="一处", parameters={"kind": "metro_station"}, edits=(add("n1"), Edit(op="remove", id="x"))
    )
    what.show(scenario.edits[:1])
    written = json.loads(to_geojson(scenario, inputs=what.answer().inputs))
    assert written["inputs"]["radius_m"] == 800
    assert written["scenario"]["name"] == "一处"
    assert [feature["properties"]["op"] for feature in written["features"]] == ["add", "remove"]
