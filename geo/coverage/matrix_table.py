"""The rows of a matrix: what was measured of one indicator and set, put into the columns that every door gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.verdict import REASONS, UNDECIDED, Shares, comparable, reasons, verdicts
from geo.coverage.zone_set import PROBLEMS, ZoneSet
from geo.register.indicators import Indicator
from geo.text import translate

Floats = NDArray[np.float64]
NOT_COMPUTED: Final = "not_computed"
COLUMNS: Final = (
    "zone_code",
    "zone",
    "indicator_id",
    "indicator",
    "set",
    "denominator",
    "share_low",
    "share",
    "share_high",
    "pass_mark",
    "pass_mark_of",
    "pass_mark_checked",
    "verdict",
    "reasons",
    "why",
    "residents",
    "residents_served",
    "residents_unserved",
    "shortfall_low",
    "shortfall",
    "shortfall_high",
    "facilities_known",
    "facilities_placed",
    "facilities_unplaced",
    "facts_as_of",
)
"""``share_low`` to ``share_high`` hold all errors of places and, for residents, both models. ``shortfall`` is how many more
residents must be served to meet the mark. ``reasons`` are keys joined by ``|``, ``why`` the same as a text."""
_RANGES: Final[dict[str, tuple[str, str, str]]] = {
    "residents": ("share_residents_least", "share_residents", "share_residents_most"),
    "land": ("share_area_low", "share_area", "share_area_high"),
}
_MEASURED: Final = (
    *chain.from_iterable(_RANGES.values()),
    "residents",
    "residents_served",
    "facilities_known",
    "facilities_placed",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What was measured of one indicator and set.

    Attributes
    ----------
    indicator : Indicator
    which, denominator : str
    table : DataFrame
        As :func:`geo.coverage.share_table.share_table`, by code, of the zones that can be computed.
    complete : ndarray of bool (zones,)
    unplaced : ndarray (zones,)
    facts_as_of : str
        Newest day of what is known of undated facilities.
    modelled_from : frozenset of str
        Kinds of facilities whose density the residents follow.
    """

    indicator: Indicator
    which: str
    denominator: str
    table: pd.DataFrame
    complete: NDArray[np.bool_]
    unplaced: Floats
    facts_as_of: str
    modelled_from: frozenset[str]


def cell_rows(zones: ZoneSet, cell: Cell, lang: str) -> dict[str, Any]:
    """Columns of the rows of a cell, one a zone.

    Parameters
    ----------
    zones : ZoneSet
    cell : Cell
    lang : str

    Returns
    -------
    dict
        Of :data:`COLUMNS`.
    """
    indicator, table = cell.indicator, cell.table.reindex(index=list(zones.codes), columns=list(_MEASURED))
    low, share, high = (table[name].to_numpy("float64") for name in _RANGES[cell.denominator])
    doubtful = np.array(["zone_partly_outside" in each for each in zones.problems], bool)
    shares = Shares(low, high, cell.complete, cell.unplaced, doubtful)
    may_compare = comparable(indicator, cell.denominator)
    verdict = verdicts(indicator.mark, shares, comparable=may_compare)
    own = reasons(indicator, shares, verdict, denominator=cell.denominator, modelled_from=cell.modelled_from)
    keys = [_of_zone(problems, why) for problems, why in zip(zones.problems, own, strict=True)]
    residents = table["residents"].to_numpy("float64")
    served = table["residents_served"].to_numpy("float64")
    mark = indicator.mark.share if indicator.mark and cell.denominator == "residents" else np.nan
    return _same(zones, indicator, cell.which, lang) | {
        "denominator": cell.denominator,
        "share_low": low,
        "share": share,
        "share_high": high,
        "verdict": verdict.tolist(),
        "reasons": ["|".join(each) for each in keys],
        "why": [_texts(each, lang) for each in keys],
        "residents": residents,
        "residents_served": served,
        "residents_unserved": residents - served,
        "shortfall_low": np.maximum(0.0, (mark - high) * residents),
        "shortfall": np.maximum(0.0, (mark - share) * residents),
        "shortfall_high": np.maximum(0.0, (mark - low) * residents),
        "facilities_known": table["facilities_known"].to_numpy("float64"),
        "facilities_placed": table["facilities_placed"].to_numpy("float64"),
        "facilities_unplaced": cell.unplaced,
        "facts_as_of": cell.facts_as_of,
    }


def empty_rows(zones: ZoneSet, indicator: Indicator, which: str, why: str, lang: str) -> dict[str, Any]:
    """Columns of the rows of what cannot be computed.

    Parameters
    ----------
    zones : ZoneSet
    indicator : Indicator
    which : str
        Set of facilities.
    why : str
        What is missing, in ``lang``.
    lang : str

    Returns
    -------
    dict
        Of :data:`COLUMNS`.
    """
    unknown = np.full(len(zones.codes), np.nan)
    numbers = {
        name: unknown
        for name in COLUMNS
        if name.startswith(("share", "residents", "shortfall", "facilities"))
    }
    return (
        _same(zones, indicator, which, lang)
        | numbers
        | {"denominator": "", "verdict": UNDECIDED, "reasons": NOT_COMPUTED, "why": why, "facts_as_of": ""}
    )


def joined_rows(parts: Sequence[Mapping[str, Any]], number: int) -> pd.DataFrame:
    """Rows of many cells as one table; each has ``number`` of them, and one value may stand for all of its rows."""
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        values = [part[name] for part in parts]
        if any(isinstance(value, np.ndarray) for value in values):
            columns[name] = np.concatenate(values)
        else:
            lists = (value if isinstance(value, list) else [value] * number for value in values)
            columns[name] = list(chain.from_iterable(lists))
    return pd.DataFrame(columns)


def _same(zones: ZoneSet, indicator: Indicator, which: str, lang: str) -> dict[str, Any]:
    return {
        "zone_code": list(zones.codes),
        "zone": list(zones.names),
        "indicator_id": indicator.indicator_id,
        "indicator": indicator.name(lang),
        "set": which,
        "pass_mark": indicator.pass_mark,
        "pass_mark_of": indicator.denominator,
        "pass_mark_checked": indicator.checked,
    }


def _of_zone(problems: frozenset[str], own: tuple[str, ...]) -> tuple[str, ...]:
    """What is wrong with the zone comes first; where nothing of it is computed, it is all there is to say."""
    first = tuple(key for key in PROBLEMS if key in problems)
    left_out = {"zone_invalid", "zone_outside", "zone_overlaps"} & problems
    return tuple(key for key in first if key in left_out) if left_out else (*first, *own)


def _texts(keys: tuple[str, ...], lang: str) -> str:
    texts = REASONS | PROBLEMS
    return ("" if lang == "zh" else " ").join(translate(texts[key], lang) for key in keys)
