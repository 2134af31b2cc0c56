"""Roles come from the table and the connection, and from nothing a browser can write."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import DataError
from geo.store.model import Role
from geo.store.roles import FORWARDED, VISITOR, at_this_machine, read_roles, roles_from, signed_in

ROLES = {"li@example.gov.cn": Role.editor, "wang@example.gov.cn": Role.admin}
LOCAL = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


def test_a_role_is_the_table_s_and_the_address_is_compared_without_case() -> None:
    person = signed_in({"is_logged_in": True, "email": " Li@Example.gov.CN "}, ROLES)
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
        {"email": None, "name": "wang@example.gov.cn"},
    ],
)
def test_a_forged_or_unverified_claim_gives_no_role(claims: dict[str, object]) -> None:
    assert signed_in({"is_logged_in": True} | claims, ROLES).role is Role.viewer


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.0.0.53"])
@pytest.mark.parametrize("name", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
def test_the_person_at_this_machine_is_known(peer: str, name: str) -> None:
    assert at_this_machine(peer, {"Host": name, "Origin": f"http://{name}"})


@pytest.mark.parametrize("peer", [None, "", "10.0.0.7", "192.168.1.2", "8.8.8.8", "nonsense"])
def test_another_address_is_not_this_machine(peer: str | None) -> None:
    assert not at_this_machine(peer, LOCAL)


@pytest.mark.parametrize("name", FORWARDED)
def test_a_proxy_on_this_machine_is_not_the_person_at_it(name: str) -> None:
    assert not at_this_machine("127.0.0.1", LOCAL | {name.title(): "127.0.0.1"})


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
