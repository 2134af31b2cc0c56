"""Lines on the printed map, as the web map draws them (``static/map/drawings/lines.js``): each in a colour of its own, with its name.

A work's line is dashed in the colour of its status over that colour. Colours, names and the zoom from which on a name has room are
those of :mod:`layers.map.line_styles`.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.display.symbology import STATUS_STYLES
from geo.display.tokens import COLOURS
from geo.places.crs import STORAGE_CRS
from geo.text import translate
from geo.vocabulary import WORK_KINDS
from layers.map.line_styles import line_styles
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.report import furniture
from layers.report.map_sheet import MapSheet

_WEB_WIDTH: Final = 4.0  # dashes of geo.display.symbology are declared for a line this wide
_RUNNING, _WORK, _EDGE = 1.8, 2.2, 3.8
"""Widths in points: a line in service, the dashes of a work's status, and the work's own colour under them."""
_STATUS: Final = {status.id: status for status in STATUS_STYLES}
_PLATE: Final[dict[str, Any]] = {
    "boxstyle": "round,pad=0.2",
    "edgecolor": COLOURS["rim"].light,
    "linewidth": 0.4,
}
Box = tuple[float, float, float, float]


def dash_of(status: Any, width: float) -> tuple[float, tuple[float, ...]]:
    """The dash of a status as matplotlib has it, in points, for a line as wide as ``width`` points."""
    lengths = tuple(float(part) * width / _WEB_WIDTH / width for part in status.dash.split())
    return (0.0, lengths) if lengths else (0.0, ())


def running(sheet: MapSheet) -> list[str]:
    """Ids of the lines in service on the day, where their layer is on."""
    lines = sheet.atlas.pack.lines
    opened = np.array([day is not None and day <= sheet.as_of for day in lines["opened"]], bool)
    on = "baseline_lines" in sheet.layers
    return [str(line) for line in lines.index[(lines["role"] == "baseline").to_numpy() & opened & on]]


def draw_running(axes: Any, sheet: MapSheet) -> None:
    """Lines in service, each in its own colour."""
    styles = line_styles(MapContext(sheet.atlas, sheet.lang))
    for line, shape in _shapes(sheet, running(sheet)):
        for part in shapely.get_parts(shape):
            axes.plot(*part.xy, color=styles[line]["own"], linewidth=_RUNNING, zorder=2.5)


def draw_works(axes: Any, sheet: MapSheet, rows: pd.DataFrame) -> None:
    """Bands as wide as the position error, the lines' own colours, and over them the dashes of their status.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    sheet : MapSheet
    rows : DataFrame
        Of works that are lines, with ``line_id, kind, status, accuracy_m``.
    """
    styles = line_styles(MapContext(sheet.atlas, sheet.lang))
    for (line, shape), (_work, row) in sorted(
        zip(_shapes(sheet, rows["line_id"]), rows.iterrows(), strict=True),
        key=lambda each: WORK_KINDS.index(each[1][1]["kind"]),
    ):
        status = _STATUS[str(row["status"])]
        if row["kind"] == "work":
            furniture.area(axes, shape.buffer(float(row["accuracy_m"])), status.fill, alpha=0.10)
        dash = dash_of(status, _WORK)
        for part in shapely.get_parts(shape):
            own = {"color": styles[line]["own"], "linewidth": _EDGE, "solid_capstyle": "round"}
            axes.plot(*part.xy, zorder=4, **own)
            look = {"color": status.fill, "linewidth": _WORK, "linestyle": dash if dash[1] else "-"}
            axes.plot(*part.xy, zorder=5, **look)


def draw_names(axes: Any, sheet: MapSheet, rows: pd.DataFrame, view: Box, zoom: float) -> None:
    """The name of each line that is drawn on a plate of its colour, where a screen of the same scale has room for it.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    sheet : MapSheet
    rows : DataFrame
        Of works that are lines.
    view : Box
        West, south, east, north, metres.
    zoom : float
        Of that screen.
    """
    styles = line_styles(MapContext(sheet.atlas, sheet.lang))
    for line in dict.fromkeys([*running(sheet), *rows["line_id"]]):
        style = styles[str(line)]
        if style["from"] is None or zoom < style["from"]:
            continue
        at = gpd.GeoSeries([shapely.Point(style["at"])], crs=STORAGE_CRS)
        point = at.to_crs(sheet.atlas.city.projected_crs).iloc[0]
        if shapely.box(*view).contains(point):
            axes.text(
                point.x, point.y, style["short"], ha="center", va="center_baseline", fontsize=6.6, color=COLOURS["rim"].light, zorder=8.5,
                bbox=_PLATE | {"facecolor": style["own"]}, clip_on=True, parse_math=False,
            )  # fmt: skip


def handles(sheet: MapSheet, rows: pd.DataFrame) -> list[Any]:
    """The legend's entries: works that are lines and lines in service, each with the colours of those that are drawn."""
    from matplotlib.lines import Line2D

    styles = line_styles(MapContext(sheet.atlas, sheet.lang))
    found = []
    for layer, lines in (("lines", rows["line_id"]), ("baseline_lines", running(sheet))):
        colours = dict.fromkeys(styles[str(line)]["own"] for line in lines)
        if colours:
            title = translate(get_layer(layer).title, sheet.lang)
            found.append(
                furniture.Swatch([Line2D([], [], color=each, linewidth=2.2) for each in colours], title)
            )
    return found


def _shapes(sheet: MapSheet, lines: Any) -> list[tuple[str, Any]]:
    shapes = sheet.atlas.pack.lines.geometry.loc[list(lines)].to_crs(sheet.atlas.city.projected_crs)
    return [(str(line), shape) for line, shape in shapes.items()]
