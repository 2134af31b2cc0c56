"""What a list of edits makes of a set of facilities and of streets: checked, in order, without touching either."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.coverage.answer import Coverage
from geo.coverage.question import question_facilities
from geo.errors import ParameterError, UnknownIdError
from geo.kernels.edited_streets import EditedStreets, Link, Pairs, edge_at, edit_streets, link_of
from geo.kernels.network import StreetNetwork
from geo.places.crs import convert
from geo.places.districts import district_of
from geo.questions.coverage import SETS, ReachQuestion
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.text import mark as _
from geo.whatif.scenario import Edit, Scenario

SAME_PLACE_M: Final = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edit puts a facility."""

    lon: float
    lat: float
    accuracy_m: float
    district_code: str
    name: str = ""
    supply: float | None = None


@dataclass(slots=True)
class EditedSet:
    """What edits come to: facilities put somewhere (None: removed), those that are new, and changed streets.

    Attributes
    ----------
    placed : dict
        Id -> :class:`Place`, or None for one that is removed.
    fresh : list of str
        Ids that the register does not have, in order.
    pairs : mapping
        As :class:`geo.kernels.edited_streets.EditedStreets`.
    links, closed : int
        How many.
    """

    placed: dict[str, Place | None] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    pairs: Pairs = field(default_factory=dict)
    links: int = 0
    closed: int = 0


def edits_of_set(
    atlas: Atlas, question: ReachQuestion, facilities: Facilities, edits: Sequence[Edit]
) -> tuple[tuple[Edit, ...], int]:
    """Edits that concern this set of facilities, and how many are left aside.

    A facility that only another set of the same question has (a planned one, asked before the plan) cannot be moved
    or removed here, and need not be; one that no set has stays among the edits, and :func:`apply_edits` refuses it.

    Parameters
    ----------
    atlas : Atlas
    question : ReachQuestion
        The question that the facilities answer.
    facilities : Facilities
        The facilities that serve.
    edits : sequence of Edit
        In order.

    Returns
    -------
    (tuple of Edit, int)
    """
    drawn = {edit.id for edit in edits if edit.op == "add"}
    absent = (
        {edit.id for edit in edits if edit.op in ("move", "remove")} - drawn - set(facilities.frame.index)
    )
    if not absent:
        return tuple(edits), 0
    all_ids = {key for which in SETS for key in question_facilities(atlas, question, which).frame.index}
    concerning = tuple(edit for edit in edits if edit.id not in absent or edit.id not in all_ids)
    return concerning, len(edits) - len(concerning)


def with_scenario(answer: Coverage, scenario: Scenario, left: int) -> Coverage:
    """``answer``, saying which scenario it holds and how many of its edits did not concern these facilities.

    Parameters
    ----------
    answer : Coverage
    scenario : Scenario
    left : int
        Edits that do not concern these facilities.

    Returns
    -------
    Coverage
    """
    named = {
        "name": scenario.name,
        "id": f"s-{scenario.digest}",
        "edits": len(scenario.edits) - left,
        "left_aside": left,
    }
    notes = list(answer.notes)
    if left:
        notes.append((_("方案里有 {n} 处改动的设施不在这个设施集里，这里不计。"), {"n": left}))
    return replace(answer, inputs=answer.inputs | {"scenario": named}, notes=notes)


def apply_edits(
    atlas: Atlas, facilities: Facilities, edits: Sequence[Edit], streets: StreetNetwork | None
) -> EditedSet:
    """What ``edits`` come to on top of ``facilities`` and ``streets``.

    Parameters
    ----------
    atlas : Atlas
    facilities : Facilities
        The facilities that serve.
    edits : sequence of Edit
        In order.
    streets : StreetNetwork or None
        Streets to walk on; None for straight lines.

    Returns
    -------
    EditedSet

    Raises
    ------
    ParameterError, UnknownIdError
        A place outside the city, an id that is taken or unknown, the same edit twice, a link where there are no
        streets or that joins nothing. The message names the edit, counted from 1.
    """
    result = EditedSet()
    links: list[Link] = []
    closed: list[int] = []
    for n, edit in enumerate(edits, 1):
        if edit.op in ("link", "close") and edit in edits[: n - 1]:
            raise ParameterError(_("第 {n} 处改动与前面的某一处完全相同。"), hint=_("请删去其中一处。"), n=n)
        if edit.op in ("link", "close"):
            if streets is None:
                raise ParameterError(
                    _("第 {n} 处改动要改街道，但这里没有街道数据。"),
                    hint=_("请先带上街道文件，按步行距离分析。"),
                    n=n,
                )
            _street_edit(edit, streets.ground, facilities.crs, links, closed)
        else:
            _facility_edit(atlas, facilities, result, edit, n)
    if streets is not None:
        changed = edit_streets(streets.ground, links, closed)
        result.pairs = changed.pairs if isinstance(changed, EditedStreets) else {}
    result.links, result.closed = len(links), len(closed)
    return result


