"""Rows that could not go in, as a file to correct and bring again: as they came, and a column that says what is wrong."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

import pandas as pd

from geo.errors import ParameterError
from geo.export import neutralise
from geo.ingest.findings import Finding
from geo.ingest.words import is_blank
from geo.text import mark as _

PROBLEMS: Final = "导入问题"
DECISION: Final = "导入决定"
"""The importer reads this column: 保留, 跳过, or the id of a known work; the other one it ignores."""
FORMS: Final = ("csv", "xlsx")


def rejected_file(frame: pd.DataFrame, findings: Iterable[Finding], form: str, lang: str) -> bytes:
    """Rows with their columns, a column for the person's decision, and what is wrong with each.

    Parameters
    ----------
    frame : DataFrame
        The rows as the file had them.
    form : {"csv", "xlsx"}
        CSV is UTF-8 with a byte order mark, so that spreadsheets read it.

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
    for found in findings:
        if found.row is not None and found.level != "warning":
            named = found.column or found.field
            wrong.setdefault(found.row, []).append(
                f"{named}：{found.text(lang)}" if named else found.text(lang)
            )
    out = frame.drop(columns=[PROBLEMS], errors="ignore").astype(object)
    out = out.map(lambda cell: None if is_blank(cell) and not isinstance(cell, str) else cell)
    if DECISION not in out:
        out[DECISION] = None
    out[PROBLEMS] = ["；".join(wrong.get(int(row), [])) for row in frame.index]
    if form == "csv":
        return b"\xef\xbb\xbf" + neutralise(out).to_csv(index=False, lineterminator="\n").encode()
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": _PLAIN}) as writer:
        out.to_excel(writer, index=False, sheet_name="rejected")
        writer.sheets["rejected"].autofit()
        writer.sheets["rejected"].freeze_panes(1, 0)
    return buffer.getvalue()


_PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
