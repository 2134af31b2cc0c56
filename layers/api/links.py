"""Links of the documents that pygeoapi writes: each leads somewhere, and says the type that it will answer with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from starlette.routing import compile_path

from layers.api.operations import OPERATIONS, Operation

_TEMPLATE: Final = re.compile(r"\{(tileMatrixSetId|tileMatrix|tileRow|tileCol)\}")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PAGED: Final = ("next", "prev")
_SAME: Final = ("self", "alternate")


def mend(document: Any, url: str, query: Mapping[str, str]) -> Any:
    """A document with its links mended, also those inside it.

    Parameters
    ----------
    document : any
        What pygeoapi answers, before it is written.
    url : str
        Address of the API.
    query : mapping
        The parameters of this request as the reader wrote them, for links to the same answer.

    Returns
    -------
    any
        Without links to what is not offered (processes, jobs, formats that an address has not).
    """
    found = _mended(document, url)
    if "$schema" in found:
        return _schema(found)
    if isinstance(found.get("links"), list):
        found["links"] = [_same_question(link, query) for link in found["links"]]
    return found


def _schema(document: dict[str, Any]) -> dict[str, Any]:
    """A schema is named by its address alone, and describes no other properties."""
    address = document["$id"].partition("?")[0]
    return document | {"$schema": _DIALECT, "$id": address, "additionalProperties": False}


def _mended(part: Any, url: str) -> Any:
    if isinstance(part, list):
        mended = [(one, _mended(one, url)) for one in part]
        return [done for one, done in mended if done is not None or not isinstance(one, dict)]
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("href"), str) and "rel" in part:
        return _link(part, url)
    if part.get("type") == "Feature":  # properties and geometries have no links: nothing to walk through
        return part | ({"links": _mended(part["links"], url)} if "links" in part else {})
    return {name: _mended(value, url) for name, value in part.items()}


def _link(link: dict[str, Any], url: str) -> dict[str, Any] | None:
    """A link as it will be answered; None where nothing answers."""
    path, _mark, query = link["href"].replace("/TileMatrixSets", "/tileMatrixSets").partition("?")
    if not (path == url or path.startswith(f"{url}/")):
        return link
    template = _TEMPLATE.search(path)
    operation = operation_at(_TEMPLATE.sub("0", path.removeprefix(url)))
    words = dict(parse_qsl(query))
    if operation is None:
        return None
    if "f" not in words and link.get("type") == operation.formats.get("html"):
        words = {"f": "html"} | words
    form = words.get("f", next(iter(operation.formats)))
    if form not in operation.formats:
        return None
    marks = {"templated": True} if template else {}
    return link | {"href": _address(path, words), "type": operation.formats[form]} | marks


def _same_question(link: dict[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
    """A link to this very answer, or to another page or form of it, asks what was asked."""
    if link["rel"] not in (*_SAME, *_PAGED):
        return link
    path, _mark, query = link["href"].partition("?")
    words = dict(parse_qsl(query))
    own = {name: words[name] for name in ("f", "offset") if name in words}
    if link["rel"] in _PAGED:
        own = {"f": "json"} | own
    kept = {name: value for name, value in asked.items() if name != "f"}
    return link | {"href": _address(path, own | {**kept, **own})}


def _address(path: str, words: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(words, quote_via=quote, safe=',/:')}" if words else path


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], Operation]]:
    return [(compile_path(operation.path)[0], operation) for operation in OPERATIONS]


def operation_at(path: str) -> Operation | None:
    """What answers at a path below the API; None for nothing."""
    return next((operation for pattern, operation in _patterns() if pattern.match(path)), None)
