"""Templates that can show the blocks of :mod:`geo.report.model`: of reports, of the public site and of the app."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment

from geo.report.drawing import drawing
from geo.report.model import SIGNS
from geo.report.pdf import TEMPLATES
from geo.templates import environment


def block_environment(*folders: Path) -> Environment:
    """Jinja's environment for the templates of folders, which may import ``blocks.html``."""
    templates = environment(*folders, TEMPLATES)
    templates.filters["data_address"] = _data_address
    templates.filters["swatch"] = _swatch
    templates.globals["signs"] = SIGNS
    return templates


@lru_cache(maxsize=64)
def _swatch(fill: str) -> str:
    """The address of a picture of one colour."""
    return _data_address(drawing("swatch.svg", fill=fill))


def _data_address(svg: str) -> str:
    """A drawing as the address of a picture: no script in it can run, and it needs no file beside the page."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
