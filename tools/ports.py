"""Ports of this machine that stay ours between choosing them and listening on them."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def held_port(port: int = 0) -> Iterator[int]:
    """A port of this machine where nobody listens, reserved until the block ends.

    The socket that reserves it is bound and never listens: Linux then gives the port to nobody who wants any free one, and still
    lets a server of ours bind it by its number (``SO_REUSEADDR``, which Streamlit, uvicorn and nginx set). Elsewhere a
    bound socket would keep our own server out, so the port is only looked at.

    Parameters
    ----------
    port
        The one that is wanted; 0 for any.

    Returns
    -------
    Iterator[int]
        Its number.

    Raises
    ------
    OSError
        Somebody listens there.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port))
        number = int(holder.getsockname()[1])
        if sys.platform != "linux":
            holder.close()
        yield number


@contextmanager
def held_ports(count: int, first: int | None = None) -> Iterator[tuple[int, ...]]:
    """So many ports, reserved until the block ends.

    Parameters
    ----------
    count
        How many.
    first
        The first of numbers in a row; ``None`` for any that are free.

    Returns
    -------
    Iterator[tuple[int, ...]]
        Their numbers.

    Raises
    ------
    SystemExit
        Somebody listens on one of the numbers in the row; the message names it.
    """
    with ExitStack() as stack:
        ports = []
        for wanted in [0] * count if first is None else range(first, first + count):
            try:
                ports.append(stack.enter_context(held_port(wanted)))
            except OSError as error:
                raise SystemExit(f"port {wanted} of this machine cannot be had: {error.strerror}") from error
        yield tuple(ports)
