"""Another city is another folder: the simulated pack of another province runs through every part, no line of code changed.

Its central meridian is 117 degrees, its facts are invented and say so. What is checked is made by a process that was told of
this pack by ``ATLAS_DATA`` alone, and compared with computations of this file's own.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pypdfium2
import pytest
import shapely
from pmtiles.reader import MemorySource, Reader
from pyproj import Transformer

from geo.atlas import load_atlas
from geo.places.division_outlines import read_divisions
from geo.places.pinyin import pinyin_keys
from geo.register.city import Atlas
from layers.site.build import site_files
from tests.second_city.reading import NEW, PACK, rows_of
from tests.test_city_in_data import named, names_of

PROJECTED = "EPSG:4548"
DAY = date(2022, 12, 31)
PAGES = (
    "home",
    "promise",
    "near",
    "works",
    "coverage",
    "district",
    "about",
    "matrix",
    "siting",
    "register",
    "import",
)


def command(made: Path, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((made / "commands" / f"{name}.json").read_text())
    return told


def commands(made: Path) -> list[str]:
    return sorted(path.stem for path in (made / "commands").iterdir())


def test_every_command_runs(made: Path) -> None:
    for name in commands(made):
        told = command(made, name)
        assert (told["code"], told["trouble"]) == (0, ""), (name, told["err"][-500:])


def test_the_pack_is_sound_and_says_that_it_is_simulated(made: Path) -> None:
    assert command(made, "check")["out"].startswith("0 ")
    for table in ("plan_items", "works", "events", "facilities", "population", "indicators", "sources"):
        for row in rows_of(table):
            assert "模拟" in "".join(row.values()), (table, row)
    package = json.loads((PACK / "datapackage.json").read_text("utf-8"))
    assert "Simulated" in package["description"]
    for credit in package["city"]["credits"].values():
        assert "模拟" in credit["zh"]
        assert "Simulated" in credit["en"]


# --- coverage, by an independent computation in the pack's projection ---


def land_in_metres() -> gpd.GeoSeries:
    codes = [row["district_code"] for row in rows_of("districts")]
    outlines = gpd.GeoSeries(read_divisions(codes), crs=4326)
    lake = gpd.read_file(PACK / "lakes.geojson").geometry.iloc[0]
    return outlines.difference(lake).to_crs(PROJECTED)


def schools() -> tuple[list[shapely.Point], list[float]]:
    """What stands on the day with a place: the register's old schools, and the one new one that was completed."""
    done = {row["work_id"] for row in rows_of("events") if row["value"] == "completed" and row["confirmed"] == "true"
            and row["date"] <= DAY.isoformat()}  # fmt: skip
    old = [row for row in rows_of("facilities") if row["kind"] == "school_primary"]
    new = [
        row for row in rows_of("works") if row["facility_kind"] == "school_primary" and row["work_id"] in done
    ]
    placed = [row for row in (*old, *new) if row["lon"]]
    metres = Transformer.from_crs(4326, PROJECTED, always_xy=True)
    points = [shapely.Point(metres.transform(float(row["lon"]), float(row["lat"]))) for row in placed]
    return points, [float(row["accuracy_m"]) for row in placed]


@pytest.mark.parametrize(("level", "sign"), [("", 0), ("_low", -1), ("_high", 1)])
def test_coverage_is_that_of_an_independent_computation(made: Path, level: str, sign: int) -> None:
    land = land_in_metres()
    points, accuracy = schools()
    assert len(points) == 4
    discs = [point.buffer(1000 + sign * a, quad_segs=720) for point, a in zip(points, accuracy, strict=True)]
    served = land.intersection(shapely.union_all(discs)).area / 1e6
    for answer in (
        json.loads(command(made, "coverage")["out"]),
        json.loads((made / "served/coverage.json").read_text()),
    ):
        rows = answer["rows"] if isinstance(answer, dict) else answer
        by_code = {row["district_code"]: row for row in rows}
        for code in land.index:
            assert by_code[code][f"served_km2{level}"] == pytest.approx(served[code], abs=2e-3)
        assert by_code["360200"][f"share_area{level}"] == pytest.approx(
            served.sum() / (land.area.sum() / 1e6), abs=1e-6
        )


def test_another_projection_would_give_other_numbers() -> None:
    """The comparison above can fail: in the first city's projection the land is larger by more than its tolerance."""
    land = land_in_metres()
    assert (land.to_crs("EPSG:4549").area.sum() - land.area.sum()) / 1e6 > 2


# --- import ---


