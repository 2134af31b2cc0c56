"""An OSM extract as a baseline, in one step: facilities for the register, residential land and streets as data sets.

Which tags mean what are rows of the pack's ``osm_rules.csv``, read in order: the first that holds decides. A facility
that the register has already is matched, never added a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import DataError
from geo.ingest.plan.osm_objects import known_objects
from geo.ingest.plan.registered_facilities import registered_facilities
from geo.ingest.plan.shapes import area_places, is_area
from geo.kernels.roads import TAGS
from geo.places.base_map import OSM_CREDIT
from geo.places.crs import STORAGE_CRS
from geo.places.districts import district_of
from geo.register.facility_editing import facility_changes
from geo.register.ids import name_key
from geo.text import mark as _
from geo.values import is_unknown

if TYPE_CHECKING:
    from geo.reading.objects import Objects
    from geo.register.city import Atlas
    from geo.store.model import Batch

POINT_M: Final = 30.0
"""Radius of a place drawn by hand over imagery. A judgement."""
WALK_AROUND_M: Final = 1000.0
"""Streets this far beyond the city are taken too: no walk of two kilometres between two places in it goes further out."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """What an extract holds for this city.

    Attributes
    ----------
    file_name : str
        Of the extract, as the person has it.
    facilities : tuple of dict
        New rows of ``facilities``; they cite :attr:`source`.
    facility_events : tuple of dict
        What the extract brings of known facilities: a place where none was known or a worse one, a capacity.
    matched : DataFrame
        Objects the register has already: see :func:`registered_facilities`.
    residential, streets : GeoDataFrame
        EPSG:4326, ``name``; of streets also the tags of roads (:data:`geo.kernels.roads.TAGS`).
    source : dict
        Row of ``sources``: OSM with its licence.
    counts : dict
        New facilities by kind.
    left_out : dict
        Why -> how many objects: ``outside`` the city, ``twice`` (drawn twice).
    """

    file_name: str
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


def read_osm(extract: Objects, atlas: Atlas, *, everywhere: bool = False) -> Baseline:
    """The baseline of an extract that :func:`geo.ingest.plan.osm_objects.read_extract` read.

    Parameters
    ----------
    extract : Objects
    atlas : Atlas
    everywhere : bool
        Keep objects outside the districts too (an extract of another place, for a trial).

    Returns
    -------
    Baseline

    Raises
    ------
    DataError
        Nothing of it in the city, or nothing in it that any rule knows.
    """
    objects = known_objects(extract, atlas)
    if objects.empty and not extract.elsewhere:
        raise DataError(
            _("{name} 里没有认得的设施、居住用地或街道。"), hint=_("请核对摘录的范围。"), name=extract.name
        )
    inside = _inside(objects, atlas) | everywhere
    if not inside.any():
        raise DataError(
            _("{name} 里没有一处在{city}。"),
            hint=_("请换成本市的摘录。"),
            name=extract.name,
            city=atlas.city.name_zh,
        )
    left_out = Counter(outside=extract.elsewhere + int((~inside).sum()))
    objects = objects[inside]
    placed = _facilities(objects[objects["target"] == "facility"], atlas.city.projected_crs)
    once = _without_duplicates(placed, atlas.city.projected_crs).copy()
    left_out["twice"] = len(placed) - len(once)
    once["district_code"] = district_of(once["lon"], once["lat"], atlas.districts)
    once["facility_id"] = "OSM-" + once["osm_id"].astype(str)
    matched = registered_facilities(once, atlas)
    source = _source(extract)
    fresh = once[~once.index.isin(matched.index)]
    names = atlas.vocabulary("kinds")["name_zh"]
    rows = tuple(_row(cells, source, names) for cells in fresh.to_dict("records"))
    return Baseline(
        extract.name,
        rows,
        _learnt(once, matched, atlas, source),
        matched,
        _frame(objects[(objects["target"] == "residential") & is_area(objects["shape"])]),
        _frame(objects[(objects["target"] == "street") & (objects["layer"] == "lines")], TAGS),
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


def _source(extract: Objects) -> dict[str, Any]:
    return {
        "source_id": f"S-OSM-{extract.sha256[:12]}",
        "title": f"OpenStreetMap（{extract.name}）"[:200],
        "publisher": "OpenStreetMap contributors",
        "url": "https://www.openstreetmap.org/copyright",
        "seen_via_mirror": False,
        "reliability": "open_data",
        "licence": "ODbL 1.0",
        "citation": f"{OSM_CREDIT}; {extract.name}, sha256 {extract.sha256}",
    }


def _inside(objects: pd.DataFrame, atlas: Atlas) -> pd.Series[bool]:
    """Whether each object touches the city; a street, whether it touches what a walk may use."""
    city = gpd.GeoSeries(atlas.districts.geometry.to_numpy(), crs=STORAGE_CRS)
    around = city.to_crs(atlas.city.projected_crs).buffer(WALK_AROUND_M).to_crs(STORAGE_CRS)
    is_street = objects["target"] == "street"
    return (_touching(objects["shape"], city) & ~is_street) | (
        _touching(objects["shape"], around) & is_street
    )


def _touching(shapes: pd.Series[Any], areas: gpd.GeoSeries) -> pd.Series[bool]:
    at = areas.sindex.query(shapes.to_numpy(), predicate="intersects")[0]
    hits: NDArray[np.bool_] = np.zeros(len(shapes), dtype=bool)
    hits[at] = True
    return pd.Series(hits, index=shapes.index)


def _frame(objects: pd.DataFrame, tags: Sequence[str] = ()) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"osm_id": objects["osm_id"], "name": objects["name"]} | {tag: objects[tag] for tag in tags},
        geometry=gpd.GeoSeries(objects["shape"], index=objects.index, crs=STORAGE_CRS),
    ).reset_index(drop=True)


def _facilities(objects: pd.DataFrame, projected: str) -> pd.DataFrame:
    """Facilities with a point and its radius: a polygon's is its extent, and its area is the ground it has. A line is no facility."""
    area = is_area(objects["shape"])
    point = objects["shape"].map(lambda shape: shape.geom_type == "Point").astype(bool)
    points = objects[point]
    seen = pd.DataFrame(
        {
            "lon": [shape.x for shape in points["shape"]],
            "lat": [shape.y for shape in points["shape"]],
            "accuracy_m": POINT_M,
            "area_m2": np.nan,
        },
        index=points.index,
    )
    if area.any():
        shapes = objects.loc[area, "shape"]
        places = area_places(shapes, projected)
        size = gpd.GeoSeries(shapes, crs=STORAGE_CRS).to_crs(projected).area.round()
        wide = places[["lon", "lat"]].assign(
            accuracy_m=(places["extent_m"] + POINT_M).round(-1), area_m2=size.where(size > 0)
        )
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
        "area_m2": None if is_unknown(cells["area_m2"]) else float(cells["area_m2"]),
    }
