"""Who uses the page: found anew in every run from the sign-in or the connection, never stored where a browser could set it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.errors import DataError
from geo.store.model import Actor, Role
from geo.store.roles import VISITOR, at_this_machine, read_roles, roles_from, signed_in
from pages.parts.shell.texts import escaped, language, t

LOCAL_FLAG = "ATLAS_LOCAL_EDITOR"


def actor() -> Actor:
    """The person of this session. A broken table of roles makes everyone a viewer, and says so."""
    if not sign_in_configured():
        return _local_editor()
    try:
        return signed_in(st.user.to_dict(), roles())
    except DataError as error:
        st.error(error.text(language()))
        return VISITOR


def may_edit(person: Actor) -> bool:
    """Whether to show the forms of editors. What they send is checked again where it is written."""
    return bool(person.name) and person.role.may(Role.editor)


def sign_in_configured() -> bool:
    """Is there an ``[auth]`` section in the secrets?"""
    return bool(_secrets().get("auth"))


def roles() -> dict[str, Role]:
    """The table of roles: the file ``ATLAS_ROLES`` if set, else ``[roles]`` of the secrets."""
    path = os.environ.get("ATLAS_ROLES")
    return read_roles(Path(path)) if path else roles_from(_secrets().get("roles", {}))


def _secrets() -> Mapping[str, object]:
    return st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}


def _local_editor() -> Actor:
    """Without sign-in everyone is a visitor, but the person at this machine where the flag asks for it."""
    if os.environ.get(LOCAL_FLAG) == "1" and at_this_machine(peer(), headers()):
        return Actor(name=f"{getpass.getuser()}@localhost", role=Role.admin)
    return VISITOR


def peer() -> str | None:
    """Address of the other end of this session's connection (``st.context.ip_address`` says None for loopback)."""
    context = get_script_run_ctx()
    client = get_instance().get_client(context.session_id) if context and exists() else None
    return client.client_context.remote_ip if client and client.client_context else None


def headers() -> dict[str, str]:
    """Headers of the request that opened this session."""
    return dict(st.context.headers)


def show_account() -> None:
    """In the sidebar: who is signed in, and the way in or out. Nothing where nobody can sign in."""
    if not sign_in_configured():
        if may_edit(actor()):
            with st.sidebar:
                st.caption(t("本机编辑模式：只有这台电脑上的人能编辑。"))
        return
    with st.sidebar:
        if st.user.get("is_logged_in"):
            person = actor()
            st.caption(t("已登录：{name}（{role}）", name=escaped(person.name), role=role_name(person.role)))
            st.button(t("退出登录"), key="logout", icon=":material/logout:", on_click=st.logout)
        else:
            sign_in_buttons("side")


def sign_in_buttons(place: str) -> None:
    """One button for each configured provider."""
    section = _secrets().get("auth", {})
    named = (
        [key for key, value in section.items() if isinstance(value, Mapping)]
        if isinstance(section, Mapping)
        else []
    )
    for provider in named or [None]:
        label = t("登录（{provider}）", provider=escaped(provider)) if provider else t("登录")
        st.button(
            label,
            key=f"login-{place}-{provider}",
            icon=":material/login:",
            on_click=st.login,
            args=(provider,) if provider else (),
        )


def role_name(role: Role) -> str:
    """The name of the role, in the language of the page."""
    return {Role.viewer: t("只读"), Role.editor: t("编辑"), Role.admin: t("管理")}[role]
