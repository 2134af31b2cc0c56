"""A filter as a person or program writes it, read into the tree that CQL2 JSON is; bounded, so that none can hold a worker."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cql2

from geo.errors import ParameterError
from geo.text import mark as _

MAX_LENGTH: Final = 1000
MAX_DEPTH: Final = 20
MAX_NODES: Final = 100
_NOT: Final = re.compile(r"\bnot\b|-{2}", re.IGNORECASE)
"""What nests without brackets."""
_PLACE: Final = re.compile(r"\b(\d+)(?::| column )(\d+)")
"""Where the libraries say, in words that are not for people, that a text ends to fit."""
TEXT: Final = "cql2-text"
JSON: Final = "cql2-json"
LANGUAGES: Final = (TEXT, JSON, "cql-text")
"""What ``filter-lang`` may be; ``cql-text`` is the older name of the first, which programs still send."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as a tree, and the system of its coordinates.

    Attributes
    ----------
    tree : any
        CQL2 JSON: ``{"op": "=", "args": [{"property": "status"}, "completed"]}``.
    crs : str
        Address of a coordinate system.
    """

    tree: Any
    crs: str


def read_tree(text: str) -> Any:
    """The tree of a filter of CQL2 text or JSON (which begins with a bracket); ``ParameterError`` says where it ends to fit."""
    _check_size(text)
    return _read(text)


@lru_cache(maxsize=64)
def _read(text: str) -> Any:
    try:
        if is_json(text):
            json.loads(text, parse_constant=_no_number)
        tree = cql2.parse_json(text).to_json() if is_json(text) else cql2.parse_text(_quotes(text)).to_json()
    except Exception as error:
        raise _unreadable(str(error)) from error
    if tree is None:  # what the library makes of a number without end
        raise _unreadable(text)
    _check_nodes(tree)
    return tree


def _unreadable(reason: str) -> ParameterError:
    hint = _("请写成 CQL2，例如 status = 'completed'。")
    if place := _PLACE.search(reason):
        line, column = place.groups()
        return ParameterError(
            _("读不懂 filter：第 {line} 行第 {column} 个字符起不合语法。"),
            hint=hint,
            line=line,
            column=column,
        )
    return ParameterError(_("读不懂 filter。"), hint=hint)


def _quotes(text: str) -> str:
    """CQL2 writes a quote in a text in two ways; the library reads the doubled one."""
    return text.replace("\\'", "''")


def is_json(text: str) -> bool:
    """Whether a filter is written as JSON: no text begins with a curly bracket."""
    return text.lstrip().startswith("{")


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _check_size(text: str) -> None:
    depth = deepest = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    nots = len(_NOT.findall(text))
    if len(text) > MAX_LENGTH or deepest > MAX_DEPTH * (2 if is_json(text) else 1) or nots > MAX_DEPTH:
        raise ParameterError(
            _("筛选式 filter 太长或嵌套太深。"),
            hint=_("至多 {length} 个字符、{depth} 层括号。"),
            length=MAX_LENGTH,
            depth=MAX_DEPTH,
        )


def _check_nodes(tree: Any) -> None:
    count, nodes = 0, [tree]
    while nodes:
        node = nodes.pop()
        count += 1
        if count > MAX_NODES:
            raise ParameterError(_("筛选式 filter 至多有 {n} 个部分。"), n=MAX_NODES)
        if isinstance(node, dict) and "op" in node:
            nodes.extend(node["args"])
        elif isinstance(node, list):
            nodes.extend(node)
