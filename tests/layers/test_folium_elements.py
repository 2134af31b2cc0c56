"""Every declared layer is a folium element: for any map, with folium's layer control, harmless whatever its names are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import folium
import geopandas as gpd
import pytest
import shapely
from folium.map import Layer
from folium.template import Template
from hypothesis import given
from hypothesis import strategies as st

import layers
from geo.coverage.answer import coverage
from geo.coverage.demand import census_demand
from geo.coverage.reach import Reach
from geo.errors import ParameterError, UnknownIdError
from geo.register.city import Atlas
from geo.register.facilities import Facilities, facility_set
from layers.map.element import LayerElement
from layers.map.folium_map import build_map
from layers.map.page_code import literal
from layers.map.registry import all_layers
from layers.notebook.functions import LayerFunction, function_names

DAY = date(2021, 12, 31)
NAMES = [spec.id for spec in all_layers()]
METRO: dict[str, Any] = {"kind": "metro_station", "radius": 800, "as_of": "2021-12-31"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def function(name: str) -> LayerFunction:
    found: LayerFunction = getattr(layers, name)
    return found


def page_of(element: LayerElement) -> str:
    view = folium.Map(tiles=None)
    element.add_to(view)
    folium.LayerControl().add_to(view)
    return str(view.get_root().render())


def rows(element: LayerElement) -> int:
    payload = element.source.payload  # type: ignore[union-attr]
    return len(payload["features"] if "features" in payload else payload["columns"]["id"])


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_is_an_element_for_any_map(atlas: Atlas, name: str) -> None:
    element = function(name)(atlas, as_of=DAY, name="layer name", show=False)
    assert isinstance(element, Layer)
    page = page_of(element)
    assert f"var {element.get_name()} = atlasPage.embeddedLayer(" in page
    assert f'"layer name" : {element.get_name()}' in page
    assert f"{element.get_name()}.addTo(" not in page
    payload = next(spec for spec in all_layers() if spec.id == name).payload
    assert element.source.payload == payload(layers.map.spec.MapContext(atlas))  # type: ignore[attr-defined]
    (south, west), (north, east) = element.get_bounds()
    if name.endswith("outlines"):  # nobody has brought any
        assert (south, west, north, east) == (None, None, None, None)
        return
    assert 30 < south <= north < 33
    assert 118 < west <= east < 122


def test_the_functions_are_the_declared_layers_and_the_three_others() -> None:
    assert function_names() == dir(layers) == sorted([*NAMES, "coverage", "explore", "gaps"])
    with pytest.raises(AttributeError, match="works"):
        layers.nothing  # noqa: B018


def test_no_layer_takes_the_name_of_a_room() -> None:
    rooms = {"analysis", "api", "browser_code", "map", "notebook", "report", "site", "static"}
    assert rooms.isdisjoint(function_names())


def test_a_new_declaration_has_its_function(atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry is asked each time, so one new file with a LAYER is all that a new layer needs."""
    from dataclasses import replace

    from layers.notebook import functions

    new = replace(all_layers()[0], id="bridges")
    monkeypatch.setattr(functions, "all_layers", lambda: (*all_layers(), new))
    assert "bridges" in dir(layers)
    assert rows(layers.bridges(atlas)) == len(atlas.districts)


@pytest.mark.parametrize("name", NAMES)
def test_the_app_s_map_has_the_same_elements_by_address(atlas: Atlas, name: str) -> None:
    view = build_map(atlas)
    (element,) = [one for one in view.layers if one.declaration["id"] == name]
    assert type(element) is type(function(name)(atlas))
    page = view.get_root().render()
    assert f"var {element.get_name()} = atlasPage.servedLayer(" in page
    assert f"layers/{name}.json?v={atlas.version}" in page.replace("\\u0026", "&")


def test_elements_also_show_in_a_cell_and_on_a_map_with_tiles(atlas: Atlas) -> None:
    element = function("works")(atlas, as_of="2021-12-31", lang="en")
    assert "iframe" in element._repr_html_()
    view = folium.Map()
    element.add_to(view)
    page = view.get_root().render()
    assert "tile.openstreetmap.org" in page
    assert "leaflet@" not in page.split("leaflet.awesome")[0]  # Leaflet itself is inside


def test_a_map_of_one_line_names_no_other_host(atlas: Atlas) -> None:
    view = layers.explore(atlas, as_of=DAY, lang="en")
    layers.coverage(atlas, **METRO).add_to(view)
    page = view.get_root().render()
    assert 'src="' not in page
    assert '<link rel="stylesheet"' not in page
    assert view._repr_html_()
    assert (
        view.get_root().render().count("atlasPage.startMap(") == 1
    )  # nor does a second rendering start it twice


