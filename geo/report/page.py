"""The report as one web page that needs nothing else: styles, map and signs are inside it, and no script."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Template
from markupsafe import Markup

from geo.display.tokens import style_sheet
from geo.report.blocks import block_environment
from geo.report.model import Report
from geo.report.pdf import TEMPLATES


@lru_cache(maxsize=1)
def _template() -> Template:
    return block_environment().get_template("report.html")


@lru_cache(maxsize=1)
def _styles() -> str:
    return (TEMPLATES / "report.css").read_text("utf-8")


def to_html(report: Report, map_svg: bytes) -> bytes:
    """UTF-8. ``map_svg`` is our own drawing and goes in as it is; every word of the report is escaped."""
    text = map_svg.decode("utf-8")
    drawing = Markup(text[text.index("<svg") :])  # noqa: S704 (drawn here; matplotlib escapes its texts)
    tokens = Markup(style_sheet(_styles()))  # noqa: S704 (of our own file of tokens)
    page = _template().render(d=report.as_dict(), drawing=drawing, tokens=tokens)
    return page.encode("utf-8")
