"""Who a person is to the register: a role from a table of e-mail addresses, or the person at this very machine.

Only the role is decided here. Whether it suffices is asked where data is written (``Store.apply``), so that a page
that draws a button too many changes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from geo.errors import DataError
from geo.store.model import Actor, Role
from geo.text import mark as _

VISITOR: Final = Actor(name="", role=Role.viewer)
"""Someone who is not signed in: may look, and may report a mistake."""
FORWARDED: Final = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
    "x-client-ip",
    "x-original-host",
    "true-client-ip",
    "cf-connecting-ip",
    "fastly-client-ip",
)
"""Headers that a proxy adds: with any of them the person sits somewhere else."""


def read_roles(path: Path) -> dict[str, Role]:
    """The table ``[roles]`` of a TOML file; ``DataError`` names the line of the table that is wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("roles", {})
    except (OSError, ValueError) as error:
        raise DataError(
            _("读不了角色表 {path}：{detail}。"),
            hint=_("应为 TOML：[roles] 下每行一个“邮箱” = “editor”。"),
            path=str(path),
            detail=str(error),
        ) from error
    return roles_from(table)


def roles_from(table: object) -> dict[str, Role]:
    """E-mail address (lower case) -> role; ``DataError`` when the table says anything else."""
    if not isinstance(table, Mapping):
        raise DataError(_("角色表不是“邮箱 = 角色”的表。"), hint=_("应为 [roles] 下每行一个邮箱。"))
    return {address(email): _role(str(email), role) for email, role in table.items()}


def address(email: object) -> str:
    """An e-mail address as it is compared."""
    return str(email or "").strip().casefold()


def _role(email: str, role: object) -> Role:
    try:
        return Role(str(role))
    except ValueError as error:
        raise DataError(
            _("角色表里 {email} 的角色“{role}”不认识。"),
            hint=_("可用：viewer、editor、admin。"),
            email=email,
            role=str(role),
        ) from error


def signed_in(claims: Mapping[str, Any], roles: Mapping[str, Role]) -> Actor:
    """The actor of a signed-in person, from the claims of the identity provider.

    Parameters
    ----------
    claims : mapping
        ``is_logged_in, email, email_verified``. An address that the provider says is not verified has no role but
        viewer: anyone could have typed it. Nothing else in the claims (a ``role``, say) is looked at.
    roles : mapping
        As :func:`roles_from` gives it.
    """
    if claims.get("is_logged_in") is not True:
        return VISITOR
    email = address(claims.get("email"))
    verified = claims.get("email_verified", True) in {True, "true"}
    return Actor(name=email or "?", role=roles.get(email, Role.viewer) if verified else Role.viewer)


def at_this_machine(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Does the person sit at the machine that serves the page?

    Parameters
    ----------
    peer : str or None
        Address of the other end of the connection.
    headers : mapping
        Headers of the request. A proxy on this machine is a loopback peer too, so no header of a proxy may be there,
        and both the host asked for and the page that asks (``Origin``) must be loopback names: a public name that
        points here (DNS rebinding, a proxy that passes the origin on) is not this machine.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if any(name in given for name in FORWARDED) or not _loopback(peer or ""):
        return False
    host = urlsplit(f"//{given.get('host', '')}").hostname
    origin = urlsplit(given.get("origin", "")).hostname
    return _loopback(host or "") and _loopback(origin or "")


def _loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
