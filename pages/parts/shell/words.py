"""Words for codes (:mod:`geo.display.labels`), in the language of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from geo.display import labels as spoken
from geo.display.labels import district_names, source_title, status_style
from pages.parts.shell.texts import language

__all__ = [
    "day_words",
    "district_names",
    "name_of",
    "source_title",
    "status_style",
]


def name_of(row: pd.Series[Any]) -> str:
    """The row's name in the page's language, the Chinese one where there is no English."""
    return spoken.name_of(row, language())


def day_words(day: date | None, precision: object) -> str:
    """A date with the exactness it is known to."""
    return spoken.day_text(day, precision, language())
