"""Districts in the order of a measure on a day, each with its range, with the ranks that the range allows, and with its change over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from geo.questions.coverage import SETS
from geo.questions.matrix import MatrixQuestion
from geo.register.city import Atlas
from geo.register.slider_days import slider_days
from geo.report.compare.measures import Measure
from geo.report.compare.numbers import HIGH, LOW, district_numbers
from geo.text import mark as _
from geo.text import translate

_QUARTER: Final = 3
_WHOLE: Final = 100.0
_AT_LEAST: Final = frozenset({"incomplete", "unplaced"})
SET_LABELS: Final = dict(zip(SETS, (_("计划前"), _("这一天"), _("全部建成")), strict=True))
Moments = dict[str, pd.DataFrame]
"""Moment -> rows by district: ``value, low, high, part, whole``, NaN where not known. A moment is an ISO day or a set of facilities."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """Districts by a measure.

    Attributes
    ----------
    measure : Measure
    as_of : date
    table : DataFrame
        By district code, the highest value first, what is not known last: ``name_zh, name_en, value, low, high, part, whole``, and
        ``rank`` with ``rank_best`` and ``rank_worst``, the ranks that the ranges leave open. NaN where not known.
    history : dict
        Moment -> value by district code: the ends of quarters up to the day; for coverage before the plan, on the day, with all built.
    """

    measure: Measure
    as_of: date
    table: pd.DataFrame
    history: dict[str, dict[str, float | None]]

    @property
    def known(self) -> pd.DataFrame:
        """The rows that have a value."""
        return self.table[self.table["value"].notna()]

    def moments(self, lang: str) -> dict[str, str]:
        """Moment of the history -> its label."""
        return {key: translate(SET_LABELS[key], lang) if key in SET_LABELS else key for key in self.history}


def work_moments(atlas: Atlas, as_of: date) -> Moments:
    """:func:`district_numbers` at the end of each quarter of the slider up to a day, and on the day itself: one for all measures of works.

    Parameters
    ----------
    atlas : Atlas
    as_of : date

    Returns
    -------
    dict
        ISO day -> frame.
    """
    return {day.isoformat(): district_numbers(atlas, day) for day in moment_days(atlas, as_of)}


def moment_days(atlas: Atlas, as_of: date) -> list[date]:
    """The ends of quarters of the slider before a day, and the day."""
    days = slider_days(atlas.city.days, as_of)
    return [*(day for day in days if day < as_of and day.month % _QUARTER == 0), as_of]


def coverage_moments(atlas: Atlas, indicator_ids: tuple[str, ...], as_of: date) -> dict[str, Moments]:
    """Shares of residents served, for each indicator, before the plan, on a day, and with all built.

    Parameters
    ----------
    atlas : Atlas
    indicator_ids : tuple of str
        Rows of indicators.csv.
    as_of : date

    Returns
    -------
    dict
        Indicator -> set of facilities -> frame.
    """
    from geo.coverage.matrix import matrix  # compiled measuring, which no measure of works needs

    question = MatrixQuestion.read({"indicator": "|".join(indicator_ids), "as_of": as_of.isoformat()})

    return moments_of_matrix(matrix(atlas, question=question).table)


def moments_of_matrix(table: pd.DataFrame) -> dict[str, Moments]:
    """The rows of a matrix of districts (:class:`geo.coverage.matrix.Matrix`) as :func:`coverage_moments` gives them.

    Where not every facility is known, or not every place of one, a share is a lower bound: its high is the whole.
    """
    made: dict[str, Moments] = {}
    for (indicator_id, which), rows in table.groupby(["indicator_id", "set"], sort=False):
        by_code = rows.set_index("zone_code")
        frame = by_code[["share", "share_low", "share_high", "residents_served", "residents"]].astype(float)
        frame.columns = pd.Index(["value", "low", "high", "part", "whole"])
        frame[["value", "low", "high"]] *= _WHOLE
        at_least = by_code["reasons"].str.split("|").map(lambda why: bool(_AT_LEAST.intersection(why)))
        frame.loc[at_least & frame["value"].notna(), "high"] = _WHOLE
        made.setdefault(str(indicator_id), {})[str(which)] = frame
    return made


def rank(
    atlas: Atlas,
    measure: Measure,
    as_of: date,
    numbers: Moments,
    coverage: Mapping[str, Moments] | None = None,
) -> Ranking:
    """Districts in the order of a measure.

    Parameters
    ----------
    atlas : Atlas
    measure : Measure
    as_of : date
    numbers : dict
        Of :func:`work_moments`, or for a measure of works at least the day itself.
    coverage : mapping or None
        Of :func:`coverage_moments`; made here where it is None and the measure needs it.

    Returns
    -------
    Ranking
    """
    if measure.indicator is not None:
        key = measure.indicator.indicator_id
        moments = (coverage or coverage_moments(atlas, (key,), as_of))[key]
        now = moments[SETS[1]]
    else:
        moments = {day: _values(frame, measure) for day, frame in numbers.items()}
        now = moments[as_of.isoformat()]
    names = atlas.districts[["name_zh", "name_en"]]
    table = names.join(now.reindex(names.index))
    for column, ranks in _ranks(table).items():
        table[column] = ranks
    history = {
        moment: {str(code): _plain(frame["value"].get(code)) for code in names.index}
        for moment, frame in moments.items()
    }
    ordered = table.sort_values(["value"], ascending=False, kind="stable", na_position="last")
    return Ranking(measure, as_of, ordered.rename_axis("district_code"), history)


def works_ranking(atlas: Atlas, measure: Measure, as_of: date) -> Ranking:
    """Districts in the order of a measure of works on a day alone: without a history.

    Parameters
    ----------
    atlas : Atlas
    measure : Measure
    as_of : date

    Returns
    -------
    Ranking
    """
    return rank(atlas, measure, as_of, {as_of.isoformat(): district_numbers(atlas, as_of)})


def ranking_on(atlas: Atlas, measure: Measure, as_of: date) -> Ranking:
    """Districts in the order of a measure, made alone.

    Parameters
    ----------
    atlas : Atlas
    measure : Measure
    as_of : date

    Returns
    -------
    Ranking
    """
    return rank(atlas, measure, as_of, {} if measure.indicator else work_moments(atlas, as_of))


def _values(frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    whole = frame[measure.per] if measure.per else pd.Series(1.0, frame.index)
    whole = whole.where(whole > 0)
    names = {"value": "", "low": LOW, "high": HIGH}
    values = {name: frame[f"{measure.amount}{end}"] / whole * measure.factor for name, end in names.items()}
    part = frame[measure.amount].astype(float)
    return pd.DataFrame(values | {"part": part, "whole": whole if measure.per else float("nan")})


def _ranks(table: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """The rank by value (those alike share one), and the best and worst rank that the ranges allow."""
    low, high = table["low"].to_numpy(float), table["high"].to_numpy(float)
    better, not_worse = low[None, :] > high[:, None], high[None, :] > low[:, None]
    known = table["value"].notna()
    itself = (high > low).astype(int)
    best = pd.Series(better.sum(axis=1) + 1.0, table.index).where(known)
    worst = pd.Series(not_worse.sum(axis=1) - itself + 1.0, table.index).where(known)
    return {
        "rank": table["value"].rank(ascending=False, method="min"),
        "rank_best": best,
        "rank_worst": worst,
    }


def _plain(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
