"""Shapes like those of ``tests/cases`` that nobody listed: written as text, in several parts, and in systems described in many ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import CRS

from tests.ingest.brought_files import NAMES, PLACES, lies_right, remarks

# Shapes


def square(lon: float, lat: float) -> Any:
    return shapely.box(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001)


@pytest.mark.parametrize("form", ["wkt", "ewkt", "hex", "xlsx", "multi"])
def test_shapes_written_as_text(form: str, bring, tmp_path: Path) -> None:
    shapes = [square(*place) for place in PLACES]
    if form == "multi":
        shapes = [shapely.multipolygons([shape]) for shape in shapes]
    texts = [shape.wkb_hex if form == "hex" else shape.wkt for shape in shapes]
    if form == "ewkt":
        texts = [f"SRID=4326;{text}" for text in texts]
    frame = pd.DataFrame({"小区名称": NAMES, "geometry": texts})
    name = "图.xlsx" if form == "xlsx" else "图.csv"
    frame.to_excel(tmp_path / name, index=False) if form == "xlsx" else frame.to_csv(
        tmp_path / name, index=False
    )
    plan = bring(name, crs="" if form == "ewkt" else "WGS84")
    assert "按图形读入" in remarks(plan)
    assert plan.counts["new"] == 3
    assert lies_right(plan)
    assert len(plan.outlines) == 3


@pytest.mark.parametrize(
    "texts", [["010203040506", "010203040507"], ["0100000001", "0100000002"], ["POINT一", "POINT二"]]
)
def test_numbers_and_names_are_no_shapes(texts: list[str], bring) -> None:
    plan = bring(
        "清单.csv", "\n".join(["小区名称,合同号", *[f"村{at},{text}" for at, text in enumerate(texts)]])
    )
    assert "按图形读入" not in remarks(plan)
    assert plan.rows["own"].notna().all()


def test_a_shape_in_text_that_is_none_is_named(bring) -> None:
    plan = bring(
        "图.csv", '小区名称,WKT\n甲村,"POINT(120.301 31.571)"\n乙村,"POINT(120.301"\n丙村,', crs="WGS84"
    )
    assert "读不出来，留空：第 3 行" in remarks(plan)


@pytest.mark.parametrize(
    ("shape", "number"),
    [
        (shapely.MultiPoint([(120.3, 31.57), (116.4, 39.9)]), 2),
        (shapely.MultiLineString([[(120.3, 31.57), (120.31, 31.57)], [(116.4, 39.9), (116.41, 39.9)]]), 3),
        (shapely.MultiPolygon([square(120.3, 31.57), square(116.4, 39.9)]), 6),
        (shapely.MultiLineString([[(120.3, 31.57), (120.31, 31.57)], [(31.57, 120.3), (31.57, 120.31)]]), 3),
        (shapely.MultiPoint([(120.3, 31.57), (0, 0)]), 2),
    ],
)
@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "FlatGeobuf"])
def test_a_far_part_of_several_is_named(shape: Any, number: int, driver: str, bring, tmp_path: Path) -> None:
    ending = {"GeoJSON": "geojson", "GPKG": "gpkg", "FlatGeobuf": "fgb"}[driver]
    frame = gpd.GeoDataFrame({"名称": ["甲路"]}, geometry=[shape], crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / f"图.{ending}", driver=driver)
    plan = bring(f"图.{ending}", item_id="C01", crs="WGS84")
    assert plan.counts["rejected"] == 1
    assert f"第 {number}（" in remarks(plan)


def test_parts_that_lie_near_each_other_are_one_road(bring, tmp_path: Path) -> None:
    parts = [[(120.30 + 0.1 * at, 31.57), (120.33 + 0.1 * at, 31.57)] for at in range(12)]
    frame = gpd.GeoDataFrame({"名称": ["国道"]}, geometry=[shapely.MultiLineString(parts)], crs=4326)
    frame.to_file(tmp_path / "路.geojson")
    assert bring("路.geojson", item_id="C01", crs="WGS84").counts["new"] == 1


# Declared systems of shapefiles


def described(code: int, form: str) -> bytes:
    crs = CRS.from_epsg(code)
    esri = crs.to_wkt("WKT1_ESRI")
    return {
        "esri": esri.encode(),
        "wkt2": crs.to_wkt("WKT2_2019").encode(),
        "utf16": esri.encode("utf-16"),
        "utf16be": b"\xfe\xff" + esri.encode("utf-16-be"),
        "pretty": crs.to_wkt("WKT1_GDAL", pretty=True).encode("utf-8-sig"),
    }[form]


@pytest.mark.parametrize("form", ["esri", "wkt2", "utf16", "utf16be", "pretty"])
@pytest.mark.parametrize("code", [4528, 4549, 4490])
def test_a_prj_however_it_is_written(code: int, form: str, bring, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"name": NAMES}, geometry=[shapely.Point(place) for place in PLACES], crs=4490)
    frame.to_crs(code).to_file(tmp_path / "图.shp", encoding="utf-8")
    (tmp_path / "图.prj").write_bytes(described(code, form))
    plan = bring("图.shp")
    assert plan.system.how in {"declared", "proved"}
    assert lies_right(plan)


@pytest.mark.parametrize(
    "own",
    [
        "<visibility>1</visibility>",
        "<extrude>1</extrude><altitudeMode>clampToGround</altitudeMode>",
        "<gx:drawOrder>3</gx:drawOrder>",
        "<TimeSpan><begin>2021-03</begin><end>2021-11</end></TimeSpan>",
        "<snippet>略</snippet><styleUrl>#a</styleUrl>",
        "<open>0</open>",
    ],
)
def test_how_kml_draws_is_never_a_number(own: str, bring) -> None:
    in_line = own if own.startswith("<extrude") else ""
    text = (
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Folder>'
        f"<name>一期</name><Placemark><name>试验甲路</name>{'' if in_line else own}<LineString>{in_line}"
        "<coordinates>120.2981,31.5501 120.3001,31.5688</coordinates></LineString></Placemark></Folder></Document></kml>"
    )
    plan = bring("路.kml", text, item_id="C01")
    assert set(plan.mapping.columns) <= {"name_zh", "start_date", "end_date"}
    row = plan.rows.iloc[0]
    assert (row["name_zh"], row["verdict"]) == ("试验甲路", "new")
    assert row["shape"].geom_type == "LineString"
