"""Any sequence of steps on a map: what a person may do, what is then drawn, and what Python says should be.

A step never waits for a time, only for what it did. A deep run (tests/depth.py) plays 500 sequences on each of the two maps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

import pandas as pd
from hypothesis import HealthCheck, Phase, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from geo.register.city import Atlas
from geo.register.selection import Selection
from geo.vocabulary import CERTAINTIES, EXACT_LIMIT_M, NAMED_WORK_KINDS, STATUSES
from layers.map.registry import all_layers
from tests.browser.until import until
from tests.depth import examples

SEQUENCES = examples(
    4,
    deep=500,
    stateful_step_count=10,
    phases=(Phase.reuse, Phase.generate),  # a sequence is short as it is; making it shorter takes minutes
    suppress_health_check=list(HealthCheck),
)
OPTIONAL = [spec.id for spec in all_layers() if spec.optional]
SHOWN = [spec.id for spec in all_layers() if spec.optional and spec.shown]
LISTS = ("category", "district", "status", "certainty")
FIRST, LAST = date(2020, 1, 31), date(2025, 12, 31)  # days of the slider, on the app and on the site

# read off the page itself: which rows have a symbol, which a shape, and the legend's own words
DRAWN = """async () => {
  const points = (layer) => layer.drawing?.points?.renderer ? layer.drawing.points.items : []; // of a layer on a canvas
  // of a layer of tiles, the features on the screen that stand by themselves
  const alone = ({ grid, painter, isShown }) => (isShown ? grid.shownTiles() : []).flatMap(({ marks }) => marks)
    .filter((mark) => mark.props.id && painter.isDrawn(mark)).map(({ props }) => props.id);
  const items = window.atlas.layers.flatMap(points);
  for (let turn = 0; turn < 200 && items.some((item) => Boolean(item.wanted) !== item.isOnMap); turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 0); }); // thousands of points are changed in several turns
  }
  const grids = window.atlas.layers.map(({ drawing }) => drawing?.grid).filter(Boolean);
  for (let turn = 0; turn < 2000 && grids.some(({ layer }) => layer.isLoading()); turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
  const drawn = {};
  for (const layer of window.atlas.layers) {
    const { id } = layer.declaration;
    const pane = document.querySelector(`.leaflet-${id}-pane`);
    const rows = (nodes) => [...nodes].flatMap((node) => node.dataset.rows.split(" "))
      .sort();
    drawn[id] = {
      marks: rows(document.querySelectorAll(
        `.leaflet-${id}-pane .leaflet-marker-icon [data-rows], .leaflet-marker-icon [data-layer="${id}"]`))
        .concat(points(layer).filter(({ circle }) => circle && window.atlas.map.hasLayer(circle)).map(({ row }) => row.id))
        .sort(),
      shapes: pane ? rows(pane.querySelectorAll("path[data-rows]")) : [],
      tiled: layer.drawing?.grid ? alone(layer.drawing) : null,
    };
  }
  const legend = {};
  for (const row of document.querySelectorAll(".atlas-legend-row[data-of]")) {
    legend[row.dataset.of] = Number(row.querySelector("b").textContent);
  }
  const { day, selected } = window.atlas.state;
  return { drawn, legend, day, selected, clock: document.querySelector(".atlas-clock").textContent };
}"""


class Door(ABC):
    """A page with a map, and the hands of a person on it."""

    def __init__(self, page: Any, url: str, atlas: Atlas) -> None:
        self.page, self.url, self.atlas = page, url, atlas

    def start(self) -> None:
        """The page anew, with nothing chosen."""
        self.page.goto(self.url)
        self.page.wait_for_selector('body[data-ready="1"]')

    @abstractmethod
    def choose(self, chosen: dict[str, Any]) -> None:
        """Filters, day and layers, as the page's own widgets set them."""

    @abstractmethod
    def select(self, work_id: str | None) -> None:
        """Open the card of a work, or close it."""


