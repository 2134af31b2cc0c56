"""From the places of a scenario to the siting page, in one click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pages.parts.shell import link

MOST_OWN: Final = 50
"""Own sites that the pages compare at most; the command line takes more."""


def open_siting(kind: str, radius: int, lines: Sequence[str], districts: Sequence[str]) -> None:
    """Open the siting page with the places of a scenario as one's own sites (in the body of a page)."""
    link.put("what", f"kind:{kind}")
    link.put("sr", str(radius))
    link.put("k", str(len(lines)))
    link.put_list("own", list(lines)[:MOST_OWN])
    link.put_list("at", list(districts))
    link.put("goal", None)
    link.put("cand", None)
    st.switch_page("siting.py", query_params=link.parameters())
