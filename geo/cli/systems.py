"""``systems``: coordinate systems of a city's own, kept by name for every later file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.shared import Form, FormOption, atlas, out

if TYPE_CHECKING:
    from geo.places.make_local import MadeSystem

app = typer.Typer(no_args_is_help=True, add_completion=False)
systems = typer.Typer(no_args_is_help=True, help="Coordinate systems of a city's own, kept by name.")
app.add_typer(systems, name="systems")

BaseOption = Annotated[
    str, typer.Option(help="EPSG:n that the system leads to (seven parameters: starts from); else the city's")
]
SourceOption = Annotated[str, typer.Option(help="where the points or parameters come from")]


@systems.command(name="list")
def list_systems(form: FormOption = Form.table) -> None:
    """Systems that are kept, with their parameters and how far a position may be off."""
    import pandas as pd

    from geo.places.local_systems import PARAMETERS, saved_systems

    columns = ["name", "base", "kind", "parameters", "accuracy_m", "source", "made"]
    rows = [
        {
            "name": one.name,
            "base": one.base,
            "kind": one.kind,
            "parameters": " ".join(
                f"{name}={value:.6g}" for name, value in zip(PARAMETERS[one.kind], one.values, strict=True)
            ),
            "accuracy_m": one.accuracy_m,
            "source": one.source,
            "made": one.made,
        }
        for one in saved_systems()
    ]
    out(pd.DataFrame(rows, columns=columns), form)


@systems.command()
def add(
    name: Annotated[str, typer.Argument(help="what people call it, such as 城建坐标系")],
    points: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="table: local easting, local northing, longitude, latitude (or easting, northing of the base)",
        ),
    ],
    base: BaseOption = "",
    four: Annotated[
        str, typer.Option(help="east_m,north_m,rotation_s,scale_ppm: given parameters, proved by the points")
    ] = "",
    seven: Annotated[
        str, typer.Option(help="x_m,y_m,z_m,rx_s,ry_s,rz_s,scale_ppm, position vector; proved by the points")
    ] = "",
    source: SourceOption = "",
    form: FormOption = Form.table,
) -> None:
    """Keep a system: from three control points or more, or from parameters that one point or more proves.

    Prints each point with what is left over (metres); points that do not fit within a metre are refused and nothing is kept.
    """
    from geo.places.local_systems import save_system

    made = _made(name, points, base or atlas().city.projected_crs, four, seven, source)
    save_system(made.system)
    out(made.points.reset_index().round(4), form)
    typer.echo(
        f"kept {made.system.name}: --crs {made.system.name}, positions within {made.system.accuracy_m:g} m",
        err=True,
    )


@systems.command()
def remove(name: Annotated[str, typer.Argument(help="which")]) -> None:
    """Keep a system no longer. Places that were read with it stay as they are."""
    from geo.places.local_systems import forget_system

    typer.echo(f"removed {forget_system(name).name}")


def _made(name: str, path: Path, base: str, four: str, seven: str, source: str) -> MadeSystem:
    from geo.places.make_local import (
        from_control_points,
        from_parameters,
        parameters_of_text,
        read_control_points,
    )
    from geo.reading.read_file import read_file

    frame = read_file(path, name=path.name).layers[0].frame
    points = read_control_points([list(frame.columns), *frame.itertuples(index=False)])
    if four or seven:
        values = parameters_of_text(four or seven)
        return from_parameters(
            name, base, "four" if four else "seven", values, points, source=source, day=date.today()
        )
    return from_control_points(name, base, points, source=source, day=date.today())
