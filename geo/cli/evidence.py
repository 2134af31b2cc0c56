"""Command line: how well the register's facts can be checked."""

from __future__ import annotations

from typing import Annotated

import typer

from geo.cli.shared import Form, FormOption, atlas, out

app = typer.Typer()


@app.command()
def sources(
    unlinked: Annotated[
        bool, typer.Option("--unlinked", help="only those without an address, and why")
    ] = False,
    form: FormOption = Form.table,
) -> None:
    """The sources of the register."""
    from geo.register.evidence import unlinked_sources
    from geo.text import translate

    rows = atlas().pack.sources
    if unlinked:
        found = unlinked_sources(rows)
        out(found.assign(why=found["why"].map(translate)), form, ["source_id", "title", "publisher", "why"])
    else:
        out(rows, form, ["source_id", "title", "publisher", "published", "url"])


@app.command()
def disagreements(form: FormOption = Form.table) -> None:
    """Matters on which two sources disagree: both values, and which one the register uses."""
    from geo.register.evidence import disagreements as matters

    columns = ["disagreement_id", "work_id", "topic_zh", "first_zh", "second_zh", "shown_zh"]
    out(matters(atlas().pack.root), form, columns)


@app.command()
def calibration(form: FormOption = Form.table) -> None:
    """Stated radii of error against the places that came later, by location basis."""
    from geo.register.calibration import accuracy_rules, place_checks
    from geo.register.calibration import calibration as by_basis

    pack = atlas().pack
    rows = by_basis(place_checks(pack), accuracy_rules(pack.root)).reset_index()
    out(rows, form, list(rows.columns))
