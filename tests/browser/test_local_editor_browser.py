"""Who may edit without sign-in: the person at this machine on a page of this server, in a real browser."""

from __future__ import annotations

import re
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.ports import held_port
from tools.serving import Server, streamlit

FORM = "/register?work=U01-2021-001&do=fields"
LOCAL = {"ATLAS_LOCAL_EDITOR": "1"}


@contextmanager
def passed_on(server: Server) -> Iterator[str]:
    """Another port of this machine whose bytes go to the server as they are: a tunnel, or what a container maps."""
    target = int(server.url.rsplit(":", 1)[1])
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def carry(near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", target)) as far:
            other = {near: far, far: near}
            while not ended.is_set():
                for ready in select.select(list(other), [], [], 0.1)[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    other[ready].sendall(data)

    def accept() -> None:
        listener.settimeout(0.1)
        while not ended.is_set():
            try:
                near, _address = listener.accept()
            except TimeoutError:
                continue
            near.setblocking(True)
            threading.Thread(target=carry, args=(near,), daemon=True).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        thread.join()
        listener.close()


def test_the_documented_address_edits_where_the_server_listens_everywhere(
    visit: Callable[..., Any], tmp_path: Path
) -> None:
    """As ``make run`` starts it: the server sees ``::ffff:127.0.0.1``."""
    with (
        held_port() as port,
        streamlit(port=port, address="", env=LOCAL | {"ATLAS_VAR": str(tmp_path)}),
    ):
        visit(f"http://127.0.0.1:{port}{FORM}").page.get_by_role("button", name="保存").wait_for()


def test_another_port_of_this_machine_needs_the_token_of_this_start(
    visit: Callable[..., Any], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with (
        log.open("wb") as out,
        streamlit(env=LOCAL | {"ATLAS_VAR": str(tmp_path)}, output=out) as server,
        passed_on(server) as other,
    ):
        token = re.search(r"\?token=(\S+)", log.read_text("utf-8"))
        assert token
        visit(f"{other}{FORM}").page.get_by_text("这里公开可看").wait_for()
        visit(f"{other}{FORM}&token=guessed").page.get_by_text("这里公开可看").wait_for()
        page = visit(f"{other}{FORM}&token={token[1]}").page
        page.get_by_role("button", name="保存").wait_for()
        page.wait_for_url(lambda url: "token" not in url)
