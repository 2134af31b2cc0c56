"""The report as one web page that needs nothing else: styles, map and signs are inside it, and no script."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from geo.report.model import Report
from geo.report.pdf import TEMPLATES
from geo.templates import environment


@lru_cache(maxsize=1)
def _environment() -> Environment:
    templates = environment(TEMPLATES)
    templates.filters["points"] = _points
    return templates


def _points(points: Any) -> str:
    """Corners of a sign as SVG has them, in a box of 20."""
    return " ".join(f"{10 + 9 * x:.2f},{10 - 9 * y:.2f}" for x, y in points)


def to_html(report: Report, map_svg: bytes) -> bytes:
    """UTF-8. ``map_svg`` is our own drawing and goes in as it is; every word of the report is escaped."""
    text = map_svg.decode("utf-8")
    drawing = Markup(text[text.index("<svg") :])  # noqa: S704 (drawn here; matplotlib escapes its texts)
    page = _environment().get_template("report.html").render(d=report.as_dict(), drawing=drawing)
    return page.encode("utf-8")
