"""How often the CRS guard is right, silent or wrong, by simulation: real places, known systems, and what is none of them."""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pandas as pd

from benchmarks.timing import machine, write_record
from geo.atlas import load_atlas
from geo.ingest.datum.guard import guess_crs
from geo.ingest.datum.reference_places import reference_places
from geo.places.crs import convert

SYSTEMS = ("WGS84", "GCJ02", "BD09")
METRIC = "EPSG:4549"


def truth(
    kind: str, rng: np.random.Generator, lon: np.ndarray, lat: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The places as a file of that kind has them."""
    if kind in SYSTEMS:
        return convert(lon, lat, source="WGS84", target=kind)
    east, north = convert(lon, lat, source="WGS84", target=METRIC)
    if kind == "other":  # a constant shift of 150-900 m in any direction: a local system
        angle, size = rng.uniform(0, 2 * np.pi), rng.uniform(150, 900)
        return convert(
            east + size * np.sin(angle), north + size * np.cos(angle), source=METRIC, target="WGS84"
        )
    if kind == "mix":
        half = rng.permutation(len(lon)) < len(lon) // 2
        gcj = convert(lon, lat, source="WGS84", target="GCJ02")
        return np.where(half, gcj[0], lon), np.where(half, gcj[1], lat)
    order = rng.permutation(len(lon))  # "noise": every name stands at another one's place
    moved = np.empty(len(lon), dtype=int)
    moved[order] = np.roll(order, 1)
    return lon[moved], lat[moved]


def trial(kind: str, matches: int, accuracy: float, noise: float, seed: int) -> str:
    rng = np.random.default_rng(seed)
    places = POOL.sample(matches, random_state=seed)
    name = [f"地点{n}" for n in range(matches)]
    true_lon, true_lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    east, north = convert(true_lon, true_lat, source="WGS84", target=METRIC)
    # the known place is off by its accuracy (two standard deviations), the layer by its own noise
    known = convert(*_moved(rng, east, north, accuracy / 2), source=METRIC, target="WGS84")
    layer = convert(*_moved(rng, east, north, noise), source=METRIC, target="WGS84")
    control = pd.DataFrame({"name_zh": name, "lon": known[0], "lat": known[1], "accuracy_m": accuracy})
    xy = truth(kind, rng, *layer)
    verdict = guess_crs(xy, ATLAS, reference_points=control, frame=pd.DataFrame({"名称": name}))
    if verdict.confidence == "cannot_tell":
        return "mixed" if verdict.mixed else "cannot_tell"
    return f"{verdict.confidence}:{'right' if verdict.system == kind else 'wrong'}"


def _moved(
    rng: np.random.Generator, east: np.ndarray, north: np.ndarray, sd: float
) -> tuple[np.ndarray, np.ndarray]:
    return east + rng.normal(0, sd, len(east)), north + rng.normal(0, sd, len(north))


def main() -> None:
    trials = 30 if "--quick" in sys.argv else 100
    rows = []
    print(
        "| matches | accuracy, m | own noise, m | truth | sure, right | likely, right | cannot tell | told as a mix | wrong |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for matches, accuracy, noise in (
        (4, 100, 40),
        (6, 100, 40),
        (12, 100, 40),
        (30, 100, 80),
        (12, 300, 40),
        (30, 600, 80),
        (40, 2500, 80),
    ):
        for kind in (*SYSTEMS, "other", "mix", "noise"):
            seen = Counter(trial(kind, matches, accuracy, noise, seed) for seed in range(trials))
            wrong = seen["sure:wrong"] + seen["likely:wrong"]
            row = {
                "matches": matches,
                "accuracy_m": accuracy,
                "noise_m": noise,
                "truth": kind,
                "trials": trials,
                "sure_right": seen["sure:right"],
                "likely_right": seen["likely:right"],
                "cannot_tell": seen["cannot_tell"],
                "mixed": seen["mixed"],
                "sure_wrong": seen["sure:wrong"],
                "likely_wrong": seen["likely:wrong"],
            }
            rows.append(row)
            cells = [seen["sure:right"], seen["likely:right"], seen["cannot_tell"], seen["mixed"], wrong]
            shares = " | ".join(f"{100 * cell / trials:.1f} %" for cell in cells)
            print(f"| {matches} | {accuracy} | {noise} | {kind} | {shares} |", flush=True)
    write_record("crs_guard", {"machine": machine(), "rows": rows}, quick="--quick" in sys.argv)


ATLAS = load_atlas()
POOL = reference_places(ATLAS, towns=False)

if __name__ == "__main__":
    main()
