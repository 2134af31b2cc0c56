"""What every command of the command line shares."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pandas as pd

    from geo.atlas import Atlas


class Form(StrEnum):
    """How answers are written."""

    table = "table"
    json = "json"
    csv = "csv"


ByOption = Annotated[str, typer.Option("--by", help="who does it; the name you are signed in with if empty")]
FormOption = Annotated[Form, typer.Option("--format", "-f", help="table, json or csv")]


def atlas() -> Atlas:
    """The loaded city pack."""
    from geo.atlas import load_atlas

    return load_atlas()


def out(frame: pd.DataFrame, form: Form, columns: list[str] | None = None) -> None:
    """Write a frame to standard output."""
    from geo.table import render

    typer.echo(render(frame, form.value, columns=columns))
