"""``python -m geo publish``: the public atlas as plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cities import has_several
from layers.map.approval import VARIABLE
from layers.site.folder import Written

app = typer.Typer()


@app.command()
def publish(
    context: typer.Context,
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
    """The public site: map, list, districts, downloads, sources; no server needed. Writes only what changed.

    Of several cities, one of each under c/SLUG and a page before them; with --city, that city's alone.
    """
    from geo.atlas import published_remarks
    from geo.cli.shared import atlas
    from geo.values import read_day
    from layers.site.build import publish as build
    from layers.site.cities import publish_cities

    day = read_day(as_of) if as_of else None
    chosen = context.parent.params.get("city") if context.parent else ""
    if has_several() and not chosen:
        for folder, done in publish_cities(out, day, approval=approval).items():
            _tell(out / folder, done)
        return
    _tell(out, build(atlas(), out, day, approval=approval, remarks=published_remarks()))


def _tell(folder: Path, done: Written) -> None:
    for name in done.unchanged:
        typer.echo(f"left alone, changed by someone: {name}", err=True)
    typer.echo(
        f"{folder}: {len(done.new)} new, {len(done.changed)} changed, {len(done.same)} same, {len(done.removed)} removed"
    )
