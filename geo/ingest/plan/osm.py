"""An OSM extract as a baseline, in one step: facilities for the register, residential land and streets as data sets.

Which tags mean what are rows of the pack's ``osm_rules.csv``, read in order: the first that holds decides. A facility
that the register has already is matched, never added a second time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.ingest.plan.registered_facilities import registered_facilities
from geo.ingest.plan.shapes import area_places, is_area
from geo.places.base_map import OSM_CREDIT
from geo.places.crs import STORAGE_CRS
from geo.places.districts import district_of
from geo.register.facility_editing import facility_changes
from geo.register.ids import name_key
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.reading.model import Opened
    from geo.register.city import Atlas
    from geo.store.model import Batch

POINT_M: Final = 30.0
"""Radius of a place drawn by hand over imagery. A judgement."""
_CAPACITY_TAGS: Final = {"capacity:beds": "床", "beds": "床", "capacity:persons": "人", "capacity": "个"}
"""Tag of OSM (https://wiki.openstreetmap.org/wiki/Key:capacity) -> unit that the register counts in."""
_LETTERS: Final = {"points": "n", "multipolygons": "w"}


@dataclass(frozen=True, eq=False)
class Baseline:
    """What an extract holds for this city.

    Attributes
    ----------
    facilities : tuple of dict
        New rows of ``facilities``; they cite :attr:`source`.
    facility_events : tuple of dict
        What the extract brings of known facilities: a place where none was known or a worse one, a capacity.
    matched : DataFrame
        Objects the register has already: see :func:`registered_facilities`.
    residential, streets : GeoDataFrame
        EPSG:4326, ``name``.
    source : dict
        Row of ``sources``: OSM with its licence.
    counts : dict
        New facilities by kind.
    left_out : dict
        Why -> how many objects: ``outside`` the city, ``twice`` (drawn twice).
    """

    facilities: tuple[dict[str, Any], ...]
    facility_events: tuple[dict[str, Any], ...]
    matched: pd.DataFrame
    residential: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    source: dict[str, Any]
    counts: dict[str, int]
    left_out: dict[str, int]

    @property
    def kinds(self) -> pd.DataFrame:
        """By kind id, most first: how many are ``new`` and how many the register ``known``."""
        known = self.matched["kind"].value_counts() if len(self.matched) else pd.Series(dtype="int64")
        both = pd.DataFrame({"new": pd.Series(self.counts, dtype="int64"), "known": known})
        return both.fillna(0).astype("int64").sort_values(["new", "known"], ascending=False, kind="stable")

    def only(self, kinds: Collection[str]) -> Baseline:
        """With the facilities of these kinds alone; land and streets stay."""
        return replace(
            self,
            facilities=tuple(row for row in self.facilities if row["kind"] in kinds),
            facility_events=tuple(
                event
                for event in self.facility_events
                if event["facility_id"]
                in set(self.matched.loc[self.matched["kind"].isin(list(kinds)), "known_id"])
            ),
            matched=self.matched[self.matched["kind"].isin(list(kinds))],
            counts={kind: number for kind, number in self.counts.items() if kind in kinds},
        )

    def batch(self, reason: str = "") -> Batch:
        """The facilities as one batch for the store."""
        from geo.store.model import Batch

        return Batch(
            reason=reason or str(self.source["title"]),
            sources=(self.source,),
            facilities=self.facilities,
            facility_events=self.facility_events,
        )


def read_osm(opened: Opened, atlas: Atlas, *, everywhere: bool = False) -> Baseline:
    """The baseline of an extract that :func:`geo.reading.read_file.read_file` read.

    Parameters
    ----------
    opened : Opened
    atlas : Atlas
    everywhere : bool
        Keep objects outside the districts too (an extract of another place, for a trial).

    Returns
    -------
    Baseline

    Raises
    ------
    DataError
        No extract, nothing of it in the city, or nothing in it that any rule knows.
    """
    if not opened.format.startswith("osm"):
        raise DataError(
            _("{name} 不是 OSM 摘录。"), hint=_("请给出 .osm 或 .osm.pbf 文件。"), name=opened.name
        )
    rules: list[Any] = atlas.vocabulary("osm_rules").to_dict("records")
    objects: pd.DataFrame = pd.concat(
        [_objects(layer.name, layer, rules) for layer in opened.layers], ignore_index=True
    )
    if objects.empty:
        raise DataError(
            _("{name} 里没有认得的设施、居住用地或街道。"), hint=_("请核对摘录的范围。"), name=opened.name
        )
    inside = _inside(objects, atlas) | everywhere
    if not inside.any():
        raise DataError(
            _("{name} 里没有一处在{city}。"),
            hint=_("请换成本市的摘录。"),
            name=opened.name,
            city=atlas.city.name_zh,
        )
    left_out = Counter(outside=int((~inside).sum()))
    objects = objects[inside]
    found = _facilities(objects[objects["target"] == "facility"], atlas.city.projected_crs)
    once = _without_duplicates(found, atlas.city.projected_crs).copy()
    left_out["twice"] = len(found) - len(once)
    once["district_code"] = district_of(once["lon"], once["lat"], atlas.districts)
    once["facility_id"] = "OSM-" + once["osm_id"].astype(str)
    matched = registered_facilities(once, atlas)
    source = _source(opened)
    fresh = once[~once.index.isin(matched.index)]
    names = atlas.vocabulary("kinds")["name_zh"]
    rows = tuple(_row(cells, source, names) for cells in fresh.to_dict("records"))
    return Baseline(
        rows,
        _learnt(once, matched, atlas, source),
        matched,
        _frame(objects[(objects["target"] == "residential") & is_area(objects["shape"])]),
        _frame(objects[(objects["target"] == "street") & (objects["layer"] == "lines")]),
        source,
        dict(Counter(str(row["kind"]) for row in rows)),
        {why: number for why, number in left_out.items() if number},
    )


def _learnt(
    once: pd.DataFrame, matched: pd.DataFrame, atlas: Atlas, source: dict[str, Any]
) -> tuple[dict[str, Any], ...]:
    """What sure matches bring of known facilities."""
    names = pd.Series("", index=atlas.vocabulary("kinds").index)
    found: list[dict[str, Any]] = []
    for at, known in matched.loc[matched["sure"], "known_id"].items():
        brought = _row(once.loc[at].to_dict(), source, names)
        found += facility_changes(str(known), brought, atlas, source["source_id"])
    return tuple(found)


def _source(opened: Opened) -> dict[str, Any]:
    return {
        "source_id": f"S-OSM-{opened.sha256[:12]}",
        "title": f"OpenStreetMap（{opened.name}）"[:200],
        "publisher": "OpenStreetMap contributors",
        "url": "https://www.openstreetmap.org/copyright",
        "seen_via_mirror": False,
        "reliability": "open_data",
        "licence": "ODbL 1.0",
        "citation": f"{OSM_CREDIT}; {opened.name}, sha256 {opened.sha256}",
    }


def _objects(name: str, layer: Any, rules: list[dict[str, Any]]) -> pd.DataFrame:
    """The objects of a layer that a rule takes: ``osm_id, layer, name, name_en, target, kind, one_m, shape``."""
    columns = ["osm_id", "layer", "name", "name_en", "target", "kind", "one_m", "shape", "capacity"]
    frame, out = layer.frame, []
    if layer.geometry is None or "tags" not in frame:
        return pd.DataFrame(columns=columns)
    wanted = {str(rule["key"]) for rule in rules}
    ways = frame["osm_way_id"] if "osm_way_id" in frame else [None] * len(frame)
    for osm_id, way, text, shape in zip(frame["osm_id"], ways, frame["tags"], layer.geometry, strict=True):
        if shape is None or shape.is_empty or not isinstance(text, str):
            continue
        tags: dict[str, str] = json.loads(text)
        rule = None if wanted.isdisjoint(tags) else next((one for one in rules if _holds(one, tags)), None)
        if rule is None or rule["target"] == "skip":
            continue
        own = way if isinstance(way, str | int) and way else None  # a relation has no way of its own
        letter = "r" if name == "multipolygons" and own is None else _LETTERS.get(name, "w")
        names = (tags.get("name:zh-Hans") or tags.get("name:zh") or tags.get("name"), tags.get("name:en"))
        number = float(rule["one_m"] or 0)
        out.append(
            (
                f"{letter}{own or osm_id}",
                name,
                *names,
                rule["target"],
                rule["kind"],
                number,
                shape,
                _capacity(tags),
            )
        )
    return pd.DataFrame(out, columns=columns)


def _capacity(tags: dict[str, str]) -> tuple[float, str] | None:
    """Number and unit of the first tag that says how large a facility is; None where none does or it is no number."""
    for key, unit in _CAPACITY_TAGS.items():
        if tags.get(key, "").isascii() and tags.get(key, "").isdecimal():
            return float(tags[key]), unit
    return None


def _holds(rule: dict[str, Any], tags: dict[str, str]) -> bool:
    value = tags.get(rule["key"])
    if value is None or rule["value"] not in {"*", value}:
        return False
    if rule["also_key"] and tags.get(rule["also_key"]) != rule["also_value"]:
        return False
    return not rule["name_has"] or rule["name_has"] in tags.get("name", "")


def _inside(objects: pd.DataFrame, atlas: Atlas) -> pd.Series[bool]:
    shapes = gpd.GeoSeries(objects["shape"], crs=STORAGE_CRS)
    city = gpd.GeoDataFrame(geometry=atlas.districts.geometry.to_numpy(), crs=STORAGE_CRS)
    hits = gpd.sjoin(gpd.GeoDataFrame(geometry=shapes), city, predicate="intersects").index
    return pd.Series(objects.index.isin(hits), index=objects.index)


def _frame(objects: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"osm_id": objects["osm_id"], "name": objects["name"]},
        geometry=gpd.GeoSeries(objects["shape"], index=objects.index, crs=STORAGE_CRS),
    ).reset_index(drop=True)


