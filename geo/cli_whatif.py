"""What-if on the command line: ``whatif``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo import cli_coverage as shared
from geo.cli_shared import Form, FormOption, atlas, out

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
    from geo.question import demand_of, read_question
    from geo.scenario_geojson import read_either, to_geojson
    from geo.whatif import WhatIf, differences

    edits = read_either(scenario.read_bytes())
    words = dict(edits.words) | shared.words_of(given)
    question = read_question(atlas(), words)
    what = WhatIf(
        atlas(),
        question.facilities(atlas()),
        demand_of(atlas(), question.demand, files=True),
        question.reach(shared.streets_of(streets)),
    )
    before = what.answer()
    what.show(edits.edits)
    after = what.answer()
    if file is not None:
        asked = edits.model_copy(update={"words": words})
        file.write_bytes(to_geojson(asked, inputs=after.inputs))
    columns = ["district"] + [
        f"{name}_{side}"
        for name in ("share_area", "residents_served", "distance_p50_m")
        for side in ("before", "after", "change")
    ]
    out(differences(before, after), form, columns)
    shared.say_notes(after)
