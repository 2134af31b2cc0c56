"""From siting to what-if and back: the same places give the same numbers, to the last digit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from geo.cli.main import app
from geo.coverage.question import demand_of, question_facilities, question_reach, read_question
from geo.register.city import Atlas
from geo.siting import Siting, answer_sites, read_site_question
from geo.siting.handover import added_sites, as_scenario
from geo.whatif.scenario import Edit, Scenario
from geo.whatif.scenario_geojson import read_either, to_geojson
from tests.depth import examples
from tests.whatif.fresh_answer import changed_coverage

WORDS = {"kind": "car_park", "radius": "300", "district": "320213", "k": "3", "as_of": "2021-12-31"}
OWN = "120.3,31.57;120.31,31.58,东门"


@pytest.fixture(scope="module")
def answer(atlas: Atlas) -> Siting:
    question = read_site_question(atlas, WORDS | {"own": OWN})
    return answer_sites(atlas, question, demand_of(atlas, question.demand))


def test_sites_as_a_scenario_serve_what_siting_said(atlas: Atlas, answer: Siting) -> None:
    for outcome in (answer.best, answer.own):
        assert outcome is not None
        made = read_either(to_geojson(as_scenario(outcome, WORDS, "方案")))
        question = read_question(atlas, made.parameters)
        again = changed_coverage(
            atlas,
            question_facilities(atlas, question),
            demand_of(atlas, question.demand),
            question_reach(question, None),
            made.edits,
        )
        assert again.table["residents_served"].tolist() == outcome.after.table["residents_served"].tolist()
        assert again.table["served_km2"].tolist() == outcome.after.table["served_km2"].tolist()


def test_a_scenario_keeps_the_question_and_says_what_each_place_is(answer: Siting) -> None:
    made = as_scenario(answer.best, WORDS | {"demand": "raster-0123"}, "长" * 200)
    assert made.parameters == {"kind": "car_park", "radius": "300", "as_of": "2021-12-31"}
    assert [edit.id for edit in made.edits] == ["site-1", "site-2", "site-3"]
    assert len(made.name) == 80
    assert all(edit.name for edit in made.edits)


@given(st.lists(st.tuples(st.floats(120, 121), st.floats(31, 32)), min_size=1, max_size=6, unique=True))
@examples(25)
def test_additions_come_back_as_own_sites(places: list[tuple[float, float]]) -> None:
    edits = [Edit(op="add", id=f"n-{n}", at=at, name="甲,乙;丙") for n, at in enumerate(places)]
    edits += [
        Edit(op="move", id="n-0", at=(120.5, 31.5)),
        Edit(op="remove", id="register-1"),
        Edit(op="close", at=(120.5, 31.5)),
    ]
    lines, others = added_sites(Scenario(edits=tuple(edits)))
    assert others == 2
    assert lines[0] == "120.5000000,31.5000000,甲 乙 丙"
    assert [tuple(map(float, line.split(",")[:2])) for line in lines[1:]] == [
        (round(lon, 7), round(lat, 7)) for lon, lat in places[1:]
    ]
    assert added_sites(Scenario(edits=(*edits[:1], Edit(op="remove", id="n-0"))))[0] == []


def test_how_much_better_than_drawn_by_hand_in_one_sentence(answer: Siting) -> None:
    more = answer.best.gained - answer.own.gained if answer.own else 0
    said = answer.compared("en")
    assert f"{answer.best.gained:,.0f}" in said
    assert f"{more:,.0f}" in said


def test_the_command_compares_a_scenario_and_writes_one(tmp_path: Path, answer: Siting) -> None:
    mine, best = tmp_path / "mine.geojson", tmp_path / "best.geojson"
    assert answer.own is not None
    mine.write_bytes(to_geojson(as_scenario(answer.own, WORDS, "我的")))
    asked = [part for name, value in WORDS.items() for part in (f"--{name.replace('_', '-')}", value)]
    run = CliRunner()
    done = run.invoke(app, ["site", *asked, "--compare", str(mine), "--scenario", str(best)])
    assert done.exit_code == 0, done.output
    assert answer.compared() in done.stderr
    assert read_either(best.read_bytes()).edits == as_scenario(answer.best, WORDS, "").edits
    nothing = tmp_path / "nothing.json"
    nothing.write_text('{"version": 1, "edits": [{"op": "remove", "id": "x"}]}')
    assert "没有增加的设施" in str(run.invoke(app, ["site", *asked, "--compare", str(nothing)]).exception)
    both = ["site", *asked, "--compare", str(mine), "--own", "120.3,31.57"]
    assert "只能给一个" in str(run.invoke(app, both).exception)
