"""A facility that was closed by an event is on no map, list, answer or file from that day on, and on every one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo.atlas import load_gazetteer
from geo.register.city import Atlas, atlas_of
from geo.register.facilities import facility_set
from geo.register.facility_editing import facility_event
from geo.register.near_facilities import Surroundings, nearest_bus_stop
from geo.register.positions import choices
from geo.store.export import export_geopackage
from layers.api.collections import get_collection
from layers.map.payload import day_number
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.report import context_layers
from layers.report.map_sheet import MapSheet

EVE, CLOSING = date(2022, 6, 30), date(2022, 7, 1)
ID = "BUS14-0001"


@pytest.fixture(scope="module")
def closed(atlas: Atlas) -> Atlas:
    """The city with one bus stop closed by an event of the log."""
    event = facility_event(ID, "correction", {"closed": CLOSING.isoformat()}, "S-PLAN") | {"event_id": "X"}
    events = pd.concat([atlas.pack.facility_events, pd.DataFrame([event])], ignore_index=True)
    return atlas_of(replace(atlas.pack, facility_events=events.astype(object).where(events.notna(), None)))


def counted(atlas: Atlas, day: date, _folder: Path) -> set[str]:
    return set(facility_set(atlas.register, ("bus_stop",), "as_of", day).frame.index)


def planned(atlas: Atlas, day: date, _folder: Path) -> set[str]:
    return set(facility_set(atlas.register, ("bus_stop",), "planned", day).frame.index)


def searched(atlas: Atlas, day: date, _folder: Path) -> set[str]:
    name = str(atlas.pack.facilities.at[ID, "name_zh"])
    return set(choices(atlas, load_gazetteer(), name, as_of=day, limit=50)["id"])


def nearest(atlas: Atlas, day: date, _folder: Path) -> set[str]:
    x, y = facility_set(atlas.register, ("bus_stop",), "before", day).with_ids([ID]).xy
    around = Surroundings(float(x[0]), float(y[0]), 0.0, ("320206",), atlas.pack.lines.geometry)
    stop = nearest_bus_stop(atlas.register, around, day).stop
    return {stop.facility_id} if stop else set()


def served(atlas: Atlas, day: date, _folder: Path) -> set[str]:
    return set(get_collection("facilities").frame(atlas, day).index)


def sent_to_browsers(atlas: Atlas, day: date, _folder: Path) -> set[str]:
    columns = get_layer("baseline_facilities").payload(MapContext(atlas))["columns"]
    frame = pd.DataFrame({name: columns[name] for name in ("id", "closed")})
    return set(frame.loc[(frame["closed"] == 0) | (frame["closed"] > day_number(day)), "id"])


def written(atlas: Atlas, day: date, folder: Path) -> set[str]:
    import pyogrio

    path = folder / f"{day}.gpkg"
    export_geopackage(atlas.pack, path, day)
    return set(pyogrio.read_dataframe(path, layer="facilities")["facility_id"])


@pytest.mark.parametrize("door", [counted, planned, searched, nearest, served, sent_to_browsers, written])
def test_it_is_there_until_the_eve_and_not_from_its_closing_day(
    closed: Atlas, tmp_path: Path, door: Callable[[Atlas, date, Path], set[str]]
) -> None:
    assert ID in door(closed, EVE, tmp_path)
    assert ID not in door(closed, CLOSING, tmp_path)


def test_the_printed_map_has_one_dot_fewer(closed: Atlas) -> None:
    sheets = [
        MapSheet(closed, closed.pack.works.iloc[:0], day, layers=frozenset({"baseline_facilities"}))
        for day in (EVE, CLOSING)
    ]
    before, after = (context_layers.standing(sheet, "baseline_facilities") for sheet in sheets)
    assert len(before) == len(after) + 1


def test_the_base_map_does_not_name_it(atlas: Atlas, closed: Atlas) -> None:
    row = atlas.pack.facilities.loc[ID]
    at = (row["name_zh"], round(float(row["lon"]), 6), round(float(row["lat"]), 6))
    before, after = (
        set(zip(columns["name"], columns["x"], columns["y"], strict=True))
        for columns in (
            get_layer("place_names").payload(MapContext(one))["columns"] for one in (atlas, closed)
        )
    )
    assert at in before - after
