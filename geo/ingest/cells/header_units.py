"""The unit that a header names: in brackets, after ``单位：``, at its end, or cut off where a field's name must be short."""

from __future__ import annotations

import re
from typing import Final

from geo.ingest.cells.header_terms import tidy
from geo.ingest.cells.values import read_unit

_BRACKETED: Final = re.compile(r"[(\[【〔/](?P<inside>[^()\[\]【】〔〕/]+)[)\]】〕]?")
_OWN_BRACKETS: Final = re.compile(r"[(\[【〔](?P<inside>[^()\[\]【】〔〕/]+)[)\]】〕]")
_STATED: Final = re.compile(r"(?:计量)?单位[::]?(?P<unit>.+)$")
_ASIDE: Final = re.compile(r"^(?:单位|以|按|计量单位)[::]?|计$")
_TIMES: Final = ("万", "亿", "千")
_TEXT: Final = re.compile(r"[A-Za-z0-9]")


def header_unit(column: str, usual: str = "") -> str:
    """The unit word of a header, ``""`` where it names none.

    Parameters
    ----------
    column : str
        ``建筑面积（万平方米）``, ``面积万㎡``, ``建筑面积 单位：万平米``, ``建筑面积万`` (cut off by the format), ``area_ha``.
    usual : str
        Unit of the kind of quantity: what a bare ``万`` counts.

    Returns
    -------
    str
        A word of :func:`geo.ingest.cells.values.read_unit`.
    """
    text = re.sub(r"\s+", "", tidy(column))
    own = text.rpartition("/")[2]  # a column's own brackets go before those of the group that it stands under
    for found in (*_OWN_BRACKETS.finditer(own), *_BRACKETED.finditer(text)):
        for part in (found["inside"], *re.split(r"[,、;]", found["inside"])):
            if unit := unit_of_text(_ASIDE.sub("", part), usual):
                return unit
    if (stated := _STATED.search(text)) and (unit := unit_of_text(stated["unit"], usual)):
        return unit
    return _ending(text, usual)


def unit_of_text(text: str, usual: str) -> str:
    """``text`` as a unit, a bare ``万`` as so many of the usual one; ``""`` if it is none."""
    if text in _TIMES and usual:
        return f"{text}{usual}"
    return text if read_unit(text) else ""


def _ending(text: str, usual: str) -> str:
    """The longest unit at the end of a header; a Latin one must stand apart from the letters before it."""
    for at in range(1, len(text)):
        before, word = text[at - 1], text[at:].lstrip("_-:. ")
        apart = not (_TEXT.match(before) and word[:1].isascii()) or text[at] in "_-:. "
        if word and apart and (unit := unit_of_text(word, usual)):
            return unit
    return ""
