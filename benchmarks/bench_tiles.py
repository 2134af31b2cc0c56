"""A million points and 200,000 polygons on the map as vector tiles, against FastMarkerCluster, folium's GeoJson, pydeck and lonboard, in one run.

``python -m benchmarks.bench_tiles [--quick]``. Writes ``docs/performance/tiles.json``. One Chromium whose network ends at this machine. The first view is
compared with that of the same map without the two layers; ten viewers then walk over the map and ask for the tiles that a browser would.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import io
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.cdn import answer_from_npm
from benchmarks.tiles_city import invented_points
from benchmarks.tiles_others import fast_marker_cluster, folium_geojson, local, lonboard_points, pydeck_points
from benchmarks.timing import machine, print_table, write_record
from layers.map.tiled.grid import world_steps
from tools.ports import held_port
from tools.serving import CHROMIUM, SWITCHES

POINTS, POLYGONS = 1_000_000, 200_000
VIEWERS: Final = 10
STEPS: Final = 25
GOALS: Final = {"first_view_ratio": 1.5, "tile_p95_ms": 150.0, "largest_tile_bytes": 500_000}
LAYERS: Final = ("baseline_facilities", "facility_outlines")
WITHOUT, WITH = "layers=baseline_lines", f"layers=baseline_lines,{','.join(LAYERS)}"
_WEBGL: Final = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
_PATIENCE_MS: Final = 120_000
_ALL_THERE: Final = f"""() => document.body?.dataset.ready === "1" && {json.dumps(LAYERS)}.every((id) => {{
  const layer = window.atlas.layers.find(({{ declaration }}) => declaration.id === id);
  return layer.shown && layer.drawing.grid && !layer.drawing.grid.layer.isLoading();
}})"""


@contextmanager
def city(points: int, polygons: int) -> Iterator[int]:
    """The server; its port."""
    with held_port(0) as port:
        command = [sys.executable, "-m", "benchmarks.tiles_city", str(port), str(points), str(polygons)]
        with subprocess.Popen(command) as process:
            try:
                yield _ready(port)
            finally:
                process.terminate()


def _ready(port: int) -> int:
    for _try in range(600):
        try:
            ask(port, "/atlas/config.json")
            return port
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def ask(port: int, path: str) -> bytes:
    """The body of an answer, not compressed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


def visit(browser: Any, url: str, is_there: str, *, alone: bool = False, dots: int = 0) -> dict[str, float]:
    """One visit with nothing kept: milliseconds until it is drawn, and bytes over the wire.

    Parameters
    ----------
    browser : playwright browser
    url : str
    is_there : str
        Script that is true once it is drawn.
    alone : bool
        Answer what the page asks of other hosts from npm packages.
    dots : int
        So many pixels of a screenshot must be marked besides.

    Returns
    -------
    dict
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    unanswered = answer_from_npm(page) if alone else []
    sizes: list[float] = []
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.set_default_timeout(_PATIENCE_MS)
    start = time.perf_counter()
    try:
        page.goto(url, wait_until="commit")
        page.wait_for_function(is_there, polling=20)
        while dots and marked_pixels(page.screenshot()) < dots:
            if time.perf_counter() - start > _PATIENCE_MS / 1000:
                raise TimeoutError("nothing is seen on the screen")
        ms = 1000 * (time.perf_counter() - start)
        page.wait_for_timeout(500)
    except Exception as error:
        raise RuntimeError("; ".join([str(error).splitlines()[0], *unanswered])) from error
    finally:
        context.close()
    return {"ms": ms, "bytes": sum(sizes)}


def marked_pixels(picture: bytes) -> int:
    """How many pixels of a screenshot are not white: dots smaller than a pixel are grey."""
    from PIL import Image

    return int((np.asarray(Image.open(io.BytesIO(picture)).convert("L")) < _WHITE).sum())


def first_views(browser: Any, port: int, rounds: int) -> dict[str, dict[str, float]]:
    """Medians of the map without and with the two layers, taking turns."""
    cases = {
        "empty": (WITHOUT, "() => document.body?.dataset.ready === '1'"),
        "ours": (WITH, _ALL_THERE),
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in cases}
    for turn in range(rounds + 1):
        for name, (words, is_there) in cases.items():
            measured = visit(browser, f"http://127.0.0.1:{port}/atlas/map?{words}", is_there)
            runs[name] += [measured] if turn else []  # the first turn warms the server
    return {
        name: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for name, found in runs.items()
    }


def walk(seed: int) -> list[tuple[int, int, int]]:
    """Tiles that one viewer's screen needs, step by step: zooming in somewhere in the city, then moving."""
    rng = np.random.default_rng(seed)
    lon, lat, _codes = invented_points(10_000, seed=64)
    found: dict[tuple[int, int, int], None] = {}
    for _step in range(STEPS):
        at, zoom = int(rng.integers(len(lon))), int(rng.integers(8, 17))
        x, y = world_steps([lon[at]], [lat[at]])
        column, row = int(x[0]) >> (30 - zoom), int(y[0]) >> (30 - zoom)
        found |= {(zoom, column + right, row + down): None for right in (-1, 0, 1) for down in (0, 1)}
    return list(found)


