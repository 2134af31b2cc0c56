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
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from tests.asgi import answering
from tests.eventually import eventually
from tools import serve
from tools.ports import held_port
from tools.serve import ROOT, Plan, check_config, start_nginx, write_config
from tools.serving import PATIENCE_S


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

    methods = ["GET", "POST"]
    app = Starlette(
        routes=[
            WebSocketRoute("/atlas/_stcore/stream", echo),
            Route("/atlas/{any:path}", who, methods=methods),
        ]
    )
    with answering(app) as port:
        yield port


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    with ExitStack() as stack:
        site = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site.chmod(0o755)  # nginx's own user reads it, and no folder of pytest
        (site / "index.html").write_text("the public site", "utf-8")
        ports = tuple(stack.enter_context(process_named(name)) for name in ("one", "two"))
        folder = tmp_path_factory.mktemp("nginx")
        listen = f"127.0.0.1:{stack.enter_context(held_port())}"
        made = Plan(folder, listen, ports, "/atlas", str(site), slow_s=1, connections=30)
        nginx = start_nginx(write_config(made))
        eventually(lambda: is_open(port_of(made)), nginx)
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


@contextmanager
def served(folder: Path, listen: int, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """``make serve``, ended with the block; what it says of itself is in ``folder/log``."""
    command = [sys.executable, "-m", "tools.serve", "--workers", "2", "--listen", f"127.0.0.1:{listen}"]
    env = os.environ | {"ATLAS_VAR": str(folder), "ATLAS_WORKERS": "1"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, *arguments], cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def test_two_processes_of_the_atlas_are_served_and_end_together(tmp_path: Path) -> None:
    with held_port() as port, served(tmp_path, port, "--base", "town") as process:
        plan = Plan(tmp_path, f"127.0.0.1:{port}", ())
        eventually(lambda: is_open(port) and get(plan, "/town/_stcore/health").status == 200, process)
        family = children(process.pid)
        assert len(family) == 3, "two processes and nginx"
        eventually(lambda: get(plan, "/town/api/indicators").status == 200, process)  # both listen by now
        assert '"token"' not in get(plan, "/town/").text
    assert process.returncode == 0, (tmp_path / "log").read_text()
    eventually(lambda: not any(Path(f"/proc/{one}").exists() for one in family))


def test_a_port_that_is_taken_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, held_port() as port:
        taken = other.getsockname()[1]
        with served(tmp_path, port, "--first-port", str(taken - 1)) as process:
            assert process.wait(PATIENCE_S) == 1
    assert f"port {taken} of this machine cannot be had" in (tmp_path / "log").read_text()
    assert not (tmp_path / "serve").exists()


@pytest.fixture
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_ends_at_its_start_ends_all_and_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    signals_as_before: None,
) -> None:
    def start(port: int, _base: str, _workers: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["sh", "-c", "exit 3" if port == 2 else "exec sleep 1000"])

    monkeypatch.setattr(serve, "start_atlas", start)
    with held_port() as port:
        assert serve.serve(Plan(tmp_path, f"127.0.0.1:{port}", (1, 2)), workers=1) == 1
        assert "the atlas on port 2 ended with 3; all is stopped" in capfd.readouterr().err
        assert not is_open(port)


def test_a_port_that_is_held_is_given_to_nobody_else_and_can_be_listened_on() -> None:
    with held_port() as port:
        others = [socket.create_server(("127.0.0.1", 0)) for _ in range(200)]
        assert port not in {other.getsockname()[1] for other in others}
        with (
            socket.create_server(("127.0.0.1", port)),
            pytest.raises(OSError, match="in use"),
            held_port(port),
        ):
            pass
        for other in others:
            other.close()
