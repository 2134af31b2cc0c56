"""The printed map: what is placed is drawn, it reads without colour, and it looks as it did when people looked at it.

The golden pictures are small; a picture passes when few of its cells differ by much, so that another version of a
font renderer does not fail what no reader could see. ``ATLAS_UPDATE_GOLDEN=1`` writes them anew; look at them then.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geo.display.symbology import OUTLINES, STATUS_STYLES
from geo.register.city import Atlas
from geo.report import ReportRequest, report, to_png
from geo.report.counts import top_works
from geo.report.request import selected_works
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.report.furniture import nice_length
from layers.report.line_layers import dash_of
from layers.report.map import legend_counts, map_png, map_svg, sheet_places
from layers.report.map_sheet import MapSheet
from layers.report.spots import Spot, gathered, placed, runs
from tests.depth import examples

GOLDEN = Path(__file__).parent / "golden"
DAY, SINCE = date(2021, 12, 31), date(2021, 1, 1)
CELL = 8  # pixels; what is compared is the mean of a cell


@pytest.fixture(scope="module")
def sheet(atlas: Atlas) -> MapSheet:
    asked = ReportRequest("", DAY, SINCE)
    return MapSheet(atlas, selected_works(atlas, asked), DAY, numbers=report(atlas, asked).numbers)


def cells(picture: Image.Image) -> np.ndarray:
    grey = np.asarray(picture.convert("RGB"), "float64")
    rows, columns = grey.shape[0] // CELL, grey.shape[1] // CELL
    return grey[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL, 3).mean(axis=(1, 3))


def difference(name: str, data: bytes) -> tuple[float, float]:
    """Share of cells that differ by much from the golden picture, and by how much all do in the mean."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    golden = Image.open(GOLDEN / f"{name}.png")
    off = np.abs(cells(picture) - cells(golden.convert("RGB").resize(picture.size))).max(axis=2)
    return float((off > 40).mean()), float(off.mean())


def looks_like(name: str, data: bytes) -> None:
    if os.environ.get("ATLAS_UPDATE_GOLDEN"):
        Image.open(io.BytesIO(data)).convert("RGB").quantize(64).save(GOLDEN / f"{name}.png", optimize=True)
    share, mean = difference(name, data)
    assert share < 0.01, f"{share:.3f} of {name} looks different"
    assert mean < 4


def test_the_map_of_a_district_looks_as_it_did(sheet: MapSheet, atlas: Atlas) -> None:
    code = str(atlas.districts["residents_2020"].idxmax())
    rows = selected_works(atlas, ReportRequest(code, DAY, SINCE))
    looks_like("district", map_png(replace(sheet, rows=rows, focus=code), dpi=70))


def test_the_first_page_looks_as_it_did(sheet: MapSheet, atlas: Atlas) -> None:
    looks_like("page", to_png(report(atlas, ReportRequest("", DAY, SINCE)), map_svg(sheet), ppi=50)[0])


def test_the_legend_counts_what_the_figures_count(sheet: MapSheet) -> None:
    works = top_works(sheet.rows)
    counts = legend_counts(sheet)
    assert counts["completed"] == int(works["done"].sum())
    assert sum(counts.values()) == len(works)
    stations = int((sheet.rows["kind"] == "station").sum())
    assert f"车站 {stations}" in map_svg(sheet).decode("utf-8")


def test_a_golden_picture_can_fail(sheet: MapSheet) -> None:
    fewer = replace(sheet, rows=sheet.rows[sheet.rows["certainty"] != "line"], numbers={}, focus="")
    code = str(sheet.atlas.districts["residents_2020"].idxmin())
    assert difference("district", map_png(replace(fewer, focus=code), dpi=70))[0] > 0.05


def test_the_same_map_is_the_same_bytes(sheet: MapSheet) -> None:
    assert map_svg(sheet) == map_svg(replace(sheet))


def test_letters_stay_letters_and_nothing_is_fetched(sheet: MapSheet) -> None:
    text = map_svg(replace(sheet, title='<b>"&')).decode("utf-8")
    assert "<text" in text
    assert "公里" in text
    assert "OpenStreetMap" in text
    assert "&lt;b&gt;" in text
    assert not re.search(r"href=\"(?!#)", text)


