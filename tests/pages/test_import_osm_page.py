"""The page of imports and an OSM extract: one step, no columns, no question of coordinates; then coverage uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.coverage.saved_data import saved_datasets
from geo.register.city import Atlas, atlas_of
from geo.store import Store
from geo.store.model import Actor
from geo.store.roles import VISITOR
from tests.ingest.osm_extract import node, write_extract
from tests.pages.importing import bring, messages, press, widget

Page = Callable[..., AppTest]


@pytest.fixture
def extract(tmp_path: Path, atlas: Atlas) -> bytes:
    return write_extract(tmp_path / "map.osm", atlas).read_bytes()


def labels(app: AppTest) -> list[str]:
    return [str(element.proto.label) for element in app.get("page_link")]


def test_an_extract_becomes_a_baseline_in_one_step(
    register: Store, editor: Actor, page: Page, extract: bytes
) -> None:
    before = len(atlas_of(register.pack()).register.facilities)
    app = bring(page("import.py"), extract, "无锡.osm")
    assert [metric.value for metric in app.metric] == ["8", "1", "1", "3"]
    assert not app.selectbox
    captions = "\n".join(each.value for each in app.caption)
    assert "© OpenStreetMap contributors (ODbL)" in captions
    assert "在市外 1 处" in captions
    kinds = widget(app, "multiselect", "kinds")
    kinds.set_value([kind for kind in kinds.value if kind != "park"]).run()
    press(app, "take")
    assert "已写入 **7** 处" in messages(app)
    facilities = register.pack().facilities
    assert len(facilities) == before + 7
    assert "park" not in set(facilities.loc[facilities.index.str.startswith("OSM-"), "kind"])
    assert {one.kind for one in saved_datasets()} == {"residential", "streets"}
    assert "公交站点的覆盖" in labels(app)
    widget(app, "toggle", "undo").set_value(True).run()
    widget(app, "text_input", "undo-reason").set_value("导错了")
    press(app, "undo-go")
    assert len(atlas_of(register.pack()).register.facilities) == before


def test_coverage_offers_what_was_saved(register: Store, editor: Actor, page: Page, extract: bytes) -> None:
    press(bring(page("import.py"), extract, "无锡.osm"), "take")
    streets = next(one for one in saved_datasets("streets"))
    words: dict[str, Any] = {"ind": "custom", "kind": "bus_stop", "saved-streets": streets.token}
    app = page("coverage.py", **words)
    assert app.selectbox(key="saved-streets").value == streets.token
    assert any("OpenStreetMap contributors" in each.value for each in app.caption)
    assert app.query_params["saved-streets"] in (streets.token, [streets.token])
    land = next(one for one in saved_datasets("residential"))
    app = page("coverage.py", **words | {"saved-residential": land.token})
    assert any(
        "没有任何地块" in each.value for each in app.error
    )  # one block of land is no city: said, and left out
    assert app.selectbox(key="saved-streets").value == streets.token


def test_an_extract_of_elsewhere_is_refused_and_a_visitor_sees_but_does_not_write(
    register: Store, as_person: Callable[[Actor], None], page: Page, extract: bytes
) -> None:
    as_person(VISITOR)
    far = f'<osm version="0.6">{node(1, 24.9, 60.2, amenity="clinic", name="x")}</osm>'.encode()
    app = bring(page("import.py"), far, "far.osm")
    assert "没有一处在无锡" in messages(app)
    app = bring(app, extract, "near.osm")
    assert app.metric
    assert not [button for button in app.button if str(button.key).endswith("-take")]
