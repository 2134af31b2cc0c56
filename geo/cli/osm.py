"""``import-osm``: an OSM extract as baseline; ``datasets``: the residential land and streets that are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.shared import ByOption, Form, FormOption, out, person
from geo.errors import ParameterError
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.plan.osm import Baseline

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command(name="import-osm")
def import_osm(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".osm or .osm.pbf")],
    kind: Annotated[
        list[str] | None, typer.Option(help="only facilities of this kind, such as car_park; repeat it")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what is in it; write nothing")] = False,
    reason: Annotated[str, typer.Option(help="why, in your words")] = "",
    by: ByOption = "",
    form: FormOption = Form.table,
) -> None:
    """Bring facilities of an OSM extract into the register; keep its residential land and streets as data sets."""
    bring_osm(file, kinds=kind, dry_run=dry_run, reason=reason, by=by, form=form)


def bring_osm(
    file: Path, *, kinds: list[str] | None = None, dry_run: bool, reason: str, by: str, form: Form
) -> None:
    """The baseline of an extract: printed, and written with its data sets unless this is a dry run."""
    from geo.atlas import load_atlas
    from geo.ingest.plan.osm import read_osm
    from geo.ingest.plan.osm_objects import read_extract
    from geo.ingest.plan.save_data import save_baseline
    from geo.reading.limits import PROVINCE
    from geo.register.city import atlas_of
    from geo.store import Role, open_store

    store = None if dry_run else open_store()
    shared = load_atlas() if store is None else atlas_of(store.pack())
    objects = read_extract(file, shared, limits=PROVINCE)
    for note in objects.notes:
        typer.echo(note.text(), err=True)
    found = read_osm(objects, shared)
    if kinds:
        found = _only(found, kinds)
    tokens, written = [], len(found.facilities)
    if store is not None:
        tokens = [one.token for one in save_baseline(found, found.file_name)]
        if found.facilities:
            written = store.apply(person(by, Role.editor), found.batch(reason)).facilities
    _print_result(found, written, tokens, form)


def _only(baseline: Baseline, kinds: list[str]) -> Baseline:
    for word in kinds:
        if word not in baseline.kinds.index:
            raise ParameterError(
                _("参数 {name} 的值“{value}”不可用。"),
                hint=_("可用：{known}。"),
                name="kind",
                value=word[:80],
                known="、".join(map(str, baseline.kinds.index)),
            )
    return baseline.only(kinds)


def _print_result(baseline: Baseline, written: int, tokens: list[str], form: Form) -> None:
    import pandas as pd

    from geo.places.base_map import OSM_CREDIT

    if form is Form.json:
        answer = {
            "facilities": written,
            "kinds": baseline.counts,
            "matched": len(baseline.matched),
            "left_out": baseline.left_out,
            "residential": len(baseline.residential),
            "streets": len(baseline.streets),
            "datasets": tokens,
            "credit": OSM_CREDIT,
        }
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    rows = [(str(kind), int(row["new"]), int(row["known"])) for kind, row in baseline.kinds.iterrows()]
    rows += [("residential", len(baseline.residential), 0), ("streets", len(baseline.streets), 0)]
    rows += [(f"left out: {why}", number, 0) for why, number in baseline.left_out.items()]
    out(pd.DataFrame(rows, columns=["what", "new", "known"]), form)
    typer.echo(f"{written} facilities; data sets: {', '.join(tokens) or 'none'}; {OSM_CREDIT}", err=True)
