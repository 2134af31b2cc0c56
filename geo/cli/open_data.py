"""``open-data``: the open files that the pack names, fetched when asked or taken from a folder, and built into the register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base_map import make_detailed_map
from geo.cli.osm import bring_osm
from geo.cli.shared import ByOption, Form, FormOption, out

if TYPE_CHECKING:
    from geo.open_data.offers import Offer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command(name="open-data")
def open_data(
    fetch: Annotated[bool, typer.Option("--fetch", help="fetch what is missing from the network")] = False,
    update: Annotated[bool, typer.Option("--update", help="ask the network for newer files too")] = False,
    folder: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="take the files from this folder instead"),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="only this data_id; repeat it")] = None,
    by: ByOption = "",
    form: FormOption = Form.table,
) -> None:
    """List the open files that help this city; with --fetch, --update or --folder get them and build what is in them.

    Without these options nothing is asked of the network and nothing is written.
    """
    from geo.atlas import load_atlas
    from geo.open_data.offers import open_data_offers, sets_of

    offers = [one for one in open_data_offers(load_atlas().pack.root) if not only or one.data_id in only]
    if not (fetch or update or folder):
        import pandas as pd

        out(pd.DataFrame([_row(one) for one in offers]), form)
        return
    for parts in sets_of(offers):
        paths = [_file(each, folder, update=update) for each in parts]
        if all(paths):
            _build(parts[0], [path for path in paths if path], by, form)


def _row(offer: Offer) -> dict[str, str]:
    from geo.open_data.download import fetched_before

    before = fetched_before(offer.path)
    return {
        "data_id": offer.data_id,
        "name": f"{offer.name_zh} / {offer.name_en}",
        "file": offer.file_name,
        "size_mb": offer.size_mb,
        "licence": offer.licence,
        "credit": offer.credit,
        "url": offer.url,
        "fetched": before.day if before else "",
        "sha256": before.sha256[:12] if before else "",
    }


def _file(offer: Offer, folder: Path | None, *, update: bool) -> Path | None:
    """The file of an offer; None where the folder that was named does not hold it, which is said."""
    from geo.open_data.download import fetch

    if folder is not None:
        path = folder / offer.file_name
        if path.is_file():
            return path
        typer.echo(f"没有 / not there: {path}", err=True)
        return None
    if update or not offer.path.is_file():
        done = fetch(offer.url, offer.path, md5_url=offer.md5_url, progress=_say)
        typer.echo(f"\n{offer.file_name}: {done.size:,} B, {done.day}, {offer.licence}", err=True)
    return offer.path


def _say(size: int, whole: int | None) -> None:
    share = f" {100 * size / whole:.0f}%" if whole else ""
    typer.echo(f"\r{size / 1e6:,.0f} MB{share}", err=True, nl=False)


def _build(offer: Offer, paths: list[Path], by: str, form: Form) -> None:
    """Facilities, residential land, streets and the detailed base map of an extract; the residents that rasters have in the city."""
    from geo.atlas import load_atlas
    from geo.coverage.city_raster import cut_to_city

    if offer.form == "osm_extract":
        for path in paths:
            bring_osm(path, dry_run=False, reason=f"{offer.name_zh} {offer.url}", by=by, form=form)
            make_detailed_map(path)
        return
    kept = cut_to_city(load_atlas(), paths, name=offer.name_zh, credit=f"{offer.credit} ({offer.licence})")
    typer.echo(f"人口栅格可用于覆盖 / for coverage: --demand {kept.token}", err=True)
