"""``convert``: a file's coordinates in another system, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.shared import Form, FormOption, write

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or GeoJSON")],
    source: Annotated[
        str, typer.Option("--from", help="wgs84, gcj02, bd09, cgcs2000, epsg:CODE, epsg:3857+gcj02 ...")
    ],
    target: Annotated[str, typer.Option("--to", help="the same names")],
    x: Annotated[str, typer.Option(help="column of longitude or easting")] = "",
    y: Annotated[str, typer.Option(help="column of latitude or northing")] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="file to write; standard output if none")
    ] = None,
    form: FormOption = Form.csv,
) -> None:
    """Convert the coordinates of a file. Every row stays; what cannot be converted is named on standard error."""
    import io

    import pandas as pd

    from geo.files.convert_file import convert_file

    done = convert_file(file, source=source, target=target, x=x, y=y)
    text = done.text
    if form is not Form.csv and file.suffix.lower() == ".csv":
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        from geo.table import render

        text = render(frame, form.value) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text.encode())
    for problem in done.problems:
        typer.echo(problem.text(), err=True)
    if done.problems:
        raise typer.Exit(1)