def test_lines_have_the_colours_and_names_of_the_web_map(sheet: MapSheet, atlas: Atlas) -> None:
    """Colours and names are counted in what the web map is sent, not in what the picture is made of."""
    wide = replace(sheet, numbers={}, size=(400.0, 380.0))
    text = map_svg(wide).decode("utf-8")
    running = [
        each["properties"]
        for each in payload(atlas, "baseline_lines")
        if each["properties"]["opened"] <= 20211231
    ]
    works = [
        each["properties"] for each in payload(atlas, "lines") if each["properties"]["id"] in sheet.rows.index
    ]
    assert running
    assert works
    for line in [*running, *works]:
        assert f"stroke: {line['own']}" in text, line["name"]
    west, _south, east, _north, left, _low, right, _top = sheet_places(wide)
    metres = (east - west) / ((right - left) * 400.0 / 25.4 * 96)  # of a pixel of a screen of the same scale
    zoom = np.log2(40_075_016.7 * np.cos(np.radians(31.5)) / 256 / metres)
    roomy = {
        line["short"] for line in [*running, *works] if line["from"] is not None and line["from"] < zoom - 0.1
    }
    tight = {
        line["short"] for line in [*running, *works] if line["from"] is None or line["from"] > zoom + 0.1
    }
    named = {line["short"] for line in [*running, *works] if f">{line['short']}</text>" in text}
    assert len(roomy) > 3
    assert roomy <= named
    assert not named & (tight - roomy)
    assert "#7a7a7a" not in text
    bare = map_svg(replace(sheet, numbers={}, layers=frozenset())).decode("utf-8")
    assert not [line for line in running if f">{line['short']}</text>" in bare and line not in works]


def payload(atlas: Atlas, layer: str) -> list[dict[str, Any]]:
    return get_layer(layer).payload(MapContext(atlas, "zh"))["features"]


def test_every_status_has_a_shape_of_its_own() -> None:
    shapes = [status.shape for status in STATUS_STYLES]
    assert len(set(shapes)) == len(shapes)
    assert set(shapes) == set(OUTLINES)
    assert len({dash_of(status, 2.0)[1] for status in STATUS_STYLES}) == len(STATUS_STYLES)


@given(st.lists(st.integers(1, 60), unique=True, min_size=1))
def test_runs_say_every_number_once(numbers: list[int]) -> None:
    said = []
    for part in runs(numbers).split(", "):
        first, _, last = part.partition("–")
        said += range(int(first), int(last or first) + 1)
    assert said == sorted(numbers)


@examples(25)
@given(st.lists(st.tuples(st.floats(5, 95), st.floats(5, 95)), min_size=1, max_size=25), st.floats(0.5, 5))
def test_gathered_spots_keep_every_number(points: list[tuple[float, float]], within: float) -> None:
    x, y = zip(*points, strict=True)
    spots = gathered(x, y, list(range(1, len(points) + 1)), within=within)
    said = [part for spot in spots for part in spot.text.split(", ")]
    total = sum(int(p.split("–")[-1]) - int(p.split("–")[0]) + 1 for p in said)
    assert total == len(points)


def test_labels_with_room_do_not_cover_each_other() -> None:
    spots = [Spot(20.0 * i + 10, 20.0 * j + 10, str(5 * i + j)) for i in range(5) for j in range(5)]
    labels = placed(spots, size=2.3, frame=(110, 110))
    for one in labels:
        assert one.half_width <= one.x <= 110 - one.half_width
        for other in labels:
            apart = abs(one.x - other.x) >= one.half_width + other.half_width
            assert one is other or apart or abs(one.y - other.y) >= one.half_height + other.half_height


@pytest.mark.parametrize(("metres", "nice"), [(999, 500), (1000, 1000), (4999, 2000), (23_456, 20_000)])
def test_scale_bars_are_round(metres: float, nice: float) -> None:
    assert nice_length(metres) == nice
