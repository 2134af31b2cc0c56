"""Files as offices have them, each brought by the page and at the prompt: one plan, with one mapping, system, set of questions and counts.

The files lie in ``tests/cases``, a folder a kind; what is right of each was written down before it was made to hold.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from geo.atlas import load_atlas, load_gazetteer
from geo.cli import import_file
from geo.cli.main import app as command_line
from geo.errors import AtlasError
from geo.ingest.plan.import_plan import ImportPlan, make_plan
from geo.reading import read_file as reading
from pages.parts.importing import check, columns, coordinates
from pages.parts.importing import flow as import_flow
from pages.parts.importing.flow import Flow
from tests.ingest.make_office_list import office_rows, write_office_list
from tests.ingest.office_cases import PARTS, Case, office_cases, read_once
from tests.pages.conftest import EDITOR
from tests.pages.importing import Page, messages, press, settled, widget

PUBLISHER, PUBLISHED = "x", "2021-12-31"


def by_command(case: Case, monkeypatch: pytest.MonkeyPatch) -> ImportPlan:
    """The plan that the command line makes of a file; ``AtlasError`` where it is refused."""
    plans: list[ImportPlan] = []
    monkeypatch.setattr(import_file, "print_result", lambda plan, *_more: plans.append(plan))
    words = [*case.words, "--publisher", PUBLISHER, "--published", PUBLISHED, "--dry-run"]
    result = CliRunner().invoke(command_line, ["import", str(case.path), *words])
    if isinstance(result.exception, AtlasError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    (plan,) = plans
    return plan


def by_page(case: Case, monkeypatch: pytest.MonkeyPatch) -> ImportPlan | str:
    """The plan that the page's own functions make of a file, step by step and without drawing; why they go no further."""
    current = Flow(0)
    for step in (import_flow, columns, coordinates, check):
        monkeypatch.setattr(step, "flow", lambda: current)
    current.opened = reading.read_file(case.path, layer=case.layer or None)
    import_flow.use_layer(current.opened.only())
    layer, mapping = current.layer, current.columns
    assert layer is not None
    assert mapping is not None
    current.choices["into"] = "facilities" if case.kind else "works"
    current.choices |= {"kind" if case.kind else "item": case.kind or case.item}
    current.choices |= {
        "src-publisher": PUBLISHER,
        "src-published": PUBLISHED,
        "src-title": current.opened.name,
    }
    current.choices |= {"src-reliability": "official", "source": columns.NEW}
    mapping = columns._guessed_for_item(layer, mapping)
    if "name_zh" not in mapping.columns:
        return "没有一列是名称"
    x, _y = coordinates._places(layer, mapping)
    if np.isfinite(x).any():
        found = coordinates.propose_system(current, layer)
        current.choices["crs"] = case.crs or (found.system if found is not None else "")
        if not current.choices["crs"]:
            return "请先选坐标系"
    assert current.columns is not None
    return make_plan(layer, current.columns, check.options_of(), load_atlas(), load_gazetteer())


def uploaded(case: Case) -> list[tuple[str, bytes, str]]:
    """The file as a person drops it on the page; a shapefile with its parts."""
    paths = [case.path]
    if case.path.suffix == ".shp":
        paths = [each for part in PARTS if (each := case.path.with_suffix(part)).exists()]
    return [(path.name, path.read_bytes(), "") for path in paths]


def by_screen(case: Case, page: Page) -> ImportPlan | str:
    """The plan that a person gets who goes through the steps; what the page says where it goes no further."""
    app = page("import.py")
    app.file_uploader[0].set_value(uploaded(case)).run()
    settled(app)
    if app.error:
        return messages(app)
    press(app, "to2")
    _say(app, case)
    press(app, "to3")
    if app.error:
        return messages(app)
    chosen = [each for each in app.selectbox if str(each.key).endswith("-crs")]
    if chosen and case.crs:
        chosen[0].set_value(case.crs).run()
    press(app, "to4")
    plan: ImportPlan | None = app.session_state["_import"].plan
    return plan if plan is not None else messages(app)


def _say(app: AppTest, case: Case) -> None:
    into = widget(app, "button_group", "into")
    wanted = "facilities" if case.kind else "works"
    if into.value != wanted:
        into.set_value(wanted).run()
    widget(app, "selectbox", "kind" if case.kind else "item").set_value(case.kind or case.item)
    widget(app, "text_input", "src-publisher").set_value(PUBLISHER)
    widget(app, "text_input", "src-published").set_value(PUBLISHED)


