"""Results of the coverage benchmark as Markdown tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.coverage_setting import OURS
from benchmarks.timing import (
    digits,
    print_table,
)


def slope(sizes: list[int], values: list[float]) -> float:
    """Of the line through the logarithms: 1 where twice the size costs twice as much."""
    return float(np.polyfit(np.log(sizes), np.log(np.maximum(values, 1e-3)), 1)[0])


def show(title: str, cases: list[dict[str, Any]]) -> None:
    """A table of the ways of each case; ratios are how many times as long as ours."""
    table = []
    for case in cases:
        what = f"{case['cells']:,} cells, " if "cells" in case else ""
        what += f"{case['facilities']:,} facilities" + (
            f", {case['radius_m']:g} m" if "radius_m" in case else ""
        )
        for name, way in case["ways"].items():
            peak = digits(way["peak_mib"]) if "peak_mib" in way else ""
            bound = bound_text(case["bound"]) if name == OURS else ""
            table.append(
                (what, name, digits(way["ms"]), digits(way["times_ours"]), error_text(way), peak, bound)
            )
    head = (
        "case",
        "way",
        "ms",
        "ours is faster, times",
        "difference from ours",
        "peak memory, MiB",
        "bound of memory, ms (times)",
    )
    print_table(title, head, table)


def bound_text(bound: dict[str, Any]) -> str:
    return f"{digits(bound['bound_ms'])} ({digits(bound['times_bound'])}x)"


def error_text(way: dict[str, Any]) -> str:
    if "city_error" in way:
        return f"{way['city_error'] * 100:+.4f} % of the area"
    return f"at most {way['largest_gap_m']:.1e} m" if "largest_gap_m" in way else ""


def show_growth(record: dict[str, Any]) -> None:
    table = []
    for grown, series in record.items():
        for each in series:
            peaks = " / ".join(digits(value) for value in each.get("peak_mib", ()))
            sizes = " / ".join(f"{size:,}" for size in each["sizes"])
            slopes = f"{each['slope']:.2f}, {each['slope_end']:.2f}"
            table.append((each["task"], grown, sizes, " / ".join(map(digits, each["ms"])), slopes, peaks))
    head = ("task", "grown", "sizes", "ms", "slope of time: all, last three", "peak memory, MiB")
    print_table("Growth of ours", head, table)
