"""``/api/progress``: the four numbers as JSON, the same as ``python -m geo progress`` and the pages."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.errors import AtlasError


async def endpoint(request: Request) -> Response:
    """Words: ``as_of``, ``by`` (item, category, district, line)."""
    words = request.query_params
    lang = words.get("lang", "zh")
    try:
        body = await run_in_threadpool(answer, words.get("as_of", "")[:40], words.get("by", "item")[:40])
    except AtlasError as error:
        return JSONResponse({"error": error.text(lang)}, status_code=400)
    return JSONResponse(body, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})


def answer(as_of: str, by: str) -> dict[str, Any]:
    """Rows of :func:`geo.register.progress.progress` (or ``line_progress``) with what was asked and the version of the data."""
    from geo.atlas import load_atlas
    from geo.register.progress import line_progress, progress
    from geo.table import records
    from geo.values import read_day

    atlas, day = load_atlas(), read_day(as_of)
    frame = (
        line_progress(atlas.register, atlas.districts, day)
        if by == "line"
        else progress(atlas.register, day, by)
    )
    return {"as_of": day.isoformat(), "by": by, "version": atlas.version, "rows": records(frame)}
