"""A finding about one row of a list, and the two answers that any row may be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from geo.ingest.cells.findings import LEVELS, Finding
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap

IMPORT_ROW: Final = "keep"
SKIP_ROW: Final = "skip"
ROW_CHOICES: Final = ((IMPORT_ROW, _("保留")), (SKIP_ROW, _("跳过这一行")))
TAKE_KNOWN: Final = "known"
"""Answer for all rows of a group: each is the known work that it is most like."""


def row_finding(
    row: Any, name: str, level: str, message: str, hint: str, value: object = "", **more: Any
) -> Finding:
    """A finding that shows the value it is about, cut to what a message bears.

    Parameters
    ----------
    row : any
        Row of the file.
    name : str
        Field of the register.
    level : str
        One of :data:`geo.ingest.cells.findings.LEVELS`.
    message, hint : str
        Message ids.
    value : object
        The cell, or what was made of it.
    **more : any
        Further attributes of the finding; ``params`` are added to the value.

    Returns
    -------
    Finding
    """
    params = {"value": str(value)[:80]} | more.pop("params", {})
    return Finding(int(row), name, level, message, hint, params, value=str(value)[:200], **more)


def headed(finding: Finding, mapping: ColumnMap, names: Mapping[Any, Any]) -> Finding:
    """With the file's own header and the row's own name, so that the person finds the cell.

    Parameters
    ----------
    finding : Finding
    mapping : ColumnMap
        Which column holds which field.
    names : mapping
        Row of the file -> the name of each row, None for none.

    Returns
    -------
    Finding
    """
    name = None if finding.row is None else names.get(finding.row)
    column = finding.column or mapping.columns.get(finding.field, "")
    return replace(finding, column=column, subject=name[:60] if isinstance(name, str) else "")


def in_file_order(finding: Finding) -> tuple[int, int]:
    """What findings are sorted by: the whole file first, then by row; errors before questions before remarks."""
    return (-1 if finding.row is None else finding.row, LEVELS.index(finding.level))
