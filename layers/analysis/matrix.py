"""The matrix, kept a while: the page and the API ask here, so both give the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.coverage.matrix import Matrix, matrix
from geo.questions.matrix import MatrixQuestion
from geo.report.matrix_layers import matrix_geopackage
from geo.report.matrix_report import matrix_pdf
from geo.report.matrix_template import template_workbook
from geo.report.matrix_workbook import matrix_workbook
from geo.table import csv_bytes
from geo.text import mark as _
from geo.text import translate
from layers.analysis import uploads
from layers.analysis.questions import Parameters, demand_for, streets_for
from layers.workers.heavy import heavy
from layers.workers.limits import ANSWER_S, FILE_S

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@heavy(seconds=ANSWER_S, remembered=16)
@per_version(16)
def matrix_answer(parameters: Parameters, lang: str) -> Matrix:
    """Every indicator asked for in every zone."""
    question = MatrixQuestion.read(dict(parameters))
    return matrix(
        load_atlas(),
        _zones(question),
        question,
        demand=demand_for(question),
        streets=streets_for(question),
        lang=lang,
    )


def _zones(question: MatrixQuestion) -> GeoDataFrame | None:
    """The polygons that a person brought; None for the districts."""
    return uploads.brought(question.zones, ("zones",)) if question.zones else None


def matrix_csv(answer: Matrix, lang: str) -> bytes:
    """The rows, UTF-8 with a BOM; notes and credits in columns of their own."""
    city, frame = load_atlas().city, answer.rounded().astype(object)
    frame[translate(_("备注"), lang)] = " ".join(answer.messages(lang))
    frame[translate(_("许可与署名"), lang)] = f"{city.licence.label}; {city.credit_line(lang)}"
    return csv_bytes(frame)


@heavy(seconds=FILE_S, remembered=4)
def matrix_xlsx(parameters: Parameters, lang: str) -> bytes:
    """The workbook of :func:`geo.report.matrix_workbook.matrix_workbook`."""
    return matrix_workbook(load_atlas(), matrix_answer(parameters, lang), lang)


@heavy(seconds=FILE_S, remembered=4)
def matrix_gpkg(parameters: Parameters, lang: str) -> bytes:
    """The file of :func:`geo.report.matrix_layers.matrix_geopackage`."""
    zones = _zones(MatrixQuestion.read(dict(parameters)))
    return matrix_geopackage(load_atlas(), matrix_answer(parameters, lang), zones)


@heavy(seconds=FILE_S, remembered=4)
def matrix_print(parameters: Parameters, lang: str) -> bytes:
    """The PDF of :func:`geo.report.matrix_report.matrix_pdf`."""
    return matrix_pdf(load_atlas(), matrix_answer(parameters, lang), lang)


@heavy(seconds=FILE_S, remembered=4)
def matrix_form(parameters: Parameters, template_id: str, lang: str) -> bytes:
    """The workbook of :func:`geo.report.matrix_template.template_workbook`.

    Parameters
    ----------
    parameters : tuple of (str, str)
    template_id : str
    lang : str

    Returns
    -------
    bytes
    """
    return template_workbook(load_atlas(), matrix_answer(parameters, lang), template_id, lang)
