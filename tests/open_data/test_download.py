"""A download from a server of this machine that drops, stalls, cuts off, redirects and changes its file."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from geo.errors import DataError
from geo.open_data.download import TRIES, Fetched, fetch, fetched_before

OLD, NEW = bytes(range(256)) * 9000, b"another file " * 150_000


@dataclass
class Server:
    """What the server does with each request in turn; after the last it behaves."""

    content: bytes = OLD
    faults: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    md5: str = ""
    port: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/city.osm.pbf"

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.content, usedforsecurity=False).hexdigest()}"'


class Handler(BaseHTTPRequestHandler):
    """Answers as its ``state`` says."""

    state: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None: ...

    def do_GET(self) -> None:
        self.close_connection = True
        self.state.asked.append(self.path)
        if self.path.endswith(".md5"):
            self.answer(200, self.state.md5.encode())
            return
        fault = self.state.faults.pop(0) if self.state.faults else ""
        self.state.ranges.append(self.headers.get("Range", ""))
        if fault == "503":
            self.answer(503, b"")
        elif fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "/moved.osm.pbf")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.headers.get("If-None-Match") == self.state.etag:
            self.answer(304, b"")
        else:
            self.give(fault)

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def give(self, fault: str) -> None:
        begin = 0
        if self.headers.get("Range") and self.headers.get("If-Range") == self.state.etag:
            begin = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        body = self.state.content[begin:]
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header(
                "Content-Range", f"bytes {begin}-{len(self.state.content) - 1}/{len(self.state.content)}"
            )
        self.send_header("ETag", self.state.etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault in ("drop", "stall", "change") else body)
        self.wfile.flush()
        if fault == "stall":
            self.state.release.wait(20)
        if fault == "change":
            self.state.content = NEW


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"state": state}))
    http.daemon_threads = True
    state.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield state
    state.release.set()
    http.shutdown()
    http.server_close()


def get(server: Server, path: Path, **more: Any) -> Fetched:
    return fetch(server.url, path, stall_s=1.0, wait_s=0.0, **more)


@pytest.mark.parametrize(
    "faults",
    [
        [],
        ["drop"],
        ["drop", "drop", "503"],
        ["stall"],
        ["redirect"],
        ["redirect", "drop", "drop"],
        ["503"] * (TRIES - 1),
    ],
)
def test_whatever_the_server_does_the_file_is_whole(
    server: Server, tmp_path: Path, faults: list[str]
) -> None:
    server.faults = list(faults)
    seen: list[int] = []
    done = get(server, tmp_path / "a.pbf", progress=lambda size, _whole: seen.append(size))
    assert (tmp_path / "a.pbf").read_bytes() == OLD
    assert (done.size, done.sha256) == (len(OLD), hashlib.sha256(OLD).hexdigest())
    assert fetched_before(tmp_path / "a.pbf") == done
    assert max(seen) == len(OLD)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pbf", "a.pbf.json"]


def test_it_goes_on_where_it_was_broken_off(server: Server, tmp_path: Path) -> None:
    server.faults = ["drop"]
    get(server, tmp_path / "a.pbf")
    assert server.ranges[0] == ""
    assert server.ranges[1].startswith("bytes=")
    assert int(server.ranges[1][6:-1]) > 0


def test_a_file_that_changes_on_the_way_is_never_a_mixture(server: Server, tmp_path: Path) -> None:
    server.faults = ["change"]
    get(server, tmp_path / "a.pbf")
    assert (tmp_path / "a.pbf").read_bytes() == NEW


def test_a_later_run_goes_on_and_the_old_file_stays_until_then(server: Server, tmp_path: Path) -> None:
    get(server, tmp_path / "a.pbf")
    server.content = NEW
    server.faults = ["drop"] + ["503"] * (TRIES - 1)
    with pytest.raises(DataError) as error:
        get(server, tmp_path / "a.pbf")
    assert "503" in str(error.value.params["detail"])
    assert (tmp_path / "a.pbf").read_bytes() == OLD
    get(server, tmp_path / "a.pbf")
    assert server.ranges[-1].startswith("bytes=")
    assert (tmp_path / "a.pbf").read_bytes() == NEW


def test_what_has_not_changed_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    first = get(server, tmp_path / "a.pbf")
    before = (tmp_path / "a.pbf").stat().st_mtime_ns
    assert get(server, tmp_path / "a.pbf") == first
    assert (tmp_path / "a.pbf").stat().st_mtime_ns == before


def test_the_publishers_sum_is_checked_and_a_wrong_file_thrown_away(server: Server, tmp_path: Path) -> None:
    server.md5 = f"{hashlib.md5(OLD, usedforsecurity=False).hexdigest()}  city.osm.pbf\n"
    get(server, tmp_path / "a.pbf", md5_url=server.url + ".md5")
    server.md5 = "0" * 32
    with pytest.raises(DataError):
        get(server, tmp_path / "b.pbf", md5_url=server.url + ".md5")
    assert not [
        path for path in tmp_path.iterdir() if path.name.startswith("b.pbf") and path.suffix != ".version"
    ]


def test_no_network_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        fetch("http://127.0.0.1:9/none", tmp_path / "a.pbf", stall_s=0.5, wait_s=0.0)
    assert "--folder" in error.value.hint
