"""Hostile and very large files at full size: what becomes of each, how long it takes, and the reading process's peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import shapely

from benchmarks.timing import ROOT, is_quick, machine, print_table, write_record
from tools import hostile_files as h
from tools import hostile_sheets as sheets


def csv_rows(folder: Path, rows: int) -> Path:
    path = folder / "rows.csv"
    with path.open("w", encoding="gb18030") as handle:
        handle.write("名称,经度,纬度,面积\n")
        for n in range(rows):
            handle.write(f"地点{n},{120 + n % 1000 / 1e4:.5f},{31 + n % 777 / 1e4:.5f},{n}\n")
    return path


def parts(folder: Path, count: int) -> Path:
    return h.gpkg(folder, [shapely.multipolygons(h.squares(count))], "parts.gpkg")


def bad_crs(folder: Path) -> Path:
    return h.geojson(
        folder,
        [{"type": "Point", "coordinates": [120, 31]}],
        crs={"type": "link", "properties": {"href": "http://10.0.0.1/"}},
    )


def _spoiled(path: Path) -> Path:
    with path.open("r+b") as handle:
        handle.seek(-3, 2)
        handle.write(b",]}")
    return path


def _sqlite(folder: Path) -> Path:
    import sqlite3

    path = folder / "a.gpkg"
    with sqlite3.connect(path) as base:
        base.execute("create table t (a)")
    base.close()
    return path


QUICK_CASES = 2
CASES: dict[str, Callable[[Path], Path]] = {
    "zip bomb, 1 GB of zeros": lambda d: h.bomb(d, 1024),
    "zip, 60,000 members": lambda d: h.many(d, 60_000),
    "zip that lies of its size": h.lying_bomb,
    "zip within zip within zip": h.nested,
    "billion laughs (KML)": lambda d: h.put(d, "a.kml", h.BILLION),
    "external entity (KML)": lambda d: h.put(d, "a.kml", h.EXTERNAL),
    "GeoJSON, 100 MB on one line": lambda d: h.long_geojson(d, 100),
    "GeoJSON, 100 MB, broken at its end": lambda d: _spoiled(h.long_geojson(d, 100)),
    "GeoJSON, crs is a link": bad_crs,
    "polygon of 1,000,000 vertices": lambda d: h.gpkg(d, [h.circle(1_000_000)]),
    "200,000 polygons": lambda d: h.gpkg(d, h.squares(200_000)),
    "multipolygon of 50,000 parts": lambda d: parts(d, 50_000),
    "CSV in GB 18030, 1,000,000 rows": lambda d: csv_rows(d, 1_000_000),
    "XLSX, 1,000,000 blank rows": lambda d: sheets.blank_xlsx(d, 1_000_000),
    "XLSX, two cells in far corners": sheets.sparse_xlsx,
    "GeoPackage with a hostile view": lambda d: h.tricky_gpkg(d, d / "secret"),
    "SQLite file called .gpkg": _sqlite,
    "OSM extract cut off": lambda d: h.osm(d, h.OSM[: len(h.OSM) // 2]),
}


def read_one(path: str) -> None:
    """In a process of its own: read, and tell what came of it and the peak memory of the reading process."""
    from geo.errors import IngestError
    from geo.reading.read_file import read_file

    start = time.perf_counter()
    try:
        opened = read_file(Path(path))
        outcome, words = "read", f"{sum(len(layer.frame) for layer in opened.layers):,} rows"
    except IngestError as error:
        outcome, words = "refused", error.text("en")
    answer = {
        "outcome": outcome,
        "words": words[:160],
        "seconds": time.perf_counter() - start,
        "load": os.getloadavg()[0],
        "reader_peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "app_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(answer))


def main() -> None:
    if len(sys.argv) > 2 and sys.argv[1] == "--read":
        read_one(sys.argv[2])
        return
    quick, record = is_quick(), {}
    for name, make in list(CASES.items())[: QUICK_CASES if quick else None]:
        with tempfile.TemporaryDirectory() as folder:
            path = make(Path(folder))
            command = [sys.executable, "-m", "benchmarks.bench_hostile", "--read", str(path)]
            said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
            record[name] = json.loads(said.splitlines()[-1]) | {"file_mib": path.stat().st_size / 2**20}
        print(name, record[name], flush=True)
    rows = [
        [
            name,
            each["outcome"],
            f"{each['seconds']:.1f}",
            f"{each['load']:.0f}",
            f"{each['reader_peak_mib']:.0f}",
            f"{each['app_peak_mib']:.0f}",
        ]
        for name, each in record.items()
    ]
    print_table(
        "Hostile files",
        ["file", "outcome", "s", "load of the machine", "reading process, MiB", "app, MiB"],
        rows,
    )
    write_record("hostile", {"machine": machine(), "cases": record}, quick=quick)


if __name__ == "__main__":
    main()
