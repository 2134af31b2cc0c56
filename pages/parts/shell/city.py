"""Which city a session is of, in a process with several: the one whose address it was opened at, for as long as it lives."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.cities import CityFolder, add_source, city_called, current, has_several
from geo.city_list import city_names
from geo.text import LANGUAGES
from layers.city_addresses import HEADER
from pages.parts.shell import html
from pages.parts.shell.texts import language

_OF: Final = "_city"


def of_session() -> CityFolder | None:
    """The city of the address that this session was opened at; None outside a session, and at an address without ``/c/``."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    slug = st.context.headers.get(HEADER)
    return city_called(slug) if slug else None


add_source(of_session)


def begin() -> None:
    """At the start of a run: a session that comes back at another city's address starts anew; nothing of it is carried over."""
    city = current()
    slug, state = city.slug if city else "", st.session_state
    if state.get(_OF, slug) != slug:
        for key in list(state):
            del state[key]
    state[_OF] = slug


def show_choice() -> None:
    """The cities to go to, each a link to this very page of it; nothing where there is one."""
    here = current()
    if here is None or not has_several():
        return
    names = city_names()
    links = [
        {"name": names[slug][language()], "address": page_of(slug), "here": slug == here.slug}
        for slug in names
    ]
    html.show("city_choice.html", here=names[here.slug][language()], links=links)


def page_of(slug: str, page: str | None = None) -> str:
    """Address of a page of a city; of the page that is shown where none is given.

    Only the language goes along: days, districts and works are another city's.
    """
    if page is None:
        own = urlsplit(st.context.url or "").path
        page = own.removeprefix(html.base_path()).strip("/")
    words = {"lang": language()} if language() != LANGUAGES[0] else {}
    return f"{html.server_path()}{city_called(slug).address}/{page}" + (
        f"?{urlencode(words)}" if words else ""
    )
