"""A body that does not come is answered 408 and its connection closed; others are served meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from layers.slow_bodies import BodyTimeLimit
from tests.asgi import answering
from tools.serving import PATIENCE_S


async def size_of_body(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = Starlette(
        routes=[Route("/", size_of_body, methods=["POST"])],
        middleware=[Middleware(BodyTimeLimit, piece_s=0.4, body_s=1.5)],
    )
    with answering(app) as at:
        yield at


def begin(port: int, length: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    connection.sendall(f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n".encode())
    return connection


def everything(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    pieces = []
    while piece := connection.recv(4096):
        pieces.append(piece)
    return b"".join(pieces)


def test_a_body_that_stops_is_closed(port: int) -> None:
    connection = begin(port, 100)
    connection.sendall(b"x")
    assert everything(connection).startswith(b"HTTP/1.1 408")


def test_a_body_that_drips_is_closed_although_each_piece_is_in_time(port: int) -> None:
    connection = begin(port, 1000)
    connection.settimeout(0.05)
    answer = b""
    end = time.monotonic() + PATIENCE_S
    while not answer and time.monotonic() < end:
        connection.sendall(b"x")
        try:
            answer = connection.recv(4096)
        except TimeoutError:
            continue
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_body_in_time_is_read_while_others_are_slow(port: int) -> None:
    slow = [begin(port, 100) for _ in range(20)]
    quick = begin(port, 3)
    quick.sendall(b"abc")
    assert quick.recv(4096).startswith(b"HTTP/1.1 200")
    assert all(everything(one).startswith(b"HTTP/1.1 408") for one in slow)
