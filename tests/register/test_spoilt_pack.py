"""A city pack that is spoilt in any way is explained: every problem in plain words, never a fault of the program."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import AtlasError, DataError
from geo.ingest.cells.columns import district_aliases
from geo.open_data.offers import open_data_offers
from geo.paths import DATA_DIR
from geo.places import gazetteer
from geo.register.calibration import accuracy_rules
from geo.register.city import atlas_of
from geo.register.completeness import districts_not_covered
from geo.register.evidence import disagreements
from geo.register.indicators import load_indicators
from geo.register.pack import load_pack
from geo.register.pack_check import check_pack
from geo.register.progress import progress
from geo.register.residents import load_residents_model
from geo.register.synonyms import synonyms
from tests.depth import examples

DAY: Final = date(2021, 12, 31)
RECORDS: Final = ("raw_fates.csv", "place_matches.csv")
"""What became of each new fact: only the tests of the data read it (tests/data/test_later_facts.py)."""
TABLES: Final = sorted(path.name for path in DATA_DIR.glob("*.csv") if path.name not in RECORDS)
FILES: Final = [*TABLES, "lakes.geojson", "lines.geojson", "datapackage.json"]
OPTIONAL: Final = (
    "synonyms.csv",
    "accuracy_rules.csv",
    "completeness.csv",
    "completeness_events.csv",
    "disagreements.csv",
    "district_aliases.csv",
    "facility_events.csv",
    "gazetteer_exclusions.csv",
    "open_data.csv",
    "promises.csv",
)
DIGITS: Final = "9" * 5000


def _cell(text: str, number: int, value: str) -> str:
    """A CSV text with one cell replaced."""
    lines = text.splitlines()
    cells = lines[1 + number % max(len(lines) - 1, 1)].split(",") if len(lines) > 1 else [""]
    cells[number % len(cells)] = value
    return "\n".join([*lines[: 1 + number % max(len(lines) - 1, 1)], ",".join(cells)])


def _null_coordinates(text: str, number: int) -> str:
    if '"features"' not in text:
        return text
    collection = json.loads(text)
    shape = collection["features"][number % len(collection["features"])]["geometry"]
    shape["coordinates"][number % len(shape["coordinates"])] = [None, 31.5]
    return json.dumps(collection)


SPOILS: Final[dict[str, Callable[[str, int], str | bytes | None]]] = {
    "missing": lambda _text, _number: None,
    "empty": lambda _text, _number: "",
    "only the header": lambda text, _number: text.splitlines()[0] + "\n",
    "not text": lambda _text, number: bytes([number % 256, 0, 255, 254]) * 40,
    "cut off": lambda text, number: text[: number % len(text)],
    "a row twice": lambda text, _number: text + "\n" + text.splitlines()[-1],
    "a long number": lambda text, number: _cell(text, number, DIGITS),
    "infinity": lambda text, number: _cell(text, number, "1e999"),
    "no number": lambda text, number: _cell(text, number, "nan"),
    "a zero byte": lambda text, number: text[: number % len(text)] + "\0" + text[number % len(text) :],
    "null coordinates": _null_coordinates,
    "digits in the text": lambda text, number: text.replace("2021", DIGITS, 1 + number % 3),
}


@contextmanager
def spoilt(name: str, spoil: str, number: int) -> Iterator[Path]:
    """A copy of the pack with one file spoilt."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "pack"
        root.mkdir()
        for file in FILES:
            shutil.copy(DATA_DIR / file, root / file)
        content = SPOILS[spoil]((DATA_DIR / name).read_text("utf-8"), number)
        if content is None:
            (root / name).unlink()
        elif isinstance(content, bytes):
            (root / name).write_bytes(content)
        else:
            (root / name).write_text(content, "utf-8")
        yield root


def use(root: Path) -> None:
    """What the pages and the command line ask of a pack."""
    atlas = atlas_of(load_pack(root))
    assert len(atlas.districts)
    assert len(atlas.pack.lines) >= 0
    atlas.register.state(DAY)
    progress(atlas.register, as_of=DAY)
    for table in ("categories", "kinds"):
        atlas.names(table, "zh")
    load_indicators(root)
    district_aliases(atlas)
    atlas.vocabulary("osm_rules")
    gazetteer._exclusions(root)
    load_residents_model(root)
    districts_not_covered(atlas.register, ("bus_stop",))
    accuracy_rules(root)
    disagreements(root)
    open_data_offers(root)
    synonyms(root)


@examples(12, deep=300)
@given(st.sampled_from(FILES), st.sampled_from(sorted(SPOILS)), st.integers(0, 100_000))
def test_a_spoilt_pack_is_explained(name: str, spoil: str, number: int) -> None:
    with spoilt(name, spoil, number) as root:
        with suppress(AtlasError):
            use(root)
        problems = check_pack(root)
        assert all(problem.message for problem in problems)


def test_a_sound_pack_is_used_as_it_is(tmp_path: Path) -> None:
    for file in (name for name in FILES if name not in OPTIONAL):
        shutil.copy(DATA_DIR / file, tmp_path / file)
    use(tmp_path)


CASES: Final = [
    (name, spoil)
    for name in FILES
    for spoil in ("missing", "empty", "not text")
    if (name, spoil) not in {(table, "missing") for table in OPTIONAL}
]


@pytest.mark.parametrize(("name", "spoil"), CASES)
def test_a_file_that_cannot_be_read_is_named(name: str, spoil: str) -> None:
    with spoilt(name, spoil, 1) as root, pytest.raises(DataError) as caught:
        use(root)
    assert name.partition(".")[0] in caught.value.text("zh")
