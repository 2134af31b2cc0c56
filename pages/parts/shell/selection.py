"""The selected work: the parameter ``work`` of the link."""

from __future__ import annotations

from pages.parts.shell import link


def selected() -> str | None:
    """Id of the selected work, if any."""
    return link.get("work")


def select(work_id: str) -> None:
    """Select a work (from a callback)."""
    link.put("work", work_id)


def clear() -> None:
    """Select nothing (from a callback)."""
    link.put("work", None)
