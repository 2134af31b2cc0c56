"""Checks a city pack: its schema and keys by the frictionless library, and the rules that no schema can say."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import AtlasError, DataError
from geo.paths import DATA_DIR
from geo.places.crs import STORAGE_CRS
from geo.places.districts import district_of, load_districts
from geo.places.named_systems import lonlat
from geo.places.projections import is_made_for
from geo.register.facility_events import counted_facilities
from geo.register.pack import Pack, Problem, lines_problem, load_pack
from geo.register.plan_check import plan_problems
from geo.text import mark as _
from geo.vocabulary import FACT_EVENTS, OBJECT_EVENTS, STATUSES

_CENTIMETRE_DEG: Final = 2e-6  # places are stored to 6 decimals: half a unit, with room for rounding


def check_pack(root: Path = DATA_DIR) -> list[Problem]:
    """Every problem of the pack in ``root``; an empty list is good. Never raises for what is wrong in the data."""
    problems = _check_schema(root)
    if problems:
        return problems
    try:
        pack = load_pack(root)
    except AtlasError as error:
        return [Problem("datapackage", None, "", error.message, error.hint, dict(error.params))]
    try:
        _ = pack.lines
    except DataError as error:
        return [lines_problem(error)]
    try:
        load_districts(root)
    except AtlasError as error:
        return [Problem("districts", None, "", error.message, error.hint, dict(error.params))]
    return [
        *_check_projection(pack),
        *plan_problems(pack),
        *_check_places(pack),
        *_check_events(pack),
        *_check_lines(pack),
        *_check_raw(pack),
    ]


def _check_schema(root: Path) -> list[Problem]:
    from frictionless import FrictionlessException, Package

    try:
        report = Package(str(root / "datapackage.json")).validate()
    except FrictionlessException as error:
        return [
            Problem(
                "datapackage",
                None,
                "",
                _("不符合描述：{detail}"),
                params={"detail": str(error.error.message)},
            )
        ]
    found = []
    for task in report.tasks:
        for fault in task.errors:
            row = getattr(fault, "row_number", None)
            found.append(
                Problem(
                    task.name,
                    None if row is None else int(row) - 1,
                    str(getattr(fault, "field_name", "") or ""),
                    _("不符合描述：{detail}"),
                    params={"detail": fault.message},
                )
            )
    return found + [
        Problem("datapackage", None, "", _("不符合描述：{detail}"), params={"detail": fault.message})
        for fault in report.errors
    ]


def _row(frame: pd.DataFrame, key: object) -> int:
    return int(frame.index.get_indexer(pd.Index([key]))[0]) + 1


def _check_projection(pack: Pack) -> list[Problem]:
    """A zone away, areas and distances are wrong by more than a thousandth, and nothing else would show it."""
    crs = pack.city.projected_crs
    west, south, east, north = load_districts(pack.root).total_bounds
    if is_made_for(crs, (west + east) / 2, (south + north) / 2):
        return []
    return [
        Problem(
            "datapackage",
            None,
            "city.projected_crs",
            _("{crs} 不是为本市一带设的投影。"),
            _("请用中央经线离本市最近的 3 度带。"),
            {"crs": crs},
        )
    ]


def _check_places(pack: Pack) -> list[Problem]:
    districts, crs = load_districts(pack.root), pack.city.projected_crs
    corrected = counted_facilities(pack.facilities, pack.facility_events)
    tables = (("works", pack.works), ("facilities", pack.facilities), ("facilities", corrected))
    return [problem for table, frame in tables for problem in place_problems(table, frame, districts, crs)]


def place_problems(
    table: str, frame: pd.DataFrame, districts: gpd.GeoDataFrame, projected: str
) -> list[Problem]:
    """What is wrong with the places of typed rows, by row (the first is 1).

    Parameters
    ----------
    table : {"works", "facilities"}
    frame : DataFrame
        Rows as :class:`geo.register.pack.Pack` has them.
    districts : GeoDataFrame
        As :func:`geo.places.districts.load_districts` gives it.
    projected : str
        System (``EPSG:n``, metres) in which distances are measured.

    Returns
    -------
    list of Problem
    """
    half = (frame["lon"].notna() != frame["lat"].notna()).to_numpy()
    problems = [
        Problem(table, int(at) + 1, "lon", _("经度和纬度只有一个。"), _("请补全，或都留空。"))
        for at in np.flatnonzero(half)
    ]
    numbers = np.flatnonzero(frame["lon"].notna().to_numpy() & ~half) + 1
    placed = frame.iloc[numbers - 1]
    if placed.empty:
        return problems
    outside = district_of(placed["lon"], placed["lat"], districts) == ""
    outside[outside] = ~_near(placed[outside], districts, projected)
    # without a district a row says itself that it lies outside
    outside &= placed["district_code"].to_numpy(object).astype(bool)
    inexact, faults = placed["accuracy_m"].isna().to_numpy(), _original_faults(placed)
    for at in np.flatnonzero(inexact | outside | pd.notna(faults)):
        number = int(numbers[at])
        if inexact[at]:
            problems.append(
                Problem(table, number, "accuracy_m", _("有位置却没有误差半径。"), _("请填写以米计的误差。"))
            )
        if outside[at]:
            hint = _("请核对坐标和坐标系；确在市外的，区县代码请留空。")
            problems.append(Problem(table, number, "lon", _("位置不在任何区县内。"), hint))
        if faults[at] == "":
            hint = _("请由原坐标重新换算。")
            problems.append(Problem(table, number, "lon", _("WGS84 坐标与原坐标换算的结果不符。"), hint))
        elif faults[at] is not None:
            detail: dict[str, object] = {"detail": str(faults[at])}
            problems.append(
                Problem(table, number, "x_original", _("原坐标无法换算：{detail}"), params=detail)
            )
    return problems


def _near(placed: pd.DataFrame, districts: gpd.GeoDataFrame, projected: str) -> Any:
    """Whether the stated error reaches a district: a bridge on the city's border may lie just outside."""
    points = gpd.GeoSeries(gpd.points_from_xy(placed["lon"], placed["lat"]), crs=STORAGE_CRS).to_crs(
        projected
    )
    city = districts.to_crs(projected).union_all()
    return points.distance(city).to_numpy() <= placed["accuracy_m"].fillna(0.0).to_numpy("float64")