@given(JSON)
def test_a_value_in_a_script_is_only_ever_a_value(value: Any) -> None:
    """However often folium renders a script as a template, and whatever HTML reads in it."""
    text = literal(value)
    assert Template(Template(text).render()).render() == text
    assert not {"<", ">", "&", "{", "}", "'", "\u2028"} & set(text)
    assert json.loads(json.loads(text.removeprefix("JSON.parse(").removesuffix(")"))) == value


def test_a_name_for_the_control_is_text(atlas: Atlas) -> None:
    page = page_of(function("works")(atlas, name="</script><b>{{ 1234567 * 7 }}{% x %}"))
    assert "8641969" not in page  # a shorter product would stand in one of folium's random names now and then
    assert page.count("</script>") == page.count("<script")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"districts": "Binhu"}, "320211"),
        ({"categories": ["metro", "nothing"]}, "nothing"),
        ({"statuses": "done"}, "completed"),
        ({"certainties": "sure"}, "exact"),
        ({"scope": "everything"}, "plan"),
        ({"lang": "fr"}, "zh"),
        ({"datum": "BD09"}, "GCJ02"),
        ({"as_of": "31.12.2021"}, "2021-12-31"),
    ],
)
@pytest.mark.parametrize("draw", [layers.works, layers.explore])
def test_what_cannot_be_shown_is_refused_by_name(
    draw: Callable[..., Any], options: dict[str, Any], words: str
) -> None:
    if "datum" in options and draw is layers.explore:
        return  # that one has no tiles, hence no datum
    with pytest.raises((ParameterError, UnknownIdError), match=words):
        draw(**options)


def test_an_answer_can_be_drawn_and_its_gaps(atlas: Atlas) -> None:
    facilities = facility_set(atlas.register, ["metro_station"], "as_of", DAY)
    answer = coverage(atlas, facilities, census_demand(atlas), Reach.straight(800))
    drawn = layers.coverage(answer, atlas=atlas, lang="en")
    assert drawn.declaration["style"] == {"radius": 800.0, "walk": False}
    assert rows(drawn) == len(facilities.placed) == rows(layers.coverage(atlas, **METRO))
    missing = layers.gaps(answer, atlas=atlas)
    assert missing.source.payload == layers.gaps(atlas, **METRO, demand="census").source.payload  # type: ignore[union-attr]
    for element in (drawn, missing):
        assert f"var {element.get_name()}" in page_of(element)


def test_own_points_can_be_drawn_but_not_asked_again(atlas: Atlas) -> None:
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([120.3, 120.4], [31.5, 31.6]), crs=4326)
    own = Facilities.from_frame(points, atlas.city.projected_crs)
    assert rows(layers.coverage(own, radius=500)) == 2
    answer = coverage(atlas, own, census_demand(atlas), Reach.straight(500))
    with pytest.raises(ParameterError):
        layers.coverage(answer, atlas=atlas)


def works_frame(**columns: Any) -> gpd.GeoDataFrame:
    shapes = [
        shapely.Point(120.3, 31.5),
        shapely.Point(120.4, 31.6),
        shapely.Point(float("nan"), float("nan")),
        None,
        shapely.LineString([(120.3, 31.5), (120.4, 31.6)]),
        shapely.box(120.3, 31.5, 120.4, 31.6),
    ]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def test_works_of_one_s_own_are_drawn_as_the_register_s_are() -> None:
    frame = works_frame(
        name=["a", "b", "c", "d", "e", "f"],
        status=["completed", None, "completed", "unknown", "implementation", "cancelled"],
        accuracy_m=[100, 600, 10, None, 30, None],
    )
    *land, lines, works = layers.explore(frame.to_crs(4549), as_of=DAY).layers
    assert [one.declaration["id"] for one in land] == ["districts", "lakes", "ways", "place_names"]
    columns = works.source.payload["columns"]  # type: ignore[union-attr]
    assert columns["name"] == ["a", "b", "c", "d"]
    assert columns["certainty"] == [0, 1, 3, 3]  # exact, approximate, none, none: NaN is no place
    assert columns["x"] == [120.3, 120.4, None, None]
    features = lines.source.payload["features"]  # type: ignore[union-attr]
    assert [one["properties"]["name"] for one in features] == ["e", "f"]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (works_frame().set_crs(None, allow_override=True), "坐标系"),
        (works_frame(status=["done"] * 6), "done"),
        (gpd.GeoDataFrame(geometry=[shapely.MultiPoint([(120, 31)])], crs=4326), "MultiPoint"),
    ],
)
def test_works_that_cannot_be_placed_are_refused(frame: gpd.GeoDataFrame, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        layers.explore(frame)
