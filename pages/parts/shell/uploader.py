"""The one way to ask for a file on a page: the server takes files only for a page that has asked for one."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.errors import AtlasError
from pages.parts.shell.html import assets_path
from pages.parts.shell.texts import error_text

# Streamlit sends this text with every run, so it only fetches the module (a line break tells it from a file name).
_JS = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/file_field.js`).then(m => m.default());\n};"
_mending = st.components.v2.component("file_field", html="<span></span>", js=_JS, isolate_styles=False)
_page_of: dict[str, str] = {}
_asking: set[str] = set()
_refused: dict[str, AtlasError] = {}


def session() -> str:
    """The id of the session that runs; empty without one."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def enter_page(page: str) -> None:
    """Begin a run of a page: on another page than before, the session may no longer send files."""
    this = session()
    if _page_of.get(this) != page:
        _page_of[this] = page
        _asking.discard(this)


def file_uploader(label: str, **options: Any) -> Any:
    """Streamlit's widget, which allows this session to send files, with what was refused of the last ones above it."""
    this = session()
    _asking.add(this)
    if (refusal := _refused.pop(this, None)) is not None:
        st.error(error_text(refusal), icon=":material/upload_file:")
    files = st.file_uploader(label, **options)
    _mending(key=f"{options['key']}-field", data={"assets": assets_path()})
    return files


def is_asking(session_id: str) -> bool:
    """Whether the page that a session shows asks for a file."""
    return session_id in _asking


def sessions() -> list[str]:
    """Sessions that have shown a page and are not forgotten."""
    return list(_page_of)


def refuse(session_id: str, refusal: AtlasError) -> None:
    """Have the next run of a session say why its file was not taken."""
    _refused[session_id] = refusal


def forget(session_id: str) -> None:
    """A session has ended."""
    _page_of.pop(session_id, None)
    _asking.discard(session_id)
    _refused.pop(session_id, None)