class Steps(RuleBasedStateMachine):
    """Filters, days, layers, plays, zooms and selections in any order."""

    door: ClassVar[Door]

    @initialize()
    def begin(self) -> None:
        self.door.start()
        self.chosen: dict[str, Any] = {name: [] for name in LISTS}
        self.chosen |= {"scope": "plan", "day": LAST, "layers": list(SHOWN)}
        self.door.choose(self.chosen)

    def _choose(self, **news: Any) -> None:
        self.chosen |= news
        self.door.choose(self.chosen)

    @rule(name=st.sampled_from(LISTS), data=st.data())
    def filter_works(self, name: str, data: st.DataObject) -> None:
        options = words_of(self.door.atlas)[name]
        self._choose(**{name: data.draw(st.lists(st.sampled_from(options), unique=True, max_size=3))})

    @rule(scope=st.sampled_from(("plan", "probable", "all")))
    def choose_scope(self, scope: str) -> None:
        self._choose(scope=scope)

    @rule()
    def clear(self) -> None:
        self._choose(**{name: [] for name in LISTS}, scope="plan")

    @rule(data=st.data())
    def move_day(self, data: st.DataObject) -> None:
        self._choose(day=data.draw(st.sampled_from(month_ends())))

    @rule(layers=st.lists(st.sampled_from(OPTIONAL), unique=True))
    def switch_layers(self, layers: list[str]) -> None:
        self._choose(layers=sorted(layers, key=OPTIONAL.index))

    @rule(turns=st.sampled_from((-2, -1, 1, 2)))
    def zoom(self, turns: int) -> None:
        self.door.page.evaluate(
            "(turns) => { window.atlas.map.setZoom(window.atlas.map.getZoom() + turns, { animate: false }); }",
            turns,
        )

    @rule(data=st.data())
    def select_work(self, data: st.DataObject) -> None:
        placed = placed_works(self.door.atlas)
        self.door.select(data.draw(st.one_of(st.none(), st.sampled_from(placed))))

    @rule()
    def play_and_stop(self) -> None:
        page = self.door.page
        before = int(page.evaluate("Number(document.body.dataset.draws)"))
        play = page.locator(".atlas-play")
        play.click()
        until(page, "(n) => Number(document.body.dataset.draws) >= n", before + 2)
        if play.get_attribute("aria-pressed") == "true":
            play.click()
        number = int(page.evaluate("window.atlas.state.day"))
        self.chosen["day"] = date(number // 10000, number // 100 % 100, number % 100)

    @invariant()
    def page_and_python_agree(self) -> None:
        if not hasattr(self, "chosen"):
            return
        until(self.door.page, "window.atlas.coming.size === 0")  # a layer is fetched when it is first shown
        found = self.door.page.evaluate(DRAWN)
        note(f"{self.chosen}")
        wanted = expected_drawing(self.door.atlas, self.chosen)
        assert found["clock"].startswith(f"{self.chosen['day']:%Y-%m}")
        assert found["day"] == int(f"{self.chosen['day']:%Y%m%d}")
        for layer, kinds in wanted["drawn"].items():
            if (alone := found["drawn"][layer]["tiled"]) is not None:
                assert set(alone) <= {*kinds["marks"], *kinds["shapes"]}, layer
                continue
            for kind, ids in kinds.items():
                assert found["drawn"][layer][kind] == ids, (layer, kind)
        assert found["legend"] == wanted["legend"]


def play(door: Door) -> None:
    """Play sequences through a door; a failure is told by its steps."""

    class Here(Steps):
        pass

    Here.door = door
    run_state_machine_as_test(Here, settings=SEQUENCES)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1)
def month_ends() -> list[date]:
    return [day.date() for day in pd.date_range(FIRST, LAST, freq="ME")]


@lru_cache(maxsize=2)
def words_of(atlas: Atlas) -> dict[str, list[str]]:
    return {
        "category": list(atlas.names("categories", "zh")),
        "district": list(atlas.districts.index),
        "status": list(STATUSES),
        "certainty": list(CERTAINTIES),
    }


@lru_cache(maxsize=2)
def placed_works(atlas: Atlas) -> list[str]:
    state = atlas.register.state(LAST)
    return list(state.index[state["placed"] & state["kind"].isin(NAMED_WORK_KINDS)])


def best_places(state: pd.DataFrame) -> dict[str, str]:
    """How exactly it is known where each work is: by itself, else by the most exact of its parts."""
    found = {str(key): str(word) for key, word in state["certainty"].items()}
    for parent, word in zip(state["parent_id"], state["certainty"], strict=True):
        if isinstance(parent, str) and state.at[parent, "certainty"] == "none":
            found[parent] = min(found[parent], word, key=CERTAINTIES.index)
    return found


