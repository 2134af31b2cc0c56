"""The signs of statuses in the legend of a printed map: the web legend's discs, and the dashes that lines have."""

from __future__ import annotations

from typing import Any, Final

from geo.display.symbology import StatusStyle
from geo.display.tokens import COLOURS

PT: Final = 0.42
"""Points of paper for a pixel of a screen."""


class StatusSign:
    """A status in a legend, with what is written beside it."""

    def __init__(self, status: StatusStyle, label: str) -> None:
        self.status = status
        self.label = label

    def get_label(self) -> str:
        """As matplotlib's own handles have it."""
        return self.label


class SignHandler:
    """Draws a status in a legend of matplotlib as the web map's legend does: its dash, and on it its disc with its mark."""

    def legend_artist(self, _legend: Any, handle: StatusSign, _fontsize: float, box: Any) -> Any:
        """Called by matplotlib.

        Parameters
        ----------
        _legend : any
            The legend.
        handle : StatusSign
        _fontsize : float
            Of the legend.
        box : any
            Where the sign goes.

        Returns
        -------
        any
            The disc.
        """
        from matplotlib.lines import Line2D
        from matplotlib.text import Text

        status, across = handle.status, (box.xdescent, box.xdescent + box.width)
        up, middle = box.ydescent + box.height / 2, box.xdescent + box.width / 2
        dash = tuple(float(part) / 4 for part in status.dash.split())
        parts = [
            Line2D(across, (up, up), color=status.fill, linewidth=1.8, linestyle=(0, dash) if dash else "-"),
            Line2D(
                [middle],
                [up],
                marker="o",
                markersize=17 * PT,
                markerfacecolor=status.fill,
                markeredgecolor=COLOURS["edge"].light,
                markeredgewidth=PT,
            ),
            Text(
                middle, up, status.mark, ha="center", va="center_baseline", fontsize=11 * PT, color=status.ink, parse_math=False
            ),
        ]  # fmt: skip
        for part in parts:
            part.set_transform(box.get_transform())
            box.add_artist(part)
        return parts[1]
