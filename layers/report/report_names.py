"""What forms a report has, and what its file is called: known before anything of a report is made or read."""

from __future__ import annotations

from typing import Final

from geo.files import stem_of
from geo.register.city import Atlas
from geo.report.request import ReportRequest

FORMS: Final = {"pdf": "application/pdf", "html": "text/html"}
"""Form -> its MIME type."""


def report_name(atlas: Atlas, request: ReportRequest, form: str) -> str:
    """``wuxi-report-liangxi-2021-12-31-zh.pdf``.

    Parameters
    ----------
    atlas : Atlas
    request : ReportRequest
        District, days and language.
    form : str
        ``pdf`` or ``html``.

    Returns
    -------
    str
    """
    stem = stem_of(atlas, (request.district,) if request.district else (), what="report")
    return f"{stem}-{request.as_of.isoformat()}-{request.lang}.{form}"
