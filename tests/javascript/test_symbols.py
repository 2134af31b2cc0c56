"""One language of symbols: what the live map draws for a work is what the printed map draws: fill, sign, ink, mark, plate."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from geo.display.symbology import STATUS_STYLES
from geo.register.city import Atlas
from layers.map.config import map_config
from layers.map.registry import all_layers, get_layer
from layers.report.map import map_svg
from layers.report.map_sheet import MapSheet
from tests.javascript.conftest import LAYERS, Call

DAY = date(2021, 12, 31)
SVG = "{http://www.w3.org/2000/svg}"
LIVE = """({ ElementPoints }, { config, layer, rows }) => {
  globalThis.L = { divIcon: (options) => options };
  const symbols = { atlas: { config, glyphOf: (row) => config.categories[row.category].glyph }, layer };
  const points = new ElementPoints(symbols, []);
  const status = Object.fromEntries(config.statuses.map((each) => [each.id, each]));
  return rows.map((row) => {
    const { html } = points.icon(row, status[row.status]);
    return [html.style.getPropertyValue("--fill"), html.firstChild.textContent, html.style.getPropertyValue("--ink"), html.lastChild.textContent];
  });
}"""


@pytest.fixture(scope="module")
def works(atlas: Atlas) -> pd.DataFrame:
    """One work of each status and category at a sure place; the places lie apart."""
    state = atlas.register.state(DAY)
    work = state[(state["kind"] == "work") & state["parent_id"].isna()].iloc[0]
    pairs = [
        (status.id, category)
        for status in STATUS_STYLES
        for category in atlas.vocabulary("categories").index[:4]
    ]
    rows = pd.DataFrame([work] * len(pairs), index=[f"W{at:03}" for at in range(len(pairs))])
    rows["status"], rows["category"] = zip(*pairs, strict=True)
    rows["certainty"], rows["accuracy_m"] = "exact", 20.0
    rows["lon"] = [120.0 + 0.04 * (at % 8) for at in range(len(pairs))]
    rows["lat"] = [31.3 + 0.06 * (at // 8) for at in range(len(pairs))]
    return rows


def printed(atlas: Atlas, works: pd.DataFrame) -> list[list[str]]:
    """Fill, sign, ink and mark of each symbol of the printed map, in its drawing order."""
    svg = ElementTree.fromstring(map_svg(MapSheet(atlas, works, DAY, layers=frozenset())))  # noqa: S314 (our own)
    groups = list(svg.iter(f"{SVG}g"))
    found = []
    for at, group in enumerate(groups):
        if not group.get("id", "").startswith("sign-"):
            continue
        discs = [each for each in groups[:at] if each.get("id", "").startswith("line2d")]
        fill = next(use.get("style", "") for use in discs[-1].iter(f"{SVG}use"))
        texts = [each for each in groups[at:] if each.get("id", "").startswith("text_")]
        found.append([_fill(fill), _text(group)[0], _text(group)[1], _text(texts[0])[0]])
    return found


def _fill(style: str) -> str:
    return (re.search(r"fill: (#\w+)", style) or [""])[1]


def _text(group: Any) -> tuple[str, str]:
    node = next(group.iter(f"{SVG}text"))
    return str(node.text), _fill(node.get("style", "")) or "#000000"


def test_the_printed_map_has_the_symbols_of_the_live_map(
    call: Call, atlas: Atlas, works: pd.DataFrame
) -> None:
    config = map_config(atlas, "zh")
    layer = {"id": "works", "style": dict(get_layer("works").style)}
    rows = [
        {"id": key, "status": row["status"], "category": row["category"]} for key, row in works.iterrows()
    ]
    value = {"config": config, "layer": layer, "rows": rows}
    live = call("static/map/points/element_points.js", LIVE, value)
    assert len({tuple(each) for each in live}) == len(works)
    assert printed(atlas, works) == live


def test_works_that_share_a_place_have_one_plate_with_their_number(atlas: Atlas, works: pd.DataFrame) -> None:
    """As ``shared_place.js`` has it: how many there are, and a mark only where all have one status."""
    about = works.assign(lon=120.3, lat=31.5, accuracy_m=2500.0, certainty="approximate")
    together = map_svg(MapSheet(atlas, about, DAY, layers=frozenset()))
    assert signs(together) == [str(len(works))]
    alone = map_svg(MapSheet(atlas, about.iloc[:1], DAY, layers=frozenset()))
    assert signs(alone) == [atlas.vocabulary("categories").loc[about["category"].iloc[0], "glyph_zh"]]
    marks = [f">{status.mark}</text>" for status in STATUS_STYLES[:1]]
    assert [together.decode().count(mark) for mark in marks] == [1]  # in the legend
    assert [alone.decode().count(mark) for mark in marks] == [2]


def signs(svg: bytes) -> list[str]:
    groups = ElementTree.fromstring(svg).iter(f"{SVG}g")  # noqa: S314 (our own)
    return [_text(group)[0] for group in groups if group.get("id", "").startswith("sign-")]


FILLS = """async ({ ElementPoints }, { layer, statuses }) => {
  const { CanvasPoints } = await import("/static/map/points/canvas_points.js");
  let given = null;
  globalThis.L = {
    divIcon: (options) => options,
    canvas: () => ({}),
    circleMarker: (at, options) => ({ options, on: () => {}, setStyle: (style) => { given = style.fillColor; } }),
  };
  const symbols = { atlas: { glyphOf: () => "" }, layer, group: { addLayer: () => {} } };
  const [few, many] = [new ElementPoints(symbols, []), new CanvasPoints(symbols, [])];
  return statuses.map((status) => {
    const item = { row: { x: 0, y: 0, name: "" }, circle: null, wanted: status, drawn: null, isOnMap: false };
    many.apply(item);
    many.apply(Object.assign(item, { drawn: null }));
    return [few.icon(item.row, status).html.style.getPropertyValue("--fill"), item.circle.options.fillColor, given];
  });
}"""


def test_a_thousand_points_have_the_colour_of_one(call: Call, atlas: Atlas) -> None:
    """A layer with many points is drawn on a canvas, in the colour that its legend shows."""
    statuses = map_config(atlas, "zh")["statuses"]
    layers = [layer for layer in all_layers() if layer.draw == "symbols"]
    assert {bool(layer.style.get("color")) for layer in layers} == {True, False}
    for layer in layers:
        value = {"layer": {"id": layer.id, "style": dict(layer.style)}, "statuses": statuses}
        fills = call("static/map/points/element_points.js", FILLS, value)
        meant = [[layer.style.get("color") or status["fill"]] * 3 for status in statuses]
        assert fills == meant


def test_each_optional_layer_has_a_sign_in_the_legend() -> None:
    styles = (LAYERS / "static" / "atlas.css").read_text("utf-8")
    drawn = {layer.draw for layer in all_layers() if layer.optional}
    assert [draw for draw in sorted(drawn) if f".atlas-swatch-{draw} " not in styles] == []
