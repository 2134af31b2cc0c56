"""The printed map: the web map's declarations drawn by matplotlib, so that it can be read without colour.

Mark, colour and dash say the status (:mod:`geo.display.symbology`); a disc or a band as wide as the position error says how sure a
place is; numbers lead to the table. In the city's projection, grid north up.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.display.tokens import COLOURS, MAP
from geo.places.crs import STORAGE_CRS
from geo.places.districts import label_points, load_lakes
from geo.places.projections import title_of
from geo.text import mark as _
from geo.text import translate
from layers.map.registry import get_layer
from layers.report import context_layers, coverage_layers, furniture, line_layers, symbols
from layers.report.map_sheet import MapSheet
from layers.report.sheet import MM, as_png, as_svg, drawing
from layers.report.spots import gathered, placed

_INK: Final = COLOURS["ink"].light
_OUTSIDE: Final = MAP["land-outside"].light
_MARGIN: Final = 0.05
_BESIDE_NAME: Final = 0.35  # of a line, from its beginning: its name stands at its middle


def map_svg(sheet: MapSheet) -> bytes:
    """The map as SVG; letters stay letters."""
    with drawing():
        return as_svg(_figure(sheet), sheet.atlas.city.program_name("en"))


def map_png(sheet: MapSheet, *, dpi: int = 200) -> bytes:
    """The map as PNG."""
    with drawing():
        return as_png(_figure(sheet), sheet.atlas.city.program_name("en"), dpi)


def sheet_places(sheet: MapSheet) -> tuple[float, float, float, float, float, float, float, float]:
    """Where the map is: its west, south, east, north in metres, and its left, low, right, top as shares of the sheet, from below."""
    width, height = sheet.size
    top = 9.0 if sheet.title else 0.5
    low = furniture.LEGEND_MM + 5.0
    view = _view(sheet, (width - 0.6) / (height - low - top))
    return (*view, 0.3 / width, low / height, 1 - 0.3 / width, 1 - top / height)


def _figure(sheet: MapSheet) -> Any:
    from matplotlib.figure import Figure

    width, height = sheet.size
    figure = Figure(figsize=(width * MM, height * MM))
    *sides, left, low, right, top = sheet_places(sheet)
    view = (sides[0], sides[1], sides[2], sides[3])
    axes = figure.add_axes((left, low, right - left, top - low))
    axes.set_xlim(view[0], view[2])
    axes.set_ylim(view[1], view[3])
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_color(_INK)
        side.set_linewidth(0.6)
    _ground(axes, sheet, view)
    context_layers.ways(axes, sheet, view)
    coverage_layers.draw(axes, sheet, view)
    context_layers.draw(axes, sheet)
    lines = _drawn(sheet).query("certainty == 'line'")
    line_layers.draw_running(axes, sheet)
    line_layers.draw_works(axes, sheet, lines)
    line_layers.draw_names(axes, sheet, lines, view, context_layers.screen_zoom(sheet, view))
    points = _points(axes, sheet)
    _numbers(axes, sheet, points, view, width - 0.6)
    context_layers.ring(axes, sheet)
    if sheet.title:
        figure.text(
            0.5 / width, 1 - 4.5 / height, sheet.title, fontsize=11, va="center", color=_INK, parse_math=False
        )
    axes.set_xlabel("")  # geopandas names the axes of a sheet.atlas.city.projected_crs frame
    axes.set_ylabel("")
    furniture.north_arrow(axes)
    furniture.scale_bar(axes, view, sheet.lang)
    stations = int((_drawn(sheet)["kind"] == "station").sum())
    furniture.legend(
        figure,
        sheet.size,
        legend_counts(sheet),
        sheet.lang,
        stations=stations,
        lines=line_layers.handles(sheet, lines),
        more=[*context_layers.handles(sheet), *coverage_layers.handles(sheet)],
    )
    furniture.credits_line(figure, sheet.size, _credits(sheet))
    return figure


def _credits(sheet: MapSheet) -> str:
    city = sheet.atlas.city
    parts = [
        translate(_("截至 {day}"), sheet.lang).format(day=sheet.as_of.isoformat()),
        f"{title_of(city.projected_crs)} / {city.projected_crs}",
        translate(_("图例为项目数，含不知道在哪的，不含区段和站点"), sheet.lang),
        translate(_("区县界为示意，不作权属依据"), sheet.lang),
        city.licence.label,
    ]
    places = [city.credits.places.of(sheet.lang)]
    if sheet.reach and sheet.reach.credits:
        places.append("© " + "、".join(sheet.reach.credits))
    return " · ".join(parts) + "\n" + " ".join(places)


def _view(sheet: MapSheet, ratio: float) -> tuple[float, float, float, float]:
    """West, south, east, north in metres: what is looked at with a margin, widened to the shape of the sheet."""
    if sheet.bounds:
        looked = gpd.GeoSeries([shapely.box(*sheet.bounds)], crs=STORAGE_CRS)
    elif sheet.focus:
        looked = sheet.atlas.districts.geometry.loc[[sheet.focus]]
    else:
        looked = sheet.atlas.districts.geometry
    west, south, east, north = looked.to_crs(sheet.atlas.city.projected_crs).total_bounds
    margin = 0.0 if sheet.bounds else _MARGIN  # a frame that a person sees is the picture's
    across, up = (east - west) * (1 + 2 * margin), (north - south) * (1 + 2 * margin)
    across, up = max(across, up * ratio), max(up, across / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    return x - across / 2, y - up / 2, x + across / 2, y + up / 2


def _ground(axes: Any, sheet: MapSheet, view: tuple[float, float, float, float]) -> None:
    """Districts (those out of focus grey), lakes, names."""
    atlas = sheet.atlas
    land, lake = (get_layer(name).style for name in ("districts", "lakes"))
    axes.set_facecolor(COLOURS["ground"].light)
    outlines = atlas.districts.geometry.to_crs(sheet.atlas.city.projected_crs)
    fills = [_OUTSIDE if sheet.focus and code != sheet.focus else land["fill"] for code in outlines.index]
    fills = [
        furniture.shaded(fill, land["shade"], sheet.shading.get(str(code)))
        for code, fill in zip(outlines.index, fills, strict=True)
    ]
    outlines.plot(ax=axes, color=fills, edgecolor=land["stroke"], linewidth=0.6, aspect=None)
    load_lakes(atlas.pack.root).to_crs(sheet.atlas.city.projected_crs).plot(
        ax=axes, color=lake["fill"], edgecolor=lake["stroke"], linewidth=0.4, aspect=None
    )
    outlines.boundary.plot(ax=axes, color=land["stroke"], linewidth=0.6, aspect=None)
    if sheet.focus:
        outlines.loc[[sheet.focus]].boundary.plot(ax=axes, color=_INK, linewidth=1.3, aspect=None)
    window = shapely.box(*view)
    names = atlas.districts[f"name_{sheet.lang}"]
    for code, point in (
        label_points(atlas.districts, sheet.atlas.city.projected_crs)
        .to_crs(sheet.atlas.city.projected_crs)
        .items()
    ):
        if window.contains(point):
            furniture.place_name(axes, point, str(names[code]), strong=code == sheet.focus)


def _drawn(sheet: MapSheet) -> pd.DataFrame:
    """Rows that have a place of their own."""
    rows = sheet.rows[(sheet.rows["certainty"] != "none") & (sheet.rows["kind"] != "aggregate")]
    return rows if "stations" in sheet.layers else rows[rows["kind"] != "station"]


def legend_counts(sheet: MapSheet) -> dict[str, int]:
    """How many works have each status, as the report's figures count them: without sections and stations, with works
    that have no place. A status that only a section or station on the map has is there with 0.
    """
    works = sheet.rows[(sheet.rows["kind"] == "work") & sheet.rows["parent_id"].isna()]
    found = works["status"].value_counts()
    return {str(key): int(found.get(key, 0)) for key in {*found.index, *_drawn(sheet)["status"]}}


def _points(axes: Any, sheet: MapSheet) -> gpd.GeoDataFrame:
    """Symbols of the works and stations. Returns the works' points."""
    rows = _drawn(sheet)
    rows = rows[rows["lon"].notna() & (rows["certainty"] != "line")]
    spots = gpd.GeoDataFrame(
        rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=STORAGE_CRS
    ).to_crs(sheet.atlas.city.projected_crs)
    symbols.draw(axes, sheet, spots)
    return spots[spots["kind"] != "station"]


