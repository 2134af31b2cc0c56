"""How status and certainty look and what they are called, declared once for map, legend, tables, files and reports.

Colours are the Okabe-Ito set, which people with any of the common colour-vision deficiencies can tell apart;
every status also has its own mark and its own dash, so that colour never stands alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

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


STATUSES: Final[tuple[StatusStyle, ...]] = (
    StatusStyle("identification", _("谋划"), "#999999", "#111111", "…", "1 5", "pentagon"),
    StatusStyle("preparation", _("前期"), "#e69f00", "#111111", "○", "4 5", "diamond"),
    StatusStyle("implementation", _("在建"), "#0072b2", "#ffffff", "◐", "11 5", "square"),
    StatusStyle("completion", _("收尾"), "#56b4e9", "#111111", "◕", "16 4", "triangle"),
    StatusStyle("completed", _("建成"), "#009e73", "#ffffff", "✓", "", "circle"),
    StatusStyle("cancelled", _("取消"), "#d55e00", "#ffffff", "✕", "2 7", "cross_fill"),
    StatusStyle("on_hold", _("暂停"), "#cc79a7", "#111111", "‖", "7 4 1 4", "star"),
    StatusStyle("unknown", _("不详"), "#6b7280", "#ffffff", "?", "2 4", "hexagon"),
)
STATUS_IDS: Final = tuple(status.id for status in STATUSES)


@dataclass(frozen=True, slots=True)
class CertaintyStyle:
    """Look of one class of knowledge about a place."""

    id: str
    label: str
    help: str


EXACT_LIMIT_M: Final = 150.0

CERTAINTIES: Final[tuple[CertaintyStyle, ...]] = (
    CertaintyStyle("exact", _("点位"), _("位置误差不超过 150 米，画为点。")),
    CertaintyStyle("approximate", _("约略"), _("位置误差超过 150 米，画为同等半径的柔边圆，不是点。")),
    CertaintyStyle("line", _("线路"), _("线状工程，光晕宽度即位置误差。")),
    CertaintyStyle("none", _("未落位"), _("没有可靠位置，只列入清单，不画在图上。")),
)
CERTAINTY_IDS: Final = tuple(certainty.id for certainty in CERTAINTIES)

COUNTED_IDS: Final = ("yes", "probable", "no")


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
