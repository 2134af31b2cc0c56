"""Coverage on the command line: ``coverage``, ``impact``, ``gaps`` and ``indicators``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.questions import Given, demand_of, print_notes, question_options, streets_of
from geo.cli.shared import Form, FormOption, atlas, out, write
from geo.questions.coverage import CoverageQuestion, GapsQuestion, ImpactQuestion

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(no_args_is_help=True, add_completion=False)


class ImpactBy(StrEnum):
    """The rows of an impact: districts or works."""

    district = "district"
    work = "work"


_COVERAGE: Final = [
    "district_code",
    "district",
    "land_km2",
    "share_area_low",
    "share_area",
    "share_area_high",
    "residents",
    "residents_served",
    "share_residents",
    "share_residents_other",
    "share_residents_least",
    "share_residents_most",
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


@app.command()
@question_options(CoverageQuestion)
def coverage(given: Given, form: FormOption = Form.table) -> None:
    """Share of land and residents within reach, by district, with its uncertainty. Notes go to standard error."""
    import pandas as pd

    from geo.coverage.question import answer_coverage, read_question

    question = read_question(atlas(), given)
    answer = answer_coverage(atlas(), question, demand_of(question), streets=streets_of(question))
    out(pd.DataFrame(answer.rows(question.district)), form, _COVERAGE)
    print_notes(answer)


@app.command()
@question_options(ImpactQuestion)
def impact(
    given: Given,
    by: Annotated[ImpactBy, typer.Option(help="district or work")] = ImpactBy.district,
    form: FormOption = Form.table,
) -> None:
    """What the plan adds to the day before it: land and residents gained, by district or by work."""
    from geo.coverage.question import answer_impact, read_question_as

    question = read_question_as(ImpactQuestion, atlas(), given)
    answer = answer_impact(atlas(), question, demand_of(question), streets=streets_of(question))
    if by is ImpactBy.work:
        names = atlas(question.plan).pack.works["name_zh"].reindex(answer.works.index)
        out(_rounded(answer.works.assign(name_zh=names)), form)
        return
    out(_rounded(answer.table), form, [name for name in _IMPACT if name in answer.table])


@app.command()
@question_options(GapsQuestion, without=("scenario",))
def gaps(
    given: Given,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="only the first so many")] = 20,
    file: Annotated[Path | None, typer.Option("--out", help="write the polygons as GeoJSON")] = None,
    form: FormOption = Form.table,
) -> None:
    """Who is left out: unserved residents by the nearest named place, most first."""
    from geo.atlas import load_gazetteer
    from geo.coverage.answer import gaps as find
    from geo.coverage.question import question_facilities, question_reach, read_question_as

    question = read_question_as(GapsQuestion, atlas(), given)
    reach = question_reach(question, streets_of(question))
    found = find(question_facilities(atlas(), question), demand_of(question), reach, load_gazetteer())
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
