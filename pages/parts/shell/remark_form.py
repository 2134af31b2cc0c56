"""“此处有误”: anyone may say that something is wrong; it changes nothing until an editor decides."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

import streamlit as st

from geo.errors import AtlasError
from geo.sender import sender_of
from pages.parts.shell import access
from pages.parts.shell.loaders import store
from pages.parts.shell.texts import error_text, t

MAX_REMARK: Final = 1000
MAX_CONTACT: Final = 200
_SALT: Final = secrets.token_bytes(16)


def show_remark_form(work_id: str) -> None:
    """A small form behind a button."""
    if st.session_state.pop("_reported", None) == work_id:
        st.success(
            t("收到了。编辑核实后会处理；公开的处理结果列在“数据与方法”。"), icon=":material/mark_email_read:"
        )
    with st.popover(t("此处有误"), icon=":material/flag:"), st.form(f"report-{work_id}", border=False):
        text = st.text_area(
            t("哪里不对？"),
            max_chars=MAX_REMARK,
            placeholder=t("如：小区其实在建筑路 18 号；2021 年 9 月已完工"),
            key=f"report-text-{work_id}",
        )
        contact = st.text_input(
            t("联系方式（可不填，只给编辑看）"), max_chars=MAX_CONTACT, key=f"report-contact-{work_id}"
        )
        if st.form_submit_button(t("提交"), icon=":material/send:", key=f"report-send-{work_id}"):
            _send(work_id, text, contact)


def _send(work_id: str, text: str, contact: str) -> None:
    try:
        store().add_remark(text, work_id=work_id, contact=contact, sender=sender())
    except AtlasError as error:
        st.error(error_text(error))
    else:
        st.session_state["_reported"] = work_id
        st.rerun()


def sender() -> str:
    """A key for limiting how often one connection sends remarks: a digest from which nobody can be identified."""
    origin = sender_of(access.peer(), access.headers())
    return hashlib.blake2b(origin.encode(), key=_SALT, digest_size=16).hexdigest()
