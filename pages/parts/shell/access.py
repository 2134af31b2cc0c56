"""Who uses the page: found anew in every run from the sign-in or the connection, never stored where a browser could set it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime import exists, get_instance

from geo.cities import current_slug
from geo.errors import DataError
from geo.store.model import Actor, Role
from geo.store.roles import VISITOR, mail_verified, read_roles, roles_from, signed_in
from layers.city_addresses import HEADER
from pages.parts.shell import local_editor, uploader
from pages.parts.shell.texts import error_text, escaped, t

SIGN_IN_FAILED = "signin"
"""Parameter of the address to which a sign-in that failed comes back (layers/sign_in.py)."""
_FAILED: Final = "_sign_in_failed"


def take_from_address() -> None:
    """Take out of the address what belongs to this session alone, before links are made of the address."""
    local_editor.take_token()
    if SIGN_IN_FAILED in st.query_params:
        del st.query_params[SIGN_IN_FAILED]
        st.session_state[_FAILED] = True


def actor() -> Actor:
    """The person of this session. A broken table of roles makes everyone a viewer, and says so."""
    if not sign_in_configured():
        return local_editor.person(peer(), headers())
    claims = st.user.to_dict()
    try:
        return signed_in(claims, roles(), silent_is_verified=_silent_is_verified(claims))
    except DataError as error:
        st.error(error_text(error))
        return VISITOR


def may_edit(person: Actor) -> bool:
    """Whether to show the forms of editors. What they send is checked again where it is written."""
    return bool(person.name) and person.role.may(Role.editor)


def sign_in_configured() -> bool:
    """Is there an ``[auth]`` section in the secrets?"""
    return bool(_secrets().get("auth"))


def roles() -> dict[str, Role]:
    """The table of roles of the city: in the file ``ATLAS_ROLES`` if set, else in the secrets (:func:`geo.store.roles.roles_from`)."""
    path, slug = os.environ.get("ATLAS_ROLES"), current_slug()
    return read_roles(Path(path), slug) if path else roles_from(_secrets().get("roles", {}), slug)


def _secrets() -> Mapping[str, object]:
    return st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}


def _silent_is_verified(claims: Mapping[str, object]) -> bool:
    """Whether the secrets say that the provider of these claims checks every address, though its claims do not say so."""
    section = _secrets().get("auth", {})
    provider = section.get(claims.get("provider"), section) if isinstance(section, Mapping) else {}
    return isinstance(provider, Mapping) and provider.get("emails_are_verified") is True


def peer() -> str | None:
    """Address of the other end of this session's connection (``st.context.ip_address`` says None for loopback)."""
    this = uploader.session()
    client = get_instance().get_client(this) if this and exists() else None
    return client.client_context.remote_ip if client and client.client_context else None


def headers() -> dict[str, str]:
    """Headers of the request that opened this session, as they came: without the one that this program adds."""
    return {name: value for name, value in st.context.headers.items() if name.lower() != HEADER}


def is_news(*, at_work: bool) -> bool:
    """Whether the account stands above a page: where somebody works, signed in, or could not. Else it stands below: the public reads, and needs none."""
    return at_work or (
        sign_in_configured() and bool(st.user.get("is_logged_in") or st.session_state.get(_FAILED))
    )


def show_account() -> None:
    """Who is signed in, and the way in or out. Nothing where nobody can sign in."""
    if not sign_in_configured():
        if may_edit(actor()):
            st.caption(t("本机编辑模式：只有这台电脑上的人能编辑。"))
        return
    if st.user.get("is_logged_in"):
        person = actor()
        with _line():
            signed_in_as = t(
                "已登录：{name}（{role}）", name=escaped(person.name), role=role_name(person.role)
            )
            st.caption(signed_in_as, width="content")
            st.button(
                t("退出登录"), key="logout", icon=":material/logout:", type="tertiary", on_click=st.logout
            )
        _why_viewer(person)
        return
    if st.session_state.get(_FAILED):
        st.error(
            t(
                "登录没有成功：身份服务的答复没有通过核对（可能过期了，或不是给本站的），或者您取消了。"
                "请再登录一次；仍不行请告诉管理员，服务器的日志里有原因。"
            )
        )
    with _line():
        sign_in_buttons("side")


def _line() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="account")


def _why_viewer(person: Actor) -> None:
    """Whoever signed in and may not edit learns why."""
    claims = st.user.to_dict()
    if may_edit(person):
        return
    if not mail_verified(claims, _silent_is_verified(claims)):
        st.warning(
            t("身份服务没有证实这个邮箱是您的，所以只能看。请先在身份服务那里验证邮箱，再重新登录。"),
            icon=":material/mail_lock:",
        )
    else:
        st.info(t("这个邮箱没有编辑的权限。需要的话，请管理员把它加进角色表。"), icon=":material/lock:")


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
