"""How a review begins: a document, the text itself, or a draft that was saved."""

from __future__ import annotations

from typing import Final

import streamlit as st

from geo.errors import AtlasError
from geo.plan_text.draft import MOST_CHARACTERS, Draft
from geo.plan_text.open_plan import OPENED, city_names, open_plan
from geo.plan_text.read_plan import read_plan
from geo.reading.prose import FILE_MB
from geo.uploaded_files import laid_down
from pages.parts.plan import review
from pages.parts.shell import uploader
from pages.parts.shell.reading import read_or_wait
from pages.parts.shell.texts import error_text, t

_TEXT: Final = "plan_pasted"


def show_begin() -> None:
    """Bring a document or a saved draft, or paste the text."""
    st.markdown(
        t(
            "上传或粘贴一份年度计划的全文：程序找出能落到地图上的承诺，每条都标出原文；由您逐条核对，最后得到一个资料包。文件只在内存里处理。"
        )
    )
    file = uploader.file_uploader(
        t("计划全文（txt、html、docx、pdf），或保存过的草稿（json）"),
        type=[ending.removeprefix(".") for ending in OPENED],
        max_upload_size=FILE_MB,
        key="plan_file",
    )
    if file is not None:
        _read_file(file.file_id, file.name, file.getvalue())
    st.text_area(t("或者把全文粘贴在这里"), key=_TEXT, height=180, max_chars=MOST_CHARACTERS)
    st.button(t("读出承诺"), key="plan_read", icon=":material/play_arrow:", on_click=_read_text)
    if (error := st.session_state.pop("_plan_error", None)) is not None:
        st.error(error_text(error))


def _read_file(file_id: str, name: str, content: bytes) -> None:
    def read(_job: object) -> Draft:
        with laid_down(name, content) as path:
            return open_plan(path, name)

    try:
        draft = read_or_wait("plan", file_id, read, lambda _draft: True)
    except AtlasError as error:
        st.error(error_text(error))
        return
    if draft is not None:
        review.start(draft)
        st.rerun()


def _read_text() -> None:
    try:
        review.start(read_plan(st.session_state.get(_TEXT, ""), city_names(), document=t("粘贴的文字")))
    except AtlasError as error:
        st.session_state["_plan_error"] = error
