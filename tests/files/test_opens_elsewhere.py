"""Each export opens in the programs that offices use, LibreOffice and QGIS of Debian, with every row and every name."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from geo.files import Content, file_name, get_format, get_system, write_file
from geo.register.city import Atlas
from tests.files.reading import CITY
from tests.files.test_files import DAY
from tools.serving import PATIENCE_S

TABLES = ("csv", "xlsx")
MAPS = ("geojson", "gpkg", "shapefile", "kml")
"""What Debian's QGIS reads: its GDAL has no driver for GeoParquet."""


def program(name: str, package: str) -> str:
    """Where a program of Debian lies; the test is left out, loudly, where it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed: apt-get install {package}")
    return path


@pytest.fixture(scope="module")
def content(atlas: Atlas) -> Content:
    """Every fifth work with a place."""
    state = atlas.register.state(DAY)
    some = (np.arange(len(state)) % 5 == 0) & state["lon"].notna().to_numpy()
    return Content(atlas, state[some], DAY, get_system("WGS84", CITY), title="全市")


def written(content: Content, folder: Path, form: str) -> Path:
    path = folder / file_name("works", content, get_format(form))
    path.write_bytes(write_file(content, form))
    return path


def run(*words: str, home: Path) -> None:
    """Run a program with a home of its own and no screen."""
    environment = os.environ | {
        "HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(home),
    }
    subprocess.run(words, check=True, capture_output=True, timeout=5 * PATIENCE_S, env=environment)


@pytest.mark.parametrize("form", TABLES)
def test_tables_open_in_libreoffice(content: Content, tmp_path: Path, form: str) -> None:
    office = program("soffice", "libreoffice-calc")
    path = written(content, tmp_path, form)
    (tmp_path / "out").mkdir()
    kind = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    source = ["--infilter=Text - txt - csv (StarCalc):44,34,76"] if form == "csv" else []
    run(
        office,
        f"-env:UserInstallation=file://{tmp_path / 'profile'}",
        "--headless",
        *source,
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path / "out"),
        str(path),
        home=tmp_path,
    )
    (made,) = (tmp_path / "out").iterdir()
    head, *rows = csv.reader(made.read_text("utf-8-sig").splitlines())
    names = {row[head.index("名称")] for row in rows}
    assert set(content.state["name_zh"]) <= names


@pytest.mark.parametrize("form", MAPS)
def test_layers_open_in_qgis(content: Content, tmp_path: Path, form: str) -> None:
    qgis = program(
        "qgis_process.bin", "qgis"
    )  # Debian's script before it adds an option that this program does not know
    path = written(content, tmp_path, form)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path / "unzipped")
        path = next(iter(sorted((tmp_path / "unzipped").rglob("*point*.shp"))), None) or next(
            (tmp_path / "unzipped").rglob("*.shp")
        )
    names: set[str] = set()
    for number, layer in enumerate(["works"] if form == "gpkg" else pyogrio.list_layers(path)[:, 0]):
        out = tmp_path / f"out{number}.geojson"
        source = f"INPUT={path}|layername={layer}"
        run(qgis, "run", "native:savefeatures", "--", source, f"OUTPUT={out}", home=tmp_path)
        features = json.loads(out.read_text("utf-8"))["features"]
        names |= {str(value) for each in features for value in each["properties"].values()}
    with_point = content.state[content.state["line_id"].isna()]
    assert set(with_point["name_zh"]) <= names
