"""A copy of the city pack with a register as large as a province's: all that is added is invented, for measuring size only.

Every invented work is called 虚构, has an id that begins with ``MU-`` and the one source ``S-MADE-UP``, which says so. The same seed
gives the same files. ``python -m benchmarks.made_up_register FOLDER [works] [events]`` writes one and prints where it is.
"""

from __future__ import annotations

import csv
import datetime
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.atlas import load_atlas
from geo.paths import DATA_DIR
from geo.places.districts import district_of
from geo.vocabulary import STAGES

WORKS = 100_000
EVENTS = 1_000_000
SEED = 20211231
SOURCE = "S-MADE-UP"
NOTE = "虚构数据，只用来量规模"
NOTE_EN = "invented, to measure size only"
_FIRST, _LAST = datetime.date(2015, 1, 1), datetime.date(2026, 6, 30)
_RECORDED = datetime.date(2026, 10, 1)
_OUTSIDE = 0.25  # works without a place
_KINDS = {"work": 0.8, "section": 0.1, "aggregate": 0.1}
_EVENT_KINDS = {
    "status": 0.5,
    "milestone": 0.2,
    "quantity": 0.1,
    "correction": 0.13,
    "location": 0.05,
    "undo": 0.018,
    "merge": 0.002,
}
_LETTERS = "梧桐春江锦绣清扬惠山太湖蠡园映月芦庄银杏丁香望亭广益金匮梅村鸿声硕放胡埭阳山洛社玉祁前洲堰桥"
_ENDS = ("花园", "新村", "小区", "停车场", "学校", "卫生院", "道路", "公园")


def made_up_pack(folder: Path, works: int = WORKS, events: int = EVENTS, *, seed: int = SEED) -> Path:
    """Write the shipped pack with so many works and events in all into ``folder``; what is added is invented."""
    shutil.copytree(DATA_DIR, folder, dirs_exist_ok=True)
    rng = np.random.default_rng(seed)
    atlas = load_atlas(DATA_DIR)
    added = _works(works - len(atlas.pack.works), atlas, rng)
    _append(folder / "sources.csv", pd.DataFrame([_source()]))
    _append(folder / "works.csv", added)
    _append(folder / "events.csv", _events(events - len(atlas.pack.events), added, rng))
    return folder


def _source() -> dict[str, str]:
    return {
        "source_id": SOURCE,
        "title": NOTE,
        "publisher": NOTE,
        "published": "2026-10",
        "seen_via_mirror": "false",
        "reliability": "general_knowledge",
        "citation": NOTE_EN,
    }


def _append(path: Path, frame: pd.DataFrame) -> None:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        columns = next(csv.reader(handle))
    whole = frame.reindex(columns=columns, fill_value="").fillna("")
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(
            zip(*(whole[name].tolist() for name in columns), strict=True)
        )


def _pick(rng: np.random.Generator, shares: dict[str, float], count: int) -> Any:
    return rng.choice(np.array(list(shares), object), count, p=list(shares.values()))


def _degrees(values: Any) -> Any:
    return np.char.mod("%.6f", values).astype(object)


