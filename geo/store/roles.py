"""Who a person is to the register: a role from a table of e-mail addresses, or the person at this very machine.

Only the role is decided here. Whether it suffices is asked where data is written (``Store.apply``), so that a page
that draws a button too many changes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from geo.errors import DataError
from geo.sender import is_loopback
from geo.store.model import Actor, Role
from geo.text import mark as _

VISITOR: Final = Actor(name="", role=Role.viewer)
"""Someone who is not signed in: may look, and may report a mistake."""
BROWSER_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "cookie",
        "dnt",
        "host",
        "origin",
        "pragma",
        "priority",
        "referer",
        "save-data",
        "te",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
    }
)
BROWSER_PREFIX: Final = "sec-"
"""What a browser itself sends when it opens the connection of a page (Fetch standard: no script can add to it). Any other
header was added on the way, so the person sits somewhere else. The headers of proxies have no list that is ever complete."""


def read_roles(path: Path, slug: str = "") -> dict[str, Role]:
    """The table ``[roles]`` of a TOML file, or ``[roles.<slug>]`` of a city; ``DataError`` names the line of the table that is wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("roles", {})
    except (OSError, ValueError) as error:
        raise DataError(
            _("读不了角色表 {path}：{detail}。"),
            hint=_("应为 TOML：[roles] 下每行一个“邮箱” = “editor”。"),
            path=str(path),
            detail=str(error),
        ) from error
    return roles_from(table, slug)


def roles_from(table: object, slug: str = "") -> dict[str, Role]:
    """E-mail address (lower case) -> role; ``DataError`` when the table says anything else.

    In a process with a list of cities the table holds one of each ``slug``; who is in none of a city's is its viewer.
    """
    if slug and isinstance(table, Mapping):
        if not all(isinstance(part, Mapping) for part in table.values()):
            raise DataError(
                _("角色表没有按城市分。"),
                hint=_("一个进程服务几个城市时，写 [roles.{slug}] 这样的表，每个城市一张。"),
                slug=slug,
            )
        table = table.get(slug, {})
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


def signed_in(
    claims: Mapping[str, Any], roles: Mapping[str, Role], *, silent_is_verified: bool = False
) -> Actor:
    """The actor of a signed-in person, from the claims of the identity provider.

    Parameters
    ----------
    claims : mapping
        ``is_logged_in, email, email_verified``. An address that the provider did not verify has no role but viewer:
        anyone could have typed it. Nothing else in the claims (a ``role``, say) is looked at.
    roles : mapping
        As :func:`roles_from` gives it.
    silent_is_verified : bool
        What it means that the provider does not say whether the address is verified. Some let people type any address
        and say nothing of it, so this is for whoever knows that their provider checks every one.

    Returns
    -------
    Actor
    """
    if claims.get("is_logged_in") is not True:
        return VISITOR
    email = address(claims.get("email"))
    role = roles.get(email, Role.viewer) if mail_verified(claims, silent_is_verified) else Role.viewer
    return Actor(name=email or "?", role=role)


def mail_verified(claims: Mapping[str, Any], silent_is_verified: bool = False) -> bool:
    """Whether the provider says that the address belongs to the person."""
    said = claims.get("email_verified")
    return silent_is_verified if said is None else said is True or said == "true"


def at_this_machine(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Does the person sit at the machine that serves the page?

    Parameters
    ----------
    peer : str or None
        Address of the other end of the connection.
    headers : mapping
        Headers of the request. A proxy on this machine is a loopback peer too, so nothing but what a browser sends may be
        there, and both the host asked for and the page that asks (``Origin``) must be loopback names: a public name that
        points here (DNS rebinding, a proxy that passes the origin on) is not this machine.
    """
    given = {name.lower(): value for name, value in headers.items()}
    added = [name for name in given if name not in BROWSER_HEADERS and not name.startswith(BROWSER_PREFIX)]
    return (
        not added
        and is_loopback(peer or "")
        and is_loopback(_host_and_port(f"//{given.get('host', '')}")[0])
        and is_loopback(_host_and_port(given.get("origin", ""))[0])
    )


def own_page(headers: Mapping[str, str], port: int) -> bool:
    """Does this very server serve the page that asks?

    Parameters
    ----------
    headers : mapping
        Headers of the request.
    port : int
        Where this server listens. A page of another program of this machine has another port in its ``Origin``, which no
        script can change.
    """
    given = {name.lower(): value for name, value in headers.items()}
    host = _host_and_port(f"//{given.get('host', '')}")
    return host[0] != "" and host[1] == port and _host_and_port(given.get("origin", "")) == host


def _host_and_port(url: str) -> tuple[str, int | None]:
    """Host name and port of an address; an empty name and None where there are none, or nobody could read them."""
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port
    except ValueError:
        return "", None
