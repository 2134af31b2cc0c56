"""``/api/progress``: the four numbers as JSON, the same as ``python -m geo progress`` and the pages."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.questions.works import ProgressQuestion
from layers.http import Analysis, read_query, respond

PROGRESS: Final = Analysis(
    "/progress", ProgressQuestion, "Target, named, placed and done; and whether each promise was kept"
)


async def endpoint(request: Request) -> Response:
    """The answer to a question on progress."""

    def make(_lang: str) -> Response:
        given, _form = read_query(request.query_params, PROGRESS.question, PROGRESS.form)
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return JSONResponse(answer(ProgressQuestion.read(given)), headers=headers)

    return await respond(request, make)


def answer(question: ProgressQuestion) -> dict[str, Any]:
    """Rows of :func:`geo.register.progress.progress` (or ``line_progress``) with the question and the version of the data."""
    from geo.atlas import load_atlas
    from geo.register.progress import line_progress, progress
    from geo.table import records

    atlas, day = load_atlas(plan=question.plan), question.as_of
    frame = (
        line_progress(atlas.register, atlas.line_shares, day)
        if question.by == "line"
        else progress(atlas.register, day, question.by)
    )
    return {
        "as_of": day.isoformat(),
        "by": question.by,
        "plan": atlas.pack.plan,
        "version": atlas.version,
        "rows": records(frame),
    }
