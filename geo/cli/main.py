"""The command line: the same answers as the pages, for people at a prompt and for programs.

``python -m geo VERB --format table|json|csv``. Faults of the input go to standard error in plain words, with exit
code 2; a check that finds problems, and a conversion that had to leave rows as they were, end with 1.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from geo.cli.verbs import Verbs
from geo.errors import AtlasError

app = typer.Typer(
    cls=Verbs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


@app.callback()
def _choose_city(
    context: typer.Context,
    city: Annotated[
        str,
        typer.Option(
            "--city", help="which city of ATLAS_CITIES: its slug (see the verb cities); the first if empty"
        ),
    ] = "",
) -> None:
    if city:
        from geo.cities import city_called, entered

        context.with_resource(entered(city_called(city)))


def main() -> None:
    """Run the command line; a fault of the input is reported in one plain sentence."""
    try:
        app()
    except AtlasError as error:
        typer.echo(error.text(), err=True)
        sys.exit(2)
