"""Numbers of the public site are those of the core, on any day and in every form."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.register.city import Atlas
from geo.register.progress import progress
from geo.register.selection import Selection
from geo.register.slider_days import slider_days
from geo.values import json_value
from geo.vocabulary import CERTAINTIES, COUNTED, STATUSES
from layers.map.payload import day_number
from layers.map.tiles import tile_bounds, tiles_over
from layers.site.histories import DISTRICT_FIELDS, ITEM_FIELDS
from tests.depth import examples
from tests.site.site_days import DAY

ASKED = [date(2020, 1, 31), date(2021, 6, 30), date(2021, 12, 31), date(2023, 2, 28), date(2026, 12, 31)]


def shown_on(table: dict[str, Any], day: date) -> list[Any]:
    """Rows of a table of first and changes on a day, folded here anew."""
    rows = [list(row) for row in table["first"]]
    for at, place, news in table["changes"]:
        if at > day_number(day):
            continue
        if isinstance(news, dict):
            for name, value in news.items():
                rows[place][table["fields"].index(name)] = value
        else:
            rows[place] = news
    return rows


@pytest.mark.parametrize("day", ASKED, ids=str)
def test_the_four_numbers_are_those_of_the_core(core: dict[str, Any], atlas: Atlas, day: date) -> None:
    wanted = progress(atlas.register, day, "item")
    assert [row["id"] for row in core["items"]["rows"]] == list(wanted.index)
    assert shown_on(core["items"], day) == [
        [json_value(row[name]) for name in ITEM_FIELDS] for _id, row in wanted.iterrows()
    ]
    places = progress(atlas.register, day, "district")
    assert [row["id"] for row in core["districts"]["rows"]] == list(places.index)
    assert shown_on(core["districts"], day) == [
        [json_value(row[name]) for name in DISTRICT_FIELDS] for _id, row in places.iterrows()
    ]


@examples(12)
@given(offset=st.integers(0, 2526))  # days from the first of the slider to the last
def test_on_any_day_the_numbers_of_items_and_districts_are_those_of_the_register(
    atlas: Atlas, core: dict[str, Any], offset: int
) -> None:
    day = atlas.city.days.first + timedelta(days=offset)
    for by, table, fields in (("item", "items", ITEM_FIELDS), ("district", "districts", DISTRICT_FIELDS)):
        wanted = progress(atlas.register, day, by)
        rows = [[json_value(row[name]) for name in fields] for _key, row in wanted.iterrows()]
        assert shown_on(core[table], day) == rows


@pytest.mark.parametrize("day", ASKED, ids=str)
def test_works_on_a_day_are_those_of_the_register(core: dict[str, Any], atlas: Atlas, day: date) -> None:
    fields = core["works"]["fields"]
    rows = [dict(zip(fields, values, strict=True)) for values in shown_on(core["works"], day)]
    state = atlas.register.state(day)
    assert [row["id"] for row in rows] == list(state.index)
    for name, column, words in (
        ("status", "status", STATUSES),
        ("certainty", "certainty", CERTAINTIES),
        ("counted", "counted", COUNTED),
    ):
        assert [words[row[name]] for row in rows] == list(state[column])
    assert [row["districts"] for row in rows] == list(state["district_code"].fillna(""))
    assert [bool(row["placed"]) for row in rows] == list(state["placed"])


def test_pages_without_scripts_show_the_counts(
    files: dict[str, bytes], atlas: Atlas, core: dict[str, Any]
) -> None:
    wanted = progress(atlas.register, DAY, "district")
    text = files["districts/index.html"].decode().split("<h2>各区县点了名的项目</h2>")[1]
    for code, row in wanted.iterrows():
        line = text.split(f'data-district="{code}"')[1].split("</tr>")[0]
        cells = [int(value) for value in re.findall(r"<td>(\d+)</td>", line)]
        assert cells == [int(row[name]) for name in DISTRICT_FIELDS]
    listed = files["list.html"].decode().count("<tr data-work=")
    assert listed == len(Selection().apply(atlas.register.state(DAY)))
    assert core["days"] == [day_number(day) for day in slider_days(atlas.city.days, DAY)]


def test_downloads_are_the_exports(files: dict[str, bytes], atlas: Atlas) -> None:
    wanted = {".csv", ".xlsx", ".gpkg", ".geojson", ".kml", ".parquet", ".zip"}
    for what in ("works", "facilities"):
        city = {name for name in files if name.startswith(f"downloads/zh/wuxi-{what}-2026")}
        assert {PurePosixPath(name).suffix for name in city} == wanted
    state = Selection().apply(atlas.register.state(DAY))
    for code in atlas.districts.index:
        name = str(atlas.districts.at[code, "name_en"]).lower()
        text = files[f"downloads/zh/wuxi-works-{name}-{DAY}_WGS84.csv"].decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text)))) - 1 == len(
            Selection(districts=(str(code),)).apply(state)
        )
        text = files[f"downloads/en/wuxi-facilities-{name}-{DAY}_WGS84.csv"].decode("utf-8-sig")
        facilities = atlas.register.facilities_on(DAY)
        own = facilities["district_code"].fillna("").str.contains(str(code))
        assert len(list(csv.reader(io.StringIO(text)))) - 1 == int(own.sum()) > 0


def test_every_download_is_named_on_its_page(files: dict[str, bytes]) -> None:
    for lang, page in (("zh", "downloads.html"), ("en", "en/downloads.html")):
        text = files[page].decode()
        named = set(re.findall(r'href="[./]*(downloads/[^"]+)"', text))
        assert named == {name for name in files if name.startswith((f"downloads/{lang}/", "downloads/wuxi"))}


def test_the_tiles_hold_every_placed_work(files: dict[str, bytes], atlas: Atlas) -> None:
    import gzip

    import mapbox_vector_tile
    from pmtiles.reader import MemorySource, Reader

    reader = Reader(MemorySource(files[f"downloads/wuxi-works-{DAY}.pmtiles"]))
    header, about = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"]) == (0, 12)
    assert {layer["id"] for layer in about["vector_layers"]} == {"works", "lines", "districts"}
    world = mapbox_vector_tile.decode(gzip.decompress(reader.get(0, 0, 0)))
    state = Selection().apply(atlas.register.state(DAY))
    drawn = {one["properties"]["id"] for one in world["works"]["features"]}
    assert drawn == set(state.index[state["lon"].notna()])


def test_tiles_over_a_box_are_those_that_touch_it() -> None:
    box = (13_300_000.0, 3_650_000.0, 13_450_000.0, 3_780_000.0)
    for zoom in (0, 3, 8):
        every = [(row, column) for row in range(2**zoom) for column in range(2**zoom)]
        touching = [
            tile
            for tile in every
            for west, south, east, north in [tile_bounds(zoom, *tile)]
            if west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]
        ]
        assert tiles_over(box, zoom) == touching
