"""OGC API - Features - Part 2: Coordinate Reference Systems by Reference (OGC 18-058r1), Annex A."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from pyproj import CRS, Transformer

from layers.api.collections import COLLECTIONS
from layers.api.config import CRS as GIVEN
from tests.api.conformance.asking import CRS84, EPSG, GEOJSON, Api, parameters, positions
from tests.api.conformance.rows import NAMES, abstract_test

CLASS: Final = "ogcapi-features-2/1.0/conf/crs"
SYSTEMS: Final = (*GIVEN, f"{EPSG}4549")
PLACED: Final = tuple(
    one.id for one in COLLECTIONS if one.id in ("works", "lines", "districts", "facilities")
)
PAIRS: Final = [(name, system) for name in PLACED for system in SYSTEMS]
NO_SYSTEM: Final = (f"{EPSG}99999", "http://www.opengis.net/def/crs/OGC/0/none", "EPSG:4326", "nonsense")
BOX: Final = (120.25, 31.5, 120.4, 31.65)


def _of(system: str) -> CRS:
    return CRS("OGC:CRS84") if system == CRS84 else CRS.from_epsg(int(system.rpartition("/")[2]))


@abstract_test(CLASS, "crs-uri", "crs and storageCrs of each collection", "an OGC address of a system", NAMES)
def crs_uri(api: Api, name: str) -> None:
    found = api.json(f"/collections/{name}")
    for system in [*found["crs"], found["storageCrs"]]:
        assert re.fullmatch(r"http://www\.opengis\.net/def/crs/[A-Z]+/[0-9.]+/\w+", system)


@abstract_test(CLASS, "default-crs", "crs of each collection", "the default is among them", NAMES)
def default_crs(api: Api, name: str) -> None:
    assert CRS84 in api.json(f"/collections/{name}")["crs"]


@abstract_test(CLASS, "storageCrs", "storageCrs of each collection", "one of its systems", NAMES)
def storage_crs(api: Api, name: str) -> None:
    found = api.json(f"/collections/{name}")
    assert found["storageCrs"] in found["crs"]


@abstract_test(
    CLASS,
    "crs-parameter",
    "items and item in every system",
    "200, and the header names it",
    [(n, s) for n in NAMES for s in SYSTEMS],
)
def crs_parameter(api: Api, case: tuple[str, str]) -> None:
    name, system = case
    answer = api.get(f"/collections/{name}/items", {"crs": system, "limit": "2"}, accept=GEOJSON)
    assert answer.headers["content-crs"] == f"<{system}>"
    one = answer.json()["features"][0]["id"]
    alone = api.get(f"/collections/{name}/items/{one}", {"crs": system}, accept=GEOJSON)
    assert alone.headers["content-crs"] == f"<{system}>"
    assert parameters(api.document(), f"/collections/{name}/items")["crs"]["schema"]["type"] == "string"


@abstract_test(
    CLASS,
    "crs-parameter-invalid",
    "a crs that there is not",
    "400",
    [(n, s) for n in NAMES for s in NO_SYSTEM],
)
def crs_parameter_invalid(api: Api, case: tuple[str, str]) -> None:
    name, system = case
    one = api.items(name, {"limit": "1"})["features"][0]["id"]
    assert "crs" in api.get(f"/collections/{name}/items", {"crs": system}, status=400).text.lower()
    api.get(f"/collections/{name}/items/{one}", {"crs": system}, status=400)


@abstract_test(CLASS, "crs-parameter-default", "items and item without crs", "as with the default", NAMES)
def crs_parameter_default(api: Api, name: str) -> None:
    plain = api.get(f"/collections/{name}/items", {"limit": "5"}, accept=GEOJSON)
    named = api.get(f"/collections/{name}/items", {"limit": "5", "crs": CRS84}, accept=GEOJSON)
    assert plain.headers["content-crs"] == named.headers["content-crs"] == f"<{CRS84}>"
    assert plain.json()["features"] == named.json()["features"]


@abstract_test(CLASS, "crs-parameter-transform", "items and item in every system", "the same places", PAIRS)
def crs_parameter_transform(api: Api, case: tuple[str, str]) -> None:
    name, system = case
    there = Transformer.from_crs(CRS("OGC:CRS84"), _of(system))
    plain = {one["id"]: one for one in api.items(name, {"limit": "3"})["features"]}
    for one in api.items(name, {"limit": "3", "crs": system})["features"]:
        alone = api.json(f"/collections/{name}/items/{one['id']}", {"crs": system})
        assert alone["geometry"] == one["geometry"]
        wanted: Any = positions(plain[one["id"]]["geometry"])[:50]
        for before, after in zip(wanted, positions(one["geometry"])[:50], strict=True):
            assert after == pytest.approx(there.transform(*before), rel=1e-8)


@abstract_test(
    CLASS, "bbox-crs-parameter", "a box in every system", "the features of the same box in the default", PAIRS
)
def bbox_crs_parameter(api: Api, case: tuple[str, str]) -> None:
    name, system = case
    there = Transformer.from_crs(CRS("OGC:CRS84"), _of(system))
    plain = api.ids(name, {"bbox": ",".join(map(str, BOX))})
    if CRS(_of(system)).is_geographic:
        corners = (*there.transform(*BOX[:2]), *there.transform(*BOX[2:]))
    else:  # a box on the ground is no box in degrees: the one that holds it, and the one that it holds
        corners = there.transform_bounds(*BOX)
        flipped = (corners[1], corners[0], corners[3], corners[2])
        corners = flipped if there.transform(*BOX[:2])[0] > 1e6 and corners[0] < 1e6 else corners
    told = api.ids(name, {"bbox": ",".join(f"{value:.9f}" for value in corners), "bbox-crs": system})
    if _of(system).is_geographic:
        assert told == plain
    else:
        assert plain <= told
        wider = api.ids(
            name, {"bbox": ",".join(map(str, (BOX[0] - 0.01, BOX[1] - 0.01, BOX[2] + 0.01, BOX[3] + 0.01)))}
        )
        assert told <= wider


@abstract_test(
    CLASS,
    "bbox-crs-parameter-invalid",
    "a bbox-crs that there is not",
    "400",
    [(n, s) for n in NAMES for s in NO_SYSTEM],
)
def bbox_crs_parameter_invalid(api: Api, case: tuple[str, str]) -> None:
    name, system = case
    answer = api.get(f"/collections/{name}/items", {"bbox": "120,31,121,32", "bbox-crs": system}, status=400)
    assert "bbox-crs" in answer.text


@abstract_test(CLASS, "bbox-crs-parameter-default", "a box without bbox-crs", "as with the default", NAMES)
def bbox_crs_parameter_default(api: Api, name: str) -> None:
    box = ",".join(map(str, BOX))
    assert api.ids(name, {"bbox": box}) == api.ids(name, {"bbox": box, "bbox-crs": CRS84})
