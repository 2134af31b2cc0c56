"""Closes requests whose body comes too slowly: a body has a time to arrive, and no place in the server beyond it."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECE_S: Final = 10.0
"""The next piece of a body comes within this."""
BODY_S: Final = 120.0
"""The whole body comes within this: 200 MB at 14 Mbit/s."""


class BodyTimeLimit:
    """Answers 408 where a body, or its next piece, does not come in time; then the connection is closed.

    Parameters
    ----------
    app : ASGIApp
    piece_s, body_s : float
        Seconds for the next piece, and for all of it.
    """

    def __init__(self, app: ASGIApp, piece_s: float = PIECE_S, body_s: float = BODY_S) -> None:
        self.app, self.piece_s, self.body_s = app, piece_s, body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass while its body comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        end, complete, late, started = monotonic() + self.body_s, False, False, False

        async def in_time() -> Message:
            nonlocal complete, late
            if complete or late:
                return await receive() if complete else {"type": "http.disconnect"}
            try:
                message = await asyncio.wait_for(receive(), min(self.piece_s, max(end - monotonic(), 0.01)))
            except TimeoutError:
                late = True
                return {"type": "http.disconnect"}
            complete = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if late and not started:  # whatever the app makes of a body that did not come
                return
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, in_time, watched)
        finally:
            if late and not started:
                answer = PlainTextResponse("request body too slow", 408, {"Connection": "close"})
                await answer(scope, receive, send)
