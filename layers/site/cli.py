"""``python -m geo publish``: the public atlas as plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layers.map.approval import VARIABLE

app = typer.Typer()


@app.command()
def publish(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="folder of the site; brought up to date if it exists")
    ],
    as_of: Annotated[
        str,
        typer.Option("--as-of", help="day the site opens on, YYYY-MM-DD; the register's latest day if empty"),
    ] = "",
    approval: Annotated[
        str, typer.Option(envvar=VARIABLE, help="map approval number, shown at the foot of every page")
    ] = "",
) -> None:
    """The public site: map, list, districts, downloads, sources; no server needed. Writes only what changed."""
    from geo.atlas import published_remarks
    from geo.cli.shared import atlas
    from geo.values import read_day
    from layers.site.build import publish as build

    done = build(
        atlas(), out, read_day(as_of) if as_of else None, approval=approval, remarks=published_remarks()
    )
    for name in done.unchanged:
        typer.echo(f"left alone, changed by someone: {name}", err=True)
    typer.echo(
        f"{out}: {len(done.new)} new, {len(done.changed)} changed, {len(done.same)} same, {len(done.removed)} removed"
    )
