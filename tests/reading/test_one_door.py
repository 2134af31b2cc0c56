"""A person's file is opened in one room: no other module uses a library of a format or opens a file without a reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOM: Final = "geo/reading/"
FORMATS: Final = {
    "PIL", "bz2", "defusedxml", "docx", "ezdxf", "fiona", "gzip.GzipFile", "gzip.decompress", "gzip.open", "h5py", "lxml", "lzma", "numpy.fromfile",
    "numpy.genfromtxt", "numpy.load", "numpy.loadtxt", "numpy.memmap", "openpyxl", "osgeo", "pdfminer", "pickle", "pyarrow.csv", "pyarrow.dataset",
    "pyarrow.feather", "pyarrow.ipc", "pyarrow.json", "pyarrow.orc", "pyarrow.parquet", "pyogrio", "python_calamine", "rasterio",
    "shapefile", "sqlite3", "tarfile", "xarray", "xlrd", "xml.dom", "xml.etree.ElementTree.XML", "xml.etree.ElementTree.fromstring",
    "xml.etree.ElementTree.iterparse", "xml.etree.ElementTree.parse", "xml.sax.make_parser", "xml.sax.parse", "zipfile",
}  # fmt: skip
READERS: Final = ("pandas.read_", "pandas.ExcelFile", "geopandas.read_", "geopandas.GeoDataFrame.from_file")
NO_FILES: Final = {"rasterio.features", "rasterio.transform"}  # arithmetic on arrays
OPENING: Final = {"open", "read_bytes", "read_text", "json.load", "tomllib.load"}

OURS = "reads our own program, city pack or var folder"
WRITES = "writes a new file, and reads back what it wrote"
LIBRARY_ALLOWED: Final = {
    ("geo/cli/convert.py", "pandas.read_csv"): "the text that convert_file just made",
    ("geo/coverage/saved_data.py", "rasterio"): WRITES,
    ("geo/detailed_map/archive.py", "gzip.decompress"): WRITES,
    ("geo/detailed_map/archive.py", "pyogrio"): WRITES,
    ("geo/files/formats/gpkg.py", "sqlite3"): WRITES,
    ("geo/files/formats/parquet.py", "pyarrow.parquet"): WRITES,
    ("geo/files/formats/shapefile.py", "pyogrio"): WRITES,
    ("geo/files/pieces.py", "zipfile"): WRITES,
    ("geo/geopackage.py", "pyogrio"): WRITES,
    ("geo/ingest/plan/geocode.py", "sqlite3"): OURS,
    ("geo/store/aside.py", "sqlite3"): OURS,
    ("geo/store/backup.py", "zipfile"): WRITES,
    ("geo/store/backup_outlines.py", "zipfile"): WRITES,
    ("geo/store/earlier.py", "sqlite3"): OURS,
    ("geo/store/engine.py", "sqlite3"): OURS,
    ("geo/store/newest.py", "sqlite3"): OURS,
    (
        "layers/workers/handover.py",
        "pickle",
    ): "what the server itself hands to its workers, in a folder of its own",
    ("layers/api/layer_tiles.py", "gzip.decompress"): "our own tiles, which this process packed",
    ("layers/api/json_answer.py", "gzip.decompress"): "our own answers, which this process packed",
}
FETCHED: Final = "a download of this program, hashed; what it holds is read through the isolated reader"
OPENING_ALLOWED: Final = {
    "app.py": OURS,
    "geo/text_tables.py": OURS,
    "layers/browser_packages/__init__.py": OURS,
    "geo/atlas.py": OURS,
    "geo/cities.py": OURS,
    "layers/site/cities.py": OURS,
    "geo/coverage/saved_data.py": OURS,
    "geo/declarations.py": OURS,
    "geo/display/tokens.py": OURS,
    "geo/detailed_map/archive.py": WRITES,
    "geo/files/formats/gpkg.py": WRITES,
    "geo/geopackage.py": WRITES,
    "geo/files/formats/shapefile.py": WRITES,
    "geo/ingest/plan/memory_of_import.py": "reads how much memory the machine says is free",
    "geo/ingest/plan/recipes.py": OURS,
    "geo/kernels/compiling.py": OURS,
    "geo/open_data/download.py": FETCHED,
    "geo/nation/run.py": OURS,
    "geo/cli/verbs.py": OURS,
    "geo/places/city_features.py": OURS,
    "geo/places/division_outlines.py": OURS,
    "geo/places/english_names.py": OURS,
    "geo/places/gazetteer.py": OURS,
    "geo/places/local_systems.py": OURS,
    "geo/kernels/roads.py": OURS,
    "geo/register/city_facts.py": OURS,
    "geo/plan_text/pack.py": OURS,
    "geo/register/pack_files.py": OURS,
    "geo/register/plan_check.py": OURS,
    "geo/report/page.py": OURS,
    "geo/report/pdf.py": OURS,
    "geo/store/backup.py": WRITES,
    "geo/store/backup_outlines.py": OURS,
    "geo/store/export.py": WRITES,
    "geo/store/roles.py": OURS,
    "geo/store/sync.py": OURS,
    "geo/text.py": OURS,
    "geo/whatif/saved_scenarios.py": OURS,
    "layers/browser_code.py": OURS,
    "layers/map/page_code.py": OURS,
    "layers/site/assets.py": OURS,
    "layers/workers/handover.py": OURS,
    "layers/program_digest.py": OURS,
    "layers/whole_files.py": OURS,
    "layers/site/families.py": OURS,
    "layers/site/folder.py": WRITES,
    "layers/site/recipe.py": OURS,
}


def _names(tree: ast.Module) -> dict[str, str]:
    """What each imported word of a module stands for."""
    words: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                words[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            words |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return words


def _dotted(node: ast.expr, words: dict[str, str]) -> str:
    """The whole name of ``a.b.c``, its first word as imported; only the last words where it begins with a value."""
    if isinstance(node, ast.Name):
        return words.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, words)}.{node.attr}".lstrip(".")
    return ""


def _known(name: str) -> str:
    """The library or reader of a format that a name belongs to, empty for none."""
    if any(name == part or name.startswith(f"{part}.") for part in NO_FILES):
        return ""
    if name.startswith(READERS):
        return name
    return next((known for known in FORMATS if name == known or name.startswith(f"{known}.")), "")


def libraries(source: str) -> Iterator[str]:
    """Libraries and readers of formats that a module uses, however it imports them."""
    tree = ast.parse(source)
    words = _names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_known(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (_known(f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield _known(_dotted(node, words))
        elif isinstance(node, ast.Call) and _dotted(node.func, words).endswith(
            ("import_module", "__import__")
        ):
            yield from (
                _known(word.value)
                for word in node.args
                if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )


def opens(source: str) -> bool:
    """Whether a module opens a file by Python's own means."""
    tree = ast.parse(source)
    words = _names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _dotted(node.func, words)
            if name in OPENING or (isinstance(node.func, ast.Attribute) and node.func.attr in OPENING):
                return True
    return False


