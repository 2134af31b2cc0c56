"""No work stands in the water without a reason on its card."""

from __future__ import annotations

from datetime import date

import geopandas as gpd

from geo.display.card import card
from geo.places.districts import load_lakes
from geo.places.water import metres_into_water
from geo.register.city import Atlas

DAY = date(2026, 11, 23)
LEEWAY_M = 100  # an error is a rounded number


def test_a_work_in_the_water_is_within_its_error_of_land_and_its_card_says_so(atlas: Atlas) -> None:
    state = atlas.register.state(DAY)
    placed = state[state["lon"].notna()]
    points = gpd.GeoDataFrame(
        placed[["accuracy_m"]], geometry=gpd.points_from_xy(placed["lon"], placed["lat"]), crs=4326
    )
    wet = gpd.sjoin(points, load_lakes(atlas.pack.root), predicate="within").to_crs(atlas.city.projected_crs)
    shore = load_lakes(atlas.pack.root).to_crs(atlas.city.projected_crs).boundary.union_all()
    assert len(wet) < 10
    for work_id in placed.index:
        for lang, word in (("zh", "落在湖里"), ("en", "in the lake")):
            notes = [text for text in card(atlas, work_id, state, lang)["unknowns"] if word in text]
            assert len(notes) == (work_id in wet.index), work_id
    for work_id, row in wet.iterrows():
        assert row.geometry.distance(shore) <= row["accuracy_m"] + LEEWAY_M, work_id


def test_metres_into_the_water(atlas: Atlas) -> None:
    root, projected = atlas.pack.root, atlas.city.projected_crs
    assert metres_into_water(120.30, 31.57, root, projected) == 0
    assert metres_into_water(120.15, 31.20, root, projected) > 5_000
