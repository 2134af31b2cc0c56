"""The language of the page: Chinese first, English by one switch that is part of every link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from geo.errors import AtlasError
from geo.text import LANGUAGES, read_language, translate
from geo.vocabulary import system_label
from pages.parts.shell import link

LANGUAGE_NAMES = {"zh": "中文", "en": "English"}

Key = TypeVar("Key")


def language() -> str:
    """``zh`` or ``en``, as the link or the switch says."""
    return read_language(st.session_state.get("lang"))


def language_switch() -> None:
    """The switch itself, in the sidebar's first place."""
    link.seed("lang", LANGUAGES[0], LANGUAGES)
    with st.sidebar:
        st.segmented_control(
            "语言 Language", LANGUAGES, format_func=LANGUAGE_NAMES.__getitem__, key="lang", required=True
        )
    link.record("lang")


def t(message: str, **values: object) -> str:
    """``message`` (a Chinese catalogue id) in the page's language, its ``{fields}`` filled."""
    text = translate(message, language())
    return text.format(**values) if values else text


def system_name(system: str) -> str:
    """What planners call a system of coordinates, in the page's language."""
    return system_label(system, language())


def escaped(text: object) -> str:
    """Data as a label shows it: Markdown's own characters escaped, because labels of widgets are Markdown."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+-.!|<>~$:" else char for char in str(text))


def error_text(error: AtlasError) -> str:
    """An error as a page shows it: what a person typed, or a file says, is in it and stays words."""
    return escaped(error.text(language()))


def translated(texts: Mapping[Key, str]) -> dict[Key, str]:
    """The values of a table of message ids in the page's language: ``format_func=translated(TABLE).__getitem__``."""
    return {key: t(text) for key, text in texts.items()}
