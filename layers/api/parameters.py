"""The words of an address, checked before pygeoapi sees them: it drops what it does not know and breaks on what is odd."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request

from geo.errors import ParameterError
from geo.questions.question import check_names
from geo.text import mark as _
from layers.api.dates import read_span, write_span
from layers.api.filtering.text import JSON, LANGUAGES, is_json, read_tree
from layers.api.operations import Operation
from layers.api.places import CRS84, in_degrees, read_numbers

_LONGEST: Final = 2000
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_CHOICES: Final = {"skipGeometry": ("true", "false"), "resulttype": ("results", "hits")}
LANG: Final = ("f", "lang")


def check(
    request: Request,
    operation: Operation,
    fields: Mapping[str, Any],
    systems: tuple[str, ...],
    more: tuple[str, ...] = (),
) -> dict[str, str]:
    """The words of a request as pygeoapi reads them; an empty word is no word.

    Parameters
    ----------
    request : Request
    operation : Operation
    fields : mapping
        Columns of the collection, which may be parameters too.
    systems : tuple of str
        Addresses of the coordinate systems that are given.
    more : tuple of str
        Words that the collection knows there besides.

    Returns
    -------
    dict of str

    Raises
    ------
    ParameterError
        Names the parameter, what was given and what is allowed.
    """
    words: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if len(value) > _LONGEST or "\0" in value or "\0" in name:
            raise ParameterError(_("参数 {name} 太长或含有不可用的字符。"), name=name[:40])
        if name in words and words[name] != value:
            raise ParameterError(_("参数 {name} 写了两次。"), name=name[:40])
        words[name] = value
    check_names(words, (*operation.parameters, *more, *LANG, *(fields if operation.fields else ())))
    words = {name: value for name, value in words.items() if value}
    for name in ("crs", "bbox-crs", "filter-crs"):
        _check_choice(words, name, systems)
    if operation.fields:
        _check_items(words, fields)
    return words


def _check_items(words: dict[str, str], fields: Mapping[str, Any]) -> None:
    for name, least in (("limit", 1), ("offset", 0)):
        if name in words and not (_WHOLE.fullmatch(words[name]) and int(words[name]) >= least):
            raise _not_allowed(name, words[name], f"{least} … 999999999999999")
    for name, choices in _CHOICES.items():
        _check_choice(words, name, choices)
    if "datetime" in words:
        words["datetime"] = write_span(read_span(words["datetime"]))
    _check_box(words)
    _check_filter(words)
    for name in ("sortby", "properties"):
        _check_list(words, name, fields)


def _check_choice(words: Mapping[str, str], name: str, choices: tuple[str, ...]) -> None:
    if name in words and words[name] not in choices:
        raise _not_allowed(name, words[name], "、".join(choices))


def _check_box(words: dict[str, str]) -> None:
    if "bbox" in words:
        box = in_degrees(read_numbers(words["bbox"]), words.pop("bbox-crs", CRS84))
        words["bbox"] = ",".join(repr(number) for number in box)
    elif "bbox-crs" in words:
        raise ParameterError(_("参数 bbox-crs 要和 bbox 一起写。"))


def _check_filter(words: dict[str, str]) -> None:
    language = words.pop("filter-lang", "")
    text = words.get("filter", "")
    if language and language not in LANGUAGES:
        raise _not_allowed("filter-lang", language, "、".join(LANGUAGES))
    if not text:
        return
    if language and (language == JSON) != is_json(text):
        raise ParameterError(_("参数 filter 不是 {language}。"), language=language)
    read_tree(text)


def _check_list(words: dict[str, str], name: str, fields: Mapping[str, Any]) -> None:
    """A list of columns; empty places in it are no columns, and a plus in an address is a space."""
    if name not in words:
        return
    parts = [part.strip() for part in words[name].split(",") if part.strip(" +-")]
    for part in parts:
        column = part.removeprefix("+").removeprefix("-") if name == "sortby" else part
        if column not in fields:
            check_names({column: ""}, tuple(fields))
    if parts:
        words[name] = ",".join(parts)
    else:
        del words[name]


def _not_allowed(name: str, value: str, allowed: str) -> ParameterError:
    return ParameterError(
        _("参数 {name}：“{value}”不可用。"),
        hint=_("可用：{known}。"),
        name=name,
        value=value[:60],
        known=allowed,
    )
