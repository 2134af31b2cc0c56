"""Facilities of a kind, as three sets from one register: before the plan, on a day, and with all that is promised.

What already stands comes from ``facilities``; what the plan adds comes from ``works`` that name a ``facility_kind``.
A facility without a place is counted as known and serves nobody; a number reported without names stays a number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import ParameterError
from geo.places.crs import convert
from geo.questions.coverage import SETS
from geo.register.facility_events import standing_facilities
from geo.register.register import Register
from geo.text import mark as _

COLUMNS: Final = (
    "name_zh",
    "name_en",
    "kind",
    "district_code",
    "lon",
    "lat",
    "accuracy_m",
    "origin",
    "work_id",
    "date_known",
    "capacity",
    "capacity_unit",
    "source_id",
)


@dataclass(frozen=True, eq=False)
class Facilities:
    """A set of facilities.

    Attributes
    ----------
    frame : DataFrame
        Indexed by facility or work id, columns :data:`COLUMNS`: WGS84 degrees (NaN without a place), ``origin``
        (``baseline`` or ``work``), ``work_id`` (the work that brings it; a station's line), ``date_known``, ``capacity`` in
        ``capacity_unit`` (what it offers, as known on the day; NaN where that is not known).
    unnamed : DataFrame
        Numbers reported without names: ``work_id, number`` (how many more than are listed).
    crs : str
        System (``EPSG:n``, metres) in which distances from them are measured: the projected system of the city.
    inputs : dict
        Set, day and kinds: what made it.
    """

    frame: pd.DataFrame
    unnamed: pd.DataFrame
    crs: str
    inputs: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def placed(self) -> pd.DataFrame:
        """The rows that have a place."""
        return self.frame[self.frame["lon"].notna()]

    @cached_property
    def xy(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Easting and northing (metres of :attr:`crs`) of :attr:`placed`."""
        return convert(
            self.placed["lon"].to_numpy("float64"),
            self.placed["lat"].to_numpy("float64"),
            source="WGS84",
            target=self.crs,
        )

    @cached_property
    def accuracy_m(self) -> NDArray[np.float64]:
        """Radius of error of :attr:`placed`, metres; 0 where none is stated (given by a user as exact)."""
        return self.placed["accuracy_m"].fillna(0.0).to_numpy("float64")

    @property
    def known_count(self) -> int:
        """How many facilities are known, named or only reported as a number."""
        return len(self.frame) + int(self.unnamed["number"].sum())

    @cached_property
    def digest(self) -> str:
        """Short name of these very places: equal sets have equal digests, whatever their order."""
        rows = self.placed[["lon", "lat", "accuracy_m"]].sort_values(["lon", "lat", "accuracy_m"])
        return hashlib.sha256(rows.to_numpy("float64").tobytes()).hexdigest()[:12]

    @cached_property
    def _homes(self) -> list[frozenset[str]]:
        """Districts of each row without a place; empty where nobody says."""
        codes = self.frame.loc[self.frame["lon"].isna(), "district_code"].fillna("")
        return [frozenset(filter(None, str(each).split("|"))) for each in codes]

    def unplaced_in(self, districts: frozenset[str]) -> int:
        """How many without a place may stand in ``districts``: of these, of none that is known, or only reported as a number."""
        named = sum(not home or bool(home & districts) for home in self._homes)
        return named + int(self.unnamed["number"].sum())

    def with_ids(self, ids: Sequence[str] | pd.Index) -> Facilities:
        """The part of the set with these ids; numbers without names are left out."""
        return replace(self, frame=self.frame.loc[list(ids)], unnamed=self.unnamed.iloc[:0])

    @classmethod
    def from_frame(
        cls, points: gpd.GeoDataFrame, projected: str, *, accuracy: str = "accuracy_m"
    ) -> Facilities:
        """Points of your own as a set.

        Parameters
        ----------
        points : GeoDataFrame
            Points in any CRS.
        projected : str
            System (``EPSG:n``, metres) in which distances from them are measured: the projected system of the city.
        accuracy : str
            Column with the radius of error in metres, if there is one.

        Returns
        -------
        Facilities

        Raises
        ------
        ParameterError
            No CRS, or geometries that are not points.
        """
        if points.crs is None:
            raise ParameterError(_("这份设施数据没有坐标系。"), hint=_("请先说明坐标系（如 EPSG:4326）。"))
        if not (points.geom_type == "Point").all():
            raise ParameterError(_("设施必须都是点。"), hint=_("请先取面或线的代表点，并注明误差。"))
        degrees = points.geometry.to_crs(4326)
        frame = pd.DataFrame(index=points.index.astype(str), columns=list(COLUMNS), dtype=object)
        frame["lon"], frame["lat"] = degrees.x.to_numpy(), degrees.y.to_numpy()
        frame["accuracy_m"] = (
            points[accuracy].to_numpy("float64") if accuracy in points else np.zeros(len(points))
        )
        frame["origin"], frame["date_known"] = "user", True
        return cls(frame, _no_numbers(), projected, {"set": "user"})


def before_day(register: Register) -> date:
    """The day before the plan's first year began, from the earliest due date of its promises."""
    return date(min(register.pack.plan_items["due_date"].dropna()).year - 1, 12, 31)


def facility_set(register: Register, kinds: Sequence[str], which: str, as_of: date) -> Facilities:
    """The facilities of ``kinds`` in one of the three sets. The answer is shared: read only.

    Parameters
    ----------
    register : Register
    kinds : sequence of str
        Ids of ``kinds.csv``.
    which : {"before", "as_of", "planned"}
        ``before``: open on :func:`before_day`, whatever ``as_of`` is. ``as_of``: open on that day. ``planned``: open
        on that day, and everything the plan promises (works that count, unless cancelled).
    as_of : date

    Returns
    -------
    Facilities

    Raises
    ------
    ParameterError
        Unknown set, or the register knows no facility of these kinds on any day: that is ignorance, not a zero.
    """
    if which not in SETS:
        raise ParameterError(_("没有设施集 {which}。"), hint=_("可用：before、as_of、planned。"), which=which)
    return _facility_set(register, tuple(kinds), which, before_day(register) if which == "before" else as_of)


@lru_cache(maxsize=128)
def _facility_set(register: Register, kinds: tuple[str, ...], which: str, day: date) -> Facilities:
    baseline, works = _baseline(register, kinds), _works(register, kinds, day)
    numbers = _numbers(register, kinds)
    if baseline.empty and works.empty:
        raise ParameterError(
            _("登记里没有类型为 {kinds} 的设施，无法回答覆盖率。"),
            hint=_("请先导入这类设施，或换一个类型。"),
            kinds="、".join(kinds) or "—",
        )
    existing = standing_facilities(baseline, day)
    promised = (works["counted"] == "yes") & (works["status"] != "cancelled")
    coming = works[works["done"] | promised] if which == "planned" else works[works["done"]]
    frame = pd.concat([existing[list(COLUMNS)], coming[list(COLUMNS)]])
    return Facilities(
        frame,
        _missing(numbers, coming) if which == "planned" else _no_numbers(),
        register.pack.city.projected_crs,
        {"set": which, "as_of": day.isoformat(), "kinds": list(kinds)} | register.pack.plan_inputs,
    )


def _no_numbers() -> pd.DataFrame:
    return pd.DataFrame({"work_id": pd.Series(dtype=object), "number": pd.Series(dtype="float64")})


def _baseline(register: Register, kinds: Sequence[str]) -> pd.DataFrame:
    rows = register.facilities
    rows = rows[rows["kind"].isin(list(kinds))].copy()
    return rows.assign(
        origin="baseline", work_id=None, date_known=rows["opened"].map(lambda value: value is not None)
    )


def _works(register: Register, kinds: Sequence[str], day: date) -> pd.DataFrame:
    state = register.state(day)
    rows = state[state["facility_kind"].isin(list(kinds)) & (state["kind"] != "aggregate")]
    return rows.assign(
        origin="work",
        kind=rows["facility_kind"],
        work_id=rows["parent_id"].where(rows["parent_id"].notna(), rows.index.to_series()),
        date_known=True,
        capacity=rows["quantity"],
        capacity_unit=rows["unit"],
    )


def _numbers(register: Register, kinds: Sequence[str]) -> pd.DataFrame:
    rows = register.works
    rows = rows[(rows["kind"] == "aggregate") & rows["facility_kind"].isin(list(kinds))]
    return rows[rows["parent_id"].notna()]


def _missing(numbers: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """How many each reported number is above what is listed of the same work."""
    if numbers.empty:
        return _no_numbers()
    number_named = named.groupby("work_id").size()
    reported = numbers.groupby("parent_id")["quantity"].max()
    more = (reported - number_named.reindex(reported.index).fillna(0)).clip(lower=0)
    more = more[more > 0]
    return pd.DataFrame({"work_id": more.index.to_numpy(object), "number": more.to_numpy("float64")})


def facilities_in(
    register: Register, as_of: date, kinds: Sequence[str] = (), districts: Sequence[str] = ()
) -> pd.DataFrame:
    """The baseline facilities that stand on a day, of kinds and in districts.

    Parameters
    ----------
    register : Register
    as_of : date
    kinds, districts : sequence of str
        Ids of kinds and district codes; empty for all.

    Returns
    -------
    DataFrame
        Rows of :meth:`Register.facilities_on`; one that lies in two districts is in either.
    """
    rows = register.facilities_on(as_of)
    if kinds:
        rows = rows[rows["kind"].isin(list(kinds))]
    if districts:
        codes = rows["district_code"].fillna("").str.split("|")
        rows = rows[codes.map(lambda each: bool(set(each) & set(districts))).astype(bool)]
    return rows


def kind_counts(register: Register) -> pd.Series[int]:
    """Kind id -> number of rows of the register (baseline and works) of that kind, most first."""
    works = register.works
    named = works.loc[works["kind"] != "aggregate", "facility_kind"].dropna()
    both = pd.concat([register.facilities["kind"], named])
    return pd.Series(both.value_counts(), dtype="int64")
