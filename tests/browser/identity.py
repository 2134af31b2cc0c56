"""A real OpenID provider on this machine, and a server of the atlas that trusts it."""

from __future__ import annotations

import json
import os
import re
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tools.ports import held_port
from tools.serving import PATIENCE_S, Server, streamlit

EDITOR = "li.hua@example.gov.cn"
STRANGER = "someone@example.com"
BUTTON = ".st-key-login-side-None button"
UNVERIFIED = "wang.min@example.gov.cn"  # an administrator in the table, but anyone could have typed it
PEOPLE = {EDITOR: True, STRANGER: True, UNVERIFIED: False}  # -> whether the provider has verified the address


@contextmanager
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a provider that knows three people."""
    from oidc_provider_mock import User, app
    from werkzeug.serving import make_server

    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # of the provider: it speaks http on this machine
    users = [User(sub=mail, claims=claims_of(mail)) for mail in PEOPLE]
    server = make_server("127.0.0.1", 0, app(user_claims=users), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def claims_of(mail: str) -> dict[str, Any]:
    """What the provider says of a person."""
    return {"email": mail, "email_verified": PEOPLE[mail]}


@contextmanager
def wrong_claims(issuer: str, mail: str, wrong: dict[str, Any]) -> Iterator[None]:
    """Until the block ends the provider makes a person's tokens with some claims that are wrong."""
    _set_claims(issuer, mail, claims_of(mail) | wrong)
    try:
        yield
    finally:
        _set_claims(issuer, mail, claims_of(mail))


def _set_claims(issuer: str, mail: str, claims: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    change = urllib.request.Request(
        f"{issuer}/users/{quote(mail)}", json.dumps(claims).encode(), headers, method="PUT"
    )
    with urllib.request.urlopen(change, timeout=PATIENCE_S):
        pass


@contextmanager
def atlas_with(issuer: str, folder: Path, cities: Mapping[str, Path] | None = None) -> Iterator[Server]:
    """The atlas with sign-in at that provider, and a table of roles; of ``cities``, by slug, each its own."""
    roles = folder / "roles.toml"
    tables = [f"roles.{slug}" for slug in cities or ()] or ["roles"]
    roles.write_text(
        "".join(f'[{table}]\n"{EDITOR}" = "editor"\n"{UNVERIFIED}" = "admin"\n' for table in tables)
    )
    with held_port() as port:
        env = {
            "STREAMLIT_SECRETS_FILES": str(write_secrets(issuer, port, folder)),
            "ATLAS_ROLES": str(roles),
            "ATLAS_VAR": str(folder / "var"),
        }
        if cities:
            env["ATLAS_CITIES"] = os.pathsep.join(map(str, cities.values()))
        with streamlit(port=port, env=env) as server:
            yield server


def write_secrets(issuer: str, port: int, folder: Path) -> Path:
    """The file that says how to sign in at that provider."""
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{"only for this test " * 3}"
client_id = "wuxi-works-atlas"
client_secret = "only for this test"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""
    )
    return secrets


def sign_in(page: Any, who: str) -> None:
    """Press the button, and say at the provider who one is."""
    page.locator(BUTTON).click()
    page.get_by_role("button", name=who, exact=True).click()


def signed_in_as(who: str, role: str) -> re.Pattern[str]:
    """What the page says of a person; the address is no link, so a mark without width stands after its @."""
    return re.compile(f"已登录：{re.escape(who).replace('@', '@.?')}（{role}）")
