"""nginx as `make serve` sets it up: a session stays with its process, slow and large requests end, the public site is files."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from tests.eventually import eventually
from tools.serve import ROOT, Plan, check_config, start_nginx, write_config
from tools.serving import PATIENCE_S, free_port


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def process_named(name: str) -> Iterator[int]:
    """Stands for a process of the atlas: says its name, and who it thinks the client is."""

    async def who(request: Request) -> Response:
        await request.body()
        return PlainTextResponse(f"{name} {request.headers['x-forwarded-for']}")

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(f"{name} {await socket.receive_text()}")
        await socket.close()

    port = free_port()
    methods = ["GET", "POST"]
    app = Starlette(
        routes=[
            WebSocketRoute("/atlas/_stcore/stream", echo),
            Route("/atlas/{any:path}", who, methods=methods),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    with ExitStack() as stack:
        site = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site.chmod(0o755)  # nginx's own user reads it, and no folder of pytest
        (site / "index.html").write_text("the public site", "utf-8")
        ports = tuple(stack.enter_context(process_named(name)) for name in ("one", "two"))
        folder = tmp_path_factory.mktemp("nginx")
        made = Plan(folder, f"127.0.0.1:{free_port()}", ports, "/atlas", str(site), slow_s=1, connections=30)
        nginx = start_nginx(write_config(made))
        eventually(lambda: is_open(port_of(made)))
        yield made
        nginx.terminate()
        nginx.wait()


def port_of(plan: Plan) -> int:
    return int(plan.listen.rpartition(":")[2])


def get(plan: Plan, path: str, headers: dict[str, str] | None = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(plan), timeout=PATIENCE_S)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]
    return answer


def test_a_session_stays_with_its_process_and_sessions_are_spread(plan: Plan) -> None:
    seen = set()
    for _session in range(24):
        first = get(plan, "/atlas/x")
        cookie = re.match("atlas_process=[0-9a-f]+", first.headers["Set-Cookie"])
        assert cookie
        again = [get(plan, "/atlas/y", {"Cookie": cookie.group()}) for _ in range(3)]
        assert {one.text for one in again} == {first.text}
        assert not any(one.headers["Set-Cookie"] for one in again)
        seen.add(first.text)
    assert seen == {"one 127.0.0.1", "two 127.0.0.1"}


def test_a_client_cannot_say_who_it_is(plan: Plan) -> None:
    assert get(plan, "/atlas/x", {"X-Forwarded-For": "1.2.3.4"}).text.endswith(" 127.0.0.1")


def test_websockets_pass_and_stay_with_the_process_of_the_cookie(plan: Plan) -> None:
    cookie = get(plan, "/atlas/x").headers["Set-Cookie"].split(";")[0]
    name = get(plan, "/atlas/x", {"Cookie": cookie}).text.split()[0]
    address = f"ws://127.0.0.1:{port_of(plan)}/atlas/_stcore/stream"
    for _ in range(4):
        with connect(address, additional_headers={"Cookie": cookie}) as stream:
            stream.send("hello")
            assert stream.recv() == f"{name} hello"


def test_the_public_site_is_files_and_nothing_behind_it(plan: Plan) -> None:
    answer = get(plan, "/")
    assert (answer.status, answer.text) == (200, "the public site")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert get(plan, "/../../etc/passwd").status in (400, 404)


@pytest.mark.parametrize(
    "start",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"GET /atlas/x HTTP/1.1\r\n",
        b"POST /atlas/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx",
    ],
)
def test_slow_headers_and_slow_bodies_are_closed(plan: Plan, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port_of(plan)), timeout=PATIENCE_S) as connection:
        connection.sendall(start)
        try:
            answer = connection.recv(4096)
        except ConnectionResetError:
            answer = b""
        assert answer == b"" or b" 408 " in answer


def test_bodies_and_headers_have_a_size_and_an_address_so_many_connections(plan: Plan) -> None:
    with socket.create_connection(("127.0.0.1", port_of(plan)), timeout=PATIENCE_S) as large:
        large.sendall(b"POST /atlas/x HTTP/1.1\r\nHost: a\r\nContent-Length: 300000000\r\n\r\n")
        assert b" 413 " in large.recv(4096)
    assert get(plan, "/atlas/x", {"X-Long": "x" * 70_000}).status == 400
    head = b"POST /atlas/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"

    def one_more_is_refused() -> bool:
        with ExitStack() as stack:  # made anew each time: nginx closes those that stay silent
            for _ in range(plan.connections):
                one = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(plan))))
                one.sendall(head)
            return get(plan, "/").status == 429

    eventually(one_more_is_refused)
    eventually(lambda: get(plan, "/").status == 200)


def test_a_broken_configuration_is_refused(plan: Plan, tmp_path: Path) -> None:
    text = (plan.folder / "nginx.conf").read_text("utf-8")
    broken = tmp_path / "nginx.conf"
    broken.write_text(text.replace("hash $process consistent;", "hash $proces consistent;"), "utf-8")
    with pytest.raises(SystemExit, match="proces"):
        check_config(broken)


def test_a_site_at_the_root_needs_a_base_path_for_the_atlas(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--base"):
        write_config(Plan(tmp_path, "8501", (1,), site="/srv/site"))


def children(process: int) -> set[int]:
    done = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return set(map(int, done.stdout.split()))


def test_two_processes_of_the_atlas_are_served_and_end_together(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "tools.serve", "--workers", "2", "--listen", f"127.0.0.1:{port}"]
    command += ["--first-port", str(free_port()), "--base", "town"]
    env = os.environ | {"ATLAS_VAR": str(tmp_path), "ATLAS_WORKERS": "1"}
    served = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        plan = Plan(tmp_path, f"127.0.0.1:{port}", ())
        eventually(lambda: is_open(port) and get(plan, "/town/_stcore/health").status == 200)
        family = children(served.pid)
        assert len(family) == 3, "two processes and nginx"
        eventually(lambda: get(plan, "/town/api/indicators").status == 200)  # both processes listen by now
        assert '"token"' not in get(plan, "/town/").text
    finally:
        served.send_signal(signal.SIGTERM)
        assert served.wait(PATIENCE_S) == 0
    eventually(lambda: not any(Path(f"/proc/{one}").exists() for one in family))
