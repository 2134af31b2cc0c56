"""Districts compared, on the command line: ``districts``."""

from __future__ import annotations

from typing import Final

import typer

from geo.cli.questions import Given, question_options
from geo.cli.shared import Form, FormOption, Lang, LangOption, atlas, out
from geo.questions.works import DistrictsQuestion

app = typer.Typer(no_args_is_help=True, add_completion=False)
_COLUMNS: Final = [
    "rank",
    "district",
    "value",
    "low",
    "high",
    "unit",
    "part",
    "whole",
    "rank_best",
    "rank_worst",
]


@app.command()
@question_options(DistrictsQuestion)
def districts(given: Given, lang: LangOption = Lang.zh, form: FormOption = Form.table) -> None:
    """Districts in the order of a measure: value with range, what it is of, and the ranks that the range allows."""
    from geo.report.compare.measures import get_measure
    from geo.report.compare.ranking import ranking_on
    from geo.report.compare.sheet import ranking_frame

    question = DistrictsQuestion.read(given)
    shared = atlas(question.plan)
    measure = get_measure(shared, question.measure)
    out(ranking_frame(ranking_on(shared, measure, question.as_of), lang.value), form, _COLUMNS)
    if form is Form.table:
        typer.echo("\n" + measure.text(lang.value))
