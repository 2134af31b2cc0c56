"""The files of ``tests/cases``, a folder a kind, with what a person says of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from geo.reading.read_file import read_file

read_once = cache(read_file)
"""Each file is read by one process of its own, whoever asks; what comes back is never changed."""
CASES: Final = Path(__file__).parents[1] / "cases"
PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class Case:
    """A file and what the person says of it."""

    name: str
    item: str = ""
    kind: str = ""
    crs: str = ""
    layer: str = ""

    @property
    def path(self) -> Path:
        return CASES / self.name

    @property
    def words(self) -> list[str]:
        """What the person says, as options of the command."""
        pairs = {"--item": self.item, "--kind": self.kind, "--crs": self.crs, "--layer": self.layer}
        given = [text for pair in pairs.items() if pair[1] for text in pair]
        return [*given, *(["--as", "facilities"] if self.kind else [])]


_FOLDERS: Final = {
    "bom": Case("", item="C01", crs="WGS84"),
    "deleted_dbf_rows": Case("", item="T14"),
    "dxf_text": Case("", item="C01", crs="EPSG:4528"),
    "excel_error_cells": Case("", item="T14", crs="WGS84"),
    "gpkg_wal": Case("", kind="car_park"),
    "kml_undeclared_prefix": Case("", item="C01"),
    "nameless": Case("", item="C01", crs="WGS84"),
    "old_datum": Case("", item="U01"),
    "parquet_lists": Case("", item="U01"),
    "stray_vertex": Case("", item="C01", crs="WGS84"),
    "planner": Case("", item="U01"),
}
"""Folder -> what the person says of its files."""
_FILES: Final = {
    "t14": {"item": "T14"},
    "totals": {"item": "U01"},
    "unit": {"item": "U02"},
    "02_": {"item": "U02"},
    "03_": {"kind": "car_park"},
    "bd09mc": {"kind": "car_park"},
    "same_name": {"kind": "car_park", "crs": "WGS84"},
    "address": {"kind": "car_park", "crs": "WGS84"},
    "brackets": {"kind": "car_park", "crs": "WGS84"},
    "decimal": {"kind": "car_park"},
    "schools": {"kind": "school_primary", "crs": "WGS84"},
    "line_in": {"item": "C01", "crs": "WGS84"},
    "dxf_local": {"item": "C01", "crs": "EPSG:4549"},
    "geojson_metres": {"item": "U02"},
    "geom_without": {"item": "C01", "crs": "WGS84"},
    "kml_line": {"item": "C01"},
    "kml_tess": {"item": "C01", "layer": "道路"},
    "04_track": {"item": "C01", "layer": "tracks"},
    "04_城建": {"item": "U01", "layer": "GZXQ"},
    "01_": {"item": "U01", "layer": "附件1项目清单"},
}
"""Beginning of a file of the folder ``planner`` -> what the person says of it."""
_OTHER_ROADS: Final = (".osm", ".osc", ".tif", ".gpkg-wal", *PARTS[1:])
"""Extracts are brought as a baseline, rasters for coverage, parts with their shapefile."""


def office_cases() -> list[Case]:
    """Every file that is brought as a list."""
    out = []
    for path in sorted(CASES.glob("*/*")):
        if path.name.endswith(_OTHER_ROADS):
            continue
        own = next((words for start, words in _FILES.items() if path.name.startswith(start)), {})
        words = own if path.parent.name == "planner" and own else vars(_FOLDERS[path.parent.name])
        words = {name: word for name, word in words.items() if name != "name" and word}
        out.append(Case(f"{path.parent.name}/{path.name}", **words))
    return out
