"""The table of abstract tests: one row for each that Annex A of a standard has, with what is asked and what is checked.

A row whose test is for every collection, system or operation has one case for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from layers.api.collections import COLLECTIONS

Check = Callable[..., None]
NAMES: Final = tuple(one.id for one in COLLECTIONS)
TILED: Final = tuple(one.id for one in COLLECTIONS if one.tiles)


@dataclass(frozen=True, slots=True)
class Row:
    """One abstract test: class and id as the standard has them."""

    conformance_class: str
    test: str
    asked: str
    checked: str
    check: Check
    cases: tuple[Any, ...]


ROWS: Final[list[Row]] = []


def abstract_test(
    conformance_class: str, test: str, asked: str, checked: str, over: Iterable[Any] = ("",)
) -> Callable[[Check], Check]:
    """Put a check into the table; with ``over``, it is called with each case."""

    def put(check: Check) -> Check:
        ROWS.append(Row(conformance_class, test, asked, checked, check, tuple(over)))
        return check

    return put
