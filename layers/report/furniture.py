"""What every printed map carries: names, scale bar, north arrow, legend, credits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from geo.display.symbology import STATUS_STYLES
from geo.display.tokens import COLOURS, MAP
from geo.text import mark as _
from geo.text import translate
from layers.map.registry import get_layer
from layers.report.legend_signs import SignHandler, StatusSign

LEGEND_MM: Final = 17.0
_INK: Final = COLOURS["ink"].light
_QUIET: Final = COLOURS["quiet"].light


# letters with an outline would leave as shapes, which nobody can search or hear; a pale box behind them does as well
_PALE: Final[dict[str, Any]] = {
    "boxstyle": "round,pad=0.12",
    "facecolor": COLOURS["white"].light,
    "edgecolor": "none",
    "alpha": 0.7,
}


@dataclass(frozen=True, slots=True)
class Swatch:
    """An entry of the legend in several colours: handles of matplotlib side by side, and what they stand for."""

    parts: Sequence[Any]
    label: str


def area(axes: Any, shape: Any, fill: str, *, alpha: float, edge: str | None = None) -> None:
    """A polygon that lets the ground through; its border is fine and dashed, so that it shows without colour.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    shape : any
    fill : str
        Colour.
    alpha : float
        Opacity, 0 to 1.
    edge : str or None
        Colour of the border; None for none.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors]
        path = Path.make_compound_path(*[Path(np.asarray(ring.coords), closed=True) for ring in rings])
        axes.add_patch(PathPatch(path, facecolor=fill, edgecolor="none", alpha=alpha, zorder=3))
        if edge:
            look = {"facecolor": "none", "edgecolor": edge, "linewidth": 0.5, "linestyle": (0, (2, 2))}
            axes.add_patch(PathPatch(path, zorder=3.5, **look))


def shaded(fill: str, shade: str, share: float | None) -> str:
    """The colour of a district, mixed as the web map mixes it.

    Parameters
    ----------
    fill : str
        Its colour without shading.
    shade : str
        The colour that lies over it.
    share : float or None
        How strong that is, 0 to 1; None for no shading.

    Returns
    -------
    str
        ``#rrggbb``.
    """
    from matplotlib.colors import to_hex, to_rgb

    if share is None:
        return fill
    strength = 0.08 + 0.62 * share
    red, green, blue = (
        (1 - strength) * below + strength * over
        for below, over in zip(to_rgb(fill), to_rgb(shade), strict=True)
    )
    return to_hex((red, green, blue))


def place_name(axes: Any, point: Any, name: str, *, strong: bool) -> None:
    """The name of a district.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    point : any
    name : str
    strong : bool
    """
    size, colour = (10.5, _INK) if strong else (8.0, _QUIET)
    axes.text(
        point.x, point.y, name, ha="center", va="center", fontsize=size, color=colour, alpha=0.85, zorder=3.8,
        clip_on=True, parse_math=False,
    )  # fmt: skip


def number(axes: Any, x: float, y: float, text: str) -> None:
    """A number beside a sign.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    x, y : float
    text : str
    """
    axes.text(
        x, y, text, ha="center", va="center_baseline", fontsize=6.6, color=_INK, zorder=9,
        bbox=_PALE, clip_on=True, parse_math=False,
    )  # fmt: skip


def north_arrow(axes: Any) -> None:
    """Grid north, which at the city is within half a degree of true north."""
    axes.annotate(
        "N", xy=(0.965, 0.965), xytext=(0.965, 0.895), xycoords="axes fraction", ha="center", va="center",
        fontsize=9, color=_INK, zorder=10,
        arrowprops={"arrowstyle": "-|>,head_width=0.28,head_length=0.6", "color": _INK, "linewidth": 1.2},
    )  # fmt: skip


