"""Inputs of the siting page whose values are in the link."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.questions.question import parameters
from geo.questions.siting import SiteQuestion
from pages.parts.shell import link
from pages.parts.shell.texts import escaped, t

_PARAMETERS: Final = parameters(SiteQuestion)


def number_text(key: str, label: str, default: str, name: str) -> str:
    """A number as text, so that 90% can be written; what is allowed is the model's.

    Parameters
    ----------
    key : str
        Of the link.
    label : str
    default : str
        Also where nothing is written.
    name : str
        Of the question's parameter.

    Returns
    -------
    str
    """
    link.seed(key, default)
    allowed = t("可用：{known}。", known=_PARAMETERS[name].allowed)
    st.text_input(label, key=key, width=170, help=f"{t(_PARAMETERS[name].description)} {escaped(allowed)}")
    return str(link.record(key)).strip() or default
