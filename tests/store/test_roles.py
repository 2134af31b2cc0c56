"""Roles come from the table and the connection, and from nothing a browser can write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DataError
from geo.store.model import Role
from geo.store.roles import (
    BROWSER_HEADERS,
    VISITOR,
    at_this_machine,
    own_page,
    read_roles,
    roles_from,
    signed_in,
)

ROLES = {"li@example.gov.cn": Role.editor, "wang@example.gov.cn": Role.admin}
LOCAL = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


def test_a_role_is_the_table_s_and_the_address_is_compared_without_case() -> None:
    claims = {"is_logged_in": True, "email": " Li@Example.gov.CN ", "email_verified": True}
    person = signed_in(claims, ROLES)
    assert (person.name, person.role) == ("li@example.gov.cn", Role.editor)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"email": "li@example.gov.cn"},
        {"is_logged_in": False, "email": "li@example.gov.cn", "role": "admin"},
        {"is_logged_in": "true", "email": "wang@example.gov.cn"},
    ],
)
def test_who_is_not_signed_in_is_a_visitor(claims: dict[str, object]) -> None:
    assert signed_in(claims, ROLES) == VISITOR


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "someone@else.example", "role": "admin", "roles": ["editor"]},
        {"email": "wang@example.gov.cn", "email_verified": False},
        {"email": "wang@example.gov.cn", "email_verified": "false"},
        {"email": "wang@example.gov.cn", "email_verified": None},
        {"email": "wang@example.gov.cn", "email_verified": ["true"]},
        {"email": "wang@example.gov.cn"},
        {"email": None, "name": "wang@example.gov.cn", "email_verified": True},
    ],
)
def test_a_forged_or_unverified_claim_gives_no_role(claims: dict[str, object]) -> None:
    assert signed_in({"is_logged_in": True} | claims, ROLES).role is Role.viewer


def test_a_provider_that_says_nothing_counts_only_where_the_secrets_say_so() -> None:
    claims = {"is_logged_in": True, "email": "wang@example.gov.cn"}
    assert signed_in(claims, ROLES, silent_is_verified=True).role is Role.admin
    refused = claims | {"email_verified": False}
    assert signed_in(refused, ROLES, silent_is_verified=True).role is Role.viewer


LOOPBACK = st.ip_addresses(network="127.0.0.0/8").map(str) | st.just("::1")
WRAPPED = st.sampled_from(["{}", "::ffff:{}"])  # a server of both protocols sees an IPv4 visitor so


@given(address=LOOPBACK, wrapped=WRAPPED, port=st.sampled_from(["", ":8501"]))
def test_the_person_at_this_machine_is_known_however_the_address_is_written(
    address: str, wrapped: str, port: str
) -> None:
    peer = address if ":" in address else wrapped.format(address)
    for name in ("localhost", "LOCALHOST", f"[{peer}]" if ":" in peer else peer):
        assert at_this_machine(peer, {"Host": name + port, "Origin": f"http://{name}{port}"})


@given(address=st.ip_addresses(v=4).filter(lambda one: not one.is_loopback).map(str), wrapped=WRAPPED)
def test_no_other_machine_is_this_one_however_its_address_is_written(address: str, wrapped: str) -> None:
    peer = wrapped.format(address)
    assert not at_this_machine(peer, LOCAL)
    name = f"[{peer}]" if ":" in peer else peer
    assert not at_this_machine("127.0.0.1", {"Host": name, "Origin": f"http://{name}"})


@pytest.mark.parametrize("peer", [None, "", "10.0.0.7", "192.168.1.2", "8.8.8.8", "nonsense"])
def test_another_address_is_not_this_machine(peer: str | None) -> None:
    assert not at_this_machine(peer, LOCAL)


# what proxies, content networks and tunnels are known to add
PROXY_HEADERS = """
forwarded via x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-server x-forwarded-port
x-forwarded-prefix x-forwarded-scheme x-forwarded-ssl x-forwarded x-original-forwarded-for x-original-host x-original-url
x-rewrite-url x-real-ip x-client-ip client-ip x-cluster-client-ip x-remote-ip x-remote-addr x-host x-scheme true-client-ip
cf-connecting-ip cf-ray cdn-loop fastly-client-ip fly-client-ip x-azure-clientip x-appengine-user-ip x-amzn-trace-id
x-envoy-external-address x-request-id x-nginx-proxy x-varnish wl-proxy-client-ip ali-cdn-real-ip remote-user x-remote-user
x-auth-request-email tailscale-user-login x-arr-clientcert x-goog-iap-jwt-assertion authorization
"""


@pytest.mark.parametrize("name", PROXY_HEADERS.split())
def test_a_proxy_on_this_machine_is_not_the_person_at_it(name: str) -> None:
    assert not at_this_machine("127.0.0.1", LOCAL | {name.title(): "127.0.0.1"})


@given(name=st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,30}", fullmatch=True))
def test_any_header_that_no_browser_sends_was_added_on_the_way(name: str) -> None:
    known = name.lower() in BROWSER_HEADERS or name.lower().startswith("sec-")
    assert at_this_machine("127.0.0.1", LOCAL | ({} if known else {name: "x"})) is known


@given(port=st.integers(1, 65535), name=st.sampled_from(["localhost", "127.0.0.1", "[::1]"]))
def test_only_the_exact_origin_is_a_page_of_this_server(port: int, name: str) -> None:
    page = f"{name}:{port}" if port != 80 else name
    headers = {"Host": f"{name}:8501", "Origin": f"http://{page}"}
    assert at_this_machine("127.0.0.1", headers)
    assert own_page(headers, 8501) is (port == 8501)
    assert not own_page({"Host": page, "Origin": f"http://{page}"}, 8501) or port == 8501


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:8501"},
        {"Origin": "http://localhost:8501"},
        {"Host": "localhost:8501", "Origin": "null"},
        {"Host": "localhost:8501", "Origin": "http://127.0.0.1:8501"},
        {"Host": "localhost:8501", "Origin": "http://localhost:99999"},
        {"Host": "localhost:99999", "Origin": "http://localhost:8501"},
    ],
)
def test_what_names_no_page_of_this_server_is_none(headers: dict[str, str]) -> None:
    assert not own_page(headers, 8501)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:8501"},
        {"Host": "atlas.example", "Origin": "https://atlas.example"},
        {
            "Host": "127.0.0.1:8501",
            "Origin": "https://atlas.example",
        },  # a proxy that names itself and passes on
        {"Host": "rebound.example:8501", "Origin": "http://localhost:8501"},
        {"Host": "localhost.evil.example", "Origin": "http://localhost.evil.example"},
        {"Host": "localhost:8501", "Origin": "null"},
    ],
)
def test_a_public_name_or_none_is_not_this_machine(headers: dict[str, str]) -> None:
    assert not at_this_machine("127.0.0.1", headers)


def test_the_table_of_roles_is_read_and_its_faults_are_named(tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    path.write_text('[roles]\n"Li@Example.gov.cn" = "editor"\n', "utf-8")
    assert read_roles(path) == {"li@example.gov.cn": Role.editor}
    path.write_text('[roles]\n"li@example.gov.cn" = "root"\n', "utf-8")
    with pytest.raises(DataError, match=r"li@example\.gov\.cn.*root"):
        read_roles(path)
    path.write_text("[roles\n", "utf-8")
    with pytest.raises(DataError, match=r"roles\.toml"):
        read_roles(path)
    with pytest.raises(DataError):
        roles_from(["editor"])


def test_in_a_process_of_many_cities_each_has_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(
        '[roles.wuxi]\n"li@example.gov.cn" = "editor"\n[roles.jingdezhen]\n"wang@example.gov.cn" = "admin"\n'
    )
    assert read_roles(path, "wuxi") == {"li@example.gov.cn": Role.editor}
    assert read_roles(path, "jingdezhen") == {"wang@example.gov.cn": Role.admin}
    assert read_roles(path, "helsinki") == {}
    path.write_text('[roles]\n"li@example.gov.cn" = "editor"\n')
    with pytest.raises(DataError, match="wuxi"):
        read_roles(path, "wuxi")
