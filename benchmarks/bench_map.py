"""The map in a browser: an empty pack, the real one, and 20,000 simulated places (quick: 1,000); and streamlit-folium with the same points.

``python -m benchmarks.bench_map [--quick]``. One run, one Chromium without network, the cases taking turns; medians. Prints a Markdown table.
"""

from __future__ import annotations

import csv
import json
import statistics
import sys
import tempfile
import textwrap
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.simulate import simulated_pack
from benchmarks.timing import is_quick
from geo.paths import DATA_DIR
from tools.serving import CHROMIUM, SWITCHES, streamlit

ROUNDS = 5
WORKS, QUICK_WORKS = 20_000, 1_000
QUIET_MS, LONGEST_MS = 1_500, 60_000
BASELINE_APP = """
    import json, sys
    import folium, streamlit as st
    from folium.plugins import FastMarkerCluster
    from streamlit_folium import st_folium

    points = json.load(open({points!r}))
    district = st.selectbox("district", ["all", "320282"])
    m = folium.Map([31.5, 120.2], zoom_start=9, tiles=None, maxZoom=18)
    group = folium.FeatureGroup(name="points")
    group.add_child(FastMarkerCluster([p[:2] for p in points if district in ("all", p[2])], name="c"))
    st_folium(m, feature_group_to_add=group, key="m", height=600, returned_objects=["last_object_clicked"])
"""


def empty_pack(folder: Path) -> Path:
    """The real pack without a single work."""
    simulated_pack(folder, 0)
    for table in ("works", "events", "citations"):
        path = folder / f"{table}.csv"
        path.write_text(path.read_text("utf-8").split("\n", 1)[0] + "\n", "utf-8")
    lines = json.loads((folder / "lines.geojson").read_text("utf-8"))
    lines["features"] = [f for f in lines["features"] if f["properties"]["role"] == "baseline"]
    (folder / "lines.geojson").write_text(json.dumps(lines), "utf-8")
    return folder


def baseline(folder: Path, pack: Path) -> Path:
    """A streamlit-folium app with the simulated places."""
    with (pack / "works.csv").open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["work_id"].startswith("SIM")]
    points = folder / "points.json"
    points.write_text(
        json.dumps([[float(r["lat"]), float(r["lon"]), r["district_code"]] for r in rows]), "utf-8"
    )
    app = folder / "baseline.py"
    app.write_text(textwrap.dedent(BASELINE_APP).format(points=str(points)), "utf-8")
    return app


def received_by(page: Any) -> list[int]:
    """Bytes of each frame that a page receives on its websockets; the list grows."""
    received: list[int] = []
    page.on("websocket", lambda s: s.on("framereceived", lambda data: received.append(len(data))))
    return received


def until_quiet(page: Any, received: list[int]) -> None:
    """Wait until nothing was received for a while, however slow the machine is."""
    for _turn in range(LONGEST_MS // QUIET_MS):
        before = len(received)
        page.wait_for_timeout(QUIET_MS)
        if len(received) == before:
            return


def visit(browser: Any, url: str) -> dict[str, float]:
    """One cold visit: milliseconds from navigation to first paint and to all layers, and what crossed the wires."""
    page = browser.new_page()
    received = received_by(page)
    page.goto(url)
    frame = page.wait_for_selector("iframe.atlas-frame", timeout=60_000).content_frame()
    frame.wait_for_selector('body[data-ready="1"]', timeout=60_000)
    marks = frame.evaluate(
        "performance.getEntriesByType('mark').map(m => [m.name, performance.timeOrigin + m.startTime])"
    )
    origin = page.evaluate("performance.timeOrigin")
    frame_origin = frame.evaluate("performance.timeOrigin")
    until_quiet(page, received)
    first = sum(received)
    sizes = frame.evaluate("performance.getEntriesByType('resource').reduce((a, r) => a + r.transferSize, 0)")
    page.locator(".st-key-filters button").first.click()
    until_quiet(page, received)  # what opening the menu sends is no part of the filter
    received.clear()
    field = page.get_by_role("combobox", name="区县", exact=True)
    field.click()
    field.fill("宜兴")
    page.keyboard.press("Enter")
    until_quiet(page, received)
    times = dict(marks)
    page.close()
    return {
        "paint": times["atlas-first-paint"] - frame_origin,
        "page": times["atlas-first-paint"] - origin,
        "ready": times["atlas-ready"] - frame_origin,
        "ws": first / 1000,
        "http": sizes / 1000,
        "filter": sum(received) / 1000,
    }


def visit_baseline(browser: Any, url: str) -> dict[str, float]:
    """The same visit of the streamlit-folium app: what crosses the websocket at load and at a filter."""
    page = browser.new_page()
    received = received_by(page)
    page.goto(url)
    page.locator("iframe").first.wait_for(
        state="attached", timeout=LONGEST_MS
    )  # its height is 0 without a network
    until_quiet(page, received)
    first = sum(received)
    received.clear()
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="320282").click()
    until_quiet(page, received)
    page.close()
    return {"ws": first / 1000, "filter": sum(received) / 1000}


def main() -> None:
    from playwright.sync_api import sync_playwright

    quick = is_quick()
    rounds, works = (1, QUICK_WORKS) if quick else (ROUNDS, WORKS)
    many = f"{works:,}"

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright, ExitStack() as stack:
        folder = Path(name)
        packs = {
            "empty": empty_pack(folder / "empty"),
            "real": DATA_DIR,
            many: simulated_pack(folder / "many", works),
        }
        servers = {case: stack.enter_context(streamlit(data=pack)) for case, pack in packs.items()}
        other = stack.enter_context(streamlit(baseline(folder, packs[many])))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        stack.callback(browser.close)
        for server in servers.values() if not quick else ():
            visit(browser, server.url)  # the first visit of a server loads the pack
        runs: dict[str, list[dict[str, float]]] = {case: [] for case in servers}
        for _round in range(rounds):
            for case, server in servers.items():
                runs[case].append(visit(browser, server.url))
        theirs = visit_baseline(browser, other.url)
    report(runs, theirs, rounds, many)


def report(runs: dict[str, list[dict[str, float]]], theirs: dict[str, float], rounds: int, many: str) -> None:
    middle = {
        case: {k: statistics.median(r[k] for r in rows) for k in rows[0]} for case, rows in runs.items()
    }
    base = middle["empty"]["paint"]
    print(
        "| pack | first paint of the map, ms (ratio) | from navigation, ms | all layers, ms | websocket at load, kB | http of the map, kB | websocket of a filter, kB |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for case, row in middle.items():
        print(
            f"| {case} | {row['paint']:.0f} ({row['paint'] / base:.2f}) | {row['page']:.0f} | {row['ready']:.0f} "
            f"| {row['ws']:.1f} | {row['http']:.0f} | {row['filter']:.1f} |"
        )
    print(
        f"| streamlit-folium, FastMarkerCluster, {many} | - | - | - | {theirs['ws']:.0f} | - | {theirs['filter']:.0f} |"
    )
    print(f"\nMedians of {rounds} visits each, the cases taking turns; Python {sys.version.split()[0]}.")


if __name__ == "__main__":
    main()
