"""A reviewed draft becomes a further plan of the register, and what it promises again is decided by a person. The texts are invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app
from geo.errors import DataError, ParameterError
from geo.paths import DATA_DIR
from geo.plan_text import review
from geo.plan_text.carry_over import carry_overs
from geo.plan_text.draft import Draft
from geo.plan_text.names import line_names
from geo.plan_text.new_plan import new_plan
from geo.plan_text.open_plan import city_names
from geo.plan_text.pack import PlanSource
from geo.plan_text.read_plan import read_plan
from geo.register.city import atlas_of
from geo.register.pack import load_pack
from geo.register.pack_check import check_pack
from geo.register.progress import progress
from geo.store import Actor, Role, Store, open_store

ATLAS = load_atlas(DATA_DIR)
TEXT = """无锡市2023年国民经济和社会发展计划（虚构，测试用）

一、加快重大交通建设。开工建设锡宜城际轨道S2线和地铁5号线一期，推进地铁6号线前期工作。推进312国道改扩建。
实施老旧小区整治200个。新增公共停车泊位1.5万个。建成高浪路快速化改造二期。
"""
SOURCE = PlanSource("无锡市2023年国民经济和社会发展计划（虚构）", "虚构的发布者", "2023-02-01")
EDITOR = Actor("编者", Role.editor)


@pytest.fixture(scope="module")
def draft() -> Draft:
    made = read_plan(TEXT, city_names(DATA_DIR))
    for item in made.items:
        made = review.decide(made, item.key, "accepted")
    return made


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    monkeypatch.delenv("ATLAS_DATABASE_URL", raising=False)
    return open_store(f"sqlite:///{tmp_path}/atlas.db", DATA_DIR)


def test_lines_and_roads_have_one_form() -> None:
    assert line_names("地铁5号线一期") == line_names("轨道交通5号线") == {"5号线"}
    assert line_names("312国道改扩建") == line_names("G312无锡段") == {"G312"}
    assert line_names("锡宜城际轨道S2线") == {"S2线"}
    assert line_names("老旧小区整治") == set()


def test_what_is_promised_again_is_proposed_with_its_reason_and_nothing_else(draft: Draft) -> None:
    names = {item.key: item.name for item in draft.items}
    found = {(names[one.item], one.work_id): one for one in carry_overs(draft.items, ATLAS)}
    pairs = {(name[:6], work) for name, work in found}
    assert ("锡宜城际轨道", "T04") in pairs
    assert any(work == "T05" for _name, work in found)
    assert any(work == "T07" for _name, work in found)
    assert any(work == "T08" for _name, work in found)
    assert not any("6号线" in name or "老旧小区" in name or "停车" in name for name, _work in found)
    assert all(0.6 <= one.confidence < 1 for one in found.values())
    assert all(one.reason("zh") and one.reason("en") for one in found.values())


def test_a_plan_goes_in_and_comes_out_again(draft: Draft, store: Store, tmp_path: Path) -> None:
    before, day = progress(ATLAS.register, date(2026, 11, 23), "item"), date(2026, 11, 23)
    made = new_plan(draft, SOURCE, atlas_of(store.pack()))
    assert made.plan["plan_id"] == "2023"
    assert made.proposals
    decided = {one.key: one.work_id == "T04" for one in made.proposals}
    applied = store.apply(EDITOR, made.batch(decided, by=EDITOR.name, reason="测试"))

    both = atlas_of(store.pack())
    assert (list(both.pack.plans.index), both.pack.plan) == (["2021", "2023"], "2021")
    assert progress(both.register, day, "item").equals(before)
    other = progress(both.of_plan("2023").register, day, "item")
    assert len(other) == len(made.items)
    item = made.keys[next(one.item for one in made.proposals if one.work_id == "T04")]
    assert (other.at[item, "named"], other.at[item, "promise"]) == (1.0, "kept")
    row = both.of_plan("all").pack.promises.iloc[0]
    assert (row["decided_by"], row["work_id"], bool(row["basis"])) == ("编者", "T04", True)

    store.export_pack(tmp_path / "pack")
    assert [problem.text() for problem in check_pack(tmp_path / "pack")] == []
    again = atlas_of(load_pack(tmp_path / "pack")).of_plan("2023")
    assert len(progress(again.register, day, "item")) == len(other)

    with pytest.raises(ParameterError, match="2023"):
        new_plan(draft, SOURCE, both)
    store.undo_batch(EDITOR, applied.batch_id, "测试")
    after = atlas_of(store.pack())
    assert list(after.pack.plans.index) == ["2021"]
    assert after.pack.promises.empty
    assert progress(after.register, day, "item").equals(before)
    # taken back and written again: it is there once more
    new = new_plan(draft, SOURCE, after)
    store.apply(EDITOR, new.batch(decided, by=EDITOR.name, reason="再来"))
    assert list(store.pack().plans.index) == ["2021", "2023"]


def test_nothing_is_decided_by_itself(draft: Draft) -> None:
    made = new_plan(draft, SOURCE, ATLAS)
    with pytest.raises(ParameterError, match=made.proposals[0].key):
        made.batch({}, by="x", reason="x")
    with pytest.raises(ParameterError, match="T04=999"):
        made.batch({one.key: False for one in made.proposals} | {"T04=999": True}, by="x", reason="x")
    assert made.batch({one.key: False for one in made.proposals}, by="x", reason="x").promises == ()


def test_what_cannot_be_a_plan_is_refused(draft: Draft) -> None:
    for name in ("all", "a/b", "计划", "x" * 41, "2021"):
        with pytest.raises(ParameterError):
            new_plan(draft, SOURCE, ATLAS, name)
    with pytest.raises(ParameterError):
        new_plan(draft, PlanSource(" "), ATLAS)
    none = draft.model_copy(update={"items": ()})
    with pytest.raises(DataError):
        new_plan(none, SOURCE, ATLAS)
    first = draft.items[0].model_copy(update={"category": "park"})
    strange = draft.model_copy(update={"items": (first, *draft.items[1:])})
    with pytest.raises(DataError, match="park"):
        new_plan(strange, SOURCE, ATLAS)


def test_the_command_line_shows_asks_and_writes(draft: Draft, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_bytes(review.to_json(draft))
    given = ["read-plan", str(file), "--into-register", "--title", SOURCE.title]
    run = CliRunner().invoke(app, [*given, "--dry-run"])
    assert run.exit_code == 0, run.output
    assert "T04=" in run.output
    assert "2023-P01" in run.output
    assert store.revision() == 1
    assert CliRunner().invoke(app, [*given, "--reason", "测试"]).exit_code != 0  # nothing decided
    key = next(one.key for one in new_plan(draft, SOURCE, ATLAS).proposals if one.work_id == "T04")
    run = CliRunner().invoke(
        app, [*given, "--another", "all", "--again", key, "--reason", "测试", "--by", "我"]
    )
    assert run.exit_code == 0, run.output
    assert list(store.pack().promises["work_id"]) == ["T04"]
