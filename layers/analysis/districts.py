"""Districts in the order of a measure, and the front page's message: kept a while, for the pages and the API alike."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.questions.works import FIRST_MEASURE
from geo.report.compare.measures import Measure, get_measure
from geo.report.compare.ranking import Moments, Ranking, moments_of_matrix, rank, work_moments, works_ranking
from geo.report.front import Front, front

if TYPE_CHECKING:
    from layers.analysis.questions import Parameters


@per_version(16)
def front_on(as_of: date, lang: str, plan: str = "") -> Front:
    """The message of the front page on a day.

    Parameters
    ----------
    as_of : date
    lang : str
        ``zh`` or ``en``.
    plan : str
        Id of a plan, ``all``, or empty for the first.

    Returns
    -------
    Front
    """
    return front(load_atlas(plan=plan), as_of, lang)


@per_version(16)
def moments_on(as_of: date, plan: str = "") -> Moments:
    """The numbers of works by district, quarter by quarter up to a day; of a plan as in :func:`front_on`."""
    return work_moments(load_atlas(plan=plan), as_of)


def coverage_question(measure: Measure, as_of: date, plan: str = "") -> Parameters:
    """What the matrix is asked for a measure of coverage: heavy work, which a page waits for; empty for a measure of works.

    Parameters
    ----------
    measure : Measure
    as_of : date
    plan : str
        As in :func:`front_on`.

    Returns
    -------
    tuple of (str, str)
    """
    if measure.indicator is None:
        return ()
    asked = (("as_of", as_of.isoformat()), ("indicator", measure.indicator.indicator_id))
    return (*asked, ("plan", plan)) if plan else asked


def district_ranking(measure_id: str, as_of: date, plan: str = "") -> Ranking:
    """Districts in the order of a measure.

    Parameters
    ----------
    measure_id : str
        Of :func:`geo.report.compare.measures.measures`.
    as_of : date
    plan : str
        As in :func:`front_on`.

    Returns
    -------
    Ranking

    Raises
    ------
    UnknownIdError
        There is no such measure.
    ParameterError
        There is no such plan.
    """
    from layers.analysis.matrix import matrix_answer

    atlas = load_atlas(plan=plan)
    measure = get_measure(atlas, measure_id)
    asked = coverage_question(measure, as_of, plan)
    coverage = moments_of_matrix(matrix_answer(asked, "zh").table) if asked else None
    return rank(atlas, measure, as_of, {} if asked else moments_on(as_of, plan), coverage)


@per_version(16)
def first_ranking(as_of: date, plan: str = "") -> Ranking:
    """Districts in the order of the measure that a district's sentence speaks of, on the day alone; of a plan as in :func:`front_on`."""
    atlas = load_atlas(plan=plan)
    return works_ranking(atlas, get_measure(atlas, FIRST_MEASURE), as_of)
