"""Every declared layer: its payload, its look, its place in the legend. New layers are tested by being declared."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.detailed_map.make import archive_path
from geo.display.symbology import CERTAINTY_STYLES, STATUS_STYLES
from geo.errors import UnknownIdError
from geo.places.crs import wgs84_to_gcj02
from geo.register.city import Atlas
from geo.vocabulary import CERTAINTIES, EXACT_LIMIT_M, STATUSES
from layers import browser_code
from layers.map.basemaps import available, declarations_version, detailed, tile_url
from layers.map.config import map_config
from layers.map.folium_map import map_page
from layers.map.registry import all_layers, get_layer
from layers.map.spec import LayerSpec, MapContext
from tests.site.hostile import draw_outline

LAYERS = all_layers()


def test_styles_cover_the_register_words() -> None:
    assert tuple(style.id for style in STATUS_STYLES) == STATUSES
    assert tuple(style.id for style in CERTAINTY_STYLES) == CERTAINTIES
    limit = f"{EXACT_LIMIT_M:.0f} 米"
    assert all(limit in style.help for style in CERTAINTY_STYLES[:2]), "the help names the limit"
    assert len({status.fill for status in STATUS_STYLES}) == len(STATUS_STYLES)
    assert len({status.mark for status in STATUS_STYLES}) == len(STATUS_STYLES)
    assert len({status.dash for status in STATUS_STYLES}) == len(STATUS_STYLES)


def test_each_layer_is_drawn_by_a_module_that_registers_that_name() -> None:
    modules = {path.stem: path.read_text("utf-8") for path in browser_code.drawings()}
    assert {spec.draw for spec in LAYERS} <= set(modules)
    for name, text in modules.items():
        assert f'registerDrawing("{name}", ' in text


def test_order_and_lookup() -> None:
    assert [spec.order for spec in LAYERS] == sorted(spec.order for spec in LAYERS)
    assert get_layer("works").counted
    with pytest.raises(UnknownIdError, match="works"):
        get_layer("nope")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.id)
def test_payload_is_plain_json_of_its_kind(atlas: Atlas, spec: LayerSpec, lang: str) -> None:
    draw_outline(atlas)
    payload = spec.payload(MapContext(atlas=atlas, lang=lang))
    assert json.loads(json.dumps(payload, allow_nan=False, ensure_ascii=False))
    if spec.draw in {"areas", "lines", "outlines", "ways"}:
        assert payload["type"] == "FeatureCollection"
        assert payload["features"]
        assert spec.draw == "ways" or all(feature["properties"]["name"] for feature in payload["features"])
    else:
        lengths = {len(values) for values in payload["columns"].values()}
        assert len(lengths) == 1
        assert lengths != {0}


def counted_rows(atlas: Atlas) -> list[dict]:
    rows = []
    for spec in LAYERS:
        if spec.counted:
            payload = spec.payload(MapContext(atlas=atlas))
            if "columns" in payload:
                columns = payload["columns"]
                rows += [
                    dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)
                ]
            else:
                rows += [feature["properties"] for feature in payload["features"]]
    return rows


def test_every_work_and_section_is_sent_once_placed_or_not(atlas: Atlas) -> None:
    ids = [row["id"] for row in counted_rows(atlas)]
    works = atlas.pack.works
    assert sorted(ids) == sorted(works.index[works["kind"].isin(("work", "section"))])


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2021, 12, 31), date(2026, 11, 23)])
def test_history_in_the_payload_is_the_fold(atlas: Atlas, day: date) -> None:
    """What the browser reads for a day equals what the register says of that day."""
    number = day.year * 10_000 + day.month * 100 + day.day
    state = atlas.register.state(day)
    for row in counted_rows(atlas):
        pairs = list(zip(row["history"][::2], row["history"][1::2], strict=True))
        past = [code for when, code in pairs if when <= number]
        assert (STATUSES[past[-1]] if past else "unknown") == state.at[row["id"], "status"]


def test_coordinates_match_the_datum_of_the_base_map(atlas: Atlas) -> None:
    plain, shifted = (
        pd.DataFrame(get_layer("stations").payload(MapContext(atlas=atlas, datum=datum))["columns"])
        .set_index("id")[["x", "y"]]
        .dropna()
        .astype("float64")
        for datum in ("WGS84", "GCJ02")
    )
    assert plain.index.equals(shifted.index)
    x, y = wgs84_to_gcj02(plain["x"], plain["y"])
    assert np.allclose(shifted["x"], x, atol=2e-6)
    assert np.allclose(shifted["y"], y, atol=2e-6)
    moved = np.hypot((shifted["x"] - plain["x"]) * 95_000, (shifted["y"] - plain["y"]) * 111_000)
    assert (moved > 400).all()
    assert (moved < 560).all()


def positions(payload: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Every position of a payload, shape (n, 2): columns ``x`` and ``y``, coordinates of shapes, places of labels."""
    if "columns" in payload:
        both = np.array([payload["columns"]["x"], payload["columns"]["y"]], "float64").T
        return both[~np.isnan(both).any(axis=1)]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in payload["features"]]
    places = [at for feature in payload["features"] if (at := feature["properties"].get("at"))]
    return np.vstack([shapely.get_coordinates(shapes), *(np.array([at]) for at in places)])


