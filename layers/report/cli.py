"""``python -m geo report``: reports of districts and of the city as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from geo.cli.shared import PlanOption

app = typer.Typer()


@app.command()
def report(  # noqa: PLR0913, PLR0917 (the options of a command)
    district: Annotated[str, typer.Option(help="district code; the whole city if empty")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="a report of every district and one of the city")
    ] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="day of the state, YYYY-MM-DD; today if empty")] = "",
    since: Annotated[
        str, typer.Option(help="day that progress is compared with; a year before the day if empty")
    ] = "",
    plan: PlanOption = "",
    lang: Annotated[Literal["zh", "en"], typer.Option(help="language of the report")] = "zh",
    form: Annotated[str, typer.Option("--format", "-f", help="pdf or html")] = "pdf",
    out: Annotated[Path, typer.Option("--out", "-o", help="folder to write to")] = Path(),
) -> None:
    """District and city reports: map, items with their four counts, works, progress, coverage, sources."""
    from geo.cli.shared import atlas, write
    from geo.report import ReportRequest, year_before
    from geo.values import read_day
    from layers.report.build import build
    from layers.report.report_names import report_name

    shared, day = atlas(plan), read_day(as_of)
    start = read_day(since) if since else year_before(day)
    codes = [*map(str, shared.districts.index), ""] if everything else [district]
    for code in codes:
        request = ReportRequest(code, day, start, lang)
        path = out / report_name(shared, request, form)
        data = build(shared, request, form)
        write(path, data, make_folder=True)
        typer.echo(str(path))
