"""The matrix: every indicator in every zone, before the plan, now, and with all of it built; what it is held against, and what
is missing.

A share is that of :func:`geo.coverage.answer.coverage` to the last digit: the same question, the same facilities, the same
measuring; what several indicators share is measured once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.coverage.answer import facility_counts
from geo.coverage.answer_notes import Note, facts_dates, note_texts
from geo.coverage.composite import Part, served_together, unknown_zones
from geo.coverage.demand import MODELLED, Demand, modelled_demand
from geo.coverage.matrix_table import Cell, cell_rows, empty_rows, joined_rows
from geo.coverage.own_indicators import own_indicators
from geo.coverage.question import not_allowed, question_facilities, question_reach, read_question
from geo.coverage.reach import Reach, levels, measure
from geo.coverage.served import Served
from geo.coverage.share_table import LEVELS, share_table
from geo.coverage.zone_set import ZoneSet, district_zones, own_zones
from geo.errors import ParameterError
from geo.kernels.network import StreetNetwork
from geo.questions.coverage import MODES, SETS
from geo.questions.matrix import MatrixQuestion
from geo.register.city import Atlas
from geo.register.completeness import districts_not_covered, is_complete
from geo.register.facilities import Facilities, facility_set
from geo.register.indicators import Indicator, load_indicators
from geo.table import records
from geo.text import mark as _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_DIGITS: Final = {"share": 6, "residents": 1, "shortfall": 1}


@dataclass(frozen=True, eq=False)
class Matrix:
    """An answer: one row a zone, an indicator and a set.

    Attributes
    ----------
    table : DataFrame
        Columns :data:`geo.coverage.matrix_table.COLUMNS`. Shares 0 to 1, residents in persons; NaN is "not known".
    inputs : dict
        What made it: enough to ask again.
    notes : list of (str, dict)
        What a reader must know.
    indicators : dict of Indicator
        Those that were asked for, by id.
    """

    table: pd.DataFrame
    inputs: dict[str, Any]
    notes: list[Note]
    indicators: dict[str, Indicator]

    def rounded(self) -> pd.DataFrame:
        """The table rounded once, for page, command, API and files."""
        digits = {
            name: next(_DIGITS[part] for part in _DIGITS if part in name)
            for name in map(str, self.table.columns)
            if any(part in name for part in _DIGITS) and self.table[name].dtype.kind == "f"
        }
        return self.table.round(digits)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values, rounded."""
        return records(self.rounded())

    def messages(self, lang: str = "zh") -> list[str]:
        """The notes in ``lang``."""
        return note_texts(self.notes, lang)


def matrix(
    atlas: Atlas,
    zones: GeoDataFrame | None = None,
    question: MatrixQuestion | None = None,
    *,
    demand: Demand | None = None,
    streets: StreetNetwork | None = None,
    lang: str = "zh",
) -> Matrix:
    """Every indicator in every zone.

    Parameters
    ----------
    atlas : Atlas
    zones : GeoDataFrame or None
        Polygons of your own in any CRS (:func:`geo.coverage.zone_set.own_zones`); the districts and the city by default.
    question : MatrixQuestion or None
        Which indicators and sets, as of when, what a share is of; all of them today by default.
    demand : Demand or None
        Who is to be served, by district; the pack's model of residents by default.
    streets : StreetNetwork or None
        For indicators of walking; without streets they are not computed, and say so.
    lang : str
        Language of names and reasons.

    Returns
    -------
    Matrix

    Raises
    ------
    ParameterError, UnknownIdError, CrsError
        An indicator or a set that there is not, residents asked of land alone, or what :func:`own_zones` says of the polygons.
    """
    question = question or MatrixQuestion.read({})
    atlas = atlas.for_question(question.plan)
    demand = demand or modelled_demand(atlas)
    _check(question, demand)
    chosen = _indicators(atlas, question)
    zone_set = (
        district_zones(atlas, demand, lang)
        if zones is None
        else own_zones(atlas, demand, zones, name=question.zone_name, population=question.population)
    )
    work = _Work(atlas, question, demand, zone_set, streets, lang)
    parts = [work.cell(indicator, which) for indicator in chosen for which in question.sets]
    table = joined_rows(parts, len(zone_set.codes))
    inputs = {
        "as_of": question.as_of.isoformat(),
        "denominator": question.denominator,
        "demand": demand.kind,
        "streets": None if streets is None else streets.report.get("source"),
        "speed_m_min": question.speed_m_min,
        "own": question.own or None,
        "version": atlas.version,
    } | atlas.pack.plan_inputs
    notes = [*_model_note(demand), *zone_set.notes]
    return Matrix(table, inputs | zone_set.inputs, notes, {each.indicator_id: each for each in chosen})


