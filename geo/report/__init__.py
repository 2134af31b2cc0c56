"""Reports of a district or the whole city: one model, written as PDF and as a web page. See docs/export.md."""

from geo.report.facts import report
from geo.report.model import Report
from geo.report.page import to_html
from geo.report.pdf import to_pdf, to_png
from geo.report.request import ReportRequest, year_before

__all__ = ["Report", "ReportRequest", "report", "to_html", "to_pdf", "to_png", "year_before"]
