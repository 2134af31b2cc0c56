"""OGC API - Features - Part 1: Core (OGC 17-069r4), Annex A: features, their parameters, and one feature."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import shapely

from layers.api.collections import get_collection
from tests.api.conformance.asking import GEOJSON, Api, parameters, rels
from tests.api.conformance.features_core import CORE
from tests.api.conformance.rows import NAMES, abstract_test

BOXES = ("120.28,31.55,120.32,31.6", "0,0,1,1", "120.3,31.57,120.3,31.57", "-180,-90,180,90", "170,30,121,32")
SPANS = (
    "2021-06-30",
    "2021-06-30T12:00:00Z",
    "2021-01-01/2021-12-31",
    "2021-01-01T00:00:00Z/2021-12-31T23:59:59Z",
    "../2021-12-31",
    "/2021-12-31",
    "2022-01-01/..",
    "2022-01-01/",
)


@abstract_test(CORE, "fc-op", "GET items", "200", NAMES)
def fc_op(api: Api, name: str) -> None:
    api.get(f"/collections/{name}/items", accept=GEOJSON)


def _definition(api: Api, name: str, parameter: str) -> Any:
    found = parameters(api.document(), f"/collections/{name}/items")[parameter]
    assert found["in"] == "query"
    assert not found.get("required", False)
    assert found.get("style", "form") == "form"
    return found


@abstract_test(
    CORE, "fc-bbox-definition", "bbox in the definition", "array of 4 to 6 numbers, form, no explode", NAMES
)
def fc_bbox_definition(api: Api, name: str) -> None:
    found = _definition(api, name, "bbox")
    assert found["explode"] is False
    assert (found["schema"]["type"], found["schema"]["minItems"], found["schema"]["maxItems"]) == (
        "array",
        4,
        6,
    )
    assert found["schema"]["items"]["type"] == "number"


@abstract_test(
    CORE,
    "fc-bbox-response",
    "boxes of four and six numbers, a point, over the 180th meridian",
    "features that intersect it and those without a place; no others",
    [(name, box) for name in NAMES for box in BOXES],
)
def fc_bbox_response(api: Api, case: tuple[str, str]) -> None:
    name, box = case
    west, south, east, north = (float(value) for value in box.split(","))
    if west <= east:
        area = shapely.box(west, south, east, north)
    else:
        area = shapely.union_all(
            [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
        )
    wanted = {
        one["id"]
        for one in api.items(name)["features"]
        if one["geometry"] is None or shapely.geometry.shape(one["geometry"]).intersects(area)
    }
    assert api.ids(name, {"bbox": box}) == wanted
    six = f"{west},{south},-10,{east},{north},8000"
    assert api.ids(name, {"bbox": six}) == wanted


@abstract_test(
    CORE, "fc-limit-definition", "limit in the definition", "integer with minimum and maximum", NAMES
)
def fc_limit_definition(api: Api, name: str) -> None:
    found = _definition(api, name, "limit")
    assert found["explode"] is False
    schema = found["schema"]
    assert schema["type"] == "integer"
    assert schema["minimum"] == 1
    assert schema["minimum"] <= schema["default"] <= schema["maximum"]


@abstract_test(
    CORE, "fc-limit-response", "limit 1, 5, the maximum and above", "no more features than that", NAMES
)
def fc_limit_response(api: Api, name: str) -> None:
    most = _definition(api, name, "limit")["schema"]["maximum"]
    for limit in (1, 5, most, most + 1, 10**12):
        found = api.items(name, {"limit": str(limit)})
        assert len(found["features"]) == min(limit, most, found["numberMatched"])


@abstract_test(CORE, "fc-time-definition", "datetime in the definition", "a string", NAMES)
def fc_time_definition(api: Api, name: str) -> None:
    found = _definition(api, name, "datetime")
    assert found["explode"] is False
    assert found["schema"]["type"] == "string"


def _within(day: str | None, span: str) -> bool:
    """Whether a day meets a span, by comparing words; what has no day meets every span."""
    if not day:
        return True
    first, slash, last = span.partition("/")
    last = last if slash else first
    return (first in ("", "..") or day >= first[:10]) and (last in ("", "..") or day <= last[:10])


@abstract_test(
    CORE,
    "fc-time-response",
    "an instant, bounded and half-bounded spans",
    "features whose day meets it and those without a day; no others",
    [(name, span) for name in NAMES for span in SPANS],
)
def fc_time_response(api: Api, case: tuple[str, str]) -> None:
    name, span = case
    column = get_collection(name).time_field
    wanted = {
        one["id"]
        for one in api.items(name)["features"]
        if column is None or _within(one["properties"][column], span)
    }
    assert api.ids(name, {"datetime": span}) == wanted


@abstract_test(CORE, "query-param-unknown", "an unknown parameter", "400, naming it", NAMES)
def query_param_unknown(api: Api, name: str) -> None:
    for path in ("", "/conformance", "/collections", f"/collections/{name}", f"/collections/{name}/items"):
        answer = api.get(f"{path}?nonsense=1", status=400)
        assert "nonsense" in answer.text


WRONG = {
    "bbox": ("1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,1,2,3", "inf,0,1,1", "0,91,1,92", "181,0,182,1", "0,2,1,1"),
    "limit": ("0", "-1", "many", "1.5", "9" * 400, "1e3", "٣"),
    "datetime": (
        "yesterday", "2021-02-30", "2021-13", "2021-12-31/2021-01-01", "2021/2022/2023", "2021-01-01T25:00:00Z",
        "nan", "/", "../..x",
    ),
    "offset": ("-1", "x", "9" * 400),
    "skipGeometry": ("perhaps",),
}  # fmt: skip


@abstract_test(
    CORE,
    "query-param-invalid",
    "a value that a parameter cannot have",
    "400",
    [(parameter, value) for parameter, values in WRONG.items() for value in values],
)
def query_param_invalid(api: Api, case: tuple[str, str]) -> None:
    parameter, value = case
    answer = api.get("/collections/works/items", {parameter: value}, status=400)
    assert parameter in answer.text


@abstract_test(
    CORE, "fc-response", "GET items", "features of the collection, with links and time stamp", NAMES
)
def fc_response(api: Api, name: str) -> None:
    found = api.items(name)
    assert {"type", "features", "links", "timeStamp", "numberMatched", "numberReturned"} <= set(found)
    assert len({one["id"] for one in found["features"]}) == len(found["features"])


@abstract_test(
    CORE, "fc-links", "links of items", "self, alternates, next until the last page; rel and type", NAMES
)
def fc_links(api: Api, name: str) -> None:
    found = api.items(name, {"limit": "3"})
    links = rels(found)
    assert len(links["self"]) == 1
    assert {"text/html"} <= {link["type"] for link in links["alternate"]}
    again = api.get(links["self"][0]["href"]).json()
    assert [one["id"] for one in again["features"]] == [one["id"] for one in found["features"]]
    following = api.get(links["next"][0]["href"])
    assert following.headers["content-type"] == GEOJSON
    assert not {one["id"] for one in following.json()["features"]} & {one["id"] for one in found["features"]}
    assert "next" not in rels(api.items(name))


@abstract_test(CORE, "fc-timeStamp", "timeStamp of items", "the present, as RFC 3339 has it", NAMES)
def fc_time_stamp(api: Api, name: str) -> None:
    told = datetime.fromisoformat(api.items(name, {"limit": "1"})["timeStamp"])
    assert abs((datetime.now(UTC) - told).total_seconds()) < 86_400


@abstract_test(CORE, "fc-numberMatched", "numberMatched of items", "what all pages together give", NAMES)
def fc_number_matched(api: Api, name: str) -> None:
    page = api.items(name, {"limit": "50"})
    seen = [one["id"] for one in page["features"]]
    while "next" in rels(page):
        page = api.get(rels(page)["next"][0]["href"]).json()
        seen += [one["id"] for one in page["features"]]
    assert len(seen) == len(set(seen)) == page["numberMatched"]


@abstract_test(CORE, "fc-numberReturned", "numberReturned of items", "the features that are there", NAMES)
def fc_number_returned(api: Api, name: str) -> None:
    found = api.items(name, {"limit": "7"})
    assert found["numberReturned"] == len(found["features"])


@abstract_test(CORE, "f-op", "GET every feature of a page", "200", NAMES)
def f_op(api: Api, name: str) -> None:
    for one in api.items(name, {"limit": "10"})["features"]:
        api.get(f"/collections/{name}/items/{one['id']}", accept=GEOJSON)


@abstract_test(CORE, "f-success", "GET a feature", "the feature that the collection gives", NAMES)
def f_success(api: Api, name: str) -> None:
    for one in api.items(name, {"limit": "10"})["features"]:
        alone = api.json(f"/collections/{name}/items/{one['id']}")
        assert alone["id"] == one["id"]
        assert alone["properties"] == one["properties"]
        assert alone["geometry"] == one["geometry"]


@abstract_test(CORE, "f-links", "links of a feature", "self, alternates, collection; rel and type", NAMES)
def f_links(api: Api, name: str) -> None:
    first = api.items(name, {"limit": "1"})["features"][0]["id"]
    links = rels(api.json(f"/collections/{name}/items/{first}"))
    assert [link["type"] for link in links["self"]] == [GEOJSON]
    assert "text/html" in {link["type"] for link in links["alternate"]}
    assert links["collection"][0]["href"].endswith(f"/collections/{name}")
