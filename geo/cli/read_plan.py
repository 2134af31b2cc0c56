"""``read-plan``: the promises in a plan's text, what was left out and why; a city pack of them, or a further plan of the register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.shared import ByOption, Form, FormOption, Lang, LangOption, out, person, write

if TYPE_CHECKING:
    import pandas as pd

    from geo.plan_text.draft import Draft
    from geo.plan_text.pack import PlanSource

app = typer.Typer(no_args_is_help=True, add_completion=False)
_NEW_ITEMS: Final = ["item_id", "category", "name_zh", "verb", "target", "unit", "due_date"]
_TABLE: Final = ["section", "category", "name", "verb", "target", "unit", "due", "scope", "unsure", "quote"]


@app.command("read-plan")
def read_plan(
    file: Annotated[
        Path, typer.Argument(help="text, web page, Word or PDF file, or a draft (.json) that was saved")
    ],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="write a city pack into this new folder")
    ] = None,
    draft_file: Annotated[
        Path | None, typer.Option("--draft", help="save the draft, to go on with on the page")
    ] = None,
    year: Annotated[int | None, typer.Option(help="year of the plan; read from the text if left out")] = None,
    title: Annotated[str, typer.Option(help="title of the document; the file's name if left out")] = "",
    publisher: Annotated[str, typer.Option(help="who published it")] = "",
    published: Annotated[str, typer.Option(help="year, month or day: 2021-02-18")] = "",
    url: Annotated[str, typer.Option(help="address where it was published")] = "",
    pack: Annotated[
        Path | None, typer.Option(help="pack of the same city; the one in use if left out")
    ] = None,
    left_out: Annotated[bool, typer.Option("--left-out", help="list what was left out, and why")] = False,
    index_number: Annotated[str, typer.Option(help="index number of the document")] = "",
    into_register: Annotated[
        bool, typer.Option("--into-register", help="what was accepted becomes a further plan of the register")
    ] = False,
    plan_id: Annotated[str, typer.Option(help="id of the further plan; its year if left out")] = "",
    again: Annotated[
        list[str] | None,
        typer.Option(help="a proposal (WORK=ITEM) that is the same work; repeat it, or: all"),
    ] = None,
    another: Annotated[
        list[str] | None, typer.Option(help="a proposal that is another work; repeat it, or: all")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="show what would be written; write nothing")
    ] = False,
    reason: Annotated[str, typer.Option(help="why it is written, in your words")] = "",
    by: ByOption = "",
    form: FormOption = Form.table,
    lang: LangOption = Lang.zh,
) -> None:
    """Read the promises of a plan; a pack of a draft holds what was accepted in it, of a document everything, unreviewed.

    With --into-register what was accepted becomes a further plan of the register: each proposal that a work is promised again is
    decided with --again or --another (--dry-run lists them); undo --batch takes it all back.
    """
    from geo.plan_text.open_plan import open_plan
    from geo.plan_text.pack import PlanSource, pack_files
    from geo.plan_text.review import tally, to_json

    draft = open_plan(file, pack=pack, year=year)
    source = PlanSource(title or draft.document, publisher, published, url, index_number)
    if into_register:
        decided = dict.fromkeys(again or (), True) | dict.fromkeys(another or (), False)
        _into_register(
            draft, source, plan_id, decided, dry_run=dry_run, reason=reason, by=by, form=form, lang=lang.value
        )
        return
    shown = _left_out(draft, lang.value) if left_out else _items(draft)
    out(shown, form, _TABLE if form is Form.table and not left_out else None)
    if draft_file is not None:
        write(draft_file, to_json(draft))
    if out_folder is not None:
        from geo.paths import data_dir

        reviewed = tally(draft).accepted > 0
        for name, data in pack_files(draft, source, pack or data_dir(), reviewed=reviewed).items():
            write(out_folder / name, data, make_folder=True)


def _into_register(
    draft: Draft,
    source: PlanSource,
    plan_id: str,
    decided: dict[str, bool],
    *,
    dry_run: bool,
    reason: str,
    by: str,
    form: Form,
    lang: str,
) -> None:
    """List the proposals of what is promised again, and unless it is a trial write the plan as one batch."""
    from geo.atlas import load_atlas
    from geo.plan_text.carry_over import proposals_table
    from geo.plan_text.new_plan import items_table, new_plan
    from geo.store import Role, open_store

    made = new_plan(draft, source, load_atlas(), plan_id)
    if dry_run:
        out(items_table(made), form, _NEW_ITEMS if form is Form.table else None)
        if made.proposals:
            typer.echo("")
            out(proposals_table(made.proposals, {item.key: item for item in draft.items}, lang), form)
        return
    if "all" in decided:
        rest = {one.key: decided["all"] for one in made.proposals}
        decided = rest | {key: same for key, same in decided.items() if key != "all"}
    actor = person(by, Role.admin)
    applied = open_store().apply(actor, made.batch(decided, by=actor.name, reason=reason))
    typer.echo(
        f"plan {made.plan['plan_id']}: {len(made.items)} items; revision {applied.revision}, batch {applied.batch_id}"
    )


def _items(draft: Draft) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            **item.model_dump(
                include={"section", "category", "name", "verb", "target", "unit", "due", "scope"}
            ),
            "measure": item.measure,
            "bound": item.bound,
            "geometry": item.geometry,
            "unsure": " ".join(item.unsure()),
            "names": " ".join(name.text for name in item.names),
            "start": item.start,
            "end": item.end,
            **{f"sure_{field}": sure for field, sure in item.confidence.items()},
            "quote": draft.quote(item),
        }
        for item in draft.items
    ]
    return pd.DataFrame(rows)


def _left_out(draft: Draft, lang: str) -> pd.DataFrame:
    import pandas as pd

    from geo.plan_text.draft import LEFT_OUT_LABELS
    from geo.text import translate

    rows = [
        {
            "start": each.start,
            "end": each.end,
            "reason": translate(LEFT_OUT_LABELS[each.reason], lang),
            "text": draft.quote(each).strip(),
        }
        for each in draft.left_out
    ]
    return pd.DataFrame(rows, columns=["start", "end", "reason", "text"])
