"""Rows that could not go in, as a file to correct and bring again: as they came, and a column that says what is wrong."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import pandas as pd

from geo.errors import ParameterError
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.header_terms import field_labels, is_blank
from geo.ingest.cells.own_columns import DECISION, PROBLEMS, ROW
from geo.reading.choices_sheet import IN_COLUMN, choices_text, sheet_rows
from geo.reading.choices_sheet import SHEET as TOLD_SHEET
from geo.table import neutralise
from geo.text import mark as _

SHEET: Final = "退回"
FORMS: Final = ("csv", "xlsx")


def rejected_name(name: str, day: date) -> str:
    """File name of the rejected rows of the file ``name`` (without folder), brought on ``day``."""
    stem = name.rpartition(".")[0] or name
    return f"退回-{stem.removeprefix('退回-')[:80]}-{day.isoformat()}.xlsx"


def rejected_file(
    frame: pd.DataFrame,
    findings: Iterable[Finding],
    form: str,
    lang: str,
    choices: Mapping[str, str] | None = None,
) -> bytes:
    """Rows with their columns, a column for the person's decision, and what is wrong with each.

    Parameters
    ----------
    frame : DataFrame
        The rows as the file had them.
    findings : iterable of Finding
    form : {"csv", "xlsx"}
        CSV is UTF-8 with a byte order mark, so that spreadsheets read it.
    lang : str
        ``zh`` or ``en``.
    choices : mapping, optional
        Choices made for the list (:func:`geo.ingest.plan.import_choices.choices_of`): a second sheet of a workbook, or a column of a
        text file, taken up when it returns.

    Returns
    -------
    bytes

    Raises
    ------
    ParameterError
        Another form.
    """
    if form not in FORMS:
        raise ParameterError(
            _("不能写成 {form} 文件。"), hint=_("可用：{known}。"), form=form, known="、".join(FORMS)
        )
    wrong: dict[int, list[str]] = {}
    names = field_labels(lang)
    for finding in findings:
        if finding.row is not None and finding.level != "warning":
            named = finding.column or names.get(finding.field, finding.field)
            wrong.setdefault(finding.row, []).append(
                f"{named}：{finding.text(lang)}" if named else finding.text(lang)
            )
    out = frame.drop(columns=[PROBLEMS, ROW, IN_COLUMN], errors="ignore").astype(object)
    out = out.map(lambda cell: None if is_blank(cell) and not isinstance(cell, str) else cell)
    if DECISION not in out:
        out[DECISION] = None
    out[PROBLEMS] = ["；".join(wrong.get(int(row), [])) for row in frame.index]
    out[ROW] = [int(row) for row in frame.index]
    if form == "csv":
        if choices:
            out[IN_COLUMN] = choices_text(choices)
        return b"\xef\xbb\xbf" + neutralise(out).to_csv(index=False, lineterminator="\n").encode()
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": _TEXT_ONLY}) as writer:
        out.to_excel(writer, index=False, sheet_name=SHEET)
        writer.sheets[SHEET].autofit()
        writer.sheets[SHEET].freeze_panes(1, 0)
        if choices:
            beside = writer.book.add_worksheet(TOLD_SHEET)
            for at, row in enumerate(sheet_rows(choices)):
                beside.write_row(at, 0, row)
            beside.autofit()
    return buffer.getvalue()


_TEXT_ONLY: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
