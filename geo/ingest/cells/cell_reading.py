"""What a cell says, how sure that is, and what must be asked: the answer of every reader of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Rules = Mapping[str, str]
"""Answers that a person gave once for a whole file: rule -> the key of a choice."""
NO_RULES: Final[Rules] = {}


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a cell says.

    Attributes
    ----------
    value : Any
        None where the cell is empty or was not understood.
    detail : str
        Precision of a date, unit of a quantity.
    planned : bool
        The cell itself says that it is a plan.
    level : str
        ``""`` sure, ``warning`` understood with a remark, ``question`` a person must choose, ``error`` not understood.
    message, hint, params
        Texts of the catalogue and the values of their fields.
    rule : str
        Name under which the answer holds for the whole file; empty where it cannot.
    choices : tuple of (str, str)
        The answers to choose from, and what each would make of this cell.
    """

    value: Any = None
    detail: str = ""
    planned: bool = False
    level: str = ""
    message: str = ""
    hint: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    rule: str = ""
    choices: tuple[tuple[str, str], ...] = ()


NOTHING: Final = CellReading()


def fault(message: str, hint: str, **params: Any) -> CellReading:
    """A cell that was not understood.

    Parameters
    ----------
    message : str
        Message id.
    hint : str
        Message id of the remedy.
    **params : any
        Values of the fields of both texts.

    Returns
    -------
    CellReading
    """
    return CellReading(level="error", message=message, hint=hint, params=params)
