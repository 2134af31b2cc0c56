"""A province's OSM extract, made up, read for one city: what it takes for facilities, land and streets, and for the base map.

``python -m benchmarks.bench_open_data [--quick]``. Prints a table and writes ``docs/performance/open_data.json``. The made-up province is 25
times as large as the city's box; memory is the most that the reading process had, which GDAL's own file of places is no part of.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.made_up_extract import Box, write_extract
from benchmarks.timing import digits, machine, once_ms, print_table, write_record
from geo.atlas import load_atlas
from geo.detailed_map.kinds import objects_wanted
from geo.ingest.plan.osm import read_osm
from geo.ingest.plan.osm_objects import extract_wanted
from geo.places.districts import city_box
from geo.reading.limits import PROVINCE
from geo.reading.model import ObjectsWanted
from geo.reading.objects import Objects, read_objects

NODES, QUICK_NODES = 68_000_000, 400_000


def province(box: Box, times: float = 5.0) -> Box:
    """A box of the same middle, so many times as wide and as high."""
    west, south, east, north = box
    more_x, more_y = (east - west) * (times - 1) / 2, (north - south) * (times - 1) / 2
    return west - more_x, south - more_y, east + more_x, north + more_y


def measured(path: Path, wanted: list[ObjectsWanted]) -> tuple[Objects, dict[str, Any]]:
    found, ms = once_ms(lambda: read_objects(path, wanted, limits=PROVINCE))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # of the largest child so far
    objects = sum(map(len, found.frames))
    return found, {"s": ms / 1000, "peak_mib": peak, "objects": objects, "elsewhere": found.elsewhere}


def bench(nodes: int) -> dict[str, Any]:
    atlas = load_atlas()
    box = city_box(atlas.districts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "province.osm.pbf"
        write_extract(path, province(box), nodes)
        found, baseline = measured(path, extract_wanted(atlas))
        result, ms = once_ms(lambda: read_osm(found, atlas))
        _objects, base_map = measured(path, objects_wanted(box))
        return {
            "mb": path.stat().st_size / 1e6,
            "nodes": nodes,
            "baseline": baseline
            | {"then_s": ms / 1000, "facilities": len(result.facilities), "streets": len(result.streets)},
            "base_map": base_map,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small extract, nothing recorded in docs/")
    quick = parser.parse_args().quick
    record = bench(QUICK_NODES if quick else NODES)
    rows = [
        (
            what,
            *(digits(record[key][name]) for name in ("s", "peak_mib")),
            *(f"{record[key][name]:,}" for name in ("objects", "elsewhere")),
        )
        for key, what in (("baseline", "facilities, land, streets"), ("base_map", "base map"))
    ]
    head = ("read for", "s", "peak memory, MiB", "objects of the city", "elsewhere")
    print_table(f"An extract of {record['mb']:,.0f} MB, {record['nodes']:,} nodes", head, rows)
    write_record("open_data", {"machine": machine()} | record, quick=quick)


if __name__ == "__main__":
    main()
