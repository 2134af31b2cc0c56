"""How far one comes from a place in some minutes, on the command line: ``isochrone``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from geo.cli.questions import Given, print_notes, question_options, streets_of
from geo.cli.shared import Form, FormOption, atlas, out, write
from geo.questions.isochrone import IsochroneQuestion

app = typer.Typer(no_args_is_help=True, add_completion=False)
_COLUMNS: Final = ["minutes", "area_km2", "residents"]


@app.command()
@question_options(IsochroneQuestion, without=("lon", "lat"))
def isochrone(
    given: Given,
    at: Annotated[str, typer.Argument(help="longitude,latitude (WGS84), such as 120.30,31.57")],
    file: Annotated[Path | None, typer.Option("--out", help="write the polygons as GeoJSON")] = None,
    form: FormOption = Form.table,
) -> None:
    """The ground within some minutes of a place, on foot, by bicycle, by car or by public transport: area, modelled residents, polygons."""
    from geo.coverage.demand import modelled_demand
    from geo.coverage.isochrone import isochrones

    lon, _comma, lat = at.partition(",")
    question = IsochroneQuestion.read({**given, "lon": lon, "lat": lat})
    answer = isochrones(atlas(), question, modelled_demand(atlas()), streets_of(question))
    if file is not None:
        write(file, answer.frame.to_json().encode())
    out(answer.frame[_COLUMNS].round(3), form, _COLUMNS)
    print_notes(answer)
