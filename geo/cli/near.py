"""What is near a place, on the command line: ``near``."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

import typer

from geo.cli.questions import Given, question_options
from geo.cli.shared import Form, FormOption, Lang, LangOption, atlas, out
from geo.questions.near import NearQuestion

app = typer.Typer(no_args_is_help=True, add_completion=False)
_WORKS: Final = ["work_id", "name_zh", "status", "distance_m", "least_m", "most_m", "possible_m", "certain_m"]
_CHOICES: Final = ["kind", "id", "name_zh", "name_en", "district_code"]


@app.command()
@question_options(NearQuestion, without=("lon", "lat"))
def near(
    given: Given,
    at: Annotated[str, typer.Argument(help="longitude,latitude (WGS84), such as 120.30,31.57")] = "",
    lang: LangOption = Lang.zh,
    form: FormOption = Form.table,
) -> None:
    """Works near a place, nearest first, and in sentences what is near it; for a name of several places, those places."""
    import pandas as pd

    from geo.atlas import load_gazetteer
    from geo.display.near_text import answer

    lon, _comma, lat = at.partition(",")
    question = NearQuestion.read({**given, "lon": lon, "lat": lat})
    told = answer(atlas(), load_gazetteer(), question, lang.value)
    if form is Form.json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if "choices" in told:
        out(pd.DataFrame(told["choices"]), form, _CHOICES)
        return
    rows: list[dict[str, Any]] = told["works"]
    out(pd.DataFrame(rows, columns=list(rows[0]) if rows else _WORKS).round(1), form, _WORKS)
    if form is Form.table:
        typer.echo("\n" + "\n".join(told["sentences"]))
