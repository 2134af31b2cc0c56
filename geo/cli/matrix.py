"""The matrix on the command line: every indicator in every zone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.questions import Given, demand_of, print_notes, question_options, shapes_of, streets_of
from geo.cli.shared import Form, FormOption, Lang, LangOption, atlas, out, write
from geo.questions.matrix import MatrixQuestion

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.coverage.matrix import Matrix

app = typer.Typer(no_args_is_help=True, add_completion=False)

_COLUMNS: Final = [
    "zone",
    "indicator_id",
    "set",
    "share_low",
    "share",
    "share_high",
    "pass_mark",
    "verdict",
    "residents",
    "residents_unserved",
    "shortfall",
    "reasons",
]


@app.command()
@question_options(MatrixQuestion)
def matrix(
    given: Given,
    file: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="write a workbook (.xlsx, one sheet an indicator), a GeoPackage (.gpkg, one layer a set) or a report (.pdf)",
        ),
    ] = None,
    template: Annotated[
        str,
        typer.Option("--template", help="with --out file.xlsx: a form, city_checkup or complete_community"),
    ] = "",
    lang: LangOption = Lang.zh,
    form: FormOption = Form.table,
) -> None:
    """Every indicator in every zone, before the plan, now and with all built: share, pass mark, verdict, shortfall."""
    from geo.coverage.matrix import matrix as every

    question = MatrixQuestion.read(given)
    zones = shapes_of(question.zones, "zones") if question.zones else None
    answer = every(
        atlas(), zones, question, demand=demand_of(question), streets=streets_of(question), lang=lang.value
    )
    if file is not None:
        write(file, _file_of(answer, zones, file, lang.value, template))
    out(answer.rounded(), form, _COLUMNS)
    print_notes(answer)


def _file_of(answer: Matrix, zones: GeoDataFrame | None, file: Path, lang: str, template: str = "") -> bytes:
    """The matrix as the ending of ``file`` asks, a workbook in the form of a template if one is named."""
    from geo.local_file import allowed_ending
    from geo.report.matrix_layers import matrix_geopackage
    from geo.report.matrix_report import matrix_pdf
    from geo.report.matrix_template import template_workbook
    from geo.report.matrix_workbook import matrix_workbook

    ending = allowed_ending(file, (".xlsx", ".gpkg", ".pdf"))
    if ending == ".gpkg":
        return matrix_geopackage(atlas(), answer, zones)
    if ending == ".pdf":
        return matrix_pdf(atlas(), answer, lang)
    if template:
        return template_workbook(atlas(), answer, template, lang)
    return matrix_workbook(atlas(), answer, lang)
