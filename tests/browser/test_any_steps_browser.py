"""What the app's map shows after any sequence of steps is what Python counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from geo.register.city import Atlas
from layers.map.payload import day_number
from tests.browser.any_steps import Door, play


class AppMap(Door):
    """The map's page, told what to show in the words in which the app tells it."""

    def choose(self, chosen: dict[str, Any]) -> None:
        state = {
            "categories": chosen["category"], "districts": chosen["district"], "statuses": chosen["status"],
            "certainties": chosen["certainty"], "scope": chosen["scope"], "layers": chosen["layers"],
            "day": day_number(chosen["day"]),
        }  # fmt: skip
        self.page.evaluate("(state) => window.atlas.update(state)", state)

    def select(self, work_id: str | None) -> None:
        self.page.evaluate("(selected) => window.atlas.update({ selected })", work_id)


@pytest.mark.property
def test_after_any_steps_the_apps_map_shows_what_python_counts(
    server: Any, visit: Callable[..., Any], atlas: Atlas
) -> None:
    url = f"{server.url}/atlas/map"
    play(AppMap(visit(url).page, url, atlas))
