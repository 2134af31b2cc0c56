"""Columns that the importer itself writes into a file of rejected rows, and reads again when it comes back."""

from __future__ import annotations

from typing import Final

from geo.display.fields import get_field

PROBLEMS: Final = get_field("problems").zh
ROW: Final = get_field("list_row").zh
DECISION: Final = get_field("decision").zh
"""The importer reads this column: 保留, 跳过, or the id of a known work; the others it ignores."""
OWN: Final = (ROW, DECISION, PROBLEMS)