def _original_faults(placed: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.object_]]:
    """For each row why its original coordinates cannot be converted, an empty text where the stored place is not what they convert to."""
    faults = np.full(len(placed), None, object)
    given = np.flatnonzero(placed["crs_original"].to_numpy(object).astype(bool))
    systems, names = pd.factorize(placed["crs_original"].to_numpy(object)[given])
    for code, system in enumerate(names):
        at = given[systems == code]
        rows = placed.iloc[at]
        try:
            moved = _is_elsewhere(rows, str(system))
        except (TypeError, ValueError):  # of some row, and only of that
            for place in at:
                try:
                    faults[place] = "" if _is_elsewhere(placed.iloc[[place]], str(system))[0] else None
                except (TypeError, ValueError) as error:
                    faults[place] = str(error)
        else:
            faults[at[moved]] = ""
    return faults


def _is_elsewhere(rows: pd.DataFrame, system: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where the stored place is not what the original coordinates convert to; ``ValueError`` for a text that is no number."""
    x, y = (np.array(list(map(float, rows[name])), "float64") for name in ("x_original", "y_original"))
    lon, lat = lonlat(x, y, system)
    near = [
        np.abs(new - rows[name].to_numpy("float64")) <= _CENTIMETRE_DEG
        for new, name in ((lon, "lon"), (lat, "lat"))
    ]
    return np.asarray(~(near[0] & near[1]), bool)


def _check_events(pack: Pack) -> list[Problem]:
    return [
        *_log_problems("events", pack.events, "work_id", pack.works),
        *_log_problems("facility_events", pack.facility_events, "facility_id", pack.facilities),
        *_log_problems("completeness_events", pack.completeness_events, "statement_id", pack.facilities),
    ]


def _log_problems(table: str, events: pd.DataFrame, subject: str, rows: pd.DataFrame) -> list[Problem]:
    known = set(events["event_id"])
    problems = event_problems(events, table)
    for key, event in events.iterrows():
        target, number = event["value"], _row(events, key)
        if event["kind"] == "undo" and (target not in known or target == event["event_id"]):
            problems.append(
                Problem(table, number, "value", _("没有可撤销的事件 {value}。"), params={"value": target})
            )
        if event["kind"] == "merge" and (target not in rows.index or target == event[subject]):
            problems.append(
                Problem(table, number, "value", _("不能并入 {value}。"), params={"value": target})
            )
    return problems


def event_problems(events: pd.DataFrame, table: str = "events") -> list[Problem]:
    """What is wrong with typed rows of a log that no schema can say, by row (the first is 1)."""
    problems = []
    for number, event in enumerate(events.to_dict("records"), start=1):
        fault = _value_fault(str(event["kind"]), event["value"])
        if fault:
            problems.append(
                Problem(table, number, "value", fault, params={"value": str(event["value"])[:80]})
            )
        if event["confirmed"] and event["date"] and event["date"] > event["recorded_at"]:
            problems.append(
                Problem(table, number, "date", _("已证实的事件晚于登记日。"), _("未来的事只能是计划。"))
            )
        if event["kind"] in FACT_EVENTS and not event["source_id"]:
            problems.append(Problem(table, number, "source_id", _("没有来源。"), _("每个事实都要有来源。")))
    return problems


def _value_fault(kind: str, value: Any) -> str:
    if kind == "status" and value not in STATUSES:
        return _("不认识的状态 {value}。")
    if kind == "quantity":
        number = pd.to_numeric(value, errors="coerce")
        if not math.isfinite(number):
            return _("数量 {value} 不是数。")
        if number < 0:
            return _("数量 {value} 是负数。")
    if kind in OBJECT_EVENTS and not isinstance(_json(value), dict):
        return _("值须是 JSON 对象（字段 → 新值）：{value}")
    return ""


def _json(text: Any) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _name: None)
    except (TypeError, ValueError):
        return None


def _check_lines(pack: Pack) -> list[Problem]:
    known = set(pack.lines.index)
    named = pack.works[pack.works["line_id"].notna()]
    problems = [
        Problem(
            "works",
            _row(pack.works, key),
            "line_id",
            _("lines.geojson 里没有 {line}。"),
            params={"line": line},
        )
        for key, line in named["line_id"].items()
        if line not in known
    ]
    if str(pack.lines.crs) != STORAGE_CRS or not pack.lines.geometry.is_valid.all():
        problems.append(Problem("lines", None, "geometry", _("线的坐标系或几何无效。")))
    return problems


def _check_raw(pack: Pack) -> list[Problem]:
    """Each raw row is used once, so that nothing is counted twice and nothing was dropped."""
    frames = (("works", pack.works), ("facilities", pack.facilities), ("population", pack.population))
    seen: dict[tuple[str, int], str] = {}
    problems = []
    for table, frame in frames:
        for key, file, row in zip(frame.index, frame["raw_file"], frame["raw_row"], strict=True):
            if not file:
                continue
            source = (str(file), int(row))
            if source in seen:
                problems.append(
                    Problem(
                        table,
                        _row(frame, key),
                        "raw_row",
                        _("原始行 {source} 已用于 {other}。"),
                        params={"source": json.dumps(source), "other": seen[source]},
                    )
                )
            seen[source] = f"{table}:{key}"
    return problems
