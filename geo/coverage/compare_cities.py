"""The same indicator over the whole of every city, side by side: never a rank, and what keeps the shares from being compared is said first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import pandas as pd

from geo.city_list import in_each_city
from geo.coverage.answer_notes import Note, note_texts
from geo.coverage.demand import MODELLED, Demand, modelled_demand
from geo.coverage.matrix import matrix
from geo.coverage.matrix_table import NOT_COMPUTED
from geo.display.labels import publisher_name
from geo.errors import AtlasError
from geo.questions.cities import CitiesQuestion
from geo.questions.matrix import MatrixQuestion
from geo.register.city import Atlas
from geo.register.completeness import is_complete
from geo.register.indicators import Indicator, load_indicators
from geo.table import records
from geo.text import mark as _
from geo.text import translate

_MOST_PUBLISHERS: Final = 3
UNLIKE: Final = {
    "definition": _("各城市在这个编号下的定义不同（设施类型、方式、半径或分母），份额说的不是一件事。"),
    "residents": _("各城市的居民模型不同，按居民算的份额受模型影响。"),
    "facilities": _("有的城市登记不齐全，份额只是下限。"),
    "date": _("各城市设施资料的日期不同。"),
}
"""What keeps shares of cities from being compared, in the order in which it is said."""


@dataclass(frozen=True, slots=True)
class CityShare:
    """An indicator over the whole of a city.

    Attributes
    ----------
    slug : str or None
        None where the process has no list of cities.
    city : str
        Name in the language of the answer.
    share_low, share, share_high : float or None
        0 to 1; None where it cannot be computed.
    pass_mark, verdict, why : str
        As in the matrix: what it is held against, whether it is met, why that cannot be told.
    cannot : str
        Why there is no share; empty where there is one.
    residents, residents_served : float or None
        Persons.
    residents_from : str
        How residents are spread: always a model.
    facilities_known, facilities_placed : int or None
    facilities_complete : bool
        Whether the register is said to have all facilities of these kinds.
    facts_as_of, facts_from : str
        Newest day of what is known of facilities without a date, and who published most of them.
    definition : str
        Kinds, reach and denominator of the indicator, as this city's pack has them.
    version : str
        Of the city's data.
    """

    slug: str | None
    city: str
    share_low: float | None = None
    share: float | None = None
    share_high: float | None = None
    pass_mark: str = ""
    verdict: str = ""
    why: str = ""
    cannot: str = ""
    residents: float | None = None
    residents_served: float | None = None
    residents_from: str = ""
    facilities_known: int | None = None
    facilities_placed: int | None = None
    facilities_complete: bool = False
    facts_as_of: str = ""
    facts_from: str = ""
    definition: str = ""
    version: str = ""


@dataclass(frozen=True, eq=False)
class CityComparison:
    """An answer: a row a city in the order of the list, and what must be known before they are compared.

    Attributes
    ----------
    rows : tuple of CityShare
    unlike : tuple of str
        Keys of :data:`UNLIKE` that apply; none means that nothing known speaks against comparing.
    inputs : dict
    """

    rows: tuple[CityShare, ...]
    unlike: tuple[str, ...]
    inputs: dict[str, Any]

    def table(self) -> pd.DataFrame:
        """A row a city, shares rounded as everywhere."""
        names = [each.name for each in fields(CityShare)]
        frame = pd.DataFrame(
            [{name: getattr(row, name) for name in names} for row in self.rows], columns=names
        )
        return frame.round({name: 6 for name in names if name.startswith("share")} | {"residents_served": 1})

    def records(self) -> list[dict[str, Any]]:
        """The rows as plain values."""
        return records(self.table())

    def messages(self, lang: str = "zh") -> list[str]:
        """What must be known before the shares are compared."""
        first = _("各城市按清单的顺序，不排名次。")
        return [translate(text, lang) for text in (*(UNLIKE[key] for key in self.unlike), first)]


def compare_cities(question: CitiesQuestion, lang: str = "zh") -> CityComparison:
    """One indicator over the whole of every city of this process, each asked as if it were alone.

    Parameters
    ----------
    question : CitiesQuestion
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    CityComparison
        A city that lacks the data has a row that says what it lacks.
    """
    rows = []
    for city, found in in_each_city(lambda atlas: _of_city(atlas, question, lang)):
        slug = city.slug if city else None
        row = (
            CityShare(None, slug or "", cannot=found.public_text(lang))
            if isinstance(found, AtlasError)
            else found
        )
        rows.append(replace(row, slug=slug))
    inputs = question.model_dump(mode="json", by_alias=True)
    return CityComparison(tuple(rows), unlike(rows, question.denominator), inputs)


def indicators_of_cities(lang: str, at_least: int = 1) -> dict[str, str]:
    """Id -> name of every indicator that ``at_least`` so many cities can be asked for, in the order of the packs, the first city's first."""
    names: dict[str, str] = {}
    having: Counter[str] = Counter()
    for _city, found in in_each_city(lambda atlas: load_indicators(atlas.pack.root)):
        if isinstance(found, AtlasError):
            continue
        for key, indicator in found.items():
            if indicator.computable or indicator.is_composite:
                names.setdefault(key, indicator.name(lang))
                having[key] += 1
    return {key: name for key, name in names.items() if having[key] >= at_least}