@lru_cache(maxsize=1)
def modules() -> dict[str, str]:
    """Every module outside the room, and its source."""
    paths = [
        ROOT / "app.py",
        *(path for part in ("geo", "layers", "pages") for path in sorted((ROOT / part).rglob("*.py"))),
    ]
    named = {path.relative_to(ROOT).as_posix(): path for path in paths}
    return {name: path.read_text("utf-8") for name, path in named.items() if not name.startswith(ROOM)}


def libraries_used(sources: dict[str, str]) -> set[tuple[str, str]]:
    return {(name, used) for name, source in sources.items() for used in libraries(source) if used}


def test_no_other_module_uses_a_library_of_a_format() -> None:
    assert libraries_used(modules()) == set(LIBRARY_ALLOWED)


def test_no_other_module_opens_a_file_without_a_reason() -> None:
    assert {name for name, source in modules().items() if opens(source)} == set(OPENING_ALLOWED)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("geo/kernels/network.py", "from pyogrio import read_dataframe"),
        ("geo/kernels/raster.py", "def lazily(path):\n    import rasterio\n    return rasterio.open(path)"),
        ("layers/analysis/uploads.py", "import geopandas as table\nfound = table.read_file"),
        ("pages/parts/siting/question.py", "from pandas import read_csv as lines"),
        ("geo/siting/given_candidates.py", "import geopandas as gpd\ngpd.GeoDataFrame.from_file('a')"),
        ("geo/files/convert_file.py", "import importlib\nimportlib.import_module('fiona')"),
        ("layers/http.py", "import pyarrow.parquet as pq"),
        ("pages/about.py", "import zipfile"),
        ("app.py", "import numpy as np\nnp.load('a', allow_pickle=True)"),
    ],
)
def test_a_spoilt_copy_is_found(where: str, line: str) -> None:
    spoilt = {where: f"{modules()[where]}\n{line}\n"}
    assert {name for name, _used in libraries_used(spoilt) - set(LIBRARY_ALLOWED)} == {where}


@pytest.mark.parametrize(
    "line", ["open('a')", "path.open()", "path.read_bytes()", "Path('a').read_text()", "json.load(handle)"]
)
def test_plain_opening_is_found(line: str) -> None:
    assert opens(line)
    assert not opens("# open('a')\nbase.opened(path.name)")
