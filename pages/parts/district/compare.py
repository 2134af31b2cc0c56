"""All districts side by side on one measure."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from geo.errors import AtlasError
from geo.files import stem_of
from geo.questions.works import FIRST_MEASURE
from geo.report.compare.measures import measures
from geo.report.compare.ranking import Ranking
from geo.report.compare.sheet import ranking_csv, sheet
from layers.analysis.districts import coverage_question, district_ranking
from layers.analysis.matrix import matrix_answer
from pages.parts.shell import downloads, html, link
from pages.parts.shell.loaders import atlas, chosen_plan, plan_query
from pages.parts.shell.texts import error_text, language, t
from pages.parts.shell.waiting import heavy_or_wait


def show_comparison(as_of: date) -> None:
    """The measures to choose from, and the districts by the one of the link: a map with numbers, ranks with ranges, change over time."""
    known = measures(atlas())
    wanted = link.get("measure") or FIRST_MEASURE
    current, day = (wanted if wanted in known else FIRST_MEASURE), as_of.isoformat()
    ranking = _ranking(current, as_of)
    html.show(
        "compare.html",
        measures={key: each.name(language()) for key, each in known.items()},
        current=current,
        measure_address=lambda key: html.page_address("district", measure=key, as_of=day),
        shown=sheet(atlas(), ranking, language()) if ranking else None,
        address=lambda code: html.page_address("district", d=code, as_of=day),
        files=html.chart_files("districts", measure=current, as_of=day, **plan_query()),
    )
    if ranking is not None:
        name = f"{stem_of(atlas(), what='districts')}-{day}-{current}.csv"
        table = partial(ranking_csv, atlas(), ranking, language())
        downloads.offer(downloads.Extra(t("下载 CSV"), name, "text/csv", table))


def _ranking(measure_id: str, as_of: date) -> Ranking | None:
    """The districts by a measure; None while the coverage of an indicator is worked out, or where it cannot be."""
    asked = coverage_question(measures(atlas())[measure_id], as_of, chosen_plan())
    try:
        if asked and heavy_or_wait("compare", matrix_answer, asked, "zh") is None:
            return None
        return district_ranking(measure_id, as_of, chosen_plan())
    except AtlasError as error:
        st.error(error_text(error))
        return None
