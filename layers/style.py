"""How status and certainty look, declared once for the map, the legend and the tables.

Colours are the Okabe-Ito set, which people with any of the common colour-vision deficiencies can tell apart;
every status also has its own mark and its own dash, so that colour never stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.text import mark as _


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """Look of one OC4IDS status word: ``fill`` and ``ink`` are CSS colours, ``dash`` an SVG dash array."""

    id: str
    label: str
    fill: str
    ink: str
    mark: str
    dash: str


STATUSES: Final[tuple[StatusStyle, ...]] = (
    StatusStyle("identification", _("谋划"), "#999999", "#111111", "…", "1 5"),
    StatusStyle("preparation", _("前期"), "#e69f00", "#111111", "○", "4 5"),
    StatusStyle("implementation", _("在建"), "#0072b2", "#ffffff", "◐", "11 5"),
    StatusStyle("completion", _("收尾"), "#56b4e9", "#111111", "◕", "16 4"),
    StatusStyle("completed", _("建成"), "#009e73", "#ffffff", "✓", ""),
    StatusStyle("cancelled", _("取消"), "#d55e00", "#ffffff", "✕", "2 7"),
    StatusStyle("on_hold", _("暂停"), "#cc79a7", "#111111", "‖", "7 4 1 4"),
    StatusStyle("unknown", _("不详"), "#6b7280", "#ffffff", "?", "2 4"),
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
