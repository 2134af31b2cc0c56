"""One sender has one name, whatever the address looks like and whatever the headers claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.sender import PROXY_VARIABLE, is_loopback, plain_address, sender_of


@given(st.ip_addresses(v=4))
def test_an_address_wrapped_in_ipv6_is_the_same_sender(address: object) -> None:
    assert sender_of(f"::ffff:{address}", []) == sender_of(str(address), [])
    assert is_loopback(f"::ffff:{address}") is is_loopback(str(address))


@given(st.ip_addresses(network="2001:db8:1:2::/64"))
def test_an_ipv6_household_is_one_sender_in_all_its_addresses(address: object) -> None:
    assert sender_of(str(address), []) == "2001:db8:1:2::/64"


@given(st.text(max_size=40))
def test_what_is_no_address_stops_nothing(text: str) -> None:
    assert plain_address(text) is None or str(plain_address(text))
    assert sender_of(text, [])


def test_headers_make_no_new_sender_where_no_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROXY_VARIABLE, raising=False)
    # what the web server makes of forged headers of a program on this machine, and the program without them
    forged = {sender_of(f"203.0.113.{number}", ["Host", "X-Forwarded-For"]) for number in range(20)}
    assert forged | {sender_of("127.0.0.1", ["Host"])} == {"this machine"}


def test_behind_a_named_proxy_each_visitor_is_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROXY_VARIABLE, "127.0.0.1")
    assert sender_of("203.0.113.7", ["X-Forwarded-For"]) == "203.0.113.7"