def _numbers(
    axes: Any,
    sheet: MapSheet,
    points: gpd.GeoDataFrame,
    view: tuple[float, float, float, float],
    width: float,
) -> None:
    """Numbers beside the signs and on the lines, in millimetres of the sheet so that they do not cover each other."""
    if not sheet.numbers:
        return
    scale = width / (view[2] - view[0])
    where: list[tuple[float, float, int]] = []
    for work_id, point in points.geometry.items():
        if work_id in sheet.numbers:
            where.append((point.x, point.y, sheet.numbers[str(work_id)]))
    window = shapely.box(*view).buffer(-0.02 * (view[2] - view[0]))
    rows = _drawn(sheet)
    rows = rows[(rows["certainty"] == "line") & rows.index.isin(sheet.numbers)]
    shapes = sheet.atlas.pack.lines.geometry.loc[rows["line_id"]].to_crs(sheet.atlas.city.projected_crs)
    for work_id, shape in zip(rows.index, shapes, strict=True):
        inside = shape.intersection(window)
        if not inside.is_empty:
            longest = max(shapely.get_parts(inside), key=lambda part: part.length)
            middle = longest.interpolate(_BESIDE_NAME, normalized=True)
            where.append((middle.x, middle.y, sheet.numbers[str(work_id)]))
    where = [each for each in where if view[0] <= each[0] <= view[2] and view[1] <= each[1] <= view[3]]
    if not where:
        return
    x, y, numbers = zip(*where, strict=True)
    spots = gathered((np.array(x) - view[0]) * scale, (np.array(y) - view[1]) * scale, numbers, within=1.2)
    for label in placed(spots, size=2.3, frame=(width, (view[3] - view[1]) * scale)):
        furniture.number(axes, view[0] + label.x / scale, view[1] + label.y / scale, label.spot.text)
