"""Messages for when the database of the register cannot be reached, is full or is read-only."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.atlas import store_trouble
from geo.errors import AtlasError, StoreError
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text, escaped, t


def readable() -> bool:
    """Whether there is a state to show; shows why not, or that it is not the newest."""
    try:
        shared = atlas()
    except AtlasError as error:
        st.error(error_text(error), icon=":material/database_off:")
        return False
    trouble = store_trouble()
    if trouble is not None:
        st.warning(
            t(
                "登记库暂时读不到：下面是最后一次读到的状态（版本 {version}），期间的改动还看不到。{why}",
                version=escaped(shared.version),
                why=error_text(trouble),
            ),
            icon=":material/database_off:",
        )
    return True


def run(page: Callable[[], None]) -> None:
    """Run a page; an error of the database is shown above it."""
    place = st.container()
    try:
        page()
    except StoreError as error:
        place.error(error_text(error), icon=":material/database_off:")