def _facilities(objects: pd.DataFrame, projected: str) -> pd.DataFrame:
    """Facilities with a point and its radius: a polygon's is its extent. A line is no facility."""
    area = is_area(objects["shape"])
    point = objects["shape"].map(lambda shape: shape.geom_type == "Point").astype(bool)
    points = objects[point]
    seen = pd.DataFrame(
        {
            "lon": [shape.x for shape in points["shape"]],
            "lat": [shape.y for shape in points["shape"]],
            "accuracy_m": POINT_M,
        },
        index=points.index,
    )
    if area.any():
        places = area_places(objects.loc[area, "shape"], projected)
        wide = places[["lon", "lat"]].assign(accuracy_m=(places["extent_m"] + POINT_M).round(-1))
        seen = pd.concat([seen, wide])
    return objects[point | area].join(seen.round({"lon": 6, "lat": 6}))


def _metric(frame: pd.DataFrame, projected: str) -> np.ndarray[Any, Any]:
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), crs=STORAGE_CRS).to_crs(projected)
    return np.column_stack([points.x, points.y])


def _without_duplicates(objects: pd.DataFrame, projected: str) -> pd.DataFrame:
    """Each facility once: of two of one kind and name nearer than the rule's distance the polygon stays."""
    from scipy.spatial import cKDTree

    dropped: set[Any] = set()
    for _kind, group in objects.groupby("kind"):
        order = group.assign(rank=group["layer"].map({"multipolygons": 0}).fillna(1)).sort_values(
            ["rank", "osm_id"], kind="stable"
        )
        keys = [name_key(name or "") for name in order["name"].where(order["name"].notna(), "")]
        pairs = cKDTree(xy := _metric(order, projected)).query_pairs(float(order["one_m"].max()))
        for first, second in sorted(tuple(sorted(pair)) for pair in pairs):
            apart = float(np.hypot(*(xy[first] - xy[second])))
            alike = keys[first] == keys[second] or not keys[first] or not keys[second]
            if alike and apart <= float(order["one_m"].iloc[second]) and order.index[first] not in dropped:
                dropped.add(order.index[second])
    return objects[~objects.index.isin(dropped)].drop_duplicates("osm_id")


def _row(cells: dict[Any, Any], source: dict[str, Any], kinds: pd.Series[str]) -> dict[str, Any]:
    name = cells["name"] if isinstance(cells["name"], str) and cells["name"].strip() else ""
    english = cells["name_en"] if isinstance(cells["name_en"], str) else None
    return {
        "facility_id": cells["facility_id"],
        "kind": cells["kind"],
        "name_zh": (name or f"{kinds[cells['kind']]}（OSM 未命名）")[:200],
        "name_en": english[:200] if english else None,
        "district_code": str(cells["district_code"]) or None,
        "lon": cells["lon"],
        "lat": cells["lat"],
        "accuracy_m": cells["accuracy_m"],
        "location_basis": "open_map",
        "crs_original": "WGS84",
        "x_original": repr(float(cells["lon"])),
        "y_original": repr(float(cells["lat"])),
        "source_id": source["source_id"],
        "place_source_id": source["source_id"],
        "capacity": cells["capacity"][0] if cells["capacity"] else None,
        "capacity_unit": cells["capacity"][1] if cells["capacity"] else None,
    }
