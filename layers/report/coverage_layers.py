"""Who is served, drawn on the printed map as the web map draws it (``static/map/coverage``, ``static/map/overlays``)."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.coverage.gaps import QUAD_SEGMENTS
from geo.display.tokens import DRAWINGS
from geo.places.crs import convert
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import EXACT_LIMIT_M
from layers.analysis.edit_marks import EDIT_LABELS
from layers.map.config import MESSAGES
from layers.report import furniture
from layers.report.map_sheet import MapSheet
from layers.report.reach_sheet import ReachSheet

LEVELS: Final = (
    ("high", DRAWINGS["reach-high"].light, 0.3),
    ("central", DRAWINGS["reach-central"].light, 0.42),
    ("low", DRAWINGS["reach-low"].light, 0.5),
)
"""Level, colour and opacity, the widest first."""
_LEFT: Final = DRAWINGS["left"].light
_LEFT_EDGE: Final = DRAWINGS["left-edge"].light
_DOTS: Final[dict[str, Any]] = {"markersize": 3.0, "markeredgewidth": 0.5, "linestyle": "none", "marker": "o"}
_SURE: Final[dict[str, Any]] = {
    "markerfacecolor": DRAWINGS["reach-low"].light,
    "markeredgecolor": DRAWINGS["rim"].light,
}
_ROUGH: Final[dict[str, Any]] = {
    "markerfacecolor": DRAWINGS["rough"].light,
    "markeredgecolor": DRAWINGS["rough-edge"].light,
}
SITE_COLOURS: Final = {"best": DRAWINGS["site"].light, "own": DRAWINGS["own"].light}
SITE_LABELS: Final = {"best": _("选出的点"), "own": _("自己的点")}
_SIGNS: Final = {"added": "+", "moved": "↔", "removed": "×", "closed": "×"}
_EDIT_INK: Final = {
    "added": DRAWINGS["added"].light,
    "link": DRAWINGS["added"].light,
    "moved": DRAWINGS["moved"].light,
    "removed": DRAWINGS["removed"].light,
    "closed": DRAWINGS["removed"].light,
}

Box = tuple[float, float, float, float]


def draw(axes: Any, sheet: MapSheet, view: Box) -> None:
    """Land that is served, land that is left out, facilities, and what a scenario changed.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    sheet : MapSheet
    view : (float, float, float, float)
        West, south, east, north, metres.
    """
    if sheet.reach is None:
        return
    _served(axes, sheet.reach, view)
    _gaps(axes, sheet.reach, view)
    rough = sheet.reach.accuracy_m > EXACT_LIMIT_M
    for where, look in ((~rough, _SURE), (rough, _ROUGH)):
        axes.plot(sheet.reach.x[where], sheet.reach.y[where], zorder=6, **_DOTS, **look)
    _sites(axes, sheet.reach)
    for mark in sheet.reach.marks:
        _mark(axes, mark, sheet.atlas.city.projected_crs)


def _served(axes: Any, reach: ReachSheet, view: Box) -> None:
    frame = shapely.box(*view)
    for level, colour, opacity in LEVELS:
        radii = reach.radii.get(level, np.zeros(len(reach.x)))
        spots = shapely.points(reach.x, reach.y)
        near = (radii > 0) & (shapely.distance(spots, frame) < radii)
        discs = shapely.buffer(spots[near], radii[near], quad_segs=QUAD_SEGMENTS)
        furniture.area(axes, shapely.union_all(discs), colour, alpha=opacity)


def _gaps(axes: Any, reach: ReachSheet, view: Box) -> None:
    """The largest gaps with their rank; the others, which are only drawn along streets, tinted."""
    tint = 0.3 if not reach.radii else 0.12
    frame = shapely.box(*view)
    for place, (_rank, row) in enumerate(reach.gaps.iterrows()):
        largest = place < reach.gap_count
        shape = shapely.intersection(row.geometry, frame)
        furniture.area(axes, shape, _LEFT, alpha=tint, edge=_LEFT_EDGE if largest else None)
        if largest:
            x, y = _projected(row["lon"], row["lat"], reach.gaps)
            _sign(axes, (x, y), str(row["rank"]), _LEFT_EDGE)


def _sites(axes: Any, reach: ReachSheet) -> None:
    """Chosen sites with their number, a person's own with their letter, each with the land that it would serve."""
    for places, colour, dash, name in (
        (reach.best, SITE_COLOURS["best"], "-", str),
        (reach.own, SITE_COLOURS["own"], "--", _letter),
    ):
        for number, at in enumerate(places, 1):
            disc = shapely.Point(at).buffer(reach.site_radius, quad_segs=QUAD_SEGMENTS)
            furniture.area(axes, disc, colour, alpha=0.18)
            axes.plot(*disc.exterior.xy, color=colour, linewidth=1.2, linestyle=dash, zorder=5)
            _sign(axes, at, name(number), colour)


