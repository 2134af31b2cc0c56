"""What the forms of one work or facility end in: a batch of one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.register.facility_editing import facility_event
from geo.register.form_checks import Checks
from geo.store.model import Batch
from geo.text import mark as _
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


def batch_of_facility_event(
    checks: Checks,
    facility_id: str,
    kind: str,
    value: Mapping[str, Any] | str | None,
    source_id: str,
    sources: tuple[dict[str, Any], ...],
    reason: str,
) -> Batch:
    """A batch of one event of a facility, for the version that the editor saw.

    Parameters
    ----------
    checks : Checks
        Faults that were noted so far.
    facility_id : str
    kind : str
        Kind of the event.
    value : mapping or str
        Fields, or the id of the facility it is merged into.
    source_id : str
    sources : tuple of dict
        Rows of new sources that the event names.
    reason : str
        Why, as it was typed.

    Returns
    -------
    Batch

    Raises
    ------
    FormError
        If anything in ``checks`` is wrong, the reason included.
    """
    why = checks.text("reason", reason, required=True, limit=500)
    if not source_id:
        checks.fault("source_id", _("请选一个来源，或填写新来源。"), _("没有来源的说法不能进登记。"))
    checks.done()
    event = facility_event(facility_id, kind, value, source_id)
    version = edit_form.form_start(facility_id).version
    return Batch(reason=why, sources=sources, facility_events=(event,), expected={facility_id: version})
