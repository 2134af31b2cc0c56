"""An editor keeps uploaded zones or places by name, so that everybody can choose them later."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.coverage.saved_data import find_saved, save_dataset
from geo.errors import AtlasError, UnknownIdError
from layers.analysis import uploads
from pages.parts.shell import access
from pages.parts.shell.texts import error_text, escaped, t

_LONGEST: Final = 80


def offer_to_save(token: str, kind: str) -> None:
    """A name and a button; nothing for who may not edit, or where the data set is kept already.

    Parameters
    ----------
    token : str
        Of the upload.
    kind : {"zones", "places"}
    """
    if _is_kept(token, kind) or not access.may_edit(access.actor()):
        return
    left, right = st.columns([3, 1], gap="small", vertical_alignment="bottom")
    with left:
        name = st.text_input(t("保存下来，以后按名称选用"), max_chars=_LONGEST, key=f"keep-name-{kind}")
    with right:
        pressed = st.button(t("保存"), key=f"keep-{kind}", disabled=not name.strip())
    if not pressed:
        return
    try:
        kept = save_dataset(kind, uploads.brought(token, (kind,)), name=name.strip())
    except AtlasError as error:
        st.error(error_text(error))
        return
    st.success(
        t("已保存“{name}”（{n} 个）。上面的“已保存的”里可以选它。", name=escaped(kept.name), n=kept.features)
    )


def _is_kept(token: str, kind: str) -> bool:
    try:
        find_saved(token, (kind,))
    except UnknownIdError:
        return False
    return True
