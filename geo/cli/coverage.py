"""Coverage on the command line: ``coverage``, ``impact``, ``gaps`` and ``indicators``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.shared import Form, FormOption, atlas, out, write

if TYPE_CHECKING:
    import pandas as pd

    from geo.coverage.answer import Coverage
    from geo.coverage.demand import Demand
    from geo.coverage.equity import Equity
    from geo.coverage.question import Question
    from geo.kernels.network import StreetNetwork

app = typer.Typer(no_args_is_help=True, add_completion=False)


class Which(StrEnum):
    """The three sets of facilities."""

    before = "before"
    as_of = "as_of"
    planned = "planned"


class ImpactBy(StrEnum):
    """What an impact is told by."""

    district = "district"
    work = "work"


KindOption = Annotated[str, typer.Option(help="facility kind of kinds.csv; several joined by |")]
IndicatorOption = Annotated[str, typer.Option(help="row of indicators.csv; gives kind and reach")]
RadiusOption = Annotated[str, typer.Option(help="metres")]
MinutesOption = Annotated[str, typer.Option(help="walking minutes instead of metres; needs --walk")]
WalkOption = Annotated[bool, typer.Option("--walk", help="along streets; needs --streets")]
SpeedOption = Annotated[str, typer.Option(help="walking speed, metres a minute (60 if empty)")]
StreetsOption = Annotated[
    Path | None,
    typer.Option(
        help="GeoPackage, GeoJSON, Shapefile, OSM extract, or a saved data set (python -m geo datasets)"
    ),
]
DayOption = Annotated[str, typer.Option("--as-of", help="YYYY-MM-DD; today if empty")]
SetOption = Annotated[Which, typer.Option("--set", help="before, as_of or planned")]
DemandOption = Annotated[str, typer.Option(help="area, census, a population GeoTIFF, or a saved data set")]
DistrictOption = Annotated[str, typer.Option(help="district code, or all")]
_COVERAGE: Final = [
    "district_code",
    "district",
    "land_km2",
    "served_km2",
    "share_area_low",
    "share_area",
    "share_area_high",
    "residents",
    "residents_served_low",
    "residents_served",
    "residents_served_high",
    "share_residents",
    "facilities_known",
    "facilities_placed",
    "distance_p50_m",
]
_IMPACT: Final = [
    "district",
    "share_area_before",
    "share_area_after",
    "gained_km2",
    "gained_residents_low",
    "gained_residents",
    "gained_residents_high",
]


def _question(given: dict[str, Any]) -> Question:
    """The options of a command as a question; their names are its words."""
    from geo.coverage.question import read_question

    return read_question(atlas(), words_of(given))


def words_of(given: dict[str, Any]) -> dict[str, str]:
    """The options of a command as words of a question; what is empty is left out."""
    from geo.coverage.question import WORDS

    words = {name: str(given[name]) for name in WORDS if given.get(name) not in (None, "", True, False)}
    if given.get("which"):
        words["set"] = given["which"].value
    if given.get("walk"):
        words["walk"] = "yes"
    return words


def streets_of(path: Path | None) -> StreetNetwork | None:
    """The network of a file of streets, if one is given."""
    if path is None:
        return None
    from geo.coverage.saved_data import is_token, saved_streets
    from geo.kernels.network import read_streets

    if is_token(str(path)):
        return saved_streets(atlas(), str(path))
    return read_streets(path, atlas().city.projected_crs)


def _demand(question: Question) -> Demand:
    from geo.coverage.question import demand_of

    return demand_of(atlas(), question.demand, files=True)


def say_notes(answer: Coverage | Equity) -> None:
    """What a reader must know, in both languages, to standard error."""
    for line, english in zip(answer.messages(), answer.messages("en"), strict=True):
        typer.echo(f"{line} / {english}", err=True)


@app.command()
def coverage(
    kind: KindOption = "",
    indicator: IndicatorOption = "",
    radius: RadiusOption = "",
    minutes: MinutesOption = "",
    walk: WalkOption = False,
    speed: SpeedOption = "",
    streets: StreetsOption = None,
    as_of: DayOption = "",
    which: SetOption = Which.as_of,
    demand: DemandOption = "census",
    district: DistrictOption = "all",
    form: FormOption = Form.table,
) -> None:
    """Share of land and residents within reach, by district, with its uncertainty. Notes go to standard error."""
    given = dict(locals())
    import pandas as pd

    from geo.coverage.question import ask

    question = _question(given)
    answer = ask(atlas(), question, _demand(question), streets=streets_of(streets))
    out(pd.DataFrame(answer.rows(question.district)), form, _COVERAGE)
    say_notes(answer)


@app.command()
def impact(
    kind: KindOption = "",
    indicator: IndicatorOption = "",
    radius: RadiusOption = "",
    minutes: MinutesOption = "",
    walk: WalkOption = False,
    speed: SpeedOption = "",
    streets: StreetsOption = None,
    demand: DemandOption = "census",
    by: Annotated[ImpactBy, typer.Option(help="district or work")] = ImpactBy.district,
    form: FormOption = Form.table,
) -> None:
    """What the plan adds to the day before it: land and residents gained, by district or by work."""
    given = dict(locals())
    from geo.coverage.question import ask_impact

    question = _question(given)
    answer = ask_impact(atlas(), question, _demand(question), streets=streets_of(streets))
    if by is ImpactBy.work:
        names = atlas().pack.works["name_zh"].reindex(answer.works.index)
        out(_rounded(answer.works.assign(name_zh=names)), form)
        return
    out(_rounded(answer.table), form, [name for name in _IMPACT if name in answer.table])


@app.command()
def gaps(
    kind: KindOption = "",
    indicator: IndicatorOption = "",
    radius: RadiusOption = "",
    minutes: MinutesOption = "",
    walk: WalkOption = False,
    speed: SpeedOption = "",
    streets: StreetsOption = None,
    as_of: DayOption = "",
    which: SetOption = Which.as_of,
    demand: DemandOption = "census",
    district: DistrictOption = "all",
    limit: Annotated[int, typer.Option(min=1, help="only the first so many")] = 20,
    file: Annotated[Path | None, typer.Option("--out", help="write the polygons as GeoJSON")] = None,
    form: FormOption = Form.table,
) -> None:
    """Who is left out: unserved residents by the nearest named place, most first."""
    given = dict(locals())
    from geo.atlas import load_gazetteer
    from geo.coverage.answer import gaps as find

    question = _question(given)
    network = streets_of(streets)
    found = find(question.facilities(atlas()), _demand(question), question.reach(network), load_gazetteer())
    if question.district in set(atlas().districts.index):
        found = found[found["district_code"] == question.district]
    found = found.head(limit)
    if file is not None:
        write(file, found.to_json(drop_id=True, ensure_ascii=False).encode())
    out(_rounded(found.drop(columns="geometry")), form)


@app.command()
def indicators(form: FormOption = Form.table) -> None:
    """Every indicator with its threshold; unchecked ones are custom, unconfirmed."""
    import dataclasses

    import pandas as pd

    from geo.register.indicators import load_indicators

    rows = [
        dataclasses.asdict(row) | {"kinds": "|".join(row.kinds), "computable": row.computable}
        for row in load_indicators(atlas().pack.root).values()
    ]
    shown = [
        "indicator_id",
        "name_zh",
        "kinds",
        "reach",
        "threshold_m",
        "threshold_min",
        "standard",
        "checked",
    ]
    out(pd.DataFrame(rows), form, shown)


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    digits: dict[str, Any] = {}
    for name in map(str, frame.columns):
        if "residents" in name and "share" not in name:
            digits[name] = 1
        elif "share" in name or name in ("lon", "lat"):
            digits[name] = 6
        elif "km2" in name:
            digits[name] = 4
        elif "distance" in name:
            digits[name] = 1
    return frame.round(digits)
