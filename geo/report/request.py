"""Which report is wanted: the district, the day, the day that progress is compared with, the language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from geo.errors import ParameterError, UnknownIdError
from geo.register.city import Atlas
from geo.register.selection import Selection
from geo.text import mark as _


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What report: ``district`` is a code, empty for the whole city; ``since`` is what progress is compared with."""

    district: str
    as_of: date
    since: date
    lang: str = "zh"


def year_before(day: date) -> date:
    """The same day a year earlier; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def check_request(atlas: Atlas, request: ReportRequest) -> None:
    """Refuse a district that is none, and a span that runs backwards."""
    if request.district and request.district not in atlas.districts.index:
        raise UnknownIdError(
            _("没有区县 {district}。"),
            hint=_("可用：{known}。"),
            district=request.district,
            known="、".join(map(str, atlas.districts.index)),
        )
    if request.since > request.as_of:
        raise ParameterError(
            _("比较日 {since} 在截至日期 {as_of} 之后。"),
            hint=_("请选更早的一天。"),
            since=request.since.isoformat(),
            as_of=request.as_of.isoformat(),
        )


def selected_works(atlas: Atlas, request: ReportRequest, day: date | None = None) -> pd.DataFrame:
    """Rows of the register that the report is about, on its day or another.

    Parameters
    ----------
    atlas : Atlas
    request : ReportRequest
        District, days and language.
    day : date or None
        Another day than the request's.

    Returns
    -------
    DataFrame
    """
    chosen = (request.district,) if request.district else ()
    return Selection(districts=chosen).apply(atlas.register.state(day or request.as_of))