def viewers(port: int, addresses: list[str]) -> dict[str, float]:
    """Ten viewers at once: milliseconds a tile as a client sees them, and the largest tile."""
    times: list[float] = []
    sizes: list[tuple[int, int]] = []

    def view(seed: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        for zoom, x, y in walk(seed):
            for address in addresses:
                start = time.perf_counter()
                path = address.format(z=zoom, x=x, y=y)
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                body = answer.read()
                times.append(1000 * (time.perf_counter() - start))
                assert answer.status == 200, (path, answer.status)
                sizes.append((len(gzip.decompress(body)), len(body)))

    threads = [threading.Thread(target=view, args=(seed,)) for seed in range(VIEWERS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    return {
        "tiles": len(times),
        "tiles_per_s": len(times) / took,
        "p50_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "largest_tile_bytes": max(raw for raw, _packed in sizes),
        "largest_tile_packed_bytes": max(packed for _raw, packed in sizes),
    }


_CDN: Final = "https://cdn.jsdelivr.net/npm/@jupyter-widgets"
_LEAFLET_DONE: Final = "() => window.L && document.querySelector('.marker-cluster, .leaflet-marker-icon, .leaflet-overlay-pane canvas')"
_DECK_DONE: Final = "() => document.querySelector('canvas')?.width > 300"
_WHITE: Final = 250
_MARKED: Final = 2_000
"""Pixels of a screen: what deck.gl draws cannot be asked for, only seen."""
OTHERS: Final[dict[str, tuple[Callable[[int], str], int, str]]] = {
    "FastMarkerCluster, points": (fast_marker_cluster, POINTS, _LEAFLET_DONE),
    "folium GeoJson, polygons": (folium_geojson, POLYGONS, _LEAFLET_DONE),
    "pydeck ScatterplotLayer, points": (pydeck_points, POINTS, _DECK_DONE),
    "lonboard ScatterplotLayer, points": (lonboard_points, POINTS, _DECK_DONE),
}


def other_maps(browser: Any, folder: Path, share: float) -> dict[str, dict[str, Any]]:
    """Each as the page that its library writes: the Python side, the bytes of the file, and until something is drawn."""
    found: dict[str, dict[str, Any]] = {}
    for name, (make, n, is_there) in OTHERS.items():
        drawn, failure, text, made = None, "", "", 0.0
        path = folder / "other.html"
        try:
            start = time.perf_counter()
            text = make(int(n * share))
            text = local(text, folder) if is_there is _LEAFLET_DONE else text
            made = time.perf_counter() - start
            path.write_text(text, "utf-8")
            dots = _MARKED if is_there is _DECK_DONE else 0
            if _CDN in text:  # the first visit fetches the packages from npm
                visit(browser, path.as_uri(), is_there, alone=True, dots=dots)
            drawn = visit(browser, path.as_uri(), is_there, alone=True, dots=dots)["ms"]
        except Exception as error:  # noqa: BLE001 (a library that does not get there is a result)
            failure = str(error).splitlines()[0]
        found[name] = {
            "features": int(n * share),
            "made_ms": 1000 * made,
            "bytes": len(text.encode()),
            "packed_bytes": len(gzip.compress(text.encode(), 6)),
            "drawn_ms": drawn,
            "failure": failure,
        }
    return found


def main() -> None:
    """Measure and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a twentieth of the features; replaces no record"
    )
    quick = parser.parse_args().quick
    share = 0.05 if quick else 1.0
    with (
        city(int(POINTS * share), int(POLYGONS * share)) as port,
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        start = time.perf_counter()
        told = [json.loads(ask(port, f"/atlas/layers/{layer}.json"))["tiles"] for layer in LAYERS]
        prepared = time.perf_counter() - start
        views = first_views(browser, port, rounds=3 if quick else 5)
        tiles = viewers(port, [f"/atlas/{one['url']}" for one in told])
        browser.close()
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=[each for each in SWITCHES if "gpu" not in each and "rasterizer" not in each] + _WEBGL,
        )
        others = other_maps(browser, Path(folder), share)
        browser.close()
    ratios = {key: views["ours"][key] / views["empty"][key] for key in ("ms", "bytes")}
    record = {
        "machine": machine(),
        "points": int(POINTS * share),
        "polygons": int(POLYGONS * share),
        "made_once_s": prepared,
        "first_view": views | {"ratio_ms": ratios["ms"], "ratio_bytes": ratios["bytes"]},
        "tiles": tiles,
        "others": others,
        "goals": GOALS,
    }
    write_record("tiles", record, quick=quick)
    print(json.dumps(record, indent=1, ensure_ascii=False))
    print_table(
        "others",
        ["map", "bytes", "drawn ms", "why not"],
        [[k, str(v["bytes"]), str(v["drawn_ms"]), v["failure"]] for k, v in others.items()],
    )


if __name__ == "__main__":
    main()
