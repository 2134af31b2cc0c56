"""What the public site's map shows after any sequence of steps is what Python counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geo.register.city import Atlas
from layers.map.payload import day_number
from layers.site.folder import bring
from tests.browser.any_steps import LISTS, Door, play

# a person's hands on the widgets of the page
SET = """({ boxes, scope, day }) => {
  const form = document.getElementById("filters");
  for (const [name, values] of Object.entries(boxes)) {
    for (const box of form.querySelectorAll(`input[name="${name}"]`)) {
      if (box.checked !== values.includes(box.value)) box.click();
    }
  }
  const select = form.querySelector("select[name=scope]");
  if (select.value !== scope) {
    select.value = scope;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const slider = document.getElementById("day");
  const days = [...window.atlasSite.days()];
  if (days[slider.value] !== day) {
    slider.value = String(days.indexOf(day));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


class SiteMap(Door):
    """The home page of the public site."""

    def choose(self, chosen: dict[str, Any]) -> None:
        boxes = {name: chosen[name] for name in (*LISTS, "layers")}
        self.page.evaluate(SET, {"boxes": boxes, "scope": chosen["scope"], "day": day_number(chosen["day"])})

    def select(self, work_id: str | None) -> None:
        if work_id is None:
            self.page.evaluate("document.getElementById('card-close').click()")
        else:
            field = self.page.locator("#q")
            field.fill(work_id)
            field.press("Enter")
            field.fill("")


@pytest.mark.property
def test_after_any_steps_the_sites_map_shows_what_python_counts(
    browser: Any, hostile: Atlas, hostile_site: dict[str, bytes], tmp_path: Path
) -> None:
    bring(tmp_path / "public", hostile_site)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    play(SiteMap(page, (tmp_path / "public" / "index.html").as_uri(), hostile))
    context.close()
