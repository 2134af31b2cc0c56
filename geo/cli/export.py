"""``python -m geo export``: what the pages hand out, at a prompt."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from geo.cli.shared import PlanOption, atlas_having, write
from geo.files import all_formats
from geo.values import read_day

app = typer.Typer()


class What(StrEnum):
    """What a file holds."""

    works = "works"
    facilities = "facilities"


@app.command()
def export(
    form: Annotated[
        str, typer.Option("--format", "-f", help=", ".join(each.id for each in all_formats()))
    ] = "xlsx",
    crs: Annotated[
        str, typer.Option(help="WGS84, CGCS2000 (metres, in the city's projection) or GCJ-02")
    ] = "WGS84",
    encoding: Annotated[str, typer.Option(help="utf-8 or gbk; CSV and shapefile only")] = "utf-8",
    district: Annotated[str, typer.Option(help="only this district code; several joined by |")] = "",
    item: Annotated[str, typer.Option(help="only this plan item; several joined by |")] = "",
    category: Annotated[str, typer.Option(help="only this category; several joined by |")] = "",
    what: Annotated[
        What, typer.Option(help="works of the plan, or facilities that stand already (of --kind, --district)")
    ] = What.works,
    kind: Annotated[str, typer.Option(help="facilities only: this kind; several joined by |")] = "",
    scope: Annotated[
        str, typer.Option(help="plan: what counts; probable: what may count too; all: everything known")
    ] = "plan",
    as_of: Annotated[str, typer.Option("--as-of", help="day of the state, YYYY-MM-DD; today if empty")] = "",
    plan: PlanOption = "",
    lang: Annotated[str, typer.Option(help="language of headers and notes: zh or en")] = "zh",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="file or folder to write to; this folder if none")
    ] = None,
) -> None:
    """Works with their state, or facilities, with sources, day and licence as a file; the name says which day and coordinate
    system.
    """
    from geo.files import CONTENTS, file_name, get_format, get_system, stem_of, title_of, write_file
    from geo.register.facilities import facilities_in
    from geo.register.selection import Selection

    shared, day = atlas_having(plan, items=_split(item)), read_day(as_of)
    asked = Selection(
        categories=_split(category), districts=_split(district), items=_split(item), scope=scope
    )
    rows = (
        asked.apply(shared.register.state(day))
        if what is What.works
        else facilities_in(shared.register, day, _split(kind), asked.districts)
    )
    content = CONTENTS[what](
        atlas=shared,
        state=rows,
        as_of=day,
        system=get_system(crs, shared.city),
        lang=lang,
        encoding=encoding.lower().replace("utf8", "utf-8"),
        title=title_of(shared, asked.districts, lang, what=what),
    )
    declared = get_format(form)
    data = write_file(content, form)
    path = out or Path()
    if path.is_dir():
        path /= file_name(stem_of(shared, asked.districts, what=what), content, declared)
    write(path, data)
    typer.echo(f"{path} ({len(content.state)})")


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
