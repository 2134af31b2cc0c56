"""A report from question to files: facts, map, PDF or web page."""

from __future__ import annotations

from functools import lru_cache

from geo.atlas import load_picture
from geo.errors import ParameterError
from geo.register.city import Atlas
from geo.report import Report, ReportRequest, report, to_html, to_pdf
from geo.report.request import selected_works
from geo.text import mark as _
from layers.report.map import map_svg
from layers.report.map_sheet import MapSheet
from layers.report.report_names import FORMS


@lru_cache(maxsize=32)
def parts(atlas: Atlas, request: ReportRequest) -> tuple[Report, bytes]:
    """The report and its map as SVG; kept, because PDF and web page are often wanted together."""
    made = report(atlas, request)
    sheet = MapSheet(
        atlas=atlas,
        rows=selected_works(atlas, request),
        as_of=request.as_of,
        lang=request.lang,
        focus=request.district,
        numbers=made.numbers,
    )
    return made, map_svg(sheet)


def build(atlas: Atlas, request: ReportRequest, form: str) -> bytes:
    """The report as ``pdf`` or ``html``; ``ParameterError`` for another form.

    Parameters
    ----------
    atlas : Atlas
    request : ReportRequest
        District, days and language.
    form : str
        ``pdf`` or ``html``.

    Returns
    -------
    bytes

    Raises
    ------
    ParameterError
        Another form.
    """
    if form not in FORMS:
        raise ParameterError(
            _("没有报告格式 {form}。"), hint=_("可用：{known}。"), form=form, known="、".join(FORMS)
        )
    made, drawing = parts(atlas, request)
    pictures = {photo_id: load_picture(photo_id, "small") for photo_id in made.photo_ids()}
    return to_pdf(made, drawing, pictures) if form == "pdf" else to_html(made, drawing, pictures)
