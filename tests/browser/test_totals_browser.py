"""A total stands on the land of its own district, at every zoom, width and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.register.city import Atlas
from layers.map.payload import day_number
from tests.browser.any_steps import LAST, first_reports, month_ends
from tests.depth import examples

# the middle of every bubble as it is seen, as a place on the ground
BUBBLES = """() => {
  const { map } = window.atlas;
  const frame = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll(".leaflet-aggregates-pane .atlas-bubble")].map((node) => {
    const box = node.getBoundingClientRect();
    const { lat, lng } = map.containerPointToLatLng([box.x + box.width / 2 - frame.x, box.y + box.height / 2 - frame.y]);
    return { rows: node.dataset.rows.split(" "), lng, lat };
  });
}"""


@pytest.mark.property
def test_every_total_stands_in_its_own_district_from_the_day_of_its_report(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    page = visit(f"{server.url}/atlas/map").page
    page.wait_for_selector('body[data-ready="1"]')
    codes = atlas.pack.works["district_code"]
    reports = first_reports(atlas)

    @examples(25)
    @given(
        zoom=st.integers(16, 36).map(lambda half: half / 2),
        width=st.sampled_from((390, 768, 1024, 1440)),
        day=st.sampled_from(month_ends()),
        code=st.sampled_from(list(atlas.districts.index)),
    )
    def stands_in_its_district(zoom: float, width: int, day: date, code: str) -> None:
        page.set_viewport_size({"width": width, "height": 844})
        page.evaluate(
            """async ([zoom, lat, lng, day]) => {
              window.atlas.map.invalidateSize({ animate: false });
              window.atlas.update({ day, scope: "all" });
              window.atlas.map.setView([lat, lng], zoom, { animate: false });
            }""",
            [zoom, *middle(atlas, code), day_number(day)],
        )
        shown = page.evaluate(BUBBLES)
        for bubble in shown:
            (own,) = {codes[work_id] for work_id in bubble["rows"]}
            place = shapely.Point(bubble["lng"], bubble["lat"])
            assert atlas.districts.geometry[own].contains(place), (bubble, own)
        known = {work_id for work_id, since in reports if since <= day}
        assert {work_id for bubble in shown for work_id in bubble["rows"]} <= known

    stands_in_its_district()
    page.evaluate("window.atlas.update({ day: 20201130, scope: 'plan' })")
    assert "U01-2021-A76" not in {row for bubble in page.evaluate(BUBBLES) for row in bubble["rows"]}
    page.evaluate(f"window.atlas.update({{ day: {day_number(LAST)} }})")
    assert "U01-2021-A76" in {row for bubble in page.evaluate(BUBBLES) for row in bubble["rows"]}


def middle(atlas: Atlas, code: str) -> tuple[float, float]:
    point = atlas.districts.geometry[code].representative_point()
    return float(point.y), float(point.x)
