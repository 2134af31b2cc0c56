"""What the forms of one work end in: a batch of one event."""

from __future__ import annotations

from typing import Any

from geo.register.form_checks import Checks
from geo.store.model import Batch
from pages.parts.shell import edit_form


def batch_of_one_event(
    checks: Checks, work_id: str, row: dict[str, Any], sources: tuple[dict[str, Any], ...], reason: str
) -> Batch:
    """A batch of one event, for the version of the work that the editor saw.

    Parameters
    ----------
    checks : Checks
        Faults that were noted so far.
    work_id : str
    row : dict
        The event, as :func:`geo.register.editing.event_row` makes it.
    sources : tuple of dict
        Rows of new sources that the event names.
    reason : str
        Why, as it was typed.

    Raises
    ------
    FormError
        If anything in ``checks`` is wrong, the reason included.
    """
    why = checks.text("reason", reason, required=True, limit=500)
    checks.done()
    version = edit_form.form_start(work_id).version
    return Batch(reason=why, sources=sources, events=(row,), expected={work_id: version})
