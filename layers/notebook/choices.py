"""Checks what a notebook asks a layer to show: unknown words are refused by name, never ignored."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from geo.errors import ParameterError, UnknownIdError
from geo.register.city import Atlas
from geo.register.selection import Selection
from geo.text import LANGUAGES
from geo.text import mark as _
from geo.values import read_day
from geo.vocabulary import CERTAINTIES, STATUSES
from layers.map.element import MapView

DATUMS: Final = ("WGS84", "GCJ02")


def checked_view(
    atlas: Atlas,
    as_of: date | str | None,
    lists: Mapping[str, Iterable[str] | str],
    *,
    scope: str = "plan",
    shade: Mapping[str, float] | None = None,
) -> MapView:
    """Day and filter of a map.

    Parameters
    ----------
    atlas : Atlas
        Whose categories and districts may be named.
    as_of : date or str, optional
        The day, such as ``"2021-12-31"``; today for None.
    lists : mapping
        ``categories, districts, statuses, certainties``: ids, or one id as a text.
    scope : str
        One of :data:`geo.register.selection.SCOPES`.
    shade : mapping, optional
        District code -> 0 to 1.

    Returns
    -------
    MapView

    Raises
    ------
    ParameterError
        No such day or scope.
    UnknownIdError
        An id that is not known; the message lists those that are.
    """
    known: dict[str, tuple[str, ...]] = {
        "categories": tuple(map(str, atlas.vocabulary("categories").index)),
        "districts": tuple(map(str, atlas.districts.index)),
        "statuses": STATUSES,
        "certainties": CERTAINTIES,
    }
    chosen = {name: _checked_ids(ids, known[name]) for name, ids in lists.items()}
    shown = (
        None
        if shade is None
        else {str(code): float(value) for code, value in shade.items() if not math.isnan(value)}
    )
    return MapView(day_of(as_of), Selection(scope=scope, **chosen), shown)


def day_of(as_of: date | str | None) -> date:
    """A day, from a text as well; today for None."""
    return as_of if isinstance(as_of, date) else read_day(as_of or "")


def _checked_ids(ids: Iterable[str] | str, known: tuple[str, ...]) -> tuple[str, ...]:
    given = (ids,) if isinstance(ids, str) else tuple(map(str, ids))
    for value in given:
        if value not in known:
            raise UnknownIdError(
                _("没有编号 {value}。"), hint=_("可用：{known}。"), value=value, known="、".join(known)
            )
    return given


def checked_language(lang: str) -> str:
    """The language; ``ParameterError`` for one that there are no texts in."""
    return _one_of("lang", lang, LANGUAGES)


def checked_datum(datum: str) -> str:
    """The system of coordinates of tiles; ``ParameterError`` for another than :data:`DATUMS`."""
    return _one_of("datum", datum, DATUMS)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ParameterError(
            _("参数 {name} 的值“{value}”不可用。"),
            hint=_("可用：{known}。"),
            name=name,
            value=value,
            known="、".join(allowed),
        )
    return value
