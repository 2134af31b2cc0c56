"""The unit that stands above a table: ``单位：万平方米`` in a title, for a column whose header names none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from geo.ingest.cells.header_terms import tidy
from geo.ingest.cells.header_units import unit_of_text
from geo.ingest.cells.values import read_unit

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.reading.model import Layer

_STATED: Final = re.compile(r"(?:单位|\bunits?\b)\s*[:=]?\s*(?P<rest>[^()\[\]【】〔〕]+)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[、;/|和及]|,(?!\d)|\s+(?=\D)")


def title_units(titles: Sequence[str], usual: str) -> tuple[str, ...]:
    """Units that the lines above a table name and that a kind of quantity can have.

    Parameters
    ----------
    titles : sequence of str
        Cells above the header, in the order of the sheet: ``（单位：万平方米、户）``.
    usual : str
        Unit of the kind of quantity, empty where its header names no kind.

    Returns
    -------
    tuple of str
        Words of :func:`geo.ingest.cells.values.read_unit`, each value once. ``填报单位：住建局`` names none.
    """
    kind = (read_unit(usual) or ("",))[0] if usual else ""
    found: dict[tuple[str, float], str] = {}
    for stated in _STATED.finditer(tidy("　".join(titles))):
        for part in _BETWEEN.split(stated["rest"]):
            word = unit_of_text(part.strip(" .。:").replace(" ", ""), usual)
            base = read_unit(word) if word else None
            if base is None:
                break  # what follows is no unit any more
            if not kind or base[0] == kind:
                found.setdefault(base, word)
    return tuple(found.values())


def quantity_units(layer: Layer, mapping: ColumnMap) -> tuple[str, ...]:
    """The units that header or title name for the column of quantities: one where it is clear, none where each cell or a
    column of units must say it, several where the title leaves it open.
    """
    if "quantity" not in mapping.columns:
        return ()
    unit = mapping.unit("quantity")
    if unit and not mapping.assumed("quantity"):
        return (unit,)
    return () if "unit" in mapping.columns else title_units(layer.titles, unit)
