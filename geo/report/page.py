"""The report as one web page that needs nothing else: styles, map and signs are inside it, and no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
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


def to_html(report: Report, map_svg: bytes, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """UTF-8. Our own drawing goes in as it is; every word of the report is escaped.

    Parameters
    ----------
    report : Report
    map_svg : bytes
        Our own drawing.
    pictures : mapping or None
        Id of each photo of the report -> its picture (JPEG).

    Returns
    -------
    bytes
    """

    def picture(photo_id: str, _size: str) -> str:
        return "data:image/jpeg;base64," + b64encode((pictures or {})[photo_id]).decode()

    text = map_svg.decode("utf-8")
    drawing = Markup(text[text.index("<svg") :])  # noqa: S704 (drawn here; matplotlib escapes its texts)
    tokens = Markup(style_sheet(_styles()))  # noqa: S704 (of our own file of tokens)
    page = _template().render(d=report.as_dict(), drawing=drawing, tokens=tokens, picture=picture)
    return page.encode("utf-8")
