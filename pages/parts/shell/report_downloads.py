"""Reports and printed maps among the downloads of a page; they are made when their button is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from geo.display.view import VIEW_PARTS
from geo.files import stem_of
from geo.questions.works import PictureQuestion
from geo.report.request import ReportRequest, year_before
from layers.map.basemaps import available
from layers.report.files import report_file
from layers.report.report_names import FORMS, report_name
from pages.parts.shell import downloads
from pages.parts.shell.loaders import atlas, chosen_plan
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
                partial(report_file, request, form, chosen_plan()),
                ":material/description:",
            )
        )


def offer_picture(parameters: Mapping[str, str]) -> None:
    """The map as it is seen, as PNG and SVG: the frame, and every word of the view (:func:`geo.display.view.view_parameters`)."""
    shared, lang = atlas(), language()
    hidden = {part.link for part in VIEW_PARTS if not part.printed}
    given = {name: value for name, value in parameters.items() if name not in hidden}
    datum = next((base.datum for base in available() if base.id == parameters.get("base")), "WGS84")
    districts = tuple(code for code in parameters.get("district", "").split(",") if code)
    what = "coverage-map" if "kind" in parameters else "map"
    stem = f"{stem_of(shared, districts, what=what)}-{parameters['as_of']}"
    for form, mime, label in (
        ("png", "image/png", t("地图图片（PNG）")),
        ("svg", "image/svg+xml", t("地图图片（SVG）")),
    ):
        of_box = partial(_picture, given | {"format": form}, datum, lang)
        make = partial(of_box, "")
        downloads.offer(downloads.Extra(label, f"{stem}.{form}", mime, make, ":material/image:", of_box))


def _picture(parameters: Mapping[str, str], datum: str, lang: str, box: str) -> bytes:
    from layers.report.view import coverage_parameters, picture

    question = PictureQuestion.read(dict(parameters) | {"bbox": box})
    return picture(question, coverage_parameters(parameters), datum, lang)[0]