def _street_edit(edit: Edit, streets: StreetNetwork, crs: str, links: list[Link], closed: list[int]) -> None:
    drawn = np.array(edit.line if edit.op == "link" else [edit.at], "float64")
    x, y = convert(drawn[:, 0], drawn[:, 1], source="WGS84", target=crs)
    if edit.op == "link":
        links.append(link_of(streets, np.column_stack([x, y])))
    else:
        closed.append(edge_at(streets, float(x[0]), float(y[0])))


def _facility_edit(atlas: Atlas, facilities: Facilities, result: EditedSet, edit: Edit, n: int) -> None:
    registered = edit.id in facilities.frame.index
    there = result.placed[edit.id] is not None if edit.id in result.placed else registered
    if edit.op == "add":
        if registered or there:
            raise ParameterError(
                _("第 {n} 处改动要增加的 {id} 已经存在。"), hint=_("请换一个编号。"), n=n, id=edit.id
            )
        result.placed[edit.id] = _place(atlas, edit, n)
        _not_twice(result, edit.id, n)
        result.fresh = [*(key for key in result.fresh if key != edit.id), edit.id]
        return
    if not there:
        raise UnknownIdError(
            _("第 {n} 处改动提到的设施 {id} 不在这个设施集里。"),
            hint=_("它可能未建成、已移除，或属于别的类型。"),
            n=n,
            id=edit.id,
        )
    before = result.placed.get(edit.id)
    if edit.op == "remove":
        result.placed[edit.id] = None
        result.fresh = [key for key in result.fresh if key != edit.id]
        return
    place = _place(atlas, edit, n)
    result.placed[edit.id] = replace(place, name=before.name, supply=before.supply) if before else place


def _place(atlas: Atlas, edit: Edit, n: int) -> Place:
    lon, lat = edit.at or (math.nan, math.nan)
    code = _district(atlas, lon, lat)
    if not code:
        raise ParameterError(
            _("第 {n} 处改动的位置（{lon}, {lat}）不在本市范围内。"),
            hint=_("请核对坐标：经度在前，纬度在后，WGS84。"),
            n=n,
            lon=f"{lon:.5f}",
            lat=f"{lat:.5f}",
        )
    return Place(lon, lat, edit.accuracy_m, code, edit.name, edit.supply)


@lru_cache(maxsize=1024)
def _district(atlas: Atlas, lon: float, lat: float) -> str:
    return str(district_of([lon], [lat], atlas.districts)[0])


def _not_twice(result: EditedSet, key: str, n: int) -> None:
    """The same facility drawn twice is a slip of the hand."""
    mine = result.placed[key]
    for other in result.fresh:
        place = result.placed[other]
        if mine is None or place is None or other == key:
            continue
        apart = math.hypot((mine.lon - place.lon) * math.cos(math.radians(mine.lat)), mine.lat - place.lat)
        if apart * 111_320 < SAME_PLACE_M:
            raise ParameterError(
                _("第 {n} 处改动与已增加的 {id} 在同一位置。"), hint=_("请删去其中一处。"), n=n, id=other
            )


def edited_facilities(facilities: Facilities, result: EditedSet, kind: str) -> Facilities:
    """The set as the edits leave it: rows in their order, new ones at the end.

    Parameters
    ----------
    facilities : Facilities
        The facilities that serve.
    result : EditedSet
        From :func:`apply_edits`.
    kind : str
        Facility kind of what is added.

    Returns
    -------
    Facilities
    """
    frame = facilities.frame.copy()
    gone = [key for key, place in result.placed.items() if place is None and key in frame.index]
    for key, place in result.placed.items():
        if place is not None and key in frame.index:
            frame.loc[key, ["lon", "lat", "accuracy_m"]] = [place.lon, place.lat, place.accuracy_m]
            frame.loc[key, ["district_code", "origin"]] = [place.district_code, "scenario"]
    frame = frame.drop(index=gone)
    if result.fresh:
        rows = [_row(frame.columns, result.placed[key], kind) for key in result.fresh]
        fresh = pd.DataFrame(rows, index=result.fresh, columns=frame.columns)
        frame = pd.concat([frame, fresh.astype(frame.dtypes.to_dict())]) if len(frame) else fresh
    return replace(facilities, frame=frame)


def _row(columns: pd.Index, place: Place | None, kind: str) -> dict[str, Any]:
    if place is None:
        raise AssertionError("a new facility has a place")
    values = {
        "name_zh": place.name,
        "name_en": place.name,
        "kind": kind,
        "district_code": place.district_code,
        "lon": place.lon,
        "lat": place.lat,
        "accuracy_m": place.accuracy_m,
        "origin": "scenario",
        "date_known": True,
    }
    return {str(name): values.get(str(name)) for name in columns}
