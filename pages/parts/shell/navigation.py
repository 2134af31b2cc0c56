"""The pages of the app, found by themselves: every module of ``pages/`` that has a ``PAGE`` is one. No list to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from geo.declarations import declared_alone
from pages.parts.shell import downloads, link, share
from pages.parts.shell.texts import t


@dataclass(frozen=True, slots=True)
class Page:
    """What a file of ``pages/`` says about itself.

    Attributes
    ----------
    title : str
        Message id of the name in the menu, in the browser's tab and in citations.
    icon : str
        As Streamlit writes it: ``:material/name:`` (https://fonts.google.com/icons).
    order : int
        Place in the menu; the page with the lowest number is the first one, at the root of the address.
    address : str
        Path of the page in links; by default the name of its file.
    by_plan : bool
        Whether it can be asked for another plan than the first; other pages speak of the first.
    is_wanted : callable
        Whether there is such a page here; asked in every run.
    for_work : bool
        A page of who plans, or keeps the register: it stands in a menu of its own, below the one of the public.
    """

    title: str
    icon: str
    order: int
    address: str = ""
    for_work: bool = False
    by_plan: bool = False
    is_wanted: Callable[[], bool] = lambda: True


def find_pages(package: ModuleType) -> dict[str, Page]:
    """File of each page -> what it says about itself, in the order of the menu.

    ``package`` is :mod:`pages`. A page is not read for it: what it needs is read when Streamlit runs its file.
    """
    found: dict[str, Page] = {str(file): page for file, page in declared_alone(package, "PAGE")}
    return dict(sorted(found.items(), key=lambda each: (each[1].order, each[0])))


def wanted_pages(package: ModuleType) -> dict[str, Page]:
    """The pages of :func:`find_pages` that there are here."""
    return {file: page for file, page in find_pages(package).items() if page.is_wanted()}


def page_list(package: ModuleType) -> dict[StreamlitPage, Page]:
    """Every page as Streamlit knows it, with its title in the language of the view, and what it says about itself; the first is home."""
    return {
        st.Page(
            file, title=t(page.title), icon=page.icon, url_path=page.address or None, default=at == 0
        ): page
        for at, (file, page) in enumerate(wanted_pages(package).items())
    }


def show_menus(pages: dict[StreamlitPage, Page], *, at_work: bool) -> None:
    """Links to the pages, which carry the view along, so that the address never has to be written twice.

    The public's, then one link to the pages of work; ``at_work``, these stand below in a line of their own.
    """
    at_desk = [shown for shown, page in pages.items() if page.for_work]
    with _line("pages"):
        _show_links(shown for shown, page in pages.items() if not page.for_work)
        st.page_link(
            at_desk[0], label=t("规划与登记"), icon=":material/work:", query_params=link.parameters()
        )
    if at_work:
        with _line("work_pages"):
            _show_links(at_desk)


def _line(key: str) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=key)


def _show_links(pages: Iterable[StreamlitPage]) -> None:
    for page in pages:
        st.page_link(page, query_params=link.parameters())


@st.fragment
def show_tools(page: StreamlitPage) -> None:
    """Download and share, on every page in one place; opening them does not run the page again."""
    with st.container(horizontal=True, width="content", key="page_tools"):
        downloads.show_downloads()
        share.show_share(page.title)