def expected_drawing(atlas: Atlas, chosen: dict[str, Any]) -> dict[str, Any]:
    """What Python draws and counts: by ``Register.state`` and ``Selection`` for works, by the tables for the rest."""
    day = chosen["day"]
    lists = {"categories": "category", "statuses": "status", "certainties": "certainty"}
    choice = {plural: tuple(chosen[name]) for plural, name in lists.items()}
    choice["districts"] = tuple(chosen["district"])
    passing = Selection(**choice, scope=chosen["scope"]).apply(atlas.register.state(day))
    works = passing[passing["kind"].isin(NAMED_WORK_KINDS)]
    spots, lines = works[works["lon"].notna()], works[works["certainty"] == "line"]
    stops = passing[(passing["kind"] == "station") & passing["lon"].notna()]
    about = works["certainty"] == "approximate"
    drawn = {
        "works": {"marks": _ids(spots), "shapes": _ids(works[about])},
        "lines": {"marks": [], "shapes": _ids(lines)},
        "stations": {
            "marks": _ids(stops[stops["certainty"] == "exact"]),
            "shapes": _ids(stops[stops["certainty"] == "approximate"]),
        },
        "aggregates": {"marks": _totals(atlas, chosen), "shapes": []},
        "facility_outlines": {
            "marks": [],
            "shapes": [],
        },  # the pack has none; the legend says so where they are shown
        **_before_the_plan(atlas, chosen),
    }
    for layer in OPTIONAL:
        if layer not in chosen["layers"] and layer in drawn:
            drawn[layer] = {"marks": [], "shapes": []}
    whole = works[(works["kind"] == "work") & works["parent_id"].isna()]
    best = best_places(atlas.register.state(day))
    legend = {f"status:{word}": int((whole["status"] == word).sum()) for word in STATUSES}
    legend |= {f"certainty:{word}": sum(best[key] == word for key in whole.index) for word in CERTAINTIES}
    legend = {name: count for name, count in legend.items() if count}
    for layer in OPTIONAL:
        if layer in chosen["layers"] and layer in drawn:
            legend[f"layer:{layer}"] = len(set(drawn[layer]["marks"]) | set(drawn[layer]["shapes"]))
    return {"drawn": drawn, "legend": legend}


def _ids(rows: pd.DataFrame) -> list[str]:
    return sorted(map(str, rows.index))


def _totals(atlas: Atlas, chosen: dict[str, Any]) -> list[str]:
    known = {work_id for work_id, since in first_reports(atlas) if since <= chosen["day"]}
    rows = Selection(
        categories=tuple(chosen["category"]), districts=tuple(chosen["district"]), scope=chosen["scope"]
    ).apply(atlas.register.state(chosen["day"]))
    rows = rows[(rows["kind"] == "aggregate") & rows.index.isin(known) & (rows["counted"] != "no")]
    return _ids(rows[rows["district_code"].isin(atlas.districts.index)])


@lru_cache(maxsize=2)
def first_reports(atlas: Atlas) -> list[tuple[str, date]]:
    """Total, and a day on which one of its numbers exists: a result's own day, a plan's day of publication."""
    events = atlas.pack.events
    numbers = events[events["kind"] == "quantity"].join(atlas.pack.sources["published"], on="source_id")
    return [
        (
            row["work_id"],
            row["date"]
            if row["confirmed"] or not isinstance(row["published"], str)
            else _last_day(row["published"]),
        )
        for _id, row in numbers.iterrows()
    ]


def _last_day(published: str) -> date:
    year, month, day = (*map(int, published.split("-")), None, None)[:3]
    return date(year, month or 12, day or monthrange(year, month or 12)[1])


def _before_the_plan(atlas: Atlas, chosen: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    facilities = atlas.register.facilities
    opened = [since <= chosen["day"] for since in openings(atlas)]
    here = [
        not chosen["district"] or not set(str(code).split("|")).isdisjoint(chosen["district"])
        for code in facilities["district_code"].fillna("")
    ]
    rows = facilities[facilities["lon"].notna().to_numpy() & opened & here]
    is_stop = rows["kind"].isin(("metro_station", "rail_station"))
    exact = rows["accuracy_m"] <= EXACT_LIMIT_M
    lines = atlas.pack.lines[atlas.pack.lines["role"] == "baseline"]
    running = lines[[day <= chosen["day"] for day in lines["opened"]]]
    if chosen["district"]:
        chosen_land = atlas.districts.geometry.loc[chosen["district"]].union_all()
        running = running[running.geometry.intersects(chosen_land)]
    return {"baseline_lines": {"marks": [], "shapes": _ids(running)}} | {
        layer: {"marks": _ids(rows[mine & exact]), "shapes": _ids(rows[mine & ~exact])}
        for layer, mine in (("baseline_stations", is_stop), ("baseline_facilities", ~is_stop))
    }


@lru_cache(maxsize=2)
def openings(atlas: Atlas) -> list[date]:
    """The day from which each facility is there; one whose day is not known always was."""
    return [date.min if pd.isna(day) else day for day in atlas.register.facilities["opened"]]
