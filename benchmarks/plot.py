"""Draw ``docs/performance/{growth,ratios}.svg`` from the records beside them: ``python -m benchmarks.plot``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.timing import RECORDS

# Told apart by shape and stroke, so that grey print is enough
STYLES = {
    "within": {"label": "residents within R", "marker": "o", "linestyle": "-", "color": "#111111"},
    "nearest": {"label": "nearest distance", "marker": "s", "linestyle": "--", "color": "#555555"},
    "area": {"label": "area of the union", "marker": "^", "linestyle": ":", "color": "#888888"},
}
BARS = (("#222222", ""), ("#777777", "///"), ("#bbbbbb", ""), ("#ffffff", "..."), ("#ffffff", "xx"))
GROWN = {"cells": "cells (2,000 facilities)", "facilities": "facilities (394,899 cells)"}
MEASURES = {"ms": "time, ms (median)", "peak_mib": "peak memory above start, MiB"}


def read(name: str) -> dict[str, Any]:
    return json.loads((RECORDS / f"{name}.json").read_text("utf-8"))


def draw_growth(record: dict[str, Any]) -> Figure:
    figure = Figure(figsize=(9, 7), layout="constrained")
    panels = figure.subplots(2, 2, sharex="col")
    for column, (grown, label) in enumerate(GROWN.items()):
        for row, (measure, title) in enumerate(MEASURES.items()):
            draw_series(panels[row][column], record[grown], measure)
            panels[row][column].set_ylabel(title)
        panels[1][column].set_xlabel(label)
    machine = record["machine"]
    figure.suptitle(
        f"Growth of ours, {machine['cores']} cores, {machine['date']} (grey line: proportional, slope 1)"
    )
    return figure


def draw_series(axes: Axes, series: list[dict[str, Any]], measure: str) -> None:
    for each in series:
        style = STYLES[each["task"]]
        slope = f", slope {each['slope']:.2f}, end {each['slope_end']:.2f}" if measure == "ms" else ""
        axes.plot(
            each["sizes"], each[measure], markerfacecolor="white", **style | {"label": style["label"] + slope}
        )
    sizes, top = series[0]["sizes"], max(each[measure][-1] for each in series)
    axes.plot(
        [sizes[0], sizes[-1]], [top * sizes[0] / sizes[-1], top], color="#cccccc", linewidth=4, zorder=0
    )
    axes.set(xscale="log", yscale="log")
    axes.grid(visible=True, which="major", color="#e5e5e5")
    axes.legend(frameon=False)


def groups(coverage: dict[str, Any], network: dict[str, Any]) -> dict[str, dict[str, float]]:
    """How many times as long as ours the others take, by task."""
    out = {}
    for task, title in (
        ("area", "area of a union"),
        ("within", "residents within R"),
        ("nearest", "nearest distance"),
    ):
        for case in coverage[task]:
            cells = f", {case['cells']:,} cells" if "cells" in case else ""
            out[f"{title}{cells}\n{case['facilities']:,} facilities"] = others(case)
    for case in network["cases"]:
        out[f"walking distance, {case['nodes']:,} nodes\n{case['facilities']:,} facilities"] = others(case)
    return out


def others(case: dict[str, Any]) -> dict[str, float]:
    skipped = ("ours", "scipy dijkstra alone")
    return {name: way["times_ours"] for name, way in case["ways"].items() if not name.startswith(skipped)}


def draw_ratios(found: dict[str, dict[str, float]], machine: dict[str, Any]) -> Figure:
    names = list(dict.fromkeys(name for ways in found.values() for name in ways))
    short = [
        name
        for name in names
        if name not in ("geopandas overlay, 8 segments", "the same, 16, disjoint subsets")
    ]
    rows = sum(len(set(ways) & set(short)) + 1 for ways in found.values())
    figure = Figure(figsize=(9, 0.19 * rows + 1.5), layout="constrained")
    axes = figure.subplots()
    y, ticks, seen = 0.0, {}, set()
    for title, ways in found.items():
        first = y
        for name in short:
            if name in ways:
                draw_bar(axes, y, ways[name], name, short.index(name), fresh=name not in seen)
                seen.add(name)
                y += 1
        ticks[title] = (first + y - 1) / 2
        y += 1
    axes.set_yticks(list(ticks.values()), list(ticks), fontsize=7)
    axes.invert_yaxis()
    axes.set(xscale="log", xlabel="how many times faster ours is (log scale)")
    axes.axvline(1, color="#111111", linewidth=1)
    axes.legend(loc="lower right", fontsize=7)
    axes.set_title(
        f"Ours against the usual tools, same answers, one run, {machine['cores']} cores, {machine['date']}"
    )
    return figure


def draw_bar(axes: Axes, y: float, times: float, name: str, style: int, *, fresh: bool) -> None:
    color, hatch = BARS[style % len(BARS)]
    label = name if fresh else None
    axes.barh(y, times, height=0.9, color=color, hatch=hatch, edgecolor="#111111", linewidth=0.6, label=label)
    axes.annotate(
        f"{times:,.0f}" if times >= 10 else f"{times:.1f}",
        (times, y),
        (3, 0),
        fontsize=6,
        va="center",
        textcoords="offset points",
    )


def save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})
    print(f"Drawn: {path}")


def main() -> None:
    mpl.rcParams["svg.fonttype"] = "none"
    mpl.rcParams["svg.hashsalt"] = "atlas"  # the same drawing gives the same file
    coverage = read("coverage")
    save(draw_growth(read("growth")), RECORDS / "growth.svg")
    save(draw_ratios(groups(coverage, read("network")), coverage["machine"]), RECORDS / "ratios.svg")


if __name__ == "__main__":
    main()
