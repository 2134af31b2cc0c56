"""A finding about one row of a list, and the two answers that any row may be given."""

from __future__ import annotations

from typing import Any, Final

from geo.ingest.cells.findings import Finding

IMPORT_ROW: Final = "keep"
SKIP_ROW: Final = "skip"
ROW_CHOICES: Final = ((IMPORT_ROW, IMPORT_ROW), (SKIP_ROW, SKIP_ROW))


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
