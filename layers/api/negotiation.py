"""Which form an answer has: the word ``f``, else what the reader accepts, by its weights."""

from __future__ import annotations

from typing import Final

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from geo.errors import ParameterError
from geo.text import mark as _
from layers.api.operations import GEOJSON, JSON, OPENAPI, SCHEMA, Operation

_KINDS_OF_JSON: Final = (GEOJSON, SCHEMA, OPENAPI)
"""What a reader of plain JSON can read too."""


def form(operation: Operation, requested: str, accept: str) -> str:
    """The word of the format to answer in.

    Parameters
    ----------
    operation : Operation
    requested : str
        Word of ``f``; empty for none.
    accept : str
        ``Accept`` header; if it names nothing that is offered, the first format is given, as HTTP allows.

    Returns
    -------
    str
        A key of ``operation.formats``.

    Raises
    ------
    ParameterError
        A word that this address has no format for.
    """
    formats = operation.formats
    if requested and requested not in formats:
        raise ParameterError(
            _("参数 f：没有格式“{value}”。"),
            hint=_("可用：{known}。"),
            value=requested[:40],
            known="、".join(formats),
        )
    if requested:
        return requested
    offered = [(kind, word) for word, kind in formats.items()]
    offered += [(JSON, word) for kind, word in offered if kind in _KINDS_OF_JSON]
    best = parse_accept_header(accept or "*/*", MIMEAccept).best_match([kind for kind, _word in offered])
    return next((word for kind, word in offered if kind == best), next(iter(formats)))
