"""What-if and equity on the command line: ``whatif`` and ``equity``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli import coverage as shared
from geo.cli.shared import Form, FormOption, atlas, out, write

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
def whatif(
    scenario: ScenarioOption,
    kind: shared.KindOption = "",
    indicator: shared.IndicatorOption = "",
    radius: shared.RadiusOption = "",
    minutes: shared.MinutesOption = "",
    walk: shared.WalkOption = False,
    speed: shared.SpeedOption = "",
    streets: shared.StreetsOption = None,
    as_of: shared.DayOption = "",
    which: Annotated[shared.Which | None, typer.Option("--set", help="before, as_of or planned")] = None,
    demand: Annotated[str, typer.Option(help="area, census, or a population GeoTIFF")] = "",
    file: Annotated[
        Path | None, typer.Option("--out", help="write the edits with the inputs as GeoJSON")
    ] = None,
    form: FormOption = Form.table,
) -> None:
    """Before and after the edits of a scenario, by district. Its own question holds unless an option says otherwise."""
    given = dict(locals())
    from geo.coverage.question import demand_of, read_question
    from geo.whatif.edits import edits_of_set, with_scenario
    from geo.whatif.scenario_geojson import read_either, to_geojson
    from geo.whatif.what_if import WhatIf, differences

    edits = read_either(scenario.read_bytes())
    words = dict(edits.parameters) | shared.words_of(given)
    question = read_question(atlas(), words)
    facilities = question.facilities(atlas())
    mine, left = edits_of_set(atlas(), question, facilities, edits.edits)
    what = WhatIf(
        atlas(),
        facilities,
        demand_of(atlas(), question.demand, files=True),
        question.reach(shared.streets_of(streets)),
    )
    before = what.answer()
    what.show(mine)
    after = with_scenario(what.answer(), edits, left)
    if file is not None:
        asked = edits.model_copy(update={"parameters": words})
        write(file, to_geojson(asked, inputs=after.inputs))
    columns = ["district"] + [
        f"{name}_{side}"
        for name in ("share_area", "residents_served", "distance_p50_m")
        for side in ("before", "after", "change")
    ]
    out(differences(before, after), form, columns)
    shared.say_notes(after)


@app.command()
def equity(
    kind: shared.KindOption = "",
    indicator: shared.IndicatorOption = "",
    radius: shared.RadiusOption = "",
    minutes: shared.MinutesOption = "",
    walk: shared.WalkOption = False,
    speed: shared.SpeedOption = "",
    streets: shared.StreetsOption = None,
    as_of: shared.DayOption = "",
    which: shared.SetOption = shared.Which.as_of,
    demand: shared.DemandOption = "census",
    unit: Annotated[str, typer.Option(help="unit of the supply; the usual one if empty")] = "",
    form: FormOption = Form.table,
) -> None:
    """How evenly facilities serve: by district, spread of distances, supply per 1,000, floating catchments."""
    given = dict(locals())
    from geo.coverage.equity import equity as find
    from geo.coverage.question import demand_of, read_question

    question = read_question(atlas(), shared.words_of(given))
    found = find(
        atlas(),
        question.facilities(atlas()),
        demand_of(atlas(), question.demand, files=True),
        question.reach(shared.streets_of(streets)),
        unit=unit,
    )
    out(found.table.round(6).reset_index(names="district_code"), form)
    for name, value in found.summary.items():
        typer.echo(f"{name}: {value}", err=True)
    shared.say_notes(found)
