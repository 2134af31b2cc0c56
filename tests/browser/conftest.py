"""A real server, and pages of the headless Chromium (tests/chromium.py) that are watched."""

from __future__ import annotations

import functools
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as Waited

from layers.site.folder import bring
from tools.serving import PATIENCE_S, Server, streamlit


@pytest.fixture
def launch() -> Iterator[Callable[..., Server]]:
    """Starts servers; they are stopped with the test, so that none works on beside the next one."""
    with ExitStack() as stack:

        def launcher(data: Path | None = None, env: dict[str, str] | None = None) -> Server:
            return stack.enter_context(streamlit(data=data, env=env))

        yield launcher


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server of the pack as it is, for all tests that only look."""
    with streamlit(env={"ATLAS_VAR": str(tmp_path_factory.mktemp("var"))}) as running:
        yield running


IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return !document.querySelector(".atlas-early") && !!app && app.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED";
}"""

# nothing of an earlier run stands there paler until the next one is through, and nothing changes its shade
IS_CLEAR = """() => !document.querySelector('[data-stale="true"]') && !document.getAnimations().some((each) => each instanceof CSSTransition)"""


def _is_drawn(frame: Any) -> bool:
    return bool(frame and frame.evaluate("document.body?.dataset.ready === '1'"))


@dataclass
class Watch:
    """A page with everything that crossed its border."""

    page: Any
    requests: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_answered: bool = True
    """Whether the server has said something since the page last sent it a message."""

    def frame(self) -> Any:
        """The map's frame in its place on the page, drawn."""
        try:
            frame = self.page.wait_for_selector(".atlas-root iframe.atlas-frame").content_frame()
            frame.wait_for_selector('body[data-ready="1"]')
        except Waited as error:
            raise AssertionError(f"no map; the page says: {self.page.inner_text('body')!r}") from error
        return frame

    def settle(self) -> None:
        """Wait until the server has answered and its run has ended, every request is answered, and nothing more comes or goes."""
        end = time.monotonic() + PATIENCE_S
        quiet, last = 0, (-1, -1, -1)
        while quiet < 4:
            assert time.monotonic() < end, "the page never came to rest"
            now = (len(self.received), len(self.sent), len(self.requests))
            at_rest = self._is_idle() and len(self.requests) == len(self.answered)
            quiet, last = (quiet + 1 if at_rest and now == last else 0), now
            self.page.wait_for_timeout(80)  # lets the messages of the browser in

    def rest(self) -> None:
        """Wait until the server's run has ended and every map of the page is drawn."""
        end = time.monotonic() + PATIENCE_S
        quiet = 0
        while quiet < 3:
            assert time.monotonic() < end, "the page never came to rest"
            maps = [handle.content_frame() for handle in self.page.query_selector_all("iframe.atlas-frame")]
            is_still = self._is_idle() and self.page.evaluate(IS_CLEAR)
            quiet = quiet + 1 if is_still and all(map(_is_drawn, maps)) else 0
            self.page.wait_for_timeout(80)  # lets the messages of the browser in

    def _is_idle(self) -> bool:
        # a busy server begins its run late: until then the page looks as if nothing had been asked
        return self.is_answered and bool(self.page.evaluate(IDLE))

    def outside(self) -> list[str]:
        """Requests to anywhere but this machine."""
        return [
            url
            for url in self.requests
            if not url.startswith(("http://127.0.0.1", "data:", "blob:", "ws://127.0.0.1"))
        ]


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Watch]]:
    """Opens a watched page, under the policies that the server sends: ``visit(url, width=1440, height=900)``."""
    contexts = []

    def opener(url: str, *, width: int = 1440, height: int = 900) -> Watch:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        page = context.new_page()
        watch = Watch(page)
        page.on("request", lambda request: watch.requests.append(request.url))
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda request: watch.answered.append(request.url))
        page.on("pageerror", lambda error: watch.errors.append(str(error)))
        page.on("dialog", lambda dialog: (watch.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))

        def received(data: bytes) -> None:
            watch.received.append(len(data))
            watch.is_answered = True

        def sent(data: bytes) -> None:
            watch.sent.append(len(data))
            watch.is_answered = False

        def socket_opened(channel: Any) -> None:
            channel.on("framereceived", received)
            channel.on("framesent", sent)

        page.on("websocket", socket_opened)
        page.goto(url)
        return watch

    yield opener
    for context in contexts:
        context.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain file server: no headers of its own, no compression; it keeps no log."""

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def folder(hostile_site: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public site, with names that try to run, as a folder."""
    out = tmp_path_factory.mktemp("site") / "public"
    bring(out, hostile_site)
    return out


@pytest.fixture(scope="session")
def served(folder: Path) -> Iterator[str]:
    """Its address on a plain file server."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["server", "folder"])
def base(request: pytest.FixtureRequest, served: str, folder: Path) -> str:
    """The site from a server, and from its folder."""
    return served if request.param == "server" else folder.as_uri()


@dataclass
class Visit:
    """A page with what it asked for and what it complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ready(self) -> Visit:
        self.page.wait_for_selector('body[data-ready="1"]')
        return self

    def counts(self) -> dict[str, Any]:
        found = json.loads(self.page.evaluate("document.body.dataset.counts"))
        return {name: found[name] for name in ("status", "certainty")}

    def items(self) -> dict[str, list[str]]:
        """Item -> the texts of its cells: target, named, placed, done, promise."""
        rows = self.page.evaluate(
            "[...document.querySelectorAll('#items tbody tr')].map(r => [r.dataset.item, ...[...r.cells].map(c => c.textContent.trim())])"
        )
        return {row[0]: row[2:] for row in rows}


@pytest.fixture
def go(browser: Any) -> Iterator[Callable[..., Visit]]:
    """Opens a page of the site: ``go(url, width=1440, height=900)``."""
    contexts = []

    def opener(url: str, *, width: int = 1440, height: int = 900, scripts: bool = True) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page)
        page.on("request", lambda request: visit.requests.append(request.url))
        page.on("console", lambda message: visit.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (visit.complaints.append("dialog"), dialog.dismiss()))
        page.goto(url)
        return visit

    yield opener
    for context in contexts:
        context.close()
