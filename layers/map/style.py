"""How status and certainty look: the declarations of :mod:`geo.display.symbology`, by the name that layers know them by."""

from geo.display.symbology import (
    CERTAINTIES,
    CERTAINTY_IDS,
    COUNTED_IDS,
    EXACT_LIMIT_M,
    STATUS_IDS,
    STATUSES,
    CertaintyStyle,
    StatusStyle,
)

__all__ = [
    "CERTAINTIES",
    "CERTAINTY_IDS",
    "COUNTED_IDS",
    "EXACT_LIMIT_M",
    "STATUSES",
    "STATUS_IDS",
    "CertaintyStyle",
    "StatusStyle",
]
