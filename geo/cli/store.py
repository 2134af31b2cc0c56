"""The store on the command line: ``backup``, ``restore``, ``export-pack``, ``history``, ``diff``, ``undo``, ``db``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.shared import ByOption, Form, FormOption, out, person
from geo.values import read_day

if TYPE_CHECKING:
    from geo.store import Actor, Store

app = typer.Typer(no_args_is_help=True, add_completion=False)
db = typer.Typer(no_args_is_help=True, help="The database itself: its tables, and what it holds.")
app.add_typer(db, name="db")

_HISTORY: Final = [
    "event_id",
    "date",
    "kind",
    "value",
    "undone",
    "recorded_at",
    "recorded_by",
    "reason_zh",
    "batch_id",
]


def _store() -> Store:
    from geo.store import open_store

    return open_store()


def _actor(by: str) -> Actor:
    """Whoever may run programs here may read and write the database: the command line is its administrator."""
    from geo.store import Role

    return person(by, Role.admin)


@app.command()
def backup(
    file: Annotated[Path | None, typer.Argument(help="file to write; named by the hour if none")] = None,
) -> None:
    """Write the whole store to one file that either database can be restored from."""
    path = file or Path(f"atlas-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip")
    manifest = _store().backup(path)
    typer.echo(f"{path}: revision {manifest['revision']}, {manifest['tables']['events']['rows']} events")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="replace what is there; it is backed up first")
    ] = False,
) -> None:
    """Fill the database from a backup, event by event as it was; all of it or nothing. A broken file is set aside."""
    from geo.store.recovery import restore_store

    done = restore_store(file, replace=replace)
    tables = done.manifest["tables"]
    typer.echo(f"revision {done.manifest['revision']}, {tables['events']['rows']} events")
    if done.before:
        typer.echo(f"{done.before}: what was there before", err=True)
    if done.broken:
        typer.echo(f"{done.broken}: the broken file, set aside", err=True)


@app.command(name="export-pack")
def export_pack(folder: Annotated[Path, typer.Argument(help="a new folder")]) -> None:
    """Write the register as a city pack that loads to the same register."""
    _store().export_pack(folder)
    typer.echo(str(folder))


@app.command(name="export-geopackage")
def export_geopackage(
    file: Annotated[Path, typer.Argument(help="file to write, .gpkg")],
    as_of: Annotated[str, typer.Option("--as-of", help="YYYY-MM-DD; today if empty")] = "",
) -> None:
    """Write the register on a day as a GeoPackage that QGIS opens."""
    _store().export_geopackage(file, read_day(as_of))
    typer.echo(str(file))


@app.command()
def history(work_id: str, form: FormOption = Form.table) -> None:
    """Every event of a work, undone ones and corrections too, with who, when and why."""
    out(_store().history(work_id), form, _HISTORY)


@app.command()
def diff(
    first: Annotated[str, typer.Argument(help="YYYY-MM-DD")],
    last: Annotated[str, typer.Argument(help="YYYY-MM-DD; today if empty")] = "",
    form: FormOption = Form.table,
) -> None:
    """What is known on one day and not on another."""
    out(_store().diff(read_day(first), read_day(last)), form)


@app.command()
def undo(
    event_id: Annotated[str, typer.Argument(help="event to take back; with --batch the number of a batch")],
    reason: Annotated[str, typer.Option("--reason", help="why; needed")],
    batch: Annotated[
        bool, typer.Option("--batch", help="take back everything of one import or edit")
    ] = False,
    by: ByOption = "",
) -> None:
    """Take an event back by another event; undoing an undo restores."""
    store = _store()
    if batch:
        if not event_id.isdecimal():
            raise typer.BadParameter("the number of a batch is needed")
        done = store.undo_batch(_actor(by), int(event_id), reason)
    else:
        done = store.undo(_actor(by), event_id, reason)
    typer.echo(f"revision {done.revision}, {done.events} events")


@db.command()
def upgrade() -> None:
    """Make or update the tables, and load the city pack; what changed in the pack becomes events."""
    from geo.store.store import connect

    store = connect()
    summary = store.sync()
    typer.echo(f"revision {store.revision()}")
    if summary:
        for name in ("added", "changed"):
            for table, number in getattr(summary, name).items():
                typer.echo(f"{name}: {number} {table}")
        for row in summary.vanished:
            typer.echo(f"no longer in the pack, kept: {row}", err=True)


@db.command()
def status(form: FormOption = Form.table) -> None:
    """Which database it is, what it holds, and the last batches."""
    from geo.store.store import connect

    store = connect()
    typer.echo(f"{store.address}: revision {store.revision()}", err=True)
    out(store.batches(), form, ["batch_id", "kind", "actor", "recorded_at", "events", "reason"])
