"""Reports and lists of works and facilities as files, made by workers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from geo.atlas import load_atlas
from geo.files import CONTENTS, get_system, write_file
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S

if TYPE_CHECKING:
    from geo.report import ReportRequest


class RowsWanted(NamedTuple):
    """Which works or facilities on which day, and how they are written (:class:`geo.files.Content`)."""

    what: str
    ids: tuple[str, ...]
    as_of: date
    system: str
    lang: str
    encoding: str
    title: str
    link: str
    plan: str = ""


@heavy(seconds=FILE_S, remembered=24)
def rows_file(wanted: RowsWanted, form: str) -> bytes:
    """Some works or facilities as a file of a format (an id of :func:`geo.files.all_formats`)."""
    atlas = load_atlas(plan=wanted.plan)
    register = atlas.register
    whole = register.state if wanted.what == "works" else register.facilities_on
    rows = whole(wanted.as_of).loc[list(wanted.ids)]
    system = get_system(wanted.system, atlas.city)
    content = CONTENTS[wanted.what](
        atlas, rows, wanted.as_of, system, wanted.lang, wanted.encoding, wanted.title, wanted.link
    )
    return write_file(content, form)


@heavy(seconds=FILE_S, remembered=32)
def report_file(request: ReportRequest, form: str, plan: str = "") -> bytes:
    """The report as a file.

    Parameters
    ----------
    request : ReportRequest
    form : str
        ``pdf`` or ``html``.
    plan : str
        Id of a plan, ``all``, or empty for the first.

    Returns
    -------
    bytes
    """
    from layers.report.build import build  # it draws: who only names the file need not read it

    return build(load_atlas(plan=plan), request, form)
