"""``/api/feed``: what the register learnt lately, as Atom; of everything, of one promise, of one district."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from geo.questions.works import FeedQuestion
from layers.feeds import MEDIA_TYPE, Topic, feed
from layers.http import Analysis, read_query, respond

FEED: Final = Analysis(
    "/feed", FeedQuestion, "What the register learnt lately, as an Atom feed", kinds=(MEDIA_TYPE,)
)


async def endpoint(request: Request) -> Response:
    """The feed; its entries lead to the cards of the app."""

    def make(lang: str) -> Response:
        from geo.atlas import load_atlas

        given, _form = read_query(request.query_params, FEED.question, FEED.form)
        question = FeedQuestion.read(given)
        base = str(request.url.replace(query="")).rstrip("/").removesuffix("/api/feed")
        content = feed(
            load_atlas().for_question(question.plan, [question.item] if question.item else ()),
            Topic(question.item, question.district),
            question.as_of,
            lang,
            own=str(request.url),
            address_of=lambda work_id: (
                f"{base}/?{urlencode({'work': work_id, 'scope': 'all', 'lang': lang})}"
            ),
        )
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type=MEDIA_TYPE, headers=headers)

    return await respond(request, make)
