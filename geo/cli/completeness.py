"""``completeness``: which kinds of facilities are all known, where, as of when and by which source; and saying so."""

from __future__ import annotations

from typing import Annotated

import typer

from geo.cli.shared import ByOption, Form, FormOption, out, person

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def completeness(
    kind: Annotated[str, typer.Option(help="kind of facilities, such as school_primary")] = "",
    district: Annotated[str, typer.Option(help="district code; the whole city if left out")] = "",
    complete: Annotated[
        bool | None, typer.Option("--complete/--incomplete", help="are all of them in the register?")
    ] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="day, month or year that the list is of")] = "",
    source: Annotated[str, typer.Option(help="id of the source that says so")] = "",
    reason: Annotated[str, typer.Option(help="why, in your words")] = "",
    by: ByOption = "",
    form: FormOption = Form.table,
) -> None:
    """List what is said, or with --complete or --incomplete say it: an event of the log, which ``undo`` takes back."""
    from geo.atlas import load_atlas
    from geo.register.completeness import completeness as statements
    from geo.register.completeness import statement_event

    if complete is None:
        out(statements(load_atlas().register), form)
        return
    from geo.store import Batch, Role, open_store

    event = statement_event(kind, district, complete=complete, as_of=as_of, source_id=source)
    applied = open_store().apply(person(by, Role.admin), Batch(reason=reason, completeness_events=(event,)))
    typer.echo(f"revision {applied.revision}, batch {applied.batch_id}")
