"""What the printed map shows besides the works, where the view has it: stations and facilities in service, totals, the selected work."""

from __future__ import annotations

import math
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.display.tokens import COLOURS, DRAWINGS, MAP
from geo.places.base_map import load_ways
from geo.places.crs import STORAGE_CRS
from geo.text import translate
from layers.map.payload import day_number
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.report.map_sheet import MapSheet

_INK: Final = COLOURS["ink"].light
_RING: Final = {
    "marker": "o",
    "markersize": 13,
    "markerfacecolor": "none",
    "markeredgecolor": DRAWINGS["ring"].light,
}
_PIXELS_A_MM: Final = 96 / 25.4  # of a screen, as CSS has it
_TILE_PIXELS: Final = 256.0  # the whole earth at zoom 0
_EQUATOR_M: Final = 40_075_016.7
_FACILITIES: Final = ("baseline_stations", "baseline_facilities")


def draw(axes: Any, sheet: MapSheet) -> None:
    """Facilities that already stand as dots, totals without names as their number in a circle; each where its layer is on."""
    for layer in _FACILITIES:
        rows = standing(sheet, layer)
        axes.plot(rows.geometry.x, rows.geometry.y, **_dot(layer))
    if "aggregates" in sheet.layers:
        for _work, row in _totals(sheet).iterrows():
            axes.text(
                row.geometry.x, row.geometry.y, row["text"], ha="center", va="center", fontsize=7, color=_INK, zorder=3.9,
                bbox={"boxstyle": "circle,pad=0.25", "facecolor": MAP["total-print"].light, "edgecolor": get_layer("aggregates").style["fill"],
                      "linewidth": 0.6, "linestyle": (0, (3, 2))}, clip_on=True, parse_math=False,
            )  # fmt: skip


def ways(axes: Any, sheet: MapSheet, view: tuple[float, float, float, float]) -> None:
    """Main roads and railways of the base map, those that a screen of the same scale shows.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    sheet : MapSheet
    view : (float, float, float, float)
        West, south, east, north, metres.
    """
    every, style = load_ways(sheet.atlas.pack.root), get_layer("ways").style
    shown = every[every["from_zoom"] <= screen_zoom(sheet, view)].to_crs(sheet.atlas.city.projected_crs)
    for kind, width in (("road", 1.0), ("rail", 0.8)):
        lines = shown[shown["kind"] == kind]
        for colour, extra in ((style[kind]["edge"], 0.8), (style[kind]["color"], 0.0)):
            if len(lines):
                lines.plot(ax=axes, color=colour, linewidth=width + extra, aspect=None, zorder=2)


def screen_zoom(sheet: MapSheet, view: tuple[float, float, float, float]) -> float:
    """The zoom of a screen of the same scale; ``view`` is west, south, east, north in metres."""
    metres_a_pixel = (view[2] - view[0]) / (sheet.size[0] * _PIXELS_A_MM)
    scale = math.cos(math.radians(sheet.atlas.middle[1])) * _EQUATOR_M / _TILE_PIXELS
    return math.log2(scale / metres_a_pixel)


def ring(axes: Any, sheet: MapSheet) -> None:
    """A ring around the selected work or facility, if it has a point; an outline along a selected line."""
    pack = sheet.atlas.pack
    tables = [
        table.loc[[sheet.selected]]
        for table in (sheet.rows, pack.facilities)
        if sheet.selected in table.index
    ]
    rows = (
        pd.concat([table[["lon", "lat"]] for table in tables])
        if tables
        else sheet.rows[["lon", "lat"]].iloc[:0]
    )
    line = sheet.rows["line_id"].get(sheet.selected) if "line_id" in sheet.rows else None
    if line in pack.lines.index:
        chosen = pack.lines.geometry.loc[[line]].to_crs(sheet.atlas.city.projected_crs)
        chosen.plot(ax=axes, color=_INK, linewidth=7.0, alpha=0.45, zorder=3.95, aspect=None)
    spots = _spots(rows[rows["lon"].notna()], sheet)
    axes.plot(spots.geometry.x, spots.geometry.y, linestyle="none", markeredgewidth=1.6, zorder=8, **_RING)


def handles(sheet: MapSheet) -> list[Any]:
    """The legend's entries of what is drawn here, with their numbers."""
    from matplotlib.lines import Line2D

    found = []
    for layer in _FACILITIES:
        if count := len(standing(sheet, layer)):
            label = f"{translate(get_layer(layer).title, sheet.lang)} {count}"
            found.append(Line2D([], [], label=label, **_dot(layer)))
    if "aggregates" in sheet.layers and (count := len(_totals(sheet))):
        title = translate(get_layer("aggregates").title, sheet.lang)
        look: dict[str, Any] = {"marker": "o", "markersize": 7, "markerfacecolor": MAP["total-print"].light}
        found.append(Line2D([], [], linestyle="none", label=f"{title} {count}", **look))
    return found


def _dot(layer: str) -> dict[str, Any]:
    color = get_layer(layer).style["color"]
    return {
        "linestyle": "none",
        "marker": "o",
        "markersize": 2.4,
        "markerfacecolor": color,
        "markeredgecolor": COLOURS["rim"].light,
        "markeredgewidth": 0.3,
        "zorder": 3.6,
    }


def standing(sheet: MapSheet, layer: str) -> gpd.GeoDataFrame:
    """Points of a layer of facilities that are there on the day; none where the layer is off."""
    if layer not in sheet.layers:
        return _spots(pd.DataFrame({"lon": [], "lat": []}, dtype="float64"), sheet)
    columns = get_layer(layer).payload(MapContext(sheet.atlas, sheet.lang))["columns"]
    frame = pd.DataFrame({"lon": columns["x"], "lat": columns["y"]})
    day, opened, closed = day_number(sheet.as_of), np.array(columns["opened"]), np.array(columns["closed"])
    return _spots(frame[(opened <= day) & ((closed == 0) | (closed > day))], sheet)


def _totals(sheet: MapSheet) -> gpd.GeoDataFrame:
    """Totals among the rows whose number is known on the day, each with that number."""
    columns = get_layer("aggregates").payload(MapContext(sheet.atlas, sheet.lang))["columns"]
    frame = pd.DataFrame({"lon": columns["x"], "lat": columns["y"]}, index=columns["id"])
    day = day_number(sheet.as_of)
    known = [[pair for pair in pairs if pair[0] <= day] for pairs in columns["quantities"]]
    frame["text"] = [_number(pairs) for pairs in known]
    return _spots(frame[(frame["text"] != "") & frame.index.isin(sheet.rows.index)], sheet)


def _number(known: list[list[float]]) -> str:
    done = [pair for pair in known if pair[2]]
    return f"{(done or known)[-1][1]:g}" if known else ""


def _spots(frame: pd.DataFrame, sheet: MapSheet) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(frame["lon"], frame["lat"], crs=STORAGE_CRS)
    return gpd.GeoDataFrame(frame, geometry=points).to_crs(sheet.atlas.city.projected_crs)
