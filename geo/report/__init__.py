"""Reports of a district or the whole city: one model, written as PDF and as a web page. See docs/export.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.declarations import read_when_used

if TYPE_CHECKING:
    from geo.report.facts import report
    from geo.report.model import Report
    from geo.report.page import to_html
    from geo.report.pdf import to_pdf, to_png
    from geo.report.request import ReportRequest, year_before

__all__ = ["Report", "ReportRequest", "report", "to_html", "to_pdf", "to_png", "year_before"]
__getattr__ = read_when_used(
    __name__,
    {"Report": "model", "report": "facts", "to_html": "page", "to_pdf": "pdf", "to_png": "pdf"}
    | dict.fromkeys(("ReportRequest", "year_before"), "request"),
)
