"""A slow network: when a visitor of the public site reads and sees the map, and what of the app's first view is its own.

``python -m benchmarks.bench_slow_network [--site FOLDER]``, of a site that is published already. Writes ``docs/performance/slow_network.json``. Chromium's own throttle (CDP) gives 400 kbit/s
and 400 ms a request; the site is served as docs/publish.md says, compressed. Bytes are as they came over the wire, heads included.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from benchmarks.timing import machine, print_table, write_record
from geo.atlas import load_atlas
from layers.site.build import publish
from tools.ports import held_port
from tools.serving import CHROMIUM, PATIENCE_S, SWITCHES, streamlit

ROUNDS: Final = 3
BITS_PER_S: Final = 400_000
LATENCY_MS: Final = 400
GOAL_S: Final = 8.0
GOAL_BYTES: Final = 300_000
_PHONE: Final = {"width": 390, "height": 844}


@contextmanager
def site_served(site: Path | None) -> Iterator[str]:
    """The public site, published anew where none is given, from a server of files that compresses."""
    with tempfile.TemporaryDirectory() as folder, held_port(0) as port:
        if site is None:
            site = Path(folder) / "public"
            publish(load_atlas(), site)
        files = Mount("/", StaticFiles(directory=site, html=True))
        app = Starlette(routes=[files], middleware=[Middleware(GZipMiddleware, minimum_size=500)])
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


class Wire:
    """A page of its own context, with the bytes of each address as they came."""

    def __init__(self, browser: Any, size: dict[str, int], *, slow: bool) -> None:
        self.context = browser.new_context(viewport=size, locale="zh-CN")
        self.context.set_default_timeout(PATIENCE_S * 1000)
        self.page = self.context.new_page()
        self.urls: dict[str, str] = {}
        self.bytes: dict[str, float] = {}
        talk = self.context.new_cdp_session(self.page)
        talk.send("Network.enable")
        if slow:
            speed = BITS_PER_S / 8
            throttle = {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": speed,
                "uploadThroughput": speed,
            }
            talk.send("Network.emulateNetworkConditions", throttle)
        talk.on("Network.requestWillBeSent", self._begin)
        talk.on("Network.loadingFinished", self._end)

    def _begin(self, event: Any) -> None:
        self.urls[event["requestId"]] = event["request"]["url"]

    def _end(self, event: Any) -> None:
        url = self.urls.get(event["requestId"], "")
        self.bytes[url] = self.bytes.get(url, 0) + event["encodedDataLength"]


def slow_visit(browser: Any, url: str) -> dict[str, float]:
    """Seconds until there is text, until the map is drawn; bytes."""
    wire = Wire(browser, _PHONE, slow=True)
    start = time.perf_counter()
    wire.page.goto(url, wait_until="commit")
    wire.page.get_by_role("heading", level=1).wait_for()
    text = time.perf_counter() - start
    wire.page.wait_for_selector('body[data-ready="1"]')
    seen = time.perf_counter() - start
    total = sum(wire.bytes.values())
    wire.context.close()
    print(f"text {text:.1f} s, map {seen:.1f} s", flush=True)
    return {"text_s": text, "map_s": seen, "bytes": total}


def app_bytes(browser: Any, url: str) -> dict[str, float]:
    """Bytes of the app's first view: its own (all below ``/atlas/`` and ``/api/``), and Streamlit's."""
    wire = Wire(browser, {"width": 1440, "height": 900}, slow=False)
    wire.page.goto(url)
    frame = wire.page.wait_for_selector("iframe.atlas-frame").content_frame()
    frame.wait_for_selector('body[data-ready="1"]')
    wire.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    own = {
        path: size
        for path, size in ((urlsplit(each).path, size) for each, size in wire.bytes.items())
        if path.startswith(("/atlas/", "/api/"))
    }
    wire.context.close()
    total = sum(wire.bytes.values())
    layers = sum(size for path, size in own.items() if "/layers/" in path)
    return {"own": sum(own.values()), "of them layers": layers, "Streamlit": total - sum(own.values())}


def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, help="a folder with the published site")
    parser.add_argument("--quick", action="store_true", help="one visit, nothing recorded in docs/")
    asked = parser.parse_args()
    with site_served(asked.site) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        first = [slow_visit(browser, f"{site}/index.html") for _round in range(1 if asked.quick else ROUNDS)]
        with tempfile.TemporaryDirectory() as var, streamlit(env={"ATLAS_VAR": var}) as server:
            app = app_bytes(browser, server.url)
        browser.close()
    visit = {name: statistics.median(each[name] for each in first) for name in first[0]}
    met = visit["map_s"] < GOAL_S and app["own"] < GOAL_BYTES
    rows = [
        ["public site: text", f"{visit['text_s']:.1f} s", f"{GOAL_S:.0f} s"],
        ["public site: map", f"{visit['map_s']:.1f} s", f"{GOAL_S:.0f} s"],
        ["public site: bytes", f"{visit['bytes'] / 1000:.0f} kB", ""],
        ["app: own bytes", f"{app['own'] / 1000:.0f} kB", f"{GOAL_BYTES / 1000:.0f} kB"],
        ["app: Streamlit's bytes", f"{app['Streamlit'] / 1000:.0f} kB", ""],
    ]
    print_table("Slow network, and bytes of the first view", ["what", "measured", "goal"], rows)
    write_record(
        "slow_network", {"machine": machine(), "site": visit, "app": app, "met": met}, quick=asked.quick
    )
    sys.exit(not (met or asked.quick))


if __name__ == "__main__":
    main()
