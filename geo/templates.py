"""Templates of pages: every value is escaped, and a name that is missing is an error instead of an empty place."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo.text import LANGUAGE_TAGS


def environment(*folders: Path) -> Environment:
    """Jinja's environment for the templates of folders; the first one that has a name gives it."""
    found = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["language_tags"] = LANGUAGE_TAGS
    return found
