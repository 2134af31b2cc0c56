"""Templates that can show the blocks of :mod:`geo.report.model`: of reports, of the public site and of the app."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from jinja2 import Environment

from geo.report.model import SIGNS
from geo.report.pdf import TEMPLATES
from geo.templates import environment


def block_environment(*folders: Path) -> Environment:
    """Jinja's environment for the templates of folders, which may import ``blocks.html``."""
    templates = environment(*folders, TEMPLATES)
    templates.filters["data_address"] = _data_address
    templates.globals["signs"] = SIGNS
    return templates


def _data_address(svg: str) -> str:
    """A drawing as the address of a picture: no script in it can run, and it needs no file beside the page."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
