"""``read-plan``: the promises in a plan's text, what was left out and why, and a city pack of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.shared import Form, FormOption, Lang, LangOption, out, write

if TYPE_CHECKING:
    import pandas as pd

    from geo.plan_text.draft import Draft

app = typer.Typer(no_args_is_help=True, add_completion=False)
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
    form: FormOption = Form.table,
    lang: LangOption = Lang.zh,
) -> None:
    """Read the promises of a plan; a pack of a draft holds what was accepted in it, of a document everything, unreviewed."""
    from geo.plan_text.open_plan import open_plan
    from geo.plan_text.pack import PlanSource, pack_files
    from geo.plan_text.review import tally, to_json

    draft = open_plan(file, pack=pack, year=year)
    shown = _left_out(draft, lang.value) if left_out else _items(draft)
    out(shown, form, _TABLE if form is Form.table and not left_out else None)
    if draft_file is not None:
        write(draft_file, to_json(draft))
    if out_folder is not None:
        from geo.paths import data_dir

        source = PlanSource(title or draft.document, publisher, published, url)
        reviewed = tally(draft).accepted > 0
        for name, data in pack_files(draft, source, pack or data_dir(), reviewed=reviewed).items():
            write(out_folder / name, data, make_folder=True)


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