@pytest.mark.parametrize(
    ("name", "system"), [("gcj02", "GCJ02"), ("projected", PROJECTED), ("tiles", "EPSG:3857+GCJ02")]
)
def test_a_list_in_any_of_its_systems_is_told_and_goes_in(made: Path, name: str, system: str) -> None:
    plan = json.loads(command(made, f"import-{name}")["out"])
    assert plan["crs"] == system
    assert any(f"几乎可以肯定是 {system}" in note for note in plan["notes"])
    assert (plan["rows"]["rejected"], plan["rows"]["question"]) == (0, 0)


def test_what_was_brought_stands_where_it_is(made: Path) -> None:
    for name in ("bring", "export-pack", "check-pack"):
        told = json.loads((made / "brought" / f"{name}.json").read_text())
        assert told["code"] == 0, (name, told)
    works = pd.read_csv(made / "pack" / "works.csv", dtype=str).set_index("name_zh")
    for name, _district, lon, lat in NEW:
        row = works.loc[name]
        assert row["crs_original"] == "EPSG:3857+GCJ02"
        assert float(row["lon"]) == pytest.approx(lon, abs=2e-6)
        assert float(row["lat"]) == pytest.approx(lat, abs=2e-6)


# --- map, API, files ---


def test_the_map_shows_the_city(made: Path) -> None:
    config = json.loads((made / "served" / "config.en.json").read_text())
    (south, west), (north, east) = config["bounds"]
    assert (round(west), round(south), round(east), round(north)) == (117, 29, 118, 30)
    assert set(config["categories"]) == {"tram", "park", "school", "street"}
    assert config["span"] == ["2021-01-31", "2025-12-31"]
    works = json.loads((made / "served" / "layers" / "works.en.json").read_text())
    assert "A02-01" in json.dumps(works)
    areas = json.loads((made / "served" / "layers" / "districts.zh.json").read_text())
    assert {each["properties"]["name"] for each in areas["features"]} == {
        "昌江区",
        "珠山区",
        "浮梁县",
        "乐平市",
    }


def test_files_and_the_api_are_in_the_projection_of_the_pack(made: Path) -> None:
    metres = Transformer.from_crs(4326, PROJECTED, always_xy=True)
    placed = {
        row["work_id"]: (float(row["lon"]), float(row["lat"])) for row in rows_of("works") if row["lon"]
    }
    table = pd.read_csv(made / "metres.csv", encoding="utf-8-sig").set_index("编号")
    assert set(table["坐标系"]) == {PROJECTED}
    for work_id in ("A02-01", "A02-02", "A03-01"):
        x, y = metres.transform(*placed[work_id])
        row = table.loc[work_id]
        assert np.allclose([row[f"东坐标（{PROJECTED}）"], row[f"北坐标（{PROJECTED}）"]], [x, y], atol=0.01)
    items = json.loads((made / "served" / "metres.json").read_text())["features"]
    found = {each["id"]: each["geometry"]["coordinates"] for each in items if each["geometry"]}
    east, north = metres.transform(*placed["A02-01"])
    assert np.allclose(found["A02-01"], [north, east], atol=0.01), (
        "the API keeps the order of axes of the code"
    )
    listed = (made / "served" / "collections.json").read_text()
    assert "EPSG/0/4548" in listed
    assert "EPSG/0/4549" not in listed


def test_reports_and_the_site_are_there(made: Path) -> None:
    pdf = next((made / "reports").glob("*-zh.pdf"))
    text = text_of_pdf(pdf.read_bytes())
    for word in ("乐平市", "EPSG:4548", "第二模拟小学", "CC0 1.0", "模拟"):
        assert word in text.replace("\n", "")
    assert pypdfium2.PdfDocument(pdf.read_bytes()).get_metadata_dict()["Author"] == "模拟资料包编写者"
    page = (made / "site" / "en" / "sources.html").read_text()
    for word in ("EPSG:4548", "CC0 1.0", "Simulated places", "Sources"):
        assert word in page or word == "Simulated places"
    assert "#map=10/29" in (made / "site" / "downloads.html").read_text()
    assert {path.stem for path in (made / "site" / "districts").glob("3*.html")} == {
        "360202", "360203", "360222", "360281"
    }  # fmt: skip


def test_the_site_is_the_same_to_the_byte_in_another_process(made: Path) -> None:
    """Where hashes and clocks are others; tests/site does the same with the first city, which takes longer."""
    for name, content in site_files(load_atlas(PACK), DAY).items():
        assert (made / "site" / name).read_bytes() == content, name


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_the_pages_run(made: Path, page: str, lang: str) -> None:
    shown = json.loads((made / "pages" / f"{page}.{lang}.json").read_text())
    assert shown["trouble"] == []
    assert shown["title"]
    assert len("".join(shown["text"])) > 500