@pytest.mark.parametrize("layer_id", [spec.id for spec in LAYERS])
def test_every_position_of_every_layer_is_in_the_datum(atlas: Atlas, layer_id: str) -> None:
    """Points, outlines and the points of labels: none stays in WGS84 where the rest is sent in GCJ-02."""
    draw_outline(atlas)
    plain, shifted = (
        positions(get_layer(layer_id).payload(MapContext(atlas=atlas, datum=datum)))
        for datum in ("WGS84", "GCJ02")
    )
    assert len(plain) == len(shifted) > 0
    x, y = wgs84_to_gcj02(plain[:, 0], plain[:, 1])
    assert np.allclose(shifted, np.column_stack([x, y]), atol=1e-5)


def test_aggregates_sit_at_districts_and_carry_dated_numbers(atlas: Atlas) -> None:
    columns = get_layer("aggregates").payload(MapContext(atlas=atlas))["columns"]
    by_name = dict(zip(columns["name"], columns["quantities"], strict=True))
    assert by_name["梁溪区老旧小区改造合计（2021）"] == [[20211231.0, 106.0, 1.0]]
    assert all(code in atlas.districts.index for code in columns["districts"])


def test_the_page_names_no_other_host(atlas: Atlas) -> None:
    page = map_page(atlas)
    assert "http" not in page.replace("http-equiv", "")
    assert 'src="assets/leaflet/leaflet.js"' in page
    assert "L.map(" in page


def test_the_page_cannot_be_broken_by_names(atlas: Atlas) -> None:
    """No word of the pack is in it: folium renders scripts twice, so a name in the page could run on the server."""
    page = map_page(atlas)
    assert page.count("</script>") == page.count("<script")
    for name in [*atlas.pack.works["name_zh"], *atlas.districts["name_zh"]]:
        assert name not in page
    assert json.loads(json.dumps(map_config(atlas, "zh"), allow_nan=False))


def test_basemaps_say_their_datum_and_wait_for_their_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    monkeypatch.delenv("ATLAS_TIANDITU_KEY", raising=False)
    assert [base.id for base in available()] == ["offline", "osm", "amap"]
    monkeypatch.setenv("ATLAS_TIANDITU_KEY", "k1")
    known = {base.id: base for base in available()}
    assert tile_url(known["tianditu"]).endswith("tk=k1")
    assert known["amap"].datum == "GCJ02"
    for base in available():
        assert base.datum in {"WGS84", "GCJ02"}
        assert bool(base.url) == (base.id != "offline")
        if base.url:
            assert base.attribution
            assert base.hosts


def test_the_detailed_base_map_is_offered_when_it_is_made_and_can_be_drawn(
    atlas: Atlas, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ATLAS_VAR", str(tmp_path))
    plain = declarations_version(atlas)
    assert detailed() == ()
    archive_path().parent.mkdir()
    archive_path().write_bytes(b"PMTiles")
    (base,) = detailed()
    assert [one.id for one in available()][:2] == ["offline", "detailed"]
    assert (base.datum, base.hosts) == ("WGS84", "")
    assert declarations_version(atlas) != plain
    monkeypatch.setattr("layers.map.basemaps.tile_renderer", lambda: None)
    assert detailed() == (), "set-up could not reach npm"
