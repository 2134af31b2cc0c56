"""Amounts in a plan: a number with its unit, as the register counts it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from geo.ingest.cells.values import read_number, read_unit
from geo.plan_text.rules import any_of, rules

Bound = Literal["", "at_least", "at_most", "about"]
_BOUNDS: Final[dict[str, Bound]] = {"以上": "at_least", "以内": "at_most", "以下": "at_most", "左右": "about"}
_PHASES: Final = re.compile(r"(?:[一二三四五六七八九十]期[和、]?){2,}")
_NUMERALS: Final = "〇零一二两三四五六七八九十百千"


@dataclass(frozen=True, slots=True)
class Amount:
    """Characters ``start`` up to ``end`` of the text, and what they say in the register's unit.

    ``of_places``: the unit counts what stands on a map, whatever it is called.
    """

    start: int
    end: int
    value: float
    unit: str
    measure: str
    bound: Bound
    of_places: bool = False


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Number, thousands, unit, bound; no ordinal (第三批) and no number inside a name (312国道)."""
    return re.compile(
        r"(?<![第\dA-Za-z.\-])"
        rf"(?P<number>\d[\d,]*(?:\.\d+)?|(?<![{_NUMERALS}])[{_NUMERALS}]+) ?(?P<times>[万亿]?)(?P<more>[余多]?) ?"
        rf"(?P<unit>{any_of(rules().measures)})(?P<bound>{any_of(_BOUNDS)})?"
    )


def amounts(plain: str, start: int, end: int) -> list[Amount]:
    """Every amount between two characters of a text, in order.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    start, end : int
        Characters of it.

    Returns
    -------
    list of Amount
    """
    found = [_amount(match) for match in _pattern().finditer(plain, start, end)]
    return [one for one in found if one is not None]


def _amount(match: re.Match[str]) -> Amount | None:
    """None where the number cannot be read: then it is no amount, and the passage says so by having none."""
    unit = read_unit(match["unit"])
    base, factor = unit if unit else (match["unit"], 1.0)
    number = read_number(match["number"] + match["times"])
    if number.value is None:
        return None
    bound: Bound = "at_least" if match["more"] else _BOUNDS.get(match["bound"] or "", "")
    value = round(float(number.value) * factor, 6)
    measure, of_places = rules().measures[match["unit"]], match["unit"] in rules().place_units
    return Amount(match.start(), match.end(), value, base, measure, bound, of_places)


def phases(plain: str, start: int, end: int) -> Amount | None:
    """Two or more phases that stand side by side (``二期三期``) as an amount of phases.

    Parameters
    ----------
    plain : str
        As :func:`geo.plan_text.passages.plain_form` gives it.
    start, end : int
        Characters of it.

    Returns
    -------
    Amount or None
    """
    match = _PHASES.search(plain, start, end)
    if match is None:
        return None
    return Amount(match.start(), match.end(), float(match[0].count("期")), "期", "count", "")