def _check(question: MatrixQuestion, demand: Demand) -> None:
    wrong = [name for name in question.sets if name not in SETS]
    if wrong:
        raise not_allowed(MatrixQuestion, "set", "|".join(wrong), SETS)
    if demand.residents is None and question.denominator == "residents":
        raise not_allowed(MatrixQuestion, "denominator", question.denominator, ("land",))


def _indicators(atlas: Atlas, question: MatrixQuestion) -> list[Indicator]:
    known = load_indicators(atlas.pack.root)
    wrong = [key for key in question.indicators if key not in known]
    if wrong:
        raise not_allowed(MatrixQuestion, "indicator", "|".join(wrong), tuple(known))
    own = own_indicators(atlas, question.own)
    listed = question.indicators or (() if own else known)
    return [*(known[key] for key in listed), *own]


def _model_note(demand: Demand) -> list[Note]:
    if not demand.label:
        return []
    values = {"name": demand.inputs.get("raster", ""), "model": demand.inputs.get("model", ""), "cell": 100}
    return [(MODELLED if demand.kind == "modelled" else demand.label, values)]


class _Work:
    """What is measured for one matrix, each thing once."""

    def __init__(
        self,
        atlas: Atlas,
        question: MatrixQuestion,
        demand: Demand,
        zones: ZoneSet,
        streets: StreetNetwork | None,
        lang: str,
    ) -> None:
        self._atlas, self._question, self._zones = atlas, question, zones
        self._streets, self._lang = streets, lang
        self._single = load_indicators(atlas.pack.root)
        self._modelled_from = frozenset(demand.inputs.get("made_from_kinds", []))
        self._served: dict[tuple[str, float, str], list[dict[str, Served]]] = {}
        self._tables: dict[tuple[Any, ...], pd.DataFrame] = {}
        self._missing: dict[str, str] = {}
        self._tree = None if zones.outlines is None else shapely.STRtree(zones.outlines)

    def cell(self, indicator: Indicator, which: str) -> dict[str, Any]:
        """The rows of one indicator and set, one a zone."""
        if not (indicator.computable or indicator.is_composite):
            return empty_rows(self._zones, indicator, which, indicator.note(self._lang), self._lang)
        missing = self._missing.get(indicator.indicator_id)
        if missing is not None:  # no set of facilities changes what is missing
            return empty_rows(self._zones, indicator, which, missing, self._lang)
        try:
            facilities, table = self._answer(indicator, which)
        except ParameterError as error:
            missing = self._missing[indicator.indicator_id] = error.text(self._lang)
            return empty_rows(self._zones, indicator, which, missing, self._lang)
        return cell_rows(
            self._zones,
            Cell(
                indicator,
                which,
                self._question.denominator,
                table,
                self._complete(indicator),
                self._unplaced(facilities),
                max(facts_dates(self._atlas, facilities), default=""),
                self._modelled_from,
            ),
            self._lang,
        )

    def _answer(self, indicator: Indicator, which: str) -> tuple[Facilities, pd.DataFrame]:
        """The facilities of an indicator and the shares of the zones; ``ParameterError`` says what is missing."""
        if not indicator.is_composite:
            part = self._part(indicator, which)
            return part.facilities, part.table
        parts = self._parts([self._single[name] for name in indicator.parts], which)
        day = self._question.as_of
        facilities = facility_set(self._atlas.register, indicator.kinds, which, day)
        served = [served_together(parts, indicator.reach, demand) for demand in self._zones.demands]
        table = self._share_table(facilities, indicator, served)
        measured = [name for name in table.columns if "share" in name or "served" in name]
        table.loc[table.index.isin(unknown_zones(parts)), measured] = np.nan
        return facilities, table

    def _parts(self, indicators: Sequence[Indicator], which: str) -> list[Part]:
        """The parts of a composite indicator; ``ParameterError`` says of each what is missing."""
        parts: list[Part] = []
        missing: dict[str, list[str]] = {}
        for indicator in indicators:
            try:
                parts.append(self._part(indicator, which))
            except ParameterError as error:
                missing.setdefault(error.text(self._lang), []).append(indicator.name(self._lang))
        if missing:
            comma = "、" if self._lang == "zh" else ", "
            lacking = (f"{comma.join(names)}: {why}" for why, names in missing.items())
            raise ParameterError(_("缺少单项。{missing}"), missing=" ".join(lacking))
        return parts

    def _part(self, indicator: Indicator, which: str) -> Part:
        asked = read_question(self._atlas, self._parameters(indicator, which))
        facilities = question_facilities(self._atlas, asked)
        reach = question_reach(asked, self._streets)
        return Part(facilities, reach, self._table(facilities, reach, indicator))

    def _parameters(self, indicator: Indicator, which: str) -> dict[str, Any]:
        asked = {"set": which, "as_of": self._question.as_of, "speed": self._question.speed_m_min}
        if not indicator.is_own:
            return asked | {"indicator": indicator.indicator_id}
        by_time = {"minutes": indicator.threshold_min, "walk": "yes", "mode": indicator.reach}
        reach = by_time if indicator.reach in MODES else {}
        return asked | {"kind": "|".join(indicator.kinds), "radius": indicator.threshold_m} | reach

    def _complete(self, indicator: Indicator) -> NDArray[np.bool_]:
        """Whether every facility of each zone is said to be known: in all the districts that it lies in."""
        register = self._atlas.register
        codes = map(str, self._atlas.districts.index)
        known = frozenset(code for code in codes if is_complete(register, indicator.kinds, code))
        return np.array([bool(each) and each <= known for each in self._zones.districts], bool)

    def _table(self, facilities: Facilities, reach: Reach, indicator: Indicator) -> pd.DataFrame:
        """As :func:`geo.coverage.answer.coverage` has it, without distances; one row each zone that can be computed."""
        measured = (indicator.kinds, reach.metres, reach.way, facilities.digest)
        key = (*measured, facilities.known_count, *facilities.frame.index)
        if key not in self._tables:
            self._tables[key] = self._share_table(facilities, indicator, self._measured(facilities, reach))
        return self._tables[key]

    def _share_table(
        self, facilities: Facilities, indicator: Indicator, answers: list[dict[str, Served]]
    ) -> pd.DataFrame:
        """The shares of what is served, of each demand of the zones by level."""
        zones = self._zones
        named = dict(zip(zones.codes, zones.names, strict=True))
        blind = districts_not_covered(self._atlas.register, indicator.kinds)
        of_zone = dict(zip(zones.codes, zones.districts, strict=True))
        counts = self._counts(facilities)
        tables = [
            share_table(
                demand,
                served,
                counts,
                names=[named[code] for code in demand.zones.codes],
                dark=frozenset(code for code in demand.zones.codes if of_zone[code] & blind),
                whole=zones.whole,
            )
            for demand, served in zip(zones.demands, answers, strict=True)
        ]
        return pd.concat(tables) if tables else pd.DataFrame()

    def _measured(self, facilities: Facilities, reach: Reach) -> list[dict[str, Served]]:
        """What is served by level, of each demand of the zones."""
        key = (facilities.digest, reach.metres, reach.way)
        if key not in self._served:
            radii = levels(reach, facilities.accuracy_m)
            functions = [measure(facilities, demand, reach) for demand in self._zones.demands]
            self._served[key] = [{level: each(radii[level]) for level in LEVELS} for each in functions]
        return self._served[key]

    def _counts(self, facilities: Facilities) -> pd.DataFrame:
        """Known and placed by zone: by the district that the register names, or by the polygon that holds them."""
        if self._tree is None:
            return facility_counts(self._atlas, facilities)
        points = shapely.points(*facilities.xy)
        _point, at = self._tree.query(points, predicate="intersects")
        codes = [code for demand in self._zones.demands for code in demand.zones.codes]
        placed = np.bincount(at, minlength=len(codes))
        unplaced = pd.Series(self._unplaced(facilities), self._zones.codes)[codes].to_numpy()
        return pd.DataFrame(
            {"facilities_known": placed + unplaced, "facilities_placed": placed}, index=codes
        ).astype(int)

    def _unplaced(self, facilities: Facilities) -> NDArray[np.float64]:
        """How many facilities without a place may stand in each zone: of its districts, or of no district."""
        return np.array([facilities.unplaced_in(each) for each in self._zones.districts], "float64")
