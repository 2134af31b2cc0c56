"""Scenarios as GeoJSON (WGS84): what is written here comes back the same, and points drawn elsewhere are additions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from geo.errors import ParameterError
from geo.text import mark as _
from geo.whatif.scenario import MAX_BYTES, MAX_EDITS, Edit, Scenario, parsed, read_scenario, scenario_of

_DRAWN: Final = {"Point": "add", "LineString": "link"}


def to_geojson(scenario: Scenario, *, inputs: Mapping[str, Any] | None = None) -> bytes:
    """A FeatureCollection: one feature an edit, with the scenario's name and words and, if given, an answer's inputs."""
    collection = {
        "type": "FeatureCollection",
        "scenario": {"version": scenario.version, "name": scenario.name, "words": scenario.parameters},
        "inputs": dict(inputs or {}),
        "features": [_feature(edit) for edit in scenario.edits],
    }
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _feature(edit: Edit) -> dict[str, Any]:
    geometry: dict[str, Any] | None = None
    if edit.op == "link":
        geometry = {"type": "LineString", "coordinates": [list(at) for at in edit.line]}
    elif edit.at is not None:
        geometry = {"type": "Point", "coordinates": list(edit.at)}
    rest = edit.model_dump(mode="json", exclude_defaults=True, exclude={"at", "line"})
    return {"type": "Feature", "geometry": geometry, "properties": {"op": edit.op} | rest}


def from_geojson(text: str | bytes) -> Scenario:
    """A scenario of :func:`to_geojson`; or of any points and lines in WGS84: points are added, lines are links.

    Raises
    ------
    ParameterError
        Not GeoJSON, a geometry that is no point or line, too many; the message names the feature, counted from 1.
    """
    if len(text) > MAX_BYTES:
        raise ParameterError(_("方案文件超过 1 MB。"), hint=_("一个方案最多 {most} 处改动。"), most=MAX_EDITS)
    content = parsed(text)
    features = content.get("features") if isinstance(content, Mapping) else None
    if not isinstance(features, list):
        raise ParameterError(
            _("这份文件不是 GeoJSON 的 FeatureCollection。"),
            hint=_("请用本页导出的文件，或 WGS84 的点、线。"),
        )
    head = content.get("scenario")
    return scenario_of(
        (dict(head) if isinstance(head, Mapping) else {})
        | {"edits": [_edit(feature, n) for n, feature in enumerate(features, 1)]}
    )


def read_either(text: bytes) -> Scenario:
    """A scenario in either form; ``ParameterError`` as :func:`from_geojson` and :func:`geo.whatif.scenario.read_scenario`."""
    content = parsed(text) if len(text) <= MAX_BYTES else None
    is_drawn = isinstance(content, Mapping) and content.get("type") == "FeatureCollection"
    return from_geojson(text) if is_drawn else read_scenario(text)


def _edit(feature: Any, n: int) -> dict[str, Any]:
    body = feature if isinstance(feature, Mapping) else {}
    geometry, given = _object(body.get("geometry")), _object(body.get("properties"))
    form, where = geometry.get("type"), geometry.get("coordinates")
    if form is not None and form not in _DRAWN:
        raise ParameterError(
            _("第 {n} 个要素的几何是 {form}，方案只用点和线。"),
            hint=_("点表示设施，线表示连线。"),
            n=n,
            form=str(form)[:30],
        )
    if "op" in given:
        known = {name: given[name] for name in given if name in Edit.model_fields}
    else:
        name = given.get("name")
        known = {"op": _DRAWN.get(form or "Point", "add")}
        if form != "LineString":
            known |= {"id": f"new-{n}", "name": name[:80] if isinstance(name, str) else ""}
    if form == "Point":
        known["at"] = where[:2] if isinstance(where, list) else where
    elif form == "LineString":
        known["line"] = [at[:2] if isinstance(at, list) else at for at in where or []]
    return known


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
