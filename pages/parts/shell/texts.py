"""The language of the page: Chinese first, English by one switch that is part of every link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import pandas as pd
import streamlit as st

from geo.errors import AtlasError
from geo.text import LANGUAGES, read_language, translate
from geo.vocabulary import system_label
from pages.parts.shell import link

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}

Key = TypeVar("Key")
_JOINER = "\u2060"  # has no width: Streamlit makes links of bare addresses after it has read the escapes
_LINK = re.compile(r"https?:|www(?=\.)|@", re.IGNORECASE)
_MARKDOWN = frozenset(r"\`*_{}[]()#+-.!|<>~$:&=^")


def language() -> str:
    """``zh`` or ``en``, as the link or the switch says."""
    return read_language(st.session_state.get("lang"))


def language_switch() -> None:
    """The switch itself, above everything: on a phone, too, it needs one tap."""
    link.seed("lang", LANGUAGES[0], LANGUAGES)
    with st.container(key="language", width="content"):
        st.segmented_control(
            "语言 Language",
            LANGUAGES,
            format_func=LANGUAGE_NAMES.__getitem__,
            key="lang",
            required=True,
            label_visibility="collapsed",
        )
    link.record("lang")
    if st.session_state.get("_language", language()) != language():
        link.renew_values()
    st.session_state["_language"] = language()


def t(message: str, **values: object) -> str:
    """``message`` (a Chinese catalogue id) in the page's language, its ``{fields}`` filled."""
    text = translate(message, language())
    return text.format(**values) if values else text


def system_name(system: str) -> str:
    """What planners call a system of coordinates, in the page's language."""
    return system_label(system, language())


def escaped(text: object) -> str:
    """Words of others as Streamlit shows them: one line, and nothing in it is Markdown, HTML, a picture, a formula or a link."""
    one_line = _LINK.sub(lambda found: found[0] + _JOINER, " ".join(str(text).split()))
    return "".join(f"\\{char}" if char in _MARKDOWN else char for char in one_line)


def escaped_table(frame: pd.DataFrame) -> pd.DataFrame:
    """A table for ``st.table``, whose cells and headers are Markdown; ``st.dataframe`` shows text as it is."""
    shown = frame.map(escaped)
    shown.columns = shown.columns.map(escaped)
    shown.index = shown.index.map(escaped).rename(frame.index.name)
    return shown


def error_text(error: AtlasError) -> str:
    """An error as a page shows it: what a person typed, or a file says, is in it and stays words."""
    return escaped(error.public_text(language()))


def translated(texts: Mapping[Key, str]) -> dict[Key, str]:
    """The values of a table of message ids in the page's language: ``format_func=translated(TABLE).__getitem__``."""
    return {key: t(text) for key, text in texts.items()}
