"""The selected work: the parameter ``work`` of the link."""

from __future__ import annotations

from pages.parts.shell import link
from pages.parts.shell.loaders import atlas


def selected() -> str | None:
    """Id of the selected work, if any."""
    return link.get("work")


def selected_on_map() -> str | None:
    """The same, where the register has it: a link may be old, or made up."""
    work_id, pack = selected(), atlas().pack
    known = any(work_id in table.index for table in (pack.works, pack.facilities, pack.lines))
    return work_id if known else None


def select(work_id: str) -> None:
    """Select a work (from a callback)."""
    link.put("work", work_id)


def clear() -> None:
    """Select nothing (from a callback)."""
    link.put("work", None)
