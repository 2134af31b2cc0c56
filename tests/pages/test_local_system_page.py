"""The import page keeps a city's own system from control points, and reads the list by it."""

from __future__ import annotations

import numpy as np
from streamlit.testing.v1 import AppTest

from geo.places.local_systems import find_saved_system, saved_systems
from geo.store import Actor, Store
from tests.ingest.test_lists_in_local_systems import PLACES, point_lines, truth, written_list
from tests.pages.importing import Page, bring, messages, press, widget
from tests.places.test_local_systems import NAME


def test_the_page_keeps_a_system_and_reads_the_list_by_it(register: Store, editor: Actor, page: Page) -> None:
    app = bring(page("import.py"), written_list())
    press(app, "to2")
    widget(app, "selectbox", "item").set_value("U01")
    press(app, "to3")
    widget(app, "text_input", "local-name").set_value(NAME)
    widget(app, "text_area", "local-points").set_value(point_lines())
    widget(app, "button", "local-keep").click().run()
    assert "已存下" in messages(app)
    assert find_saved_system(NAME) is not None
    assert widget(app, "selectbox", "crs").value == f"LOCAL:{NAME}"
    press(app, "to4")
    plan = app.session_state["_import"].plan
    places = plan.rows.set_index("name_zh")[["lon", "lat"]].to_numpy(float)
    assert np.allclose(places, [truth(x, y) for x, y in PLACES.values()], atol=2e-6)


def test_the_page_names_the_point_that_does_not_fit(register: Store, editor: Actor, page: Page) -> None:
    app: AppTest = bring(page("import.py"), written_list())
    press(app, "to2")
    widget(app, "selectbox", "item").set_value("U01")
    press(app, "to3")
    widget(app, "text_input", "local-name").set_value(NAME)
    widget(app, "text_area", "local-points").set_value(point_lines().replace("45000.0", "45100.0"))
    widget(app, "button", "local-keep").click().run()
    assert "第 2 个与其他点推算的相差" in messages(app)
    assert saved_systems() == []
