"""The language of the page: Chinese first, English by one switch that is part of every link."""

from __future__ import annotations

import streamlit as st

from geo.text import LANGUAGES, translate
from pages.parts import link

_NAMES = {"zh": "中文", "en": "English"}


def language() -> str:
    """``zh`` or ``en``, as the link or the switch says."""
    value = st.session_state.get("lang")
    return value if value in LANGUAGES else "zh"


def language_switch() -> None:
    """The switch itself, in the sidebar's first place."""
    link.seed("lang", LANGUAGES[0], LANGUAGES)
    with st.sidebar:
        st.segmented_control(
            "语言 Language", LANGUAGES, format_func=_NAMES.__getitem__, key="lang", required=True
        )
    link.keep("lang")


def t(message: str, **values: object) -> str:
    """``message`` (a Chinese catalogue id) in the page's language, its ``{fields}`` filled."""
    text = translate(message, language())
    return text.format(**values) if values else text
