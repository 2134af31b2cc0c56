"""How status and certainty look, declared once for map, legend, tables, files and reports.

Colours are the Okabe-Ito set, which people with any of the common colour-vision deficiencies can tell apart;
every status also has its own mark and its own dash, so that colour never stands alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from geo import vocabulary as words
from geo.display.tokens import STATUS
from geo.text import mark as _

Outline = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """Look of one OC4IDS status word: ``fill`` and ``ink`` are CSS colours, ``dash`` an SVG dash array; ``shape`` is
    the outline of a marker where no glyph is drawn (files for QGIS, printed maps), by QGIS's names.
    """

    id: str
    label: str
    fill: str
    ink: str
    mark: str
    dash: str
    shape: str


_STATUS_LOOKS: Final = {
    words.IDENTIFICATION: ("…", "1 5", "pentagon"),
    words.PREPARATION: ("○", "4 5", "diamond"),
    words.IMPLEMENTATION: ("◐", "11 5", "square"),
    words.COMPLETION: ("◎", "16 4", "triangle"),
    words.COMPLETED: ("✓", "", "circle"),
    words.CANCELLED: ("×", "2 7", "cross_fill"),
    words.ON_HOLD: ("‖", "7 4 1 4", "star"),
    words.UNKNOWN: ("?", "2 4", "hexagon"),
}
STATUS_STYLES: Final[tuple[StatusStyle, ...]] = tuple(
    StatusStyle(status, label, STATUS[status]["fill"], STATUS[status]["ink"], *_STATUS_LOOKS[status])
    for status, label in words.STATUS_LABELS.items()
)


@dataclass(frozen=True, slots=True)
class CertaintyStyle:
    """Look of one class of knowledge about a place."""

    id: str
    label: str
    help: str


_DRAWN_AS: Final = (
    _("位置误差不超过 150 米，画为点。"),  # EXACT_LIMIT_M, as a test says
    _("位置误差超过 150 米，画为同等半径的柔边圆，不是点。"),
    _("线状工程，光晕宽度即位置误差。"),
    _("没有可靠位置，只列入清单，不画在图上。"),
)
CERTAINTY_STYLES: Final[tuple[CertaintyStyle, ...]] = tuple(
    CertaintyStyle(certainty, label, drawn_as)
    for (certainty, label), drawn_as in zip(words.CERTAINTY_LABELS.items(), _DRAWN_AS, strict=True)
)


def _polygon(corners: int, turn: float = 0.0, *, inner: float = 1.0) -> Outline:
    """A regular polygon in the unit circle, its first corner up; every other corner at ``inner`` makes a star."""
    steps = [(turn + 2 * math.pi * i / corners, inner if i % 2 else 1.0) for i in range(corners)]
    return tuple((round(r * math.sin(angle), 4), round(r * math.cos(angle), 4)) for angle, r in steps)


_CROSS: Final = ((0, 0.35), (0.55, 0.9), (0.9, 0.55), (0.35, 0), (0.9, -0.55), (0.55, -0.9), (0, -0.35))
OUTLINES: Final[dict[str, Outline]] = {
    "circle": _polygon(32),
    "square": ((-0.82, -0.82), (-0.82, 0.82), (0.82, 0.82), (0.82, -0.82)),
    "triangle": _polygon(3),
    "diamond": _polygon(4),
    "pentagon": _polygon(5),
    "hexagon": _polygon(6, math.pi / 6),
    "star": _polygon(10, inner=0.45),
    "cross_fill": (*_CROSS, *((-x, y) for x, y in reversed(_CROSS[1:-1]))),
}