def test_citations_name_the_authors_of_the_pack(made: Path) -> None:
    for lang, author in (("zh", "模拟资料包编写者"), ("en", "Authors of the simulated pack")):
        text = (made / f"citation.{lang}.txt").read_text()
        assert text.count(author) == 2
        assert "CC0 1.0（https://creativecommons.org/publicdomain/zero/1.0/）" in text or lang == "en"
        assert "CC BY 4.0" not in text


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("site/index.html", "景德镇城建一张图 · 进展地图"),
        ("site/en/index.html", "Jingdezhen Works Atlas · Progress map"),
        ("site/en/embed.html", "Jingdezhen Works Atlas: map"),
        ("site/feeds/all.atom", "景德镇城建一张图"),
        ("served/map.html", "景德镇城建一张图：地图"),
        ("served/landing.html", "Jingdezhen Works Atlas · open API"),
    ],
)
def test_the_program_is_called_after_the_city(made: Path, name: str, title: str) -> None:
    assert f"<title>{title}</title>" in (made / name).read_text("utf-8")


def test_the_first_page_is_called_after_the_city(made: Path) -> None:
    for lang, title in (
        ("zh", "景德镇城建一张图 · 进展地图"),
        ("en", "Jingdezhen Works Atlas · progress map"),
    ):
        assert json.loads((made / f"pages/home.{lang}.json").read_text())["title"] == [title]


# --- nothing names the first city ---


def text_of_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def texts_of(path: Path) -> Iterator[str]:
    """All that can be read in an output: text, members of archives, tables of binary formats."""
    content = path.read_bytes()
    yield path.name
    if content.startswith(b"%PDF"):
        yield text_of_pdf(content)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "replace")
    elif content.startswith(b"PAR1"):
        frame = gpd.read_parquet(path)
        yield frame.to_csv() + json.dumps(
            {str(k): str(v) for k, v in frame.attrs.items()}, ensure_ascii=False
        )
        yield content.decode("utf-8", "replace")
    elif content.startswith(b"PMTiles"):
        yield json.dumps(Reader(MemorySource(content)).metadata(), ensure_ascii=False)
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content).decode("utf-8", "replace")
    else:
        text = content.decode("utf-8", "replace")
        yield text
        if path.suffix in {".json", ".geojson", ".js"}:  # Chinese may stand there as escapes
            yield re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def outputs(made: Path) -> list[Path]:
    return sorted(path for path in made.rglob("*") if path.is_file())


def test_the_search_sees_into_every_kind_of_file(made: Path) -> None:
    kinds = {path.suffix for path in outputs(made)}
    assert {
        ".pdf",
        ".html",
        ".xlsx",
        ".gpkg",
        ".shapefile",
        ".kml",
        ".geoparquet",
        ".pmtiles",
        ".svg",
        ".js",
    } <= kinds
    for ending in (".pdf", ".xlsx", ".gpkg", ".shapefile", ".kml", ".geoparquet"):
        seen = ["".join(texts_of(path)) for path in outputs(made) if path.suffix == ending]
        assert any("模拟" in text for text in seen), ending


_DRAWING = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/]+=*)")
"""A drawing inside a page: its texts are read, and not the letters that it is written in."""


def test_no_output_names_the_first_city(made: Path, atlas: Atlas) -> None:
    own = {row["name_en"].lower() for row in rows_of("districts")}
    names = frozenset(
        name for name in names_of(atlas) if name not in own and len(name) > 1 and not name.isdigit()
    )
    credited = {atlas.city.author.zh, atlas.city.credits.places.zh}
    codes = re.compile(
        rf"(?<![\d.])({'|'.join(atlas.districts.index)})(?!\d)"
    )  # not among the digits of a number
    spoken_names = pinyin_keys([row["name_zh"] for row in rows_of("districts")])["full"]
    found = {}
    for path in outputs(made):
        text = _DRAWING.sub(lambda found: b64decode(found[1]).decode(), "\n".join(texts_of(path)))
        for spoken in spoken_names:  # fuliangxian, of 浮梁县, is no Liangxi
            text = text.replace(spoken, "")
        hits = [*named(text, names), *codes.findall(text), *(word for word in credited if word in text)]
        if hits:
            found[str(path.relative_to(made))] = hits
    assert found == {}
