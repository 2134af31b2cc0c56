"""The works and the plan on the command line: ``items``, ``plans``, ``works``, ``progress``, ``promises``, ``show``, ``search``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import typer

from geo.cli.questions import Given, question_options
from geo.cli.shared import Form, FormOption, Lang, LangOption, PlanOption, atlas, atlas_having, out
from geo.questions.works import ProgressQuestion
from geo.values import read_day

app = typer.Typer(no_args_is_help=True, add_completion=False)
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
    rows = asked.apply(atlas_having(plan, items=item_ids).register.state(read_day(as_of)))
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

    register = atlas_having(plan, works=[work_id]).register
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