def unlike(rows: Sequence[CityShare], denominator: str) -> tuple[str, ...]:
    """Keys of :data:`UNLIKE` that hold of the cities that have a share; of one alone, only that it is a lower bound."""
    known = [row for row in rows if row.share is not None]
    found = {
        "definition": len({row.definition for row in known}) > 1,
        "residents": denominator == "residents" and len({row.residents_from for row in known}) > 1,
        "facilities": not all(row.facilities_complete for row in known),
        "date": len({row.facts_as_of for row in known}) > 1,
    }
    return tuple(key for key in UNLIKE if found[key])


def _of_city(atlas: Atlas, question: CitiesQuestion, lang: str) -> CityShare:
    name = atlas.city.name(lang)
    empty = CityShare(atlas.city.slug, name, version=atlas.version)
    indicator = load_indicators(atlas.pack.root).get(question.indicator)
    if indicator is None:
        lacking = _("这座城市的 indicators.csv 没有指标 {indicator}。")
        return replace(empty, cannot=translate(lacking, lang).format(indicator=question.indicator[:80]))
    asked = MatrixQuestion.read(
        {
            "indicator": question.indicator,
            "set": question.which,
            "as_of": question.as_of,
            "denominator": question.denominator,
        }
    )
    demand = modelled_demand(atlas)
    table = matrix(atlas, question=asked, demand=demand, lang=lang).table
    row = table[table["zone_code"] == atlas.city.code].iloc[0]
    said = replace(
        empty,
        definition=_definition(indicator, question.denominator),
        residents_from=_residents_from(demand, lang),
        pass_mark=row["pass_mark"],
    )
    if row["reasons"] == NOT_COMPUTED or pd.isna(row["share"]):
        return replace(said, cannot=row["why"])
    return replace(
        said,
        share_low=_number(row["share_low"]),
        share=_number(row["share"]),
        share_high=_number(row["share_high"]),
        verdict=row["verdict"],
        why=row["why"],
        residents=_number(row["residents"]),
        residents_served=_number(row["residents_served"]),
        facilities_known=int(row["facilities_known"]),
        facilities_placed=int(row["facilities_placed"]),
        facilities_complete=is_complete(atlas.register, indicator.kinds),
        facts_as_of=row["facts_as_of"],
        facts_from=_publishers(atlas, indicator, lang),
    )


def _publishers(atlas: Atlas, indicator: Indicator, lang: str) -> str:
    """Who published most of what is known of the facilities of an indicator."""
    facilities = atlas.register.facilities
    sources = facilities.loc[facilities["kind"].isin(indicator.kinds), "source_id"].dropna()
    publishers = sources.map(atlas.pack.sources["publisher"]).dropna().value_counts()
    return ("、" if lang == "zh" else ", ").join(
        publisher_name(each, lang) for each in publishers.index[:_MOST_PUBLISHERS]
    )


def _definition(indicator: Indicator, denominator: str) -> str:
    """What a share under this id is of: ``metro_station straight 800 m / residents``. Ids, because packs word their names themselves."""
    if indicator.threshold_m is not None:
        far = f"{indicator.threshold_m:g} m"
    elif indicator.threshold_min is not None:
        far = f"{indicator.threshold_min:g} min"
    else:
        far = "+".join(sorted(indicator.parts))
    return f"{'|'.join(sorted(indicator.kinds))} {indicator.reach} {far} / {denominator}"


def _residents_from(demand: Demand, lang: str) -> str:
    note: Note = (demand.label, demand.inputs)
    if demand.kind == "modelled":
        note = (MODELLED, {"model": demand.inputs["model"]})
    return note_texts([note], lang)[0]


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
