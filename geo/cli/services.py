"""What each place of a list has around it, on the command line: ``services``."""

from __future__ import annotations

from typing import Final

import typer

from geo.cli.questions import Given, question_options, shapes_of, streets_of
from geo.cli.shared import Form, FormOption, Lang, LangOption, atlas, out
from geo.questions.services import MINUTES, ServicesQuestion

app = typer.Typer(no_args_is_help=True, add_completion=False)
_COLUMNS: Final = [
    "place",
    "kind",
    "facility",
    "distance_m",
    "least_m",
    "most_m",
    *(f"within_{n}" for n in MINUTES),
    "reason",
]


@app.command()
@question_options(ServicesQuestion)
def services(given: Given, lang: LangOption = Lang.zh, form: FormOption = Form.table) -> None:
    """Each work, or place of your own: the nearest facility of each kind, and whether one lies within a walk of 5, 10, 15 minutes."""
    from geo.coverage.place_services import place_services
    from geo.coverage.service_places import own_places, work_places

    question = ServicesQuestion.read(given)
    places = (
        own_places(atlas(), shapes_of(question.places, "places"))
        if question.places
        else work_places(atlas(), question, lang.value)
    )
    answer = place_services(atlas(), places, question, streets=streets_of(question), lang=lang.value)
    out(answer.rounded(), form, _COLUMNS)
