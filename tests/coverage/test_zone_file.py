"""Columns of a planner's file are known by their usual names, as a shapefile cuts them too."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.coverage.question import demand_of
from geo.coverage.zone_file import read_zones, usual_column
from geo.coverage.zone_set import own_zones
from geo.register.city import Atlas
from tests.depth import examples

SQUARE = shapely.box(120.28, 31.57, 120.30, 31.59)
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=9)


@examples(60)
@given(CHINESE, st.sampled_from(["utf-8", "gb18030"]), st.lists(CHINESE, max_size=3))
def test_a_name_that_a_shapefile_cut_is_the_usual_name(name: str, encoding: str, others: list[str]) -> None:
    cut = name.encode(encoding)[:10].decode(encoding, errors="ignore")
    columns = [*(each for each in others if not name.startswith(each)), cut]
    assert usual_column(columns, (name,)) == (name if name in columns else cut)
    assert usual_column(columns, ()) == ""


@pytest.mark.parametrize(
    ("encoding", "kept"), [("utf-8", ("地块编", "用地代")), ("gbk", ("地块编号", "用地代码"))]
)
def test_a_shapefile_with_cut_names_is_read(
    tmp_path: Path, encoding: str, kept: tuple[str, str], recwarn: pytest.WarningsRecorder
) -> None:
    frame = gpd.GeoDataFrame({"地块编号": ["甲一"], "用地代码": ["A33"]}, geometry=[SQUARE], crs=4490)
    frame.to_file(tmp_path / "land.shp", encoding=encoding)
    found = read_zones(tmp_path / "land.shp")
    assert tuple(found.columns[:2]) == kept
    assert found.iloc[0, :2].tolist() == ["甲一", "A33"]


def test_names_that_are_not_known_are_said(atlas: Atlas) -> None:
    demand = demand_of(atlas, "area")
    named = gpd.GeoDataFrame({"街道名称": ["甲"]}, geometry=[SQUARE], crs=4326)
    assert own_zones(atlas, demand, named).names == ("甲",)
    unnamed = own_zones(atlas, demand, named.rename(columns={"街道名称": "abc"}))
    assert unnamed.names == ("1",)
    assert any("abc" in str(values.get("known")) for _text, values in unnamed.notes)
