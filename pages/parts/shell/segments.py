"""One of a few choices side by side; there is always one, also where a person lets go of the one that was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from pages.parts.shell import link
from pages.parts.shell.texts import escaped

K = TypeVar("K")


def linked(key: str, label: str, names: Mapping[str, str], default: str, *, titled: bool = True) -> str:
    """One of ``names``, which is in the link as ``key``.

    Parameters
    ----------
    key : str
        Of the widget, and of the link.
    label : str
    names : mapping
        Value -> what a person reads.
    default : str
        What is chosen first.
    titled : bool
        Whether the label is shown, or only read out.

    Returns
    -------
    str
        The value.
    """
    st.segmented_control(
        label,
        list(names),
        default=link.start(key, default, list(names)),
        format_func=lambda value: escaped(names[value]),
        key=key,
        required=True,
        label_visibility="visible" if titled else "collapsed",
    )
    return str(link.record(key))


def of_form(key: str, label: str, names: Mapping[K, str], default: K, *, help_text: str | None = None) -> K:
    """One of ``names`` in a form, whose values are not in the link.

    Parameters
    ----------
    key : str
    label : str
    names : mapping
        Value -> what a person reads.
    default : object
        What is chosen first.
    help_text : str or None

    Returns
    -------
    object
        The value.
    """
    chosen = st.segmented_control(
        label,
        list(names),
        format_func=lambda value: escaped(names[value]),
        default=default,
        key=key,
        required=True,
        help=help_text,
    )
    return default if chosen is None else chosen
