"""Writes the bus stops of data/raw/geodata/bus_stops_2014.csv into data/facilities.csv (``python -m tools.bus_stop_rows``).

Each row of the file becomes one facility, so that a test can hold the two against each other; run again, it changes nothing.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from geo.paths import DATA_DIR

RAW: Final = "bus_stops_2014.csv"
LEAST_M: Final = 30.0
"""Smallest radius of error: stops lie 5 m from roads in the middle, and poles of one name stand on both sides of a road."""


def facility(number: int, stop: dict[str, str], codes: dict[str, str], columns: list[str]) -> dict[str, str]:
    """The row of a stop.

    Parameters
    ----------
    number : int
        Row of the raw file, from 1.
    stop : dict
        That row.
    codes : dict
        District code by name.
    columns : list of str
        Columns of the table.

    Returns
    -------
    dict
    """
    seen = f"{stop['first_edition']} / {stop['last_edition']}"
    row = dict.fromkeys(columns, "") | {
        "facility_id": f"BUS14-{number:04d}",
        "kind": "bus_stop",
        "name_zh": stop["name_zh"],
        "district_code": codes[stop["district_zh"]],
        "lon": stop["lon"],
        "lat": stop["lat"],
        "accuracy_m": f"{max(LEAST_M, float(stop['spread_m'])):g}",
        "location_basis": "published",
        "crs_original": "WGS84",
        "x_original": stop["lon"],
        "y_original": stop["lat"],
        "note_zh": f"2014 年的站点（见于 {stop['last_edition'][:7]} 版），现状不详；站牌 {stop['poles']} 处，线路 {stop['lines']} 条",
        "note_en": f"a stop of 2014 (editions {seen}), whether it still stands is not known; poles: {stop['poles']}, lines: {stop['lines']}",
        "source_id": "S-BUSSTOPS2014",
        "place_source_id": "S-BUSSTOPS2014",
        "raw_file": RAW,
        "raw_row": str(number),
    }
    return {name: row[name] for name in columns}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def main() -> None:
    """Replace the stops of the table by those of the raw file."""
    table = DATA_DIR / "facilities.csv"
    rows = _rows(table)
    columns = list(rows[0])
    codes = {row["name_zh"]: row["district_code"] for row in _rows(DATA_DIR / "districts.csv")}
    others = [row for row in rows if row["raw_file"] != RAW]
    stops = [
        facility(number, stop, codes, columns)
        for number, stop in enumerate(_rows(DATA_DIR / "raw" / "geodata" / RAW), 1)
    ]
    with table.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(others + stops)
    print(f"{table}: {len(others)} others, {len(stops)} stops")


if __name__ == "__main__":
    main()
