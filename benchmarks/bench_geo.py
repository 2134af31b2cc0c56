"""Coordinates and districts: ours and the usual way, same data, one run. Prints a Markdown table.

``python -m benchmarks.bench_geo [--quick]``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import geopandas as gpd
import GeoToolCN
import numpy as np

from benchmarks.timing import is_quick
from geo.atlas import load_atlas
from geo.places.crs import gcj02_to_wgs84, wgs84_to_gcj02
from geo.places.districts import district_of


def median_ms(action: Callable[[], object], rounds: int) -> float:
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    number = 20_000 if is_quick() else 1_000_000
    few_number = number // 50
    rng = np.random.default_rng(3)
    districts = load_atlas().districts
    west, south, east, north = districts.total_bounds
    x, y = rng.uniform(west, east, number), rng.uniform(south, north, number)
    gx, gy = wgs84_to_gcj02(x, y)
    few = list(zip(gx[:few_number], gy[:few_number], strict=True))
    inverse = median_ms(lambda: gcj02_to_wgs84(gx, gy), 5)
    usual = median_ms(lambda: [GeoToolCN.gcj02_to_wgs84(a, b) for a, b in few], 3) * 50
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=4326)
    outlines = districts[["geometry"]]
    ours = median_ms(lambda: district_of(x, y, districts), 5)
    join = median_ms(lambda: gpd.sjoin(points, outlines, predicate="intersects"), 3)
    back = np.hypot(*(a - b for a, b in zip(gcj02_to_wgs84(gx, gy), (x, y), strict=True))).max() * 111_000_000
    print(f"| task, {number:,} points | usual way, ms | ours, ms | ratio |\n| --- | --- | --- | --- |")
    print(
        f"| GCJ-02 inverse (geotool-cn a point at a time, {few_number:,} timed) | {usual:,.0f} | {inverse:,.0f} | {usual / inverse:.0f} |"
    )
    print(f"| district of a point (geopandas.sjoin) | {join:,.0f} | {ours:,.0f} | {join / ours:.1f} |")
    print(f"\nLargest round-trip error of the inverse: {back:.5f} mm.")


if __name__ == "__main__":
    main()