def nice_length(metres: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``metres``."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def scale_bar(axes: Any, view: tuple[float, float, float, float], lang: str) -> None:
    """A bar of a round length, half of it black.

    Parameters
    ----------
    axes : any
        Of matplotlib, in metres.
    view : (float, float, float, float)
        West, south, east, north, metres.
    lang : str
        ``zh`` or ``en``.
    """
    from matplotlib.patches import Rectangle

    across, up = view[2] - view[0], view[3] - view[1]
    length = nice_length(across / 4)
    x, y, tall = view[0] + 0.025 * across, view[1] + 0.03 * up, 0.009 * up
    for part, colour in ((0, _INK), (1, COLOURS["white"].light)):
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": _INK, "linewidth": 0.6, "zorder": 10}
        axes.add_patch(Rectangle((x + part * length / 2, y), length / 2, tall, **look))
    unit = translate(_("公里"), lang)
    for share, text in ((0.0, "0"), (0.5, f"{length / 2000:g}"), (1.0, f"{length / 1000:g} {unit}")):
        axes.text(
            x + share * length, y + 1.8 * tall, text, ha="center", va="bottom", fontsize=6.5, color=_INK, zorder=10, parse_math=False,
        )  # fmt: skip


def legend(
    figure: Any,
    size: tuple[float, float],
    counts: Mapping[str, int],
    lang: str,
    *,
    stations: int,
    lines: Sequence[Swatch] = (),
    more: Sequence[Any] = (),
) -> None:
    """Below the map: signs and dashes of the statuses with their numbers, then stations, discs, lines, lakes.

    Parameters
    ----------
    figure : any
        Of matplotlib.
    size : (float, float)
        Of the sheet, millimetres.
    counts : mapping
        Status -> number.
    lang : str
        ``zh`` or ``en``.
    stations : int
        How many are drawn.
    lines : sequence of Swatch
        Of lines in colours of their own.
    more : sequence
        Handles of matplotlib for whatever else is drawn.
    """
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    lake = get_layer("lakes").style
    shown = [status for status in STATUS_STYLES if status.id in counts]
    handles: list[Any] = [
        StatusSign(status, f"{translate(status.label, lang)} {counts[status.id]}") for status in shown
    ]
    if stations:
        label = translate(_("车站"), lang) + f" {stations}"
        look: dict[str, Any] = {
            "marker": "o",
            "markersize": 3.2,
            "markeredgecolor": _INK,
            "markeredgewidth": 0.5,
        }
        handles.append(
            Line2D([], [], linestyle="none", markerfacecolor=COLOURS["white"].light, label=label, **look)
        )
    about = translate(_("位置误差范围"), lang)
    disc = Patch(
        facecolor=MAP["disc-print"].light, edgecolor=_QUIET, linestyle=(0, (2, 2)), linewidth=0.6, label=about
    )
    water = Patch(
        facecolor=lake["fill"], edgecolor=lake["stroke"], linewidth=0.4, label=translate(_("湖泊"), lang)
    )
    swatches = [(tuple(each.parts), each.label) for each in lines]
    single = [(each, str(each.get_label())) for each in (*handles, disc, water, *more)]
    entries = [*single[: len(handles) + 1], *swatches, *single[len(handles) + 1 :]]
    figure.legend(
        handles=[each for each, _label in entries],
        labels=[label for _each, label in entries],
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.0), StatusSign: SignHandler()},
        loc="upper left",
        bbox_to_anchor=(0.0, (LEGEND_MM + 4.2) / size[1]),
        ncols=5,
        fontsize=7,
        frameon=False,
        handlelength=3.2,
        columnspacing=1.4,
        labelspacing=0.55,
        borderaxespad=0.1,
    )


def credits_line(figure: Any, size: tuple[float, float], text: str) -> None:
    """Day, system, licence and credits, small, at the foot.

    Parameters
    ----------
    figure : any
        Of matplotlib.
    size : (float, float)
        Of the sheet, millimetres.
    text : str
    """
    figure.text(
        0.8 / size[0],
        0.8 / size[1],
        text,
        fontsize=5.6,
        va="bottom",
        color=_QUIET,
        linespacing=1.35,
        parse_math=False,
    )
