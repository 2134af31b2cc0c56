"""What the first map of a start asks for, answered from memory: the tables, folium and the layers' code need not be read for it.

Only the plain question is answered here, of the first plan; everything else, and whatever is not remembered, goes on to the routes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.text import read_language
from layers.api.json_answer import json_head, json_response
from layers.api.layer_memory import recalled
from layers.api.map_memory import (
    DATUMS,
    address_question,
    config_question,
    layer_question,
    page_question,
    recalled_answer,
)
from layers.api.map_page import map_response
from layers.start_page import NEWEST_MAP

_LAYER: Final = re.compile(r"/layers/([a-z0-9_]{1,60})\.json")
_KNOWN: Final = frozenset({"lang", "v", "datum"})


Answer = Callable[[], Response | None]
"""Looks in the memory: None where the answer must be made."""


def first_answer(request: Request, below: str) -> Answer | None:
    """How a question of a first map is answered from memory.

    Parameters
    ----------
    request : Request
    below : str
        The address below ``/atlas``.

    Returns
    -------
    callable or None
        None for any other question.
    """
    if (
        request.method != "GET"
        or not request.query_params.keys() <= _KNOWN
        or "if-none-match" in request.headers
    ):
        return None
    lang = read_language(request.query_params.get("lang"))
    if layer := _LAYER.fullmatch(below):
        return partial(_layer, request, layer[1], lang)
    answer = _ANSWERS.get(below)
    return partial(answer, request, lang) if answer else None


def _newest(_request: Request, lang: str) -> Response:
    """Address of the newest page below ``/atlas/``; null where it is not remembered: then the page of the app has it first."""
    address = recalled(address_question(lang))
    head = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return JSONResponse(None if address is None else address.decode(), headers=head)


def _page(_request: Request, lang: str) -> Response | None:
    page = recalled(page_question(lang))
    return None if page is None else map_response(page.decode())


def _config(request: Request, lang: str) -> Response | None:
    found = recalled_answer(config_question(lang))
    if found is None:
        return None
    version, body = found
    return json_response(request, body, json_head(request, version, f"{version}-{lang}"))


def _layer(request: Request, layer_id: str, lang: str) -> Response | None:
    datum = request.query_params.get("datum", DATUMS[0])
    found = recalled_answer(layer_question(layer_id, lang, datum))
    if found is None:
        return None
    version, body = found
    return json_response(request, body, json_head(request, version, f"{version}-{lang}-{datum}"))


_ANSWERS: Final[Mapping[str, Callable[[Request, str], Response | None]]] = {
    NEWEST_MAP: _newest,
    "/map": _page,
    "/config.json": _config,
}