def places_on_land(count: int, atlas: Any, rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Longitudes, latitudes and district codes of places on land of the city."""
    found: list[Any] = []
    west, south, east, north = atlas.districts.total_bounds
    while sum(len(each[0]) for each in found) < count:
        x, y = rng.uniform(west, east, count).round(6), rng.uniform(south, north, count).round(6)
        codes = district_of(x, y, atlas.districts)
        inside = codes != ""
        found.append((x[inside], y[inside], codes[inside]))
    lon, lat, codes = (np.concatenate(each)[:count] for each in zip(*found, strict=True))
    return lon, lat, codes


def _works(count: int, atlas: Any, rng: np.random.Generator) -> pd.DataFrame:
    lon, lat, codes = places_on_land(count, atlas, rng)
    numbers = np.arange(count)
    ids = np.char.mod("MU-%06d", numbers).astype(object)
    kinds = _pick(rng, _KINDS, count)
    items = atlas.pack.plan_items
    items = items[items["measure"] != "share"]
    item = rng.integers(0, len(items), count)
    placed = (rng.random(count) > _OUTSIDE) & (kinds != "aggregate")
    parents = ids[(numbers * rng.random(count)).astype(int)]
    whole = dict(zip(ids, kinds == "work", strict=True))
    is_part = (kinds == "section") & np.array([whole[parent] for parent in parents])
    kinds[(kinds == "section") & ~is_part] = "work"
    letters = np.array(list(_LETTERS), object)
    name = letters[rng.integers(0, len(letters), count)] + letters[rng.integers(0, len(letters), count)]
    name = "虚构" + name + np.array(_ENDS, object)[rng.integers(0, len(_ENDS), count)]
    streets = atlas.pack.works["street"].dropna().unique().astype(object)
    x, y = (np.where(placed, _degrees(each), "") for each in (lon, lat))
    basis = rng.choice(["open_map", "published", "place_point"], count).astype(object)
    return pd.DataFrame(
        {
            "work_id": ids,
            "item_id": np.where(rng.random(count) < 0.9, items.index.to_numpy(object)[item], ""),
            "parent_id": np.where(is_part, parents, ""),
            "category": items["category"].to_numpy(object)[item],
            "kind": kinds,
            "year": "2021",
            "counted": rng.choice(["yes", "probable", "no"], count, p=[0.6, 0.1, 0.3]),
            "name_zh": name + numbers.astype(str).astype(object),
            "name_en": np.char.mod("Invented work %d", numbers).astype(object),
            "district_code": np.where(rng.random(count) < 0.95, codes, ""),
            "street": np.where(rng.random(count) < 0.5, streets[rng.integers(0, len(streets), count)], ""),
            "quantity": np.char.mod("%d", rng.integers(1, 500, count)).astype(object),
            "unit": items["unit"].to_numpy(object)[item],
            "lon": x,
            "lat": y,
            "reach": "specific",
            "accuracy_m": np.where(placed, rng.choice(["30", "120", "650", "1900"], count), ""),
            "location_basis": np.where(placed, basis, "none"),
            "crs_original": np.where(placed, "WGS84", ""),
            "x_original": x,
            "y_original": y,
            "note_zh": NOTE,
            "note_en": NOTE_EN,
            "source_id": SOURCE,
            "place_source_id": np.where(placed, SOURCE, ""),
        }
    )


def _events(count: int, works: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    kinds = _pick(rng, _EVENT_KINDS, count)
    ids = np.char.mod("MU%07d", np.arange(count)).astype(object)
    at = rng.integers(0, len(works), count)
    days = rng.integers(0, (_LAST - _FIRST).days, count)
    span = np.arange(_FIRST, _LAST + datetime.timedelta(1), dtype="datetime64[D]").astype(str).astype(object)
    value = np.full(count, "", object)
    for kind, make in (
        ("status", _statuses),
        ("milestone", _milestones),
        ("quantity", _quantities),
        ("correction", _corrections),
        ("location", _locations),
    ):
        chosen = np.flatnonzero(kinds == kind)
        value[chosen] = make(days[chosen], works.iloc[at[chosen]], rng)
    # an undo takes back an event before it; a work is merged into one before it
    undos, merges = np.flatnonzero(kinds == "undo"), np.flatnonzero(kinds == "merge")
    undos = undos[undos > 0]
    targets = (undos * rng.random(len(undos))).astype(int)
    value[undos], at[undos] = ids[targets], at[targets]
    whole = np.flatnonzero((works["kind"] == "work").to_numpy())
    later = rng.integers(1, len(whole), len(merges))
    value[merges] = works["work_id"].to_numpy(object)[whole[(later * rng.random(len(merges))).astype(int)]]
    at[merges] = whole[later]
    kinds[(value == "")], value[value == ""] = "milestone", NOTE
    facts = ~np.isin(kinds, ["undo", "merge"])
    return pd.DataFrame(
        {
            "event_id": ids,
            "work_id": works["work_id"].to_numpy(object)[at],
            "date": span[days],
            "date_precision": rng.choice(["day", "month", "circa"], count, p=[0.7, 0.2, 0.1]),
            "kind": kinds,
            "value": value,
            "unit": np.where(kinds == "quantity", works["unit"].to_numpy(object)[at], ""),
            "confirmed": np.where(facts & (rng.random(count) < 0.15), "false", "true"),
            "source_id": np.where(facts, SOURCE, ""),
            "recorded_at": _RECORDED.isoformat(),
            "recorded_order": "",
            "recorded_by": "made up",
            "reason_zh": NOTE,
            "reason_en": NOTE_EN,
        }
    )


def _statuses(days: Any, works: pd.DataFrame, rng: np.random.Generator) -> Any:
    """Further on with the years, and now and then a step back."""
    share = days / (_LAST - _FIRST).days + rng.normal(0, 0.15, len(works))
    return np.array(STAGES, object)[np.clip(share * len(STAGES), 0, len(STAGES) - 1).astype(int)]


def _milestones(days: Any, _works: pd.DataFrame, rng: np.random.Generator) -> Any:
    texts = np.array([f"虚构节点{number}" for number in range(200)], object)
    return texts[rng.integers(0, len(texts), len(days))]


def _quantities(days: Any, _works: pd.DataFrame, rng: np.random.Generator) -> Any:
    return rng.integers(0, 500, len(days)).astype(str).astype(object)


def _corrections(_days: Any, works: pd.DataFrame, rng: np.random.Generator) -> Any:
    choices = ("accuracy_m", "quantity", "street", "note_zh")
    given = zip(
        works["lon"] != "", rng.integers(0, len(choices), len(works)), rng.integers(20, 900, len(works)),
        strict=True,
    )  # fmt: skip
    values = [
        {"accuracy_m": float(number)} if placed and which == 0
        else {"street": f"虚构街道{number % 60}"} if which == 2
        else {"note_zh": f"{NOTE} {number}"} if which == 3
        else {"quantity": float(number)}
        for placed, which, number in given
    ]  # fmt: skip
    return np.array([json.dumps(each, ensure_ascii=False) for each in values], object)


def _locations(_days: Any, works: pd.DataFrame, rng: np.random.Generator) -> Any:
    """A place again for works that have one: where it was, and more exact."""
    values = [
        {
            "accuracy_m": float(metres), "crs_original": "WGS84", "lat": float(lat), "lon": float(lon),
            "location_basis": "open_map", "place_source_id": SOURCE, "reach": "specific",
            "x_original": lon, "y_original": lat,
        } if lon else {"note_zh": NOTE}
        for lon, lat, metres in zip(works["lon"], works["lat"], rng.integers(20, 300, len(works)), strict=True)
    ]  # fmt: skip
    return np.array([json.dumps(each, ensure_ascii=False, sort_keys=True) for each in values], object)


if __name__ == "__main__":
    print(made_up_pack(Path(sys.argv[1]), *map(int, sys.argv[2:4])))
