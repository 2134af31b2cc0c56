"""The web map's symbols on paper: the same disc, sign of the category, mark of the status, and plate of works that share a place.

Their parts and proportions are those of ``layers/static/map/points`` and of ``atlas.css``, which count in pixels of a screen.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.display.symbology import STATUS_STYLES, StatusStyle
from geo.display.tokens import COLOURS, MAP
from geo.vocabulary import EXACT_LIMIT_M
from layers.map.registry import get_layer
from layers.report import furniture
from layers.report.legend_signs import PT
from layers.report.map_sheet import MapSheet

STYLE_OF: Final = {status.id: status for status in STATUS_STYLES}
_LETTERS: Final = 13 * PT
_MARK_LETTERS: Final = 9 * PT
_MARK_SIZE: Final = 13 * PT
_MARK_BESIDE: Final = 11.5 * PT
_PLATE: Final = 26 * PT
_CORNER: Final = 8 * PT
_RIM: Final = 2 * PT
_EDGE: Final = COLOURS["edge"].light
_WHITE: Final = COLOURS["rim"].light
_ABOVE: Final = 7.0
_STEP: Final = 1e-4  # a symbol lies wholly above or wholly below the next
_STATION_LOWER: Final = 1.0


def draw(axes: Any, sheet: MapSheet, spots: gpd.GeoDataFrame) -> None:
    """Symbols of the works at their points; stations smaller and without signs; one plate for works that share a place.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    sheet : MapSheet
    spots : GeoDataFrame
        Rows of ``Register.state`` with their points in the city's projection.
    """
    glyphs = sheet.atlas.vocabulary("categories")[f"glyph_{sheet.lang}"]
    stations = spots[spots["kind"] == "station"]
    for at, (_key, row) in enumerate(stations.iterrows()):
        _disc(
            axes,
            row,
            get_layer("stations").style["size"] * PT,
            STYLE_OF[row["status"]].fill,
            _ABOVE - _STATION_LOWER + at * _STEP,
        )
    works = spots[spots["kind"] != "station"]
    about = works["accuracy_m"] > EXACT_LIMIT_M
    places = works[about].groupby([works.geometry.x.round(), works.geometry.y.round()], sort=False)
    for at, (_place, group) in enumerate(places):
        _shared_place(axes, group, glyphs, _ABOVE + at * _STEP)
    for at, (_key, row) in enumerate(works[~about].iterrows(), start=len(places)):
        _symbol(axes, row, glyphs, _ABOVE + at * _STEP)


def _symbol(axes: Any, row: pd.Series[Any], glyphs: pd.Series[Any], order: float) -> None:
    status = STYLE_OF[row["status"]]
    _disc(axes, row, get_layer("works").style["size"] * PT, status.fill, order)
    _letters(axes, row, str(glyphs.get(row["category"], "")), status.ink, order)
    mark(axes, row.geometry.x, row.geometry.y, status, order)


def _shared_place(axes: Any, group: gpd.GeoDataFrame, glyphs: pd.Series[Any], order: float) -> None:
    """The soft discs as wide as the position errors, and a plate with the sign, or with how many works there are."""
    first = group.iloc[0]
    statuses = [STYLE_OF[word] for word in group["status"].unique()]
    fill = statuses[0].fill if len(statuses) == 1 else MAP["cluster-dot"].light
    furniture.area(axes, first.geometry.buffer(group["accuracy_m"].max()), fill, alpha=0.10, edge=fill)
    _plate(axes, first.geometry, order)
    text = str(glyphs.get(first["category"], "")) if len(group) == 1 else str(len(group))
    _letters(axes, first, text, MAP["badge-ink"].light, order)
    if len(statuses) == 1:
        mark(axes, first.geometry.x, first.geometry.y, statuses[0], order)


def _plate(axes: Any, point: Any, order: float) -> None:
    """A pale plate with round corners and a dotted edge, of one size at any scale of the map."""
    from matplotlib.patches import FancyBboxPatch
    from matplotlib.transforms import ScaledTranslation

    side = _PLATE / 72
    here = axes.figure.dpi_scale_trans + ScaledTranslation(point.x, point.y, axes.transData)
    look: dict[str, Any] = {
        "boxstyle": f"round,pad=0,rounding_size={_CORNER / 72}",
        "facecolor": MAP["badge"].light,
        "edgecolor": MAP["badge-edge"].light,
        "linewidth": 1.5 * PT,
        "linestyle": (0, (1, 1)),
    }
    box = FancyBboxPatch((-side / 2, -side / 2), side, side, transform=here, zorder=order, **look)
    axes.add_patch(box)
    box.set_clip_path(axes.patch)


def _disc(axes: Any, row: pd.Series[Any], size: float, fill: str, order: float) -> None:
    """A disc with a white rim and a dark edge around it."""
    for diameter, colour in ((size + 2 * PT, _EDGE), (size, _WHITE), (size - 2 * _RIM, fill)):
        axes.plot(
            [row.geometry.x],
            [row.geometry.y],
            linestyle="none",
            marker="o",
            markersize=diameter,
            markerfacecolor=colour,
            markeredgewidth=0,
            zorder=order,
        )


def _letters(axes: Any, row: pd.Series[Any], text: str, ink: str, order: float) -> None:
    axes.text(
        row.geometry.x, row.geometry.y, text, ha="center", va="center_baseline", fontsize=_LETTERS, color=ink, zorder=order,
        clip_on=True, parse_math=False, gid=f"sign-{row.name}",
    )  # fmt: skip


def mark(axes: Any, x: float, y: float, status: StatusStyle, order: float) -> None:
    """The small white disc with the mark of a status, at the lower right.

    Parameters
    ----------
    axes : any
        Of matplotlib.
    x, y : float
        The middle of the symbol, in the axes' own units.
    status : StatusStyle
    order : float
        Its place among what lies above each other.
    """
    from matplotlib.transforms import ScaledTranslation

    beside = ScaledTranslation(_MARK_BESIDE / 72, -_MARK_BESIDE / 72, axes.figure.dpi_scale_trans)
    axes.plot(
        [x],
        [y],
        transform=axes.transData + beside,
        linestyle="none",
        marker="o",
        markersize=_MARK_SIZE - PT,
        markerfacecolor=_WHITE,
        markeredgecolor=_EDGE,
        markeredgewidth=PT,
        zorder=order,
    )
    axes.text(
        x, y, status.mark, transform=axes.transData + beside, ha="center", va="center_baseline", fontsize=_MARK_LETTERS,
        color=COLOURS["black"].light, zorder=order, clip_on=True, parse_math=False,
    )  # fmt: skip