def summary(plan: ImportPlan) -> dict[str, Any]:
    """All that a person is shown of a plan, and what would be written, from which its preview follows."""
    return {
        "columns": plan.mapping.columns,
        "unused": plan.mapping.unused,
        "system": plan.system.system,
        "candidates": plan.system.candidates,
        "counts": plan.counts,
        "questions": [(found.rule, found.line(), found.choices, n) for found, n in plan.questions],
        "row_questions": [(each.group, [one.line() for one in each.findings]) for each in plan.row_questions],
        "findings": [(one.level, one.line(), one.value) for one in plan.findings],
        "works": plan.made.works,
        "events": plan.made.events,
        "facilities": plan.made.facilities,
        "facility_events": plan.made.facility_events,
    }


_REFUSED: Final = ("parquet_lists/wrong_primary.parquet",)
_SHOWN: Final = (
    "planner/02_改造小区4528.zip",
    "planner/t14_berths_total.xlsx",
    "planner/schools_with_coordinates.csv",
    "old_datum/bj54.shp",
)
"""Files that a person's own steps are played with, too."""


@pytest.fixture(scope="module")
def no_writes(full_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One store and one editor for all cases: nothing is written, so what is loaded stays loaded."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copy(full_store, folder / "atlas.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_VAR", str(folder))
        patch.setattr("pages.parts.shell.access.actor", lambda: EDITOR)
        patch.setattr("geo.reading.read_file.read_file", read_once)  # one room reads for both ways
        st.cache_resource.clear()
        yield
    st.cache_resource.clear()


@pytest.mark.usefixtures("no_writes")
@pytest.mark.parametrize("case", office_cases(), ids=lambda case: case.name)
def test_page_and_command_make_one_plan(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.name in _REFUSED:
        for way in (by_command, by_page):
            with pytest.raises(AtlasError):
                way(case, monkeypatch)
        return
    at_prompt = by_command(case, monkeypatch)
    on_page = by_page(case, monkeypatch)
    if isinstance(on_page, str):
        _goes_no_further(on_page, at_prompt)
        return
    assert summary(on_page) == summary(at_prompt)


@pytest.mark.usefixtures("no_writes")
@pytest.mark.parametrize("name", _SHOWN)
def test_the_screen_shows_that_plan(name: str, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in office_cases() if case.name == name)
    on_screen = by_screen(case, page)
    assert not isinstance(on_screen, str), on_screen
    assert summary(on_screen) == summary(by_command(case, monkeypatch))


WRITTEN_DAYS: Final = {
    "9月中旬": date(2021, 9, 20),
    "2021年三季度": date(2021, 9, 30),
    "2021.10.30": date(2021, 10, 30),
    "2021年11月": date(2021, 11, 30),
    "11月底": date(2021, 11, 30),
    "2021-12-20": date(2021, 12, 20),
    "四季度": date(2021, 12, 31),
    "Q4": date(2021, 12, 31),
    "预计2022年6月": date(2022, 6, 30),
}


@pytest.mark.usefixtures("no_writes")
def test_an_offices_workbook_is_one_plan_without_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    atlas = load_atlas()
    case = Case(
        str(write_office_list(tmp_path / "进展表.xlsx", atlas)), item="U01", crs="GCJ02", layer="进展表"
    )
    plan = by_command(replace(case, crs=""), monkeypatch)
    on_page = by_page(case, monkeypatch)
    assert not isinstance(on_page, str), on_page
    assert summary(on_page) == summary(plan)
    assert {word: n for word, n in plan.counts.items() if n} == {"new": 145, "update": 21}
    assert (plan.system.system, plan.questions, plan.row_questions) == ("GCJ02", (), ())
    meant = office_rows(atlas)
    days = dict(zip(meant["小区名称"], meant["竣工时间"].map(WRITTEN_DAYS), strict=True))
    assert dict(zip(plan.rows["name_zh"], plan.rows["end_date"], strict=True)) == days
    assert set(plan.rows["own"].map(type)) != {type(None)}, "楼栋 and 投资 stay with the works"


def _goes_no_further(said: str, plan: ImportPlan) -> None:
    """Where the page stops before the plan, the command line rejects the rows, or asks for the same system."""
    if said == "没有一列是名称":
        assert "name_zh" not in plan.mapping.columns
        assert plan.empty
        return
    assert plan.system.how == "open"
    assert "crs" in {found.rule for found, _n in plan.questions}
    placed = plan.rows["verdict"].isin(["new", "update"])
    assert not (placed & plan.rows["unread"]).any()
