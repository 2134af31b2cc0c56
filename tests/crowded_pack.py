"""A copy of the city pack with more lines, lines in service and totals than a map is sent whole: all that is added is invented."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.made_up_register import NOTE, SOURCE, places_on_land
from geo.atlas import load_atlas
from geo.paths import DATA_DIR

MANY = 2_400
DAYS = ("2019-03-01", "2021-06-30", "2021-12-31", "2023-09-30")
STATUSES = ("preparation", "implementation", "completion", "completed")


def crowded_pack(folder: Path, many: int = MANY, *, seed: int = 77) -> Path:
    """Write the shipped pack with so many lines of works, lines in service and totals more into ``folder``."""
    shutil.copytree(DATA_DIR, folder, dirs_exist_ok=True)
    rng = np.random.default_rng(seed)
    atlas = load_atlas(DATA_DIR)
    lon, lat, codes = places_on_land(many, atlas, rng)
    works = pd.concat([_lines(codes, rng), _totals(codes, rng)])
    _append(folder / "sources.csv", _source())
    _append(folder / "works.csv", works)
    _append(folder / "events.csv", _events(works, rng))
    _draw(folder / "lines.geojson", np.column_stack([lon, lat]), rng)
    return folder


def _append(path: Path, rows: pd.DataFrame) -> None:
    own = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    pd.concat([own, rows.astype(str)]).fillna("")[own.columns].to_csv(path, index=False)


def _source() -> pd.DataFrame:
    known = {"title": NOTE, "publisher": NOTE, "published": "2026-10", "citation": NOTE}
    return pd.DataFrame(
        [known | {"source_id": SOURCE, "seen_via_mirror": "false", "reliability": "general_knowledge"}]
    )


def _common(kind: str, codes: Any, rng: np.random.Generator) -> pd.DataFrame:
    n = len(codes)
    return pd.DataFrame(
        {
            "category": rng.choice(["road", "metro"], n),
            "kind": kind,
            "year": "2021",
            "counted": rng.choice(["yes", "probable", "no" if kind == "work" else "yes"], n),
            "district_code": codes,
            "reach": "specific",
            "note_zh": NOTE,
            "source_id": SOURCE,
        }
    )


def _lines(codes: Any, rng: np.random.Generator) -> pd.DataFrame:
    numbers = np.arange(len(codes)).astype(str)
    return _common("work", codes, rng).assign(
        work_id=[f"CL-{at}" for at in numbers],
        name_zh=[f"虚构路{at}" for at in numbers],
        line_id=[f"CL-{at}" for at in numbers],
        accuracy_m=rng.choice(["30", "200", "500"], len(codes)),
        location_basis="published",
        crs_original="WGS84",
        place_source_id=SOURCE,
    )


def _totals(codes: Any, rng: np.random.Generator) -> pd.DataFrame:
    numbers = np.arange(len(codes)).astype(str)
    return _common("aggregate", codes, rng).assign(
        work_id=[f"CT-{at}" for at in numbers],
        name_zh=[f"虚构合计{at}" for at in numbers],
        quantity=rng.integers(1, 90, len(codes)),
        unit="处",
        location_basis="none",
    )


def _events(works: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    chosen = works.iloc[rng.integers(0, len(works), 2 * len(works))].reset_index(drop=True)
    is_total = (chosen["kind"] == "aggregate").to_numpy()
    n = len(chosen)
    return pd.DataFrame(
        {
            "event_id": [f"CE-{at:06d}" for at in range(n)],
            "work_id": chosen["work_id"],
            "date": rng.choice(DAYS, n),
            "date_precision": "day",
            "kind": np.where(is_total, "quantity", "status"),
            "value": np.where(
                is_total, rng.integers(1, 90, n).astype(str).astype(object), rng.choice(STATUSES, n)
            ),
            "unit": np.where(is_total, "处", ""),
            "confirmed": "true",
            "source_id": SOURCE,
            "recorded_at": "2026-10-01",
            "recorded_by": "made up",
            "reason_zh": NOTE,
        }
    )


def _draw(path: Path, starts: Any, rng: np.random.Generator) -> None:
    """Crooked lines, each of works, and as many in service beside them."""
    whole = json.loads(path.read_text("utf-8"))
    for role in ("work", "baseline"):
        for at, start in enumerate(starts):
            corners = start + np.cumsum(rng.normal(0, 0.004, (int(rng.integers(2, 12)), 2)), axis=0)
            known = {
                "line_id": f"{'CL' if role == 'work' else 'CB'}-{at}",
                "name_zh": f"虚构{'路' if role == 'work' else '线'}{at}",
                "name_en": None,
                "category": "road",
                "role": role,
                "length_km": None,
                "accuracy_m": 200.0,
                "opened": None if role == "work" else str(rng.choice(DAYS)),
                "source_id": SOURCE,
                "raw_file": None,
                "raw_row": None,
            }
            shape = {"type": "LineString", "coordinates": corners.round(6).tolist()}
            whole["features"].append({"type": "Feature", "properties": known, "geometry": shape})
    path.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
