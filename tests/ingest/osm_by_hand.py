"""What an OSM extract holds, worked out object by object from all of it: the oracle of the reader that takes one city's part alone."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo.reading.read_file import read_file
from geo.register.city import Atlas

LETTERS = {"points": "n", "lines": "w", "multipolygons": "r"}
CAPACITY = {"capacity:beds": "床", "beds": "床", "capacity:persons": "人", "capacity": "个"}
AROUND_M = 1000.0
"""How far beyond the city streets are taken."""


def holds(rule: dict[str, Any], tags: dict[str, str]) -> bool:
    value = tags.get(rule["key"])
    if value is None or rule["value"] not in {"*", value}:
        return False
    if rule["also_key"] and tags.get(rule["also_key"]) != rule["also_value"]:
        return False
    return not rule["name_has"] or rule["name_has"] in tags.get("name", "")


def known_by_hand(path: Path, atlas: Atlas) -> list[dict[str, Any]]:
    """Every object that a rule knows and wants, anywhere: id, layer, target, kind, names, capacity, shape."""
    rules = atlas.vocabulary("osm_rules").to_dict("records")
    found = []
    for layer in read_file(path).layers:
        if layer.name not in LETTERS or layer.geometry is None:
            continue
        ways = layer.frame["osm_way_id"] if "osm_way_id" in layer.frame else [None] * len(layer.frame)
        for own, way, text, shape in zip(
            layer.frame["osm_id"], ways, layer.frame["tags"], layer.geometry, strict=True
        ):
            tags = json.loads(text)
            rule = next((one for one in rules if holds(one, tags)), None)
            if shape is None or rule is None or rule["target"] == "skip":
                continue
            of_way = isinstance(way, str) and way
            found.append(
                {
                    "osm_id": f"w{way}" if of_way else f"{LETTERS[layer.name]}{own}",
                    "layer": layer.name,
                    "target": rule["target"],
                    "kind": rule["kind"],
                    "name": tags.get("name:zh-Hans") or tags.get("name:zh") or tags.get("name"),
                    "name_en": tags.get("name:en"),
                    "capacity": next(
                        (
                            (float(tags[tag]), unit)
                            for tag, unit in CAPACITY.items()
                            if tags.get(tag, "").isascii() and tags.get(tag, "").isdecimal()
                        ),
                        None,
                    ),
                    "shape": shape,
                }
            )
    return found


def inside_by_hand(found: list[dict[str, Any]], atlas: Atlas) -> list[bool]:
    """Whether each object is of the city: it touches a district, or is a street within a kilometre of one."""
    city = shapely.union_all(atlas.districts.geometry.to_numpy())
    projected = gpd.GeoSeries([city], crs=4326).to_crs(atlas.city.projected_crs)
    around = projected.buffer(AROUND_M).to_crs(4326).iloc[0]
    return [shapely.intersects(around if one["target"] == "street" else city, one["shape"]) for one in found]


def counts(found: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((one["target"], one["kind"] or "") for one in found)
