"""A real server, and pages of the headless Chromium (tests/chromium.py) that are watched."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as Waited

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """A running atlas."""

    url: str
    process: subprocess.Popen[bytes]


def start(
    data: Path | None = None, *, script: Path | str = "app.py", env: dict[str, str] | None = None
) -> Server:
    """Start a server on a free port of this machine, with more environment if asked, and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | ({"ATLAS_DATA": str(data)} if data else {}) | (env or {})
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return Server(url, process)
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError("the server did not start")


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Server]]:
    """Starts servers; all of them are stopped at the end."""
    running: list[Server] = []

    def launcher(data: Path | None = None, env: dict[str, str] | None = None) -> Server:
        running.append(start(data, env=env))
        return running[-1]

    yield launcher
    for server in running:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="session")
def server(launch: Callable[..., Server]) -> Server:
    return launch()


@dataclass
class Watch:
    """A page with everything that crossed its border."""

    page: Any
    requests: list[str] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def frame(self) -> Any:
        """The map's frame, drawn."""
        try:
            frame = self.page.wait_for_selector("iframe.atlas-frame", timeout=60_000).content_frame()
            frame.wait_for_selector('body[data-ready="1"]', timeout=60_000)
        except Waited as error:
            raise AssertionError(f"no map; the page says: {self.page.inner_text('body')!r}") from error
        return frame

    def settle(self) -> None:
        """Wait until the page has been quiet for a while."""
        quiet, last = 0, -1
        while quiet < 5:
            now = len(self.received) + len(self.requests)
            quiet, last = (quiet + 1, last) if now == last else (0, now)
            self.page.wait_for_timeout(150)

    def outside(self) -> list[str]:
        """Requests to anywhere but this machine."""
        return [
            url
            for url in self.requests
            if not url.startswith(("http://127.0.0.1", "data:", "blob:", "ws://127.0.0.1"))
        ]


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Watch]]:
    """Opens a watched page: ``visit(url, width=1440, height=900)``."""
    contexts = []

    def opener(url: str, *, width: int = 1440, height: int = 900) -> Watch:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        watch = Watch(page)
        page.on("request", lambda request: watch.requests.append(request.url))
        page.on("pageerror", lambda error: watch.errors.append(str(error)))
        page.on("dialog", lambda dialog: (watch.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))

        def socket_opened(channel: Any) -> None:
            channel.on("framereceived", lambda data: watch.received.append(len(data)))
            channel.on("framesent", lambda data: watch.sent.append(len(data)))

        page.on("websocket", socket_opened)
        page.goto(url)
        return watch

    yield opener
    for context in contexts:
        context.close()
