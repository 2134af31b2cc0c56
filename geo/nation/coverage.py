"""Coverage of a nation: which share of land and of residents of each division lies within reach, as the city's page has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.answer_notes import Note, note_texts
from geo.coverage.share_table import totals_table
from geo.errors import ParameterError
from geo.nation.problem import WHOLE, Problem, state_of
from geo.nation.run import Run, one_by_one
from geo.nation.sums import Query, Sums
from geo.questions.coverage import SETS
from geo.text import mark as _
from geo.text import translate

NATION: Final = _("全国")
TOGETHER: Final = _("合计")
MOST_METRES: Final = 20_000.0
"""The farthest that a facility may reach: a block makes everything that lies so far around it."""


@dataclass(frozen=True, eq=False)
class NationAnswer:
    """An answer: a table, what made it, and what a reader must know.

    Attributes
    ----------
    table : DataFrame
        Each row says that it is simulated.
    inputs : dict
    notes : list of (str, dict)
    """

    table: pd.DataFrame
    inputs: dict[str, Any]
    notes: list[Note]

    def messages(self, lang: str = "zh") -> list[str]:
        """The notes in ``lang``."""
        return note_texts(self.notes, lang)


def query_of(problem: Problem, kinds: Sequence[str], metres: float, which: str) -> Query:
    """A question by the names of its kinds.

    Parameters
    ----------
    problem : Problem
    kinds : sequence of str
    metres : float
        Straight line.
    which : {"before", "as_of", "planned"}

    Returns
    -------
    Query

    Raises
    ------
    ParameterError
        A kind that is not simulated, a distance or a set out of range.
    """
    known = problem.nation.kinds
    wrong = [kind for kind in kinds if kind not in known]
    if wrong or not kinds:
        raise ParameterError(
            _("没有模拟设施类型 {value}。"),
            hint=_("可用：{known}。"),
            value="、".join(wrong)[:80],
            known="、".join(known),
        )
    if which not in SETS:
        raise ParameterError(
            _("没有设施集 {value}。"), hint=_("可用：{known}。"), value=which[:40], known="、".join(SETS)
        )
    if not 0 <= metres <= MOST_METRES:
        raise ParameterError(
            _("服务半径应在 0 到 {most} 米之间，不是 {value}。"), most=MOST_METRES, value=metres
        )
    return Query(tuple(sorted(known.index(kind) for kind in kinds)), float(metres), state_of(which))


def nation_coverage(
    problem: Problem, query: Query, run: Run = one_by_one, *, lang: str = "zh"
) -> NationAnswer:
    """Which share of land and residents of each division lies within reach.

    Parameters
    ----------
    problem : Problem
    query : Query
        From :func:`query_of`.
    run : callable
        As :func:`geo.nation.run.opened` gives it; who works changes no digit.
    lang : str
        Of the whole's name.

    Returns
    -------
    NationAnswer
        Rows by division and one for all, with the columns of :class:`geo.coverage.answer.Coverage` (no distances: the nearest
        facility may lie beyond any halo).
    """
    table = question_table(problem, problem.sums([query], run), 0, lang)
    kinds = "|".join(problem.nation.kinds[k] for k in query.kinds)
    inputs = problem.inputs() | {"kind": kinds, "radius_m": query.metres, "set": SETS[query.state]}
    return NationAnswer(table.assign(**inputs).reset_index(drop=True), inputs, problem.notes())


def question_table(problem: Problem, sums: Sums, nth: int, lang: str) -> pd.DataFrame:
    """The shares of one question, as :func:`geo.coverage.share_table.totals_table` has them; the nation last.

    Parameters
    ----------
    problem : Problem
    sums : Sums
    nth : int
        Which of the questions.
    lang : str

    Returns
    -------
    DataFrame
        Without the columns of a second model of residents: there is one.
    """
    cell = problem.nation.cell_m
    known: NDArray[np.int64] = sums.facilities[:, nth]
    number = np.append(known, known.sum())
    counts = pd.DataFrame(
        {"facilities_known": number, "facilities_placed": number}, index=[*sums.codes, WHOLE]
    )
    return totals_table(
        sums.totals(cell),
        sums.answers(nth, cell),
        counts,
        names=problem.names,
        dark=(),
        whole=whole_row(problem, lang),
    ).drop(columns="share_residents_other")


def whole_row(problem: Problem, lang: str) -> tuple[str, str]:
    """Code and name of the row that is all divisions together."""
    return WHOLE, translate(TOGETHER if problem.within else NATION, lang)
