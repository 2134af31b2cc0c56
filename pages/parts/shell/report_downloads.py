"""Reports and printed maps among the downloads of a page; they are made when their button is pressed."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd

from geo.files import stem_of, title_of
from geo.report import ReportRequest, year_before
from layers.report.build import FORMS, report_name
from layers.report.files import report_file, works_picture
from pages.parts.shell import downloads
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import language, t


def offer_report(code: str, as_of: date) -> None:
    """The report of a district, or of the city for an empty code, as PDF and as a web page."""
    shared = atlas()
    request = ReportRequest(code, as_of, year_before(as_of), language())
    for form, label in (("pdf", t("进展报告（PDF）")), ("html", t("进展报告（网页）"))):
        name = report_name(shared, request, form)
        downloads.offer(
            downloads.Extra(
                label,
                name,
                FORMS[form],
                partial(report_file, request, form),
                ":material/description:",
            )
        )


def offer_picture(rows: pd.DataFrame, as_of: date, districts: tuple[str, ...] = ()) -> None:
    """The map of the works in view, as PNG and SVG; one district alone fills the sheet."""
    shared, lang = atlas(), language()
    focus = districts[0] if len(districts) == 1 else ""
    title = f"{title_of(shared, districts, lang)} · {t('截至 {day}', day=as_of.isoformat())}"
    ids = tuple(map(str, rows.index))
    stem = f"{stem_of(shared, districts, what='map')}-{as_of.isoformat()}"
    for form, mime, label in (
        ("png", "image/png", t("地图图片（PNG）")),
        ("svg", "image/svg+xml", t("地图图片（SVG）")),
    ):
        make = partial(works_picture, ids, as_of, lang, focus, title, form)
        downloads.offer(downloads.Extra(label, f"{stem}.{form}", mime, make, ":material/image:"))
