"""``import-osm``: an OSM extract as baseline; ``datasets``: the residential land and streets that are kept."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer

from geo.cli_shared import Form, FormOption, out

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command(name="import-osm")
def import_osm(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".osm or .osm.pbf")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what is in it; write nothing")] = False,
    reason: Annotated[str, typer.Option(help="why, in your words")] = "",
    by: Annotated[
        str, typer.Option("--as", help="who does it; the name you are signed in with if empty")
    ] = "",
    form: FormOption = Form.table,
) -> None:
    """Bring facilities of an OSM extract into the register; keep its residential land and streets as data sets."""
    import pandas as pd

    from geo.atlas import atlas_of, load_atlas
    from geo.datasets import save_dataset
    from geo.ingest import read_file
    from geo.ingest.osm import CREDIT, read_osm
    from geo.store import Actor, Role, open_store

    store = None if dry_run else open_store()
    opened = read_file(file)
    found = read_osm(opened, load_atlas() if store is None else atlas_of(store.pack()))
    saved, written = [], 0
    if store is not None:
        kept = {"residential": found.residential, "streets": found.streets}
        saved = [save_dataset(k, f, name=opened.name, credit=CREDIT) for k, f in kept.items() if len(f)]
        if found.facilities:
            person = Actor(by.strip() or getpass.getuser(), Role.editor)
            written = store.apply(person, found.batch(reason)).facilities
    answer = {
        "facilities": written if store is not None else len(found.facilities),
        "kinds": found.counts,
        "matched": len(found.matched),
        "left_out": found.left_out,
        "residential": len(found.residential),
        "streets": len(found.streets),
        "datasets": [one.token for one in saved],
        "credit": CREDIT,
    }
    if form is Form.json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    out(pd.DataFrame({"what": list(answer), "number": [str(value) for value in answer.values()]}), form)


@app.command()
def datasets(form: FormOption = Form.table) -> None:
    """The data sets that are kept; use a token as --demand (residential) or --streets (streets)."""
    from dataclasses import asdict

    import pandas as pd

    from geo.datasets import saved_datasets

    columns = ["token", "kind", "name", "features", "saved", "credit"]
    out(pd.DataFrame([asdict(one) for one in saved_datasets()], columns=columns), form)
