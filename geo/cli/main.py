"""The command line: the same answers as the pages, for people at a prompt and for programs.

``python -m geo VERB --format table|json|csv``. Faults of the input go to standard error in plain words, with exit
code 2; a check that finds problems, and a conversion that had to leave rows as they were, end with 1.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from geo.cities import city_called, entered
from geo.cli import (
    base_map as cli_base_map,
)
from geo.cli import (
    cities as cli_cities,
)
from geo.cli import (
    completeness as cli_completeness,
)
from geo.cli import (
    coverage as cli_coverage,
)
from geo.cli import (
    datasets as cli_datasets,
)
from geo.cli import (
    districts as cli_districts,
)
from geo.cli import (
    evidence as cli_evidence,
)
from geo.cli import (
    export as cli_export,
)
from geo.cli import (
    import_file as cli_import,
)
from geo.cli import (
    isochrone as cli_isochrone,
)
from geo.cli import (
    matrix as cli_matrix,
)
from geo.cli import (
    near as cli_near,
)
from geo.cli import (
    open_data as cli_open_data,
)
from geo.cli import (
    osm as cli_osm,
)
from geo.cli import (
    read_plan as cli_read_plan,
)
from geo.cli import (
    services as cli_services,
)
from geo.cli import (
    siting as cli_siting,
)
from geo.cli import (
    store as cli_store,
)
from geo.cli import (
    systems as cli_systems,
)
from geo.cli import (
    whatif as cli_whatif,
)
from geo.cli.questions import Given, question_options
from geo.cli.shared import Form, FormOption, Lang, LangOption, PlanOption, atlas, out, write
from geo.errors import AtlasError
from geo.questions.works import ProgressQuestion
from geo.values import read_day

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(cli_coverage.app)
app.add_typer(cli_matrix.app)
app.add_typer(cli_services.app)
app.add_typer(cli_isochrone.app)
app.add_typer(cli_near.app)
app.add_typer(cli_districts.app)
app.add_typer(cli_whatif.app)
app.add_typer(cli_store.app)
app.add_typer(cli_export.app)
app.add_typer(cli_evidence.app)
app.add_typer(cli_import.app)
app.add_typer(cli_osm.app)
app.add_typer(cli_read_plan.app)
app.add_typer(cli_datasets.app)
app.add_typer(cli_open_data.app)
app.add_typer(cli_systems.app)
app.add_typer(cli_base_map.app)
app.add_typer(cli_completeness.app)
app.add_typer(cli_siting.app)
app.add_typer(cli_cities.app)


@app.callback()
def _choose_city(
    context: typer.Context,
    city: Annotated[
        str,
        typer.Option(
            "--city", help="which city of ATLAS_CITIES: its slug (see the verb cities); the first if empty"
        ),
    ] = "",
) -> None:
    if city:
        context.with_resource(entered(city_called(city)))


DayOption = Annotated[str, typer.Option("--as-of", help="day of the state, YYYY-MM-DD; today if empty")]
_ITEMS: Final = ["item_id", "name_zh", "target", "unit", "verb", "quote_zh"]
_PLANS: Final = ["plan_id", "year", "name_zh", "index_number", "city_code", "source_id"]
_WORKS: Final = [
    "work_id",
    "name_zh",
    "district_code",
    "status",
    "status_date",
    "certainty",
    "accuracy_m",
    "counted",
]
_PROGRESS: Final = {
    "item": ["item_id", "name_zh", "target", "unit", "named", "placed", "done", "verb", "promise"],
    "category": ["category", "unit", "items", "target", "named", "placed", "done"],
    "district": [
        "district_code",
        "name_zh",
        "named",
        "placed",
        "done",
        "unplaced",
        "shared",
        "reported_totals",
    ],
    "line": ["work_id", "name_zh", "district_code", "km_planned", "km_open", "basis", "status"],
}


@app.command()
def items(plan: PlanOption = "", form: FormOption = Form.table) -> None:
    """The promises of the plan, with their words."""
    out(atlas(plan).pack.plan_items, form, _ITEMS)


@app.command()
def plans(form: FormOption = Form.table) -> None:
    """The plans of the register; the first is meant where nobody says which."""
    out(atlas("all").pack.plans, form, _PLANS)


@app.command()
def works(
    as_of: DayOption = "",
    item: Annotated[str, typer.Option(help="only this item")] = "",
    category: Annotated[str, typer.Option(help="only this category")] = "",
    district: Annotated[str, typer.Option(help="only this district code")] = "",
    status: Annotated[str, typer.Option(help="only this status word")] = "",
    counted: Annotated[str, typer.Option(help="yes, probable or no")] = "",
    plan: PlanOption = "",
    form: FormOption = Form.table,
) -> None:
    """Every work with its state on a day."""
    from geo.register.selection import Selection

    item_ids, categories, districts, statuses = (
        (value,) if value else () for value in (item, category, district, status)
    )
    asked = Selection(
        categories=categories, districts=districts, statuses=statuses, items=item_ids, scope="all"
    )
    rows = asked.apply(atlas(plan).register.state(read_day(as_of)))
    out(rows[rows["counted"] == counted] if counted else rows, form, _WORKS)


@app.command()
@question_options(ProgressQuestion)
def progress(given: Given, form: FormOption = Form.table) -> None:
    """Target, named, placed and done; and whether the promise was kept."""
    from geo.register.progress import line_progress
    from geo.register.progress import progress as summed

    question = ProgressQuestion.read(given)
    shared = atlas(question.plan)
    frame = (
        line_progress(shared.register, shared.line_shares, question.as_of)
        if question.by == "line"
        else summed(shared.register, question.as_of, question.by)
    )
    out(frame, form, _PROGRESS[question.by])


@app.command()
def promises(
    as_of: DayOption = "", plan: PlanOption = "", lang: LangOption = Lang.zh, form: FormOption = Form.table
) -> None:
    """Was each promise kept, in a sentence that says why."""
    import pandas as pd

    from geo.report.promise.page import all_promises

    rows = [
        {"item_id": one.item_id, "name": one.name, "promise": one.verdict.state, "why": one.verdict.sentence}
        for one in all_promises(atlas(plan), read_day(as_of), lang.value)
    ]
    out(pd.DataFrame(rows), form)


@app.command()
def show(work_id: str, as_of: DayOption = "", plan: PlanOption = "", form: FormOption = Form.table) -> None:
    """One work: its state, its timeline and its sources."""
    import pandas as pd

    from geo.table import records, render

    register = atlas(plan).register
    timeline, sources = register.timeline(work_id), register.sources_of(work_id)
    state = register.state(read_day(as_of)).loc[[work_id]]
    if form is Form.json:
        import json

        answer = records(state)[0] | {"timeline": records(timeline), "sources": records(sources)}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    if form is Form.csv:
        typer.echo(render(timeline, form.value))
        return
    facts = pd.DataFrame({"field": state.columns, "value": state.iloc[0].to_numpy()})
    typer.echo(render(facts[facts["value"].notna()], form.value))
    typer.echo(
        "\n" + render(timeline[["date", "date_precision", "kind", "value", "confirmed", "title"]], form.value)
    )
    typer.echo("\n" + render(sources[["role", "title", "publisher", "published", "reliability"]], form.value))


@app.command()
def search(text: str, limit: int = 8, form: FormOption = Form.table) -> None:
    """Works, facilities and places by Chinese name, street, pinyin, initials, English or id."""
    from geo.atlas import load_gazetteer
    from geo.register.search import search as find

    out(find(atlas().register, load_gazetteer(), text, as_of=date.today(), limit=limit), form)


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or GeoJSON")],
    source: Annotated[
        str, typer.Option("--from", help="wgs84, gcj02, bd09, cgcs2000, epsg:CODE, epsg:3857+gcj02 ...")
    ],
    target: Annotated[str, typer.Option("--to", help="the same names")],
    x: Annotated[str, typer.Option(help="column of longitude or easting")] = "",
    y: Annotated[str, typer.Option(help="column of latitude or northing")] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="file to write; standard output if none")
    ] = None,
    form: FormOption = Form.csv,
) -> None:
    """Convert the coordinates of a file. Every row stays; what cannot be converted is named on standard error."""
    import io

    import pandas as pd

    from geo.files.convert_file import convert_file

    done = convert_file(file, source=source, target=target, x=x, y=y)
    text = done.text
    if form is not Form.csv and file.suffix.lower() == ".csv":
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        from geo.table import render

        text = render(frame, form.value) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write(out, text.encode())
    for problem in done.problems:
        typer.echo(problem.text(), err=True)
    if done.problems:
        raise typer.Exit(1)


@app.command()
def check(
    pack: Annotated[Path | None, typer.Option(help="folder of the pack; the default one if empty")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="try the rules of coverage instead")] = False,
    form: FormOption = Form.table,
) -> None:
    """Validate the city pack and print every problem with row and field; or try what must hold of coverage."""
    if coverage:
        _check_coverage(pack, form)
        return
    import pandas as pd

    from geo.paths import data_dir
    from geo.register.pack_check import check_pack

    problems = check_pack(pack or data_dir())
    if form is Form.table:
        for problem in problems:
            typer.echo(problem.text())
        typer.echo(f"{len(problems)} 处问题 / problems")
    else:
        rows = [{"table": p.table, "row": p.row, "field": p.field, "message": p.text()} for p in problems]
        out(pd.DataFrame(rows, columns=["table", "row", "field", "message"]), form)
    if problems:
        raise typer.Exit(1)


def _check_coverage(pack: Path | None, form: Form) -> None:
    from datetime import date

    import pandas as pd

    from geo.atlas import load_atlas
    from geo.coverage.invariants import check_coverage

    found = check_coverage(load_atlas(pack), date.today())
    out(pd.DataFrame([{"kind": c.kind, "rule": c.rule, "holds": c.holds} for c in found]), form)
    if not all(check.holds for check in found):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; a fault of the input is reported in one plain sentence."""
    try:
        app()
    except AtlasError as error:
        typer.echo(error.text(), err=True)
        sys.exit(2)
