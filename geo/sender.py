"""Where a connection comes from: addresses of the network in one form, so that one machine has one name.

A server that listens on IPv6 and IPv4 at once sees an IPv4 visitor as ``::ffff:192.0.2.1``. Whoever compares addresses
asks here first.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

PROXY_VARIABLE: Final = "FORWARDED_ALLOW_IPS"
"""Whose word on the visitor's address counts: the web server (uvicorn) reads this variable, and nothing else does."""
IPV6_HOME: Final = 64
"""Bits of an IPv6 address that name one household or one server; it owns all addresses that begin so."""


def plain_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text writes, IPv4 as IPv4 however it is wrapped; None for what is no address."""
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(name: str) -> bool:
    """Whether a host name or an address means the machine itself."""
    if name.lower().rstrip(".") == "localhost":
        return True
    address = plain_address(name)
    return address is not None and address.is_loopback


def sender_of(peer: str | None, header_names: Iterable[str]) -> str:
    """Who to count a request for, where requests of one sender are limited in number.

    Parameters
    ----------
    peer : str or None
        The other end as the web server resolved it: the connection itself, or what a proxy named in
        ``FORWARDED_ALLOW_IPS`` says of it. No header is read here.
    header_names : iterable of str
        Names of the request's headers. Where no proxy was named, the web server believes ``X-Forwarded-For`` of any
        program on this machine; what it made of that header is then worth nothing, and all such requests are one sender.

    Returns
    -------
    str
        An IPv4 address, the network of an IPv6 address (its owner may take any address in it), or ``this machine``.
    """
    address = plain_address(peer or "")
    unasked = PROXY_VARIABLE not in os.environ and "x-forwarded-for" in {
        name.lower() for name in header_names
    }
    if address is None or address.is_loopback or unasked:
        return "this machine"
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, IPV6_HOME), strict=False))
    return str(address)
