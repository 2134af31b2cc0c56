"""A copy of the city pack with simulated parking places: for measuring size only, never shipped, marked as simulated."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.places.districts import district_of

NOTE = "模拟数据，仅用于测量规模"


def simulated_pack(folder: Path, count: int = 20_000, *, seed: int = 1) -> Path:
    """Write a pack into ``folder`` with ``count`` more parking works, each marked as simulated; returns the folder."""
    shutil.copytree(DATA_DIR, folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "raw")
    rng = np.random.default_rng(seed)
    districts = load_atlas(DATA_DIR).districts
    west, south, east, north = districts.total_bounds
    x, y = rng.uniform(west, east, 4 * count), rng.uniform(south, north, 4 * count)
    codes = district_of(x, y, districts)
    keep = np.flatnonzero(codes != "")[:count]
    done = rng.random(count) < 0.5
    _append(folder / "works.csv", (_work(i, x[k], y[k], str(codes[k])) for i, k in enumerate(keep)))
    _append(folder / "events.csv", (_event(i) for i in np.flatnonzero(done).tolist()))
    return folder


def _append(path: Path, rows: object) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        columns = next(csv.reader(handle))
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, columns, lineterminator="\n").writerows(rows)


def _work(i: int, lon: float, lat: float, code: str) -> dict[str, object]:
    place = {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "x_original": f"{lon:.6f}", "y_original": f"{lat:.6f}"}
    return place | {
        "work_id": f"SIM-{i:05d}",
        "item_id": "T14",
        "category": "parking",
        "kind": "work",
        "year": "2021",
        "counted": "yes",
        "name_zh": f"模拟停车场{i}",
        "name_en": f"Simulated car park {i}",
        "district_code": code,
        "quantity": "1",
        "unit": "个",
        "reach": "specific",
        "accuracy_m": "50",
        "location_basis": "approximate",
        "crs_original": "WGS84",
        "note_zh": NOTE,
        "note_en": "simulated, to measure size only",
        "source_id": "S-GENERAL",
        "place_source_id": "S-GENERAL",
    }


def _event(i: int) -> dict[str, object]:
    return {
        "event_id": f"SIM{i:05d}",
        "work_id": f"SIM-{i:05d}",
        "date": "2021-06-30",
        "date_precision": "day",
        "kind": "status",
        "value": "completed",
        "confirmed": "true",
        "source_id": "S-GENERAL",
        "recorded_at": "2026-11-23",
        "recorded_by": "simulation",
        "reason_zh": NOTE,
    }
