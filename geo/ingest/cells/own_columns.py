"""Columns that the importer itself writes into a file of rejected rows, and reads again when it comes back."""

from __future__ import annotations

from typing import Final

PROBLEMS: Final = "导入问题"
ROW: Final = "原表行号"
DECISION: Final = "导入决定"
"""The importer reads this column: 保留, 跳过, or the id of a known work; the others it ignores."""
OWN: Final = (ROW, DECISION, PROBLEMS)
