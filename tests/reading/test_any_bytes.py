"""Any bytes under any name are read, or refused in plain words: never a fault of the program, never a server path."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from geo.errors import AtlasError
from geo.reading.limits import Limits
from geo.reading.read_file import read_file
from tests.depth import examples
from tools import hostile_files as h
from tools import hostile_sheets as sheets

QUICK: Final = Limits(seconds=20)
SOUND: Final[dict[str, Callable[[Path], Path]]] = {
    "csv": lambda folder: h.put(folder, "a.csv", "名称,经度,纬度\n甲,120.3,31.5\n乙,120.4,31.6\n"),
    "geojson": lambda folder: h.geojson(folder, [{"type": "Point", "coordinates": [120.3, 31.5]}]),
    "gpkg": lambda folder: h.gpkg(folder, h.squares(3)),
    "shapefile": h.zipped_shapefile,
    "kml": h.kml,
    "gml": h.gml,
    "osm": h.osm,
    "dxf": h.dxf,
    "xls": sheets.xls,
    "xlsx": sheets.macro_xlsm,
}
OTHER_NAMES: Final = (
    ".csv",
    ".json",
    ".xlsx",
    ".zip",
    ".gpkg",
    ".kml",
    ".shp",
    ".parquet",
    ".osm.pbf",
    ".exe",
    "",
)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, list[tuple[int, bytes]], float, str]:
    """A sound file, some of its bytes replaced, cut at a share of its length, perhaps under another ending."""
    edits = draw(st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=6)), max_size=5))
    cut = draw(st.one_of(st.just(1.0), st.floats(0.0, 1.0)))
    ending = draw(st.one_of(st.just("own"), st.sampled_from(OTHER_NAMES)))
    return draw(st.sampled_from(sorted(SOUND))), edits, cut, ending


@examples(40, suppress_health_check=list(HealthCheck))
@given(spoilt())
def test_spoilt_files_are_read_or_refused(case: tuple[str, list[tuple[int, bytes]], float, str]) -> None:
    kind, edits, cut, ending = case
    with tempfile.TemporaryDirectory() as folder:
        path = SOUND[kind](Path(folder))
        content = bytearray(path.read_bytes())
        for at, new in edits:
            content[at % len(content) : at % len(content) + len(new)] = new
        path.write_bytes(bytes(content[: int(len(content) * cut)]))
        name = path.name if ending == "own" else f"file{ending}"
        try:
            opened = read_file(path, name=name, limits=QUICK)
        except AtlasError as error:
            texts = [error.text(lang) for lang in ("zh", "en")]
        else:
            assert opened.layers or opened.choices
            texts = [str(note) for layer in opened.layers for note in layer.notes]
            shapes = [
                shape for layer in opened.layers if layer.geometry is not None for shape in layer.geometry
            ]
            placed = shapely.get_coordinates([shape for shape in shapes if shape is not None])
            assert np.isfinite(placed).all()
        assert not any(folder in text for text in texts)
