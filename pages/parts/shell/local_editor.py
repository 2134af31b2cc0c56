"""The person at this very machine, who may edit without sign-in where ``ATLAS_LOCAL_EDITOR=1`` says so.

A page of this server is known by its origin. A page at another address of this machine (a tunnel, a port that a container
passes on) must show the token of this start, which only who started the server has seen.
"""

from __future__ import annotations

import getpass
import os
import secrets
from collections.abc import Mapping
from typing import Final

import streamlit as st

from geo.store.model import Actor, Role
from geo.store.roles import VISITOR, at_this_machine, own_page

FLAG: Final = "ATLAS_LOCAL_EDITOR"
PARAMETER: Final = "token"
TOKEN: Final = secrets.token_urlsafe(24)
"""Made anew whenever the server starts; never written to a file."""


def wanted() -> bool:
    """Whether this server was started for a local editor."""
    return os.environ.get(FLAG) == "1"


def announcement() -> str:
    """What the terminal says at the start: how to edit at another address of this machine."""
    return (
        f"本机编辑模式。换了端口的本机地址要在后面加上 Local editor; at another port of this machine add: "
        f"?{PARAMETER}={TOKEN}"
    )


def take_token() -> None:
    """Keep the token of the address for this session and take it out of the address, so that no link passes it on."""
    given = st.query_params.get(PARAMETER)
    if given is not None:
        st.session_state["_given_token"] = given[: 2 * len(TOKEN)]
        del st.query_params[PARAMETER]


def person(peer: str | None, headers: Mapping[str, str]) -> Actor:
    """The editor at this machine, or a visitor; decided anew in every run.

    Parameters
    ----------
    peer : str or None
        Address of the other end of the session's connection.
    headers : mapping
        Headers of the request that opened it.

    Returns
    -------
    Actor
    """
    if not wanted() or not at_this_machine(peer, headers):
        return VISITOR
    given = str(st.session_state.get("_given_token", ""))
    if own_page(headers, int(st.get_option("server.port"))) or secrets.compare_digest(
        given.encode(), TOKEN.encode()
    ):
        return Actor(name=f"{getpass.getuser()}@localhost", role=Role.admin)
    return VISITOR
