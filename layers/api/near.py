"""``/api/near``: what is near a place as JSON, the same as ``python -m geo near`` and the page."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.questions.near import NearQuestion
from layers.http import Analysis, read_query, respond

NEAR: Final = Analysis(
    "/near",
    NearQuestion,
    "Works near a place by certain and possible distance, the nearest stations and bus stop",
)


async def endpoint(request: Request) -> Response:
    """The answer to a question what is near a place."""

    def make(lang: str) -> Response:
        from geo.atlas import load_atlas, load_gazetteer
        from geo.display.near_text import answer

        given, _form = read_query(request.query_params, NEAR.question, NEAR.form)
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        found = answer(load_atlas(), load_gazetteer(), NearQuestion.read(given), lang)
        return JSONResponse(found, headers=headers)

    return await respond(request, make)
