"""Zones that an editor keeps are chosen by name later, by everybody and on the command line, and give the same matrix."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from geo.cli.main import app as commands
from geo.coverage.saved_data import saved_datasets
from geo.store import Store
from geo.store.model import Actor, Role
from pages.parts.shell import reading
from tests.pages.test_reading_beside import ZONES, bring
from tools.serving import PATIENCE_S

NAME = "滨湖试验<b>"


def answer_of(*words: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(commands, [*words, "--format", "json"])
    assert result.exit_code == 0, result.output
    told: list[dict[str, object]] = json.loads(result.stdout)
    return told


def shares(*words: str) -> pd.DataFrame:
    asked = ("matrix", "--indicator", "metro_800", "--as-of", "2026-11-29", "--set", "as_of")
    return pd.DataFrame(answer_of(*asked, *words)).set_index("zone")[["share_low", "share", "share_high"]]


def test_zones_kept_on_the_page_are_chosen_by_name(
    register: Store,
    editor: Actor,
    page: Callable[..., AppTest],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "QUICK_S", PATIENCE_S)
    app = bring(page("matrix.py", by="all"))
    app.text_input(key="keep-name-zones").set_value(NAME).run()
    app.button(key="keep-zones").click().run()
    assert not app.exception
    assert any("已保存" in box.value and "<b>" not in box.value for box in app.success)
    (kept,) = saved_datasets("zones")
    assert (kept.name, kept.features) == (NAME, 2)
    later = page("matrix.py", by="all")
    later.selectbox(key="saved-zones").set_value(kept.token).run()
    assert not later.exception
    assert later.query_params["saved-zones"] == kept.token
    assert any("甲" in element.proto.body for element in later.get("html"))
    file = tmp_path / "zones.geojson"
    file.write_bytes(ZONES)
    pd.testing.assert_frame_equal(shares("--zones", kept.token), shares("--zones", str(file)))


def test_who_may_not_edit_keeps_nothing(
    register: Store,
    as_person: Callable[[Actor], None],
    page: Callable[..., AppTest],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "QUICK_S", PATIENCE_S)
    as_person(Actor("", Role.viewer))
    app = bring(page("matrix.py", by="all"))
    assert not [box for box in app.text_input if box.key == "keep-name-zones"]
    assert saved_datasets() == []


@pytest.mark.parametrize("kind", ["zones", "places"])
def test_the_command_line_keeps_them_too(register: Store, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "two.geojson"
    file.write_bytes(ZONES)
    (kept,) = answer_of("datasets", "add", str(file), kind, "--name", NAME)
    assert [one["token"] for one in answer_of("datasets")] == [kept["token"]]
    if kind == "places":
        rows = answer_of("services", "--places", str(kept["token"]), "--kind", "metro_station")
        assert {row["place"] for row in rows} == {"甲", "乙"}
    else:
        assert set(shares("--zones", str(kept["token"])).index) == {"甲", "乙"}
