"""``/api/promises`` and ``/api/districts``: what the charts of the pages show, as JSON, as CSV, and as pictures."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from geo.questions.works import DistrictsQuestion, PromisesQuestion
from geo.text import mark as _
from layers.http import Analysis, Language, read_query, respond

_KINDS: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}


class ChartForm(Language):
    """In which form a chart leaves."""

    form: Literal["json", "csv", "svg", "png"] = Field(
        "json", alias="format", title=_("格式"), description=_("json、csv，或图片 svg、png。")
    )


PROMISES: Final = Analysis(
    "/promises",
    PromisesQuestion,
    "Every promise with what has become of it and why; as a table, or as the chart of all of them",
    ChartForm,
    kinds=tuple(_KINDS.values()),
)
DISTRICTS: Final = Analysis(
    "/districts",
    DistrictsQuestion,
    "Districts in the order of a measure: value with range, rank with range, change over time; or map and bars as a picture",
    ChartForm,
    kinds=tuple(_KINDS.values()),
)


async def promises_endpoint(request: Request) -> Response:
    """The answer to what has become of the promises."""

    def make(lang: str) -> Response:
        given, form = read_query(request.query_params, PROMISES.question, ChartForm)
        question = PromisesQuestion.read(given)
        return _response(f"promises-{question.as_of}", form.form, _promises(question, form.form, lang))

    return await respond(request, make)


async def districts_endpoint(request: Request) -> Response:
    """The answer to how districts compare."""

    def first() -> list[Any]:
        from geo.atlas import load_atlas
        from geo.report.compare.measures import get_measure
        from layers.analysis.districts import coverage_question
        from layers.analysis.matrix import matrix_answer

        given, _form = read_query(request.query_params, DISTRICTS.question, ChartForm)
        question = DistrictsQuestion.read(given)
        heavy = coverage_question(get_measure(load_atlas(), question.measure), question.as_of, question.plan)
        return matrix_answer.ahead(heavy, "zh") if heavy else []

    def make(lang: str) -> Response:
        given, form = read_query(request.query_params, DISTRICTS.question, ChartForm)
        question = DistrictsQuestion.read(given)
        name = f"districts-{question.measure}-{question.as_of}"
        return _response(name, form.form, _districts(question, form.form, lang))

    return await respond(request, make, first)


def _promises(question: PromisesQuestion, form: str, lang: str) -> bytes:
    from geo.atlas import load_atlas
    from geo.report.front import promises_csv
    from geo.report.picture import png_of
    from geo.report.promise.overview import outcome_picture
    from layers.analysis.districts import front_on

    atlas, day = load_atlas(plan=question.plan), question.as_of
    shown = front_on(day, lang, question.plan)
    if form == "csv":
        return promises_csv(atlas, shown, lang)
    if form in ("svg", "png"):
        drawing = outcome_picture(atlas, day, shown.outcomes, lang)
        return png_of(drawing) if form == "png" else drawing.encode()
    rows = [
        {"item_id": one.item_id, "name": one.name, "outcome": one.outcome, "why": one.verdict.sentence}
        for one in shown.promises
    ]
    counts = {part.outcome: part.count for part in shown.outcomes.parts}
    about = {"as_of": day.isoformat(), "plan": atlas.pack.plan, "version": atlas.version}
    return _json(about | {"counts": counts, "rows": rows})


def _districts(question: DistrictsQuestion, form: str, lang: str) -> bytes:
    from geo.atlas import load_atlas
    from geo.report.compare.sheet import ranking_csv, ranking_frame, sheet
    from geo.report.picture import png_of
    from geo.table import records
    from layers.analysis.districts import district_ranking

    atlas = load_atlas(plan=question.plan)
    ranking = district_ranking(question.measure, question.as_of, question.plan)
    if form == "csv":
        return ranking_csv(atlas, ranking, lang)
    if form in ("svg", "png"):
        drawing = sheet(atlas, ranking, lang).picture
        return png_of(drawing) if form == "png" else drawing.encode()
    return _json(
        {
            "measure": question.measure,
            "definition": ranking.measure.text(lang),
            "as_of": question.as_of.isoformat(),
            "version": atlas.version,
            "rows": records(ranking_frame(ranking, lang)),
            "history": ranking.history,
        }
        | atlas.pack.plan_inputs
    )


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()


def _response(name: str, form: str, content: bytes) -> Response:
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if form != "json":
        headers["Content-Disposition"] = f'inline; filename="{name}.{form}"'
    return Response(content, media_type=_KINDS[form], headers=headers)
