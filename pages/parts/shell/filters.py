"""The filters of the map and the list: widgets bound to the link, and what they mean for rows and for the map."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from geo.questions.works import SCOPES
from geo.register.city_facts import Days
from geo.register.selection import Selection
from geo.register.slider_days import slider_days
from geo.vocabulary import CERTAINTY_LABELS, STATUS_LABELS
from pages.parts.shell import link
from pages.parts.shell.loaders import atlas, district_names
from pages.parts.shell.texts import escaped, language, t, translated


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person wants to see. Empty tuples mean "everything"."""

    as_of: date
    categories: tuple[str, ...]
    districts: tuple[str, ...]
    statuses: tuple[str, ...]
    certainties: tuple[str, ...]
    scope: str

    def apply(self, state: pd.DataFrame) -> pd.DataFrame:
        """Rows of ``Register.state`` that pass; the same rule that the map applies in the browser."""
        return Selection(
            categories=self.categories,
            districts=self.districts,
            statuses=self.statuses,
            certainties=self.certainties,
            scope=self.scope,
        ).apply(state)

    def for_map(self) -> dict[str, object]:
        """The same filter as the map page reads it (JSON-serialisable, a few hundred bytes)."""
        return {
            "day": int(self.as_of.strftime("%Y%m%d")),
            "categories": list(self.categories) or None,
            "districts": list(self.districts) or None,
            "statuses": list(self.statuses) or None,
            "certainties": list(self.certainties) or None,
            "scope": self.scope,
            "pageHasDay": True,
        }


@lru_cache(maxsize=4)
def _days(span: Days, today: date, wanted: str) -> tuple[str, ...]:
    """The days of the slider, as they are written in the link."""
    return tuple(day.isoformat() for day in slider_days(span, today, wanted))


def _month(day: str) -> str:
    """``2021-12-31`` -> ``2021-12``; other days whole. The labels of all days are sent with every run."""
    whole = date.fromisoformat(day)
    return day[:7] if whole.day == calendar.monthrange(whole.year, whole.month)[1] else day


def date_slider() -> date:
    """The time slider; its day is in the link as ``as_of``."""
    span = atlas().city.days
    today = span.within(date.today())
    days = _days(span, today, link.get("as_of") or "")
    st.select_slider(
        t("截至日期"),
        days,
        link.start("as_of", today.isoformat(), days),
        format_func=_month,
        key="as_of",
        help=t(
            "拖动可看 {first} 至 {last} 年任一天所知的状态：只计到那天为止已证实的事件。",
            first=span.first.year,
            last=span.last.year,
        ),
    )
    return date.fromisoformat(link.record("as_of"))


_MAP_LISTS = {
    "categories": "category",
    "districts": "district",
    "statuses": "status",
    "certainties": "certainty",
}
"""The map's lists of the filter, and the widgets that they are."""


def choose(event: dict[str, Any]) -> None:
    """Set one of the filter's widgets as the map's legend asks (from a callback, before the next run).

    ``event`` has ``list`` and ``values``. What a page says is checked: a list or a value that does not exist is left out.
    """
    key, values = _MAP_LISTS.get(str(event.get("list")), ""), event.get("values")
    if key in st.session_state and isinstance(values, list):
        known = {
            "category": atlas().names("categories", language()),
            "district": district_names(),
            "status": STATUS_LABELS,
            "certainty": CERTAINTY_LABELS,
        }[key]
        st.session_state[key] = [value for value in known if value in values]


def show_day(day: date) -> None:
    """Move the time slider (from a callback, before the next run); a day beyond its ends is the nearer end."""
    wanted = atlas().city.days.within(day).isoformat()
    link.put("as_of", wanted)
    st.session_state["as_of"] = wanted


def _scopes() -> dict[str, str]:
    return dict(zip(SCOPES, (t("计划内"), t("加上可能属于的"), t("含其他年份与背景")), strict=True))


def choose_scope() -> str:
    """Which works are meant; the choice is in the link as ``scope``."""
    scopes = _scopes()
    begin = link.start("scope", SCOPES[0], SCOPES)
    st.selectbox(t("范围"), SCOPES, SCOPES.index(begin), format_func=scopes.__getitem__, key="scope")
    return str(link.record("scope"))


def _choices() -> dict[str, tuple[str, dict[str, str]]]:
    """The filters that have a list: key of the widget -> its label, and the name of each value."""
    return {
        "category": (t("类别"), atlas().names("categories", language())),
        "district": (t("区县"), district_names()),
        "status": (t("状态"), translated(STATUS_LABELS)),
        "certainty": (t("位置有多准"), translated(CERTAINTY_LABELS)),
    }


def filter_menu(as_of: date) -> Filters:
    """The filter widgets, behind a button: a first screen answers before it asks. Opening it does not run the page."""
    with st.popover(t("筛选"), icon=":material/tune:", key="filters", wrap=False):
        scope = choose_scope()
        chosen = {key: _choose(key, label, names) for key, (label, names) in _choices().items()}
    return Filters(
        as_of=as_of,
        categories=tuple(chosen["category"]),
        districts=tuple(chosen["district"]),
        statuses=tuple(chosen["status"]),
        certainties=tuple(chosen["certainty"]),
        scope=scope,
    )


def show_chosen() -> None:
    """Which filters are on, and a button that clears them; nothing where none is.

    The container is there in any case: what stands below it must not become another element of the page.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="filters_on"):
        scope = link.record("scope")
        words = [] if scope == SCOPES[0] else [_scopes()[scope]]
        for key, (_label, names) in _choices().items():
            words += [names[value] for value in link.record(key)]
        if words:
            st.caption(t("筛选：{filters}", filters=escaped(" · ".join(words))), width="content")
            st.button(t("清除筛选"), key="filters_off", type="tertiary", on_click=_clear)


def _clear() -> None:
    st.session_state["scope"] = SCOPES[0]
    for key in _MAP_LISTS.values():
        st.session_state[key] = []


def _choose(key: str, label: str, names: dict[str, str]) -> list[str]:
    begin = link.start(key, [], list(names))
    st.multiselect(
        escaped(label), list(names), begin, format_func=names.__getitem__, key=key, placeholder=t("全部")
    )
    return list(link.record(key))
