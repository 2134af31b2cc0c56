"""Districts: exact containment, the border rule, areas against published figures."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import CrsError, DataError
from geo.places.districts import (
    district_of,
    label_points,
    land_area_km2,
    length_share,
    load_districts,
    load_lakes,
)
from geo.register.city import Atlas

OFFICIAL = {
    "320205": 399.11,
    "320206": 325.12,
    "320211": 628.15,
    "320214": 220.01,
    "320281": 986.97,
    "320282": 1996.61,
}


def test_a_million_points_agree_with_exact_containment(atlas: Atlas) -> None:
    """The other way: a spatial join of geopandas, smallest code where several cover a point."""
    rng = np.random.default_rng(20211231)
    west, south, east, north = atlas.districts.total_bounds
    x, y = rng.uniform(west, east, 1_000_000), rng.uniform(south, north, 1_000_000)
    ours = district_of(x, y, atlas.districts)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=4326)
    joined = gpd.sjoin(points, atlas.districts[["geometry"]], predicate="intersects")
    codes = joined.iloc[:, -1].groupby(level=0).min()
    theirs = pd.Series("", index=points.index)
    theirs.loc[codes.index] = codes.astype(str)
    assert int((ours != theirs.to_numpy()).sum()) == 0
    assert len(set(ours)) == 8


def test_border_points_have_one_answer_whatever_the_order(atlas: Atlas) -> None:
    borders = atlas.districts.geometry.loc["320213"].boundary
    spots = shapely.get_coordinates(borders)[:200]
    ours = district_of(spots[:, 0], spots[:, 1], atlas.districts)
    shuffled = atlas.districts.sample(frac=1, random_state=1)
    assert (ours == district_of(spots[:, 0], spots[:, 1], shuffled)).all()
    for (x, y), code in zip(spots, ours, strict=True):
        touching = [
            c for c, shape in atlas.districts.geometry.items() if shape.intersects(shapely.Point(x, y))
        ]
        assert code == min(touching)


def test_nowhere_and_unknown_are_empty(atlas: Atlas) -> None:
    assert list(district_of([0.0, np.nan], [0.0, 31.5], atlas.districts)) == ["", ""]
    with pytest.raises(CrsError, match="写反"):
        district_of([31.5], [120.3], atlas.districts)


@pytest.mark.parametrize(("code", "km2"), OFFICIAL.items())
def test_areas_are_near_the_published_ones(atlas: Atlas, code: str, km2: float) -> None:
    """Measured on the ellipsoid by pyproj, not by the projected area the code uses."""
    from pyproj import Geod

    area = abs(Geod(ellps="GRS80").geometry_area_perimeter(atlas.districts.geometry.loc[code])[0]) / 1e6
    assert area == pytest.approx(km2, rel=0.07)


def test_land_is_the_outline_without_the_lake(atlas: Atlas) -> None:
    land = land_area_km2(atlas.districts, "EPSG:4549")
    whole = atlas.districts.to_crs(4549).area / 1e6
    assert (land <= whole + 1e-9).all()
    assert land["320211"] / whole["320211"] == pytest.approx(0.42, abs=0.03)  # Taihu covers 58 % of 滨湖
    assert land["320213"] == pytest.approx(whole["320213"])


def test_lakes_have_their_islands_cut_out(atlas: Atlas) -> None:
    taihu = load_lakes(atlas.pack.root).geometry.loc["taihu"]
    assert len(taihu.interiors) == 2
    assert not taihu.contains(shapely.Point(120.0876, 31.42))  # 马山's island
    km2 = gpd.GeoSeries([taihu], crs=4326).to_crs(4549).area.iloc[0] / 1e6
    assert km2 == pytest.approx(2422, rel=0.01)


def test_length_shares_sum_to_one_and_ignore_row_order(atlas: Atlas) -> None:
    for line in atlas.pack.lines.geometry:
        shares = length_share(line, atlas.districts, "EPSG:4549")
        assert shares.sum() == pytest.approx(1.0)
        again = length_share(line, atlas.districts.iloc[::-1], "EPSG:4549")
        assert shares.to_dict() == pytest.approx(again.to_dict())


def test_a_line_half_in_half_out(atlas: Atlas) -> None:
    """Due south out of 无锡 at 119.9: half the length is inside, by construction on one meridian."""
    code = "320282"
    south = float(
        shapely.intersection(
            atlas.districts.geometry.loc[code], shapely.LineString([(119.7, 30), (119.7, 33)])
        ).bounds[1]
    )
    shares = length_share(
        shapely.LineString([(119.7, south - 0.01), (119.7, south + 0.01)]), atlas.districts, "EPSG:4549"
    )
    assert shares[""] == pytest.approx(0.5, abs=0.001)
    assert shares[code] == pytest.approx(0.5, abs=0.001)


def test_labels_lie_on_the_land_of_their_district(atlas: Atlas) -> None:
    for code, point in label_points(atlas.districts, "EPSG:4549").items():
        assert atlas.districts.at[code, "land"].contains(point)


def test_the_other_variant_reads_too(atlas: Atlas) -> None:
    official = load_districts(atlas.pack.root, "tianditu")
    assert list(official.index) == list(atlas.districts.index)
    theirs, ours = official.geometry.to_crs(4549), atlas.districts.geometry.to_crs(4549)
    overlap = theirs.intersection(ours).area / theirs.area
    assert (overlap > 0.93).all()


def test_a_missing_table_or_package_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match=r"districts\.csv"):
        load_districts(tmp_path)

    def gone(_name: str) -> None:
        raise ModuleNotFoundError

    monkeypatch.setattr("geo.places.division_outlines.files", gone)
    from geo.places.division_outlines import read_divisions

    with pytest.raises(DataError, match="make setup"):
        read_divisions(["320213"])


def test_an_unknown_code_is_said() -> None:
    from geo.places.division_outlines import read_divisions

    with pytest.raises(DataError, match="999999"):
        read_divisions(["320213", "999999"])
