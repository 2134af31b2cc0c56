"""A small OSM extract made by hand, for the command line's tests and the page's."""

from __future__ import annotations

from pathlib import Path

from geo.register.city import Atlas


def node(number: int, lon: float, lat: float, **tags: str) -> str:
    inside = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    return f'<node id="{number}" lon="{lon}" lat="{lat}" version="1">{inside}</node>'


def way(number: int, nodes: list[int], **tags: str) -> str:
    refs = "".join(f'<nd ref="{ref}"/>' for ref in nodes)
    inside = "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())
    return f'<way id="{number}" version="1">{refs}{inside}</way>'


def square(first: int, lon: float, lat: float, half: float) -> str:
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    return "".join(node(first + k, lon + x, lat + y) for k, (x, y) in enumerate(corners))


def write_extract(path: Path, atlas: Atlas) -> Path:
    """Eight facilities (a station is known, one is drawn twice), land, a street; one clinic lies outside the city."""
    station = atlas.pack.facilities.query("kind == 'metro_station' and lon == lon").iloc[0]
    parts = [
        node(1, station["lon"] + 0.0005, station["lat"], railway="station", station="subway", name=station["name_zh"]),
        node(2, 120.3012, 31.5812, amenity="kindergarten", name="试验幼儿园"),
        node(3, 120.3013, 31.5813, amenity="school", name="试验小学"),
        node(4, 120.3113, 31.5813, amenity="school", name="试验学校"),
        node(5, 120.3050, 31.5800, highway="bus_stop", name="试验路"),
        node(6, 120.3052, 31.5803, highway="bus_stop", name="试验路"),
        node(7, 120.3060, 31.5800, amenity="parking"),
        node(8, 120.3070, 31.5800, amenity="parking", access="private"),
        node(9, 121.9, 31.2, amenity="clinic", name="外地诊所"),
        node(10, 120.3020, 31.5790, amenity="clinic", name="试验诊所"),
        square(100, 120.3012, 31.5812, 0.0006),
        square(110, 120.3050, 31.5750, 0.004),
        square(120, 120.3150, 31.5750, 0.002),
        way(1000, [100, 101, 102, 103, 100], amenity="kindergarten", name="试验幼儿园"),
        way(1001, [110, 111, 112, 113, 110], landuse="residential"),
        way(1002, [120, 121, 122, 123, 120], leisure="park", name="试验公园"),
        way(1003, [110, 111, 112, 113], highway="residential", name="试验路"),
        way(1004, [113, 100], highway="motorway"),
        way(1005, [112, 120], highway="footway", foot="no"),
    ]  # fmt: skip
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(parts)}</osm>', "utf-8")
    return path
