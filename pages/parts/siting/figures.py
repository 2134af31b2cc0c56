"""Numbers of a siting answer as people read them."""

from __future__ import annotations

from geo.values import is_unknown


def percent(share: object) -> str:
    """``0.5`` -> ``50.00%``; a dash for unknown."""
    return "—" if is_unknown(share) else f"{100 * float(str(share)):.2f}%"


def amount(value: object, people: bool) -> str:
    """Residents in tens, or km² of land with two decimals; a dash for unknown."""
    if is_unknown(value):
        return "—"
    number = float(str(value))
    return f"{round(number, -1):,.0f}" if people else f"{number:,.2f}"
