"""Drawings (SVG) from templates: read once, for charts come by the dozen."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment

from geo.display.tokens import CHARTS, COLOURS
from geo.report.pdf import TEMPLATES
from geo.templates import environment


@lru_cache(maxsize=1)
def _templates() -> Environment:
    templates = environment(TEMPLATES)
    templates.globals |= {"charts": CHARTS, "colours": COLOURS}
    return templates


def drawing(template: str, **values: Any) -> str:
    """The drawing of a template of ``geo/report/templates``; every value is escaped."""
    return _templates().get_template(template).render(**values)
