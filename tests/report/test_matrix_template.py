"""Workbooks in the forms of check-ups hold the matrix's own numbers, in the form's order, and say that nobody has checked the form."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from geo.atlas import load_atlas
from geo.coverage.matrix import Matrix, matrix
from geo.errors import UnknownIdError
from geo.questions.matrix import MatrixQuestion
from geo.register.indicators import load_indicators
from geo.report import matrix_template
from geo.report.matrix_template import template_workbook, templates

ROWS = list(
    csv.DictReader((Path(matrix_template.__file__).parent / "matrix_templates.csv").open(encoding="utf-8"))
)


@pytest.fixture(scope="module", params=["zh", "en"])
def answer(request: pytest.FixtureRequest) -> tuple[Matrix, str]:
    question = MatrixQuestion.read({"as_of": "2021-12-31"})
    return matrix(load_atlas(), question=question, lang=request.param), request.param


def test_each_row_of_a_form_is_an_indicator_of_the_list() -> None:
    known = load_indicators(load_atlas().pack.root)
    assert {row["indicator_id"] for row in ROWS} <= set(known)
    assert list(dict.fromkeys(row["template"] for row in ROWS)) == list(templates())


@pytest.mark.parametrize("template", ["city_checkup", "complete_community"])
def test_a_workbook_has_the_matrix_s_shares_and_verdicts(answer: tuple[Matrix, str], template: str) -> None:
    made, lang = answer
    content = template_workbook(load_atlas(), made, template, lang)
    assert content == template_workbook(load_atlas(), made, template, lang)
    book = openpyxl.load_workbook(BytesIO(content))
    cover, zones, detail = book.worksheets
    listed = [row["indicator_id"] for row in ROWS if row["template"] == template]
    table = made.rounded()
    now = table[table["set"] == "as_of"].set_index(["zone", "indicator_id"])
    rows = list(zones.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == list(table["zone"].unique())
    for row in rows:
        for value, key in zip(row[1:], listed, strict=False):
            share = now.loc[(row[0], key), "share"]
            assert value == pytest.approx(100 * share, abs=0.051) if share == share else value is None  # noqa: PLR0124
        verdicts = now.loc[row[0]].reindex(listed)["verdict"]
        assert list(row[len(listed) + 1 :]) == [
            (verdicts == word).sum() for word in ("pass", "fail", "cannot_tell")
        ]
    assert detail.max_row - 1 == len(listed) * table["zone"].nunique() * 3
    said = "\n".join(str(cell.value) for line in cover.iter_rows() for cell in line)
    assert ("没有与任何文件的原文核对" if lang == "zh" else "not been checked") in said


def test_another_form_is_refused_with_those_that_there_are() -> None:
    made = matrix(load_atlas(), question=MatrixQuestion.read({"indicator": "metro_800"}))
    with pytest.raises(UnknownIdError, match="city_checkup"):
        template_workbook(load_atlas(), made, "../x", "zh")
