"""The matrix of a nation: every indicator in every division, before the plan, now and with all built, against its pass mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from geo.coverage.matrix_table import Cell, cell_rows, empty_rows, joined_rows
from geo.coverage.reach import straight_metres
from geo.coverage.zone_set import ZoneSet
from geo.nation.coverage import NationAnswer, query_of, question_table, whole_row
from geo.nation.problem import Problem
from geo.nation.run import Run, one_by_one
from geo.nation.sums import Query
from geo.questions.coverage import SETS
from geo.register.indicators import Indicator
from geo.text import mark as _
from geo.text import translate

STRAIGHT: Final = _("步行和驾车的指标没有全国街道数据，按同样时间的直线距离计。")
NOT_JOINED: Final = _("合成指标不在全国矩阵中计算。")


def kinds_of(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """Every kind of facility that the indicators are about, in their order."""
    return tuple(dict.fromkeys(kind for each in indicators for kind in each.kinds))


def nation_matrix(
    problem: Problem,
    indicators: Sequence[Indicator],
    run: Run = one_by_one,
    *,
    sets: Sequence[str] = SETS,
    lang: str = "zh",
) -> NationAnswer:
    """Every indicator in every division.

    Parameters
    ----------
    problem : Problem
    indicators : sequence of Indicator
        Rows of a city pack's ``indicators.csv``.
    run : callable
        As :func:`geo.nation.run.opened` gives it.
    sets : sequence of str
    lang : str

    Returns
    -------
    NationAnswer
        Rows and columns as :class:`geo.coverage.matrix.Matrix` has them.
    """
    query = {
        (each.indicator_id, which): query_of(problem, each.kinds, straight_metres(each), which)
        for each in indicators
        if each.computable
        for which in sets
    }
    once: list[Query] = list(dict.fromkeys(query.values()))
    sums = problem.sums(once, run)
    tables = [question_table(problem, sums, nth, lang) for nth in range(len(once))]
    zones = _zones(problem, lang)
    every = np.ones(len(zones.codes), bool)
    parts = []
    for indicator in indicators:
        for which in sets:
            question = query.get((indicator.indicator_id, which))
            if question is None:
                why = translate(NOT_JOINED, lang) if indicator.is_composite else indicator.note(lang)
                parts.append(empty_rows(zones, indicator, which, why, lang))
                continue
            table = tables[once.index(question)]
            cell = Cell(indicator, which, "residents", table, every, np.zeros(len(every)), "", frozenset())
            parts.append(cell_rows(zones, cell, lang))
    notes = [*problem.notes(), (STRAIGHT, {})]
    table = joined_rows(parts, len(zones.codes)).assign(**problem.inputs())
    return NationAnswer(table, problem.inputs(), notes)


def _zones(problem: Problem, lang: str) -> ZoneSet:
    """The divisions, and the nation as the last row."""
    codes, whole = problem.codes, whole_row(problem, lang)
    return ZoneSet(
        (*codes, whole[0]),
        (*problem.names, whole[1]),
        (frozenset(),) * (len(codes) + 1),
        (*(frozenset({code}) for code in codes), frozenset(codes)),
        (),
        whole=whole,
    )
