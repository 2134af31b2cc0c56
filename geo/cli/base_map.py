"""``base-map``: the detailed base map of this installation, made of an OSM extract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)
_STEPS: Final = {
    "read": "读取 / reading …",
    "sort": "按类别整理 / sorting by class …",
    "write": "切成矢量瓦片 / cutting vector tiles …",
}


@app.command(name="base-map")
def base_map(
    osm: Annotated[Path, typer.Option("--osm", exists=True, dir_okay=False, help=".osm.pbf or .osm")],
    everywhere: Annotated[
        bool,
        typer.Option("--everywhere", help="keep what lies outside the city too, such as a trial's extract"),
    ] = False,
) -> None:
    """Make the map's detailed base map of an OSM extract: roads by class, rail, water, green, buildings, names.

    It is cut to the city and kept in ATLAS_VAR (base_map/detailed.pmtiles), in the place of an earlier one; a running server offers
    it at once.
    """
    make_detailed_map(osm, everywhere=everywhere)


def make_detailed_map(osm: Path, *, everywhere: bool = False) -> None:
    """Make it with progress on standard error, and say what came of it."""
    from geo.atlas import load_atlas
    from geo.detailed_map.make import make_base_map
    from geo.places.base_map import OSM_CREDIT
    from geo.places.districts import city_box

    box = None if everywhere else city_box(load_atlas().districts)
    made = make_base_map(osm, box, progress=lambda step: typer.echo(_STEPS[step], err=True))
    counts = ", ".join(f"{layer} {number:,}" for layer, number in made.objects.items() if layer != "earth")
    typer.echo(f"{made.path}: {made.size:,} B; {counts}; {OSM_CREDIT}")
