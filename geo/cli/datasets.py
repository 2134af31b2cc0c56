"""Data sets of one's own that stay, on the command line: ``datasets``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from geo.cli.shared import Form, FormOption, out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.coverage.saved_data import Saved

app = typer.Typer(no_args_is_help=True, add_completion=False)
datasets = typer.Typer(
    invoke_without_command=True,
    help="Data sets of your own that stay: residential land, streets, zones, places, parcels, exclusions, residents.",
)
app.add_typer(datasets, name="datasets")


@datasets.callback()
def every(context: typer.Context, form: FormOption = Form.table) -> None:
    """What is kept; use a token as --demand (residential, raster), --streets, --zones, --places, --parcels or --exclusions."""
    from geo.coverage.saved_data import saved_datasets

    if context.invoked_subcommand is None:
        _print(saved_datasets(), form)


@datasets.command()
def add(
    file: Annotated[Path, typer.Argument(help="points or polygons with their columns")],
    kind: Annotated[
        Literal["zones", "places", "parcels", "exclusions"], typer.Argument(help="what they are")
    ],
    name: Annotated[str, typer.Option(help="what people call them; the file's name if empty")] = "",
    credit: Annotated[str, typer.Option(help="whom to name")] = "",
    form: FormOption = Form.table,
) -> None:
    """Keep the shapes of a file by name: zones for the matrix, places for their services, parcels and exclusions for siting."""
    from geo.coverage.saved_data import save_dataset
    from geo.coverage.zone_file import read_zones

    _print([save_dataset(kind, read_zones(file), name=name or file.stem, credit=credit)], form)


def _print(kept: Sequence[Saved], form: Form) -> None:
    import pandas as pd

    columns = ["token", "kind", "name", "features", "saved", "credit"]
    out(pd.DataFrame([asdict(one) for one in kept], columns=columns), form)
