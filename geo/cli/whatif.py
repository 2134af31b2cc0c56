"""What-if and equity on the command line: ``whatif`` and ``equity``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.questions import Given, demand_of, print_notes, question_options, streets_of
from geo.cli.shared import Form, FormOption, atlas, out, write
from geo.questions.coverage import QUESTION_NAMES, EquityQuestion, WhatIfQuestion

app = typer.Typer(no_args_is_help=True, add_completion=False)

ScenarioOption = Annotated[
    Path,
    typer.Option(
        "--scenario",
        exists=True,
        dir_okay=False,
        help="scenario (JSON), or edits as GeoJSON points and lines",
    ),
]


@app.command()
@question_options(WhatIfQuestion, without=("scenario",))
def whatif(
    given: Given,
    scenario: ScenarioOption,
    file: Annotated[
        Path | None, typer.Option("--out", help="write the edits with the inputs as GeoJSON")
    ] = None,
    form: FormOption = Form.table,
) -> None:
    """Before and after the edits of a scenario, by district. Its own question holds unless an option says otherwise."""
    from geo.coverage.question import question_facilities, question_reach, read_question
    from geo.reading.documents import read_text
    from geo.whatif.edits import edits_of_set, with_scenario
    from geo.whatif.scenario import MAX_BYTES
    from geo.whatif.scenario_geojson import read_either, to_geojson
    from geo.whatif.what_if import WhatIf, differences

    edits = read_either(read_text(scenario, most=MAX_BYTES).encode())
    given = dict(edits.parameters) | given
    question = read_question(atlas(), given)
    facilities = question_facilities(atlas(), question)
    mine, left = edits_of_set(atlas(), question, facilities, edits.edits)
    reach = question_reach(question, streets_of(question))
    what = WhatIf(atlas(), facilities, demand_of(question), reach)
    before = what.answer()
    what.show(mine)
    after = with_scenario(what.answer(), edits, left)
    if file is not None:
        parameters = {name: value for name, value in given.items() if name in QUESTION_NAMES}
        write(file, to_geojson(edits.model_copy(update={"parameters": parameters}), inputs=after.inputs))
    columns = ["district"] + [
        f"{name}_{side}"
        for name in ("share_area", "residents_served", "distance_p50_m")
        for side in ("before", "after", "change")
    ]
    changes = differences(before, after)
    out(changes if question.district == "all" else changes.loc[[question.district]], form, columns)
    print_notes(after)


@app.command()
@question_options(EquityQuestion, without=("scenario",))
def equity(given: Given, form: FormOption = Form.table) -> None:
    """How evenly facilities serve: by district, spread of distances, supply per 1,000, floating catchments."""
    from geo.coverage.equity import equity as find
    from geo.coverage.question import question_facilities, question_reach, read_question_as

    question = read_question_as(EquityQuestion, atlas(), given)
    found = find(
        atlas(),
        question_facilities(atlas(), question),
        demand_of(question),
        question_reach(question, streets_of(question)),
        unit=question.unit,
    )
    out(found.table.round(6).reset_index(names="district_code"), form)
    for name, value in found.summary.items():
        typer.echo(f"{name}: {value}", err=True)
    print_notes(found)
