"""Commands about the cities of this installation."""

from __future__ import annotations

from typing import Final

import typer

from geo.cli.questions import Given, question_options
from geo.cli.shared import Form, FormOption, Lang, LangOption, out
from geo.questions.cities import CitiesQuestion

app = typer.Typer()
_COLUMNS: Final = (
    "slug",
    "first",
    "city_code",
    "name_zh",
    "name_en",
    "plans",
    "items",
    "works",
    "facilities",
    "districts",
    "version",
    "problem",
)

_COMPARED: Final = (
    "slug",
    "city",
    "share_low",
    "share",
    "share_high",
    "pass_mark",
    "verdict",
    "cannot",
    "residents_from",
    "facilities_known",
    "facts_as_of",
    "facts_from",
    "definition",
)


@app.command()
def cities(form: FormOption = Form.table) -> None:
    """The cities that this installation serves, with what each has; the first is meant where nobody says which (--city)."""
    import pandas as pd

    from geo.city_list import city_counts

    out(pd.DataFrame(city_counts(), columns=list(_COLUMNS)), form)


@app.command(name="take-over")
def take_over() -> None:
    """Move what an installation of one city kept into the folder of the city (--city; the first), after ATLAS_CITIES was set."""
    from geo.store.earlier import take_over as move

    moved = move()
    for path in moved:
        typer.echo(path)
    typer.echo(f"{len(moved)} files moved", err=True)


@app.command(name="compare-cities")
@question_options(CitiesQuestion)
def compare(given: Given, lang: LangOption = Lang.zh, form: FormOption = Form.table) -> None:
    """One indicator over the whole of every city: share with range, pass mark, sources, or why it cannot be computed; no rank."""
    from geo.coverage.compare_cities import compare_cities

    answer = compare_cities(CitiesQuestion.read(given), lang.value)
    out(answer.table(), form, list(_COMPARED))
    for message in answer.messages(lang.value):
        typer.echo(message, err=True)
