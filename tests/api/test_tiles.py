"""Vector tiles: everything placed is in them, where it belongs."""

from __future__ import annotations

import math
from datetime import date

import mapbox_vector_tile
import pytest
from starlette.testclient import TestClient

from geo.register.city import Atlas

TILES = "/api/collections/{}/tiles/WebMercatorQuad/{}/{}/{}"


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Row and column by the formula of the slippy map, not by the code under test."""
    column = int((lon + 180) / 360 * 2**zoom)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    return row, column


def features(client: TestClient, collection: str, zoom: int, row: int, column: int) -> list[dict]:
    answer = client.get(TILES.format(collection, zoom, row, column))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    return mapbox_vector_tile.decode(answer.content)[collection]["features"] if answer.content else []


def test_the_world_in_one_tile_holds_every_point(client: TestClient, atlas: Atlas) -> None:
    works = atlas.register.state(date.today())
    placed = set(works.index[works["lon"].notna() & works["line_id"].isna()])
    assert placed <= {one["properties"]["id"] for one in features(client, "works", 0, 0, 0)}


def test_lines_are_in_the_tiles_they_run_through(client: TestClient, atlas: Atlas) -> None:
    for line_id, shape in atlas.pack.lines.geometry.items():
        lon, lat = shape.interpolate(0.5, normalized=True).coords[0][:2]
        found = {one["properties"]["id"] for one in features(client, "lines", 12, *tile_of(lon, lat, 12))}
        assert line_id in found


@pytest.mark.parametrize("zoom", [9, 12, 15])
def test_a_place_is_where_its_coordinates_say(client: TestClient, atlas: Atlas, zoom: int) -> None:
    works = atlas.register.state(date.today())
    row = works[works["lon"].notna() & works["line_id"].isna()].iloc[0]
    tile = tile_of(row["lon"], row["lat"], zoom)
    mine = next(one for one in features(client, "works", zoom, *tile) if one["properties"]["id"] == row.name)
    x, y = mine["geometry"]["coordinates"]
    lon = (tile[1] + x / 4096) / 2**zoom * 360 - 180
    north = math.pi * (1 - 2 * (tile[0] + 1 - y / 4096) / 2**zoom)
    assert lon == pytest.approx(row["lon"], abs=360 / 2**zoom / 4096)
    assert math.degrees(math.atan(math.sinh(north))) == pytest.approx(row["lat"], abs=360 / 2**zoom / 4096)


@pytest.mark.parametrize(
    "path",
    ["99/0/0", "-1/0/0", "3/8/0", "3/0/8", "17/0/0", "1.5/0/0", "1/../0", "a/b/c"],
)
def test_tiles_that_cannot_be_are_404(client: TestClient, path: str) -> None:
    assert client.get(f"/api/collections/works/tiles/WebMercatorQuad/{path}").status_code == 404


def test_other_schemes_and_collections_without_tiles_are_refused(client: TestClient) -> None:
    assert client.get("/api/collections/works/tiles/Nothing/0/0/0").status_code == 404
    for path in ("", "/WebMercatorQuad", "/WebMercatorQuad/metadata", "/WebMercatorQuad/0/0/0"):
        assert client.get(f"/api/collections/events/tiles{path}").status_code == 404


def test_tilejson_names_the_address_of_the_tiles(client: TestClient) -> None:
    told = client.get("/api/collections/works/tiles/WebMercatorQuad/metadata?f=tilejson").json()
    address = told["tiles"][0].replace("{z}", "0").replace("{y}", "0").replace("{x}", "0")
    assert client.get(address).status_code == 200