def _letter(number: int) -> str:
    """As the map letters a person's own sites: A to Z, then A1, A2 and so on."""
    return chr(64 + number) if number <= 26 else f"A{number - 26}"


def _projected(lon: float, lat: float, frame: gpd.GeoDataFrame) -> tuple[float, float]:
    x, y = convert([lon], [lat], source="WGS84", target=str(frame.crs))
    return float(x[0]), float(y[0])


def _sign(axes: Any, at: tuple[float, float], text: str, colour: str) -> None:
    axes.text(
        *at, text, ha="center", va="center", fontsize=7, color=DRAWINGS["rim"].light, zorder=8, clip_on=True, parse_math=False,
        bbox={"boxstyle": "circle,pad=0.25", "facecolor": colour, "edgecolor": DRAWINGS["rim"].light, "linewidth": 0.6},
    )  # fmt: skip


def _mark(axes: Any, mark: dict[str, Any], projected: str) -> None:
    """A sign where a facility was put or removed, with its name; a line where a street was linked."""
    colour = _EDIT_INK[mark["op"]]
    if "line" in mark:
        x, y = convert(*zip(*mark["line"]["WGS84"], strict=True), source="WGS84", target=projected)
        axes.plot(x, y, color=colour, linewidth=2.2, zorder=8)
        return
    lon, lat = mark["at"]["WGS84"]
    x, y = convert([lon], [lat], source="WGS84", target=projected)
    at = float(x[0]), float(y[0])
    _sign(axes, at, _SIGNS[mark["op"]], colour)
    if mark.get("name"):
        axes.annotate(
            mark["name"], at, xytext=(0, -10), textcoords="offset points", ha="center", va="top", fontsize=6.6, color=colour,
            zorder=8, annotation_clip=True, parse_math=False,
        )  # fmt: skip


def handles(sheet: MapSheet) -> list[Any]:
    """The legend's entries of what is drawn here, with how many facilities, gaps and edits there are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    reach = sheet.reach
    if reach is None:
        return []
    made: list[Any] = []
    for level, colour, opacity in reversed(LEVELS if reach.radii else ()):
        made.append(
            Patch(
                facecolor=colour,
                alpha=opacity + 0.35,
                label=translate(MESSAGES[f"reach_{level}"], sheet.lang),
            )
        )
    if not reach.radii and reach.gap_count:
        made.append(Patch(facecolor=_LEFT, alpha=0.6, label=translate(MESSAGES["reach_left"], sheet.lang)))
    if reach.gap_count:
        text = translate(MESSAGES["gap_shape"], sheet.lang)
        made.append(
            Patch(facecolor=_LEFT, edgecolor=_LEFT_EDGE, linestyle=(0, (2, 2)), linewidth=0.6, label=text)
        )
    facility = f"{translate(MESSAGES['facility'], sheet.lang)} {len(reach.x)}"
    made.append(Line2D([], [], label=facility, **_DOTS, **_SURE))
    for name, places in (("best", reach.best), ("own", reach.own)):
        if places:
            site: dict[str, Any] = {
                "marker": "o",
                "markersize": 6,
                "linestyle": "none",
                "color": SITE_COLOURS[name],
            }
            made.append(
                Line2D([], [], label=f"{translate(SITE_LABELS[name], sheet.lang)} {len(places)}", **site)
            )
    kinds = [mark["op"] for mark in reach.marks]
    for op, label in EDIT_LABELS.items():
        if op in kinds:
            sign: dict[str, Any] = {
                "marker": "s",
                "markersize": 5,
                "linestyle": "none",
                "color": _EDIT_INK[op],
            }
            made.append(
                Line2D(
                    [],
                    [],
                    label=f"{_SIGNS.get(op, '—')} {translate(label, sheet.lang)} {kinds.count(op)}",
                    **sign,
                )
            )
    return made
