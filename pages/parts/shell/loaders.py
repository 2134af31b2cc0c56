"""Data that pages read, cached for the whole process. Data frames are shared: never change one in place."""

from __future__ import annotations

from datetime import date
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from geo.atlas import load_atlas, load_gazetteer, store_url
from geo.cities import current_slug
from geo.display import code_labels
from geo.display.code_labels import CodeNames
from geo.register.city import Atlas
from geo.register.progress import line_progress, progress
from pages.parts.shell.texts import language

if TYPE_CHECKING:
    from geo.register.near import Near
    from geo.store import Store

PLAN: Final = "_plan"
"""In the session's state: the plan that the page is asked for (:mod:`pages.parts.shell.plan_choice`)."""


def chosen_plan() -> str:
    """The plan that the page is asked for: an id, ``all``, or empty for the first."""
    return str(st.session_state.get(PLAN) or "")


def plan_query() -> dict[str, str]:
    """The plan as a parameter of questions and addresses; nothing for the first."""
    return {"plan": plan} if (plan := chosen_plan()) else {}


def atlas() -> Atlas:
    """The loaded city pack, as the plan sees it that the page is asked for."""
    return load_atlas(plan=chosen_plan())


def program_name() -> str:
    """What this program is called in the city, in the language of the view."""
    return atlas().city.program_name(language())


def district_names(*, with_city: bool = False) -> dict[str, str]:
    """Code -> name of every district (and of the city), in the language of the view."""
    shared, lang = atlas(), language()
    names = {str(code): str(name) for code, name in shared.districts[f"name_{lang}"].items()}
    return names | ({shared.city.code: shared.city.name(lang)} if with_city else {})


def store() -> Store:
    """The store of the city's register to write to; it is made where there is none. To read, ask :func:`store_to_read`."""
    return _store(current_slug())


@st.cache_resource
def _store(slug: str) -> Store:  # noqa: ARG001 (slug is the cache key; Streamlit leaves out names that begin with _)
    from geo.store import open_store

    return open_store()


def store_to_read() -> Store:
    """The register's store; where nothing was ever written, one of the pack alone that ends with this process."""
    return store() if store_url() else _store_of_the_pack(current_slug())[0]


@st.cache_resource
def _store_of_the_pack(slug: str) -> tuple[Store, TemporaryDirectory[str]]:  # noqa: ARG001 (slug is the cache key)
    from geo.store import open_store

    folder = TemporaryDirectory(prefix="atlas-pack-")  # returned too: it goes when nobody holds it any more
    return open_store(f"sqlite:///{folder.name}/atlas.db"), folder


@st.cache_resource(max_entries=64)
def progress_on(as_of: date, by: str, version: str) -> pd.DataFrame:  # noqa: ARG001 (version is the cache key)
    """Progress on a day; ``version`` is the pack's, so that a changed pack is read anew."""
    return progress(atlas().register, as_of, by)


@st.cache_resource(max_entries=64)
def state_on(as_of: date, version: str) -> pd.DataFrame:  # noqa: ARG001
    """State of every work on a day."""
    return atlas().register.state(as_of)


@st.cache_resource(max_entries=16)
def lines_on(as_of: date, version: str) -> pd.DataFrame:  # noqa: ARG001
    """Kilometres of every line by district on a day."""
    shared = atlas()
    return line_progress(shared.register, shared.line_shares, as_of)


@st.cache_resource(max_entries=256)
def near_on(place_id: str, as_of: date, scope: str, version: str) -> Near | None:  # noqa: ARG001
    """What is near a place that the search knows, :func:`geo.register.near.near`; None where it has no position."""
    from geo.register.near import near
    from geo.register.positions import position_of

    position = position_of(atlas(), load_gazetteer(), place_id, as_of)
    return near(atlas(), position, as_of=as_of, scope=scope) if position else None


def example_place() -> tuple[str, str]:
    """Longitude and latitude in the middle of the city, to show how a place is written."""
    lon, lat = atlas().middle
    return f"{lon:.6f}", f"{lat:.6f}"


def code_names() -> CodeNames:
    """Field -> code -> name of the pack's own codes, in the language of the view."""
    return code_labels.code_names(atlas(), language())
