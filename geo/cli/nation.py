"""The nation on the command line: ``nation coverage``, ``nation matrix``, ``nation siting``. All of it is simulated, and says so."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.shared import Form, FormOption, Lang, LangOption, out, write

if TYPE_CHECKING:
    import pandas as pd

    from geo.nation.coverage import NationAnswer
    from geo.nation.problem import Problem
    from geo.register.indicators import Indicator

app = typer.Typer(no_args_is_help=True, add_completion=False)
nation = typer.Typer(
    no_args_is_help=True,
    help="Simulated: every county-level division, cut into blocks; on Dask with --workers or ATLAS_DASK, alike to the last digit.",
)
app.add_typer(nation, name="nation")


class Cells(StrEnum):
    """Side of a cell."""

    km = "1km"
    half = "500m"
    fifth = "200m"
    tenth = "100m"


class Which(StrEnum):
    """Set of facilities."""

    before = "before"
    as_of = "as_of"
    planned = "planned"


_METRES: Final = {Cells.km: 1000, Cells.half: 500, Cells.fifth: 200, Cells.tenth: 100}
_COVERAGE: Final = [
    "district_code",
    "district",
    "share_area",
    "residents",
    "share_residents_low",
    "share_residents",
    "share_residents_high",
    "facilities_known",
    "simulated",
]
_MATRIX: Final = [
    *("zone_code", "zone", "indicator_id", "set", "share_low", "share", "share_high"),
    *("pass_mark", "verdict", "simulated"),
]
_SITING: Final = [
    *("district_code", "district", "rank", "lon", "lat", "gained", "residents"),
    *("served_before", "served_after", "simulated", "why"),
]
KindOption = Annotated[str, typer.Option("--kind", help="kinds of facilities, several joined by |")]
RadiusOption = Annotated[
    float, typer.Option("--radius", help="how far one serves, metres in a straight line")
]
SetOption = Annotated[
    Which, typer.Option("--set", help="before the plan, today (as_of), or all built (planned)")
]
CellsOption = Annotated[Cells, typer.Option("--cells", help="side of a simulated cell")]
NumberOption = Annotated[
    int, typer.Option("--facilities", min=1, max=1_000_000_000, help="how many are simulated")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=0, max=256, help="Dask processes to start here; 0 for none")
]
WithinOption = Annotated[
    str, typer.Option("--within", help="only divisions whose code begins so, such as 32; all if empty")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="write the whole table to a file, .csv or .parquet")
]


@nation.command()
def coverage(
    kind: KindOption,
    radius: RadiusOption,
    which: SetOption = Which.as_of,
    cells: CellsOption = Cells.km,
    facilities: NumberOption = 10_000_000,
    workers: WorkersOption = 0,
    within: WithinOption = "",
    file: OutOption = None,
    lang: LangOption = Lang.zh,
    form: FormOption = Form.table,
) -> None:
    """Which share of land and of residents of each division lies within reach."""
    from geo.nation.coverage import nation_coverage, query_of
    from geo.nation.run import opened

    problem = _problem(cells, facilities, within, file)
    query = query_of(problem, kind.split("|"), radius, which.value)
    with opened(workers) as run:
        answer = nation_coverage(problem, query, run, lang=lang.value)
    _give(answer, file, form, _COVERAGE)


@nation.command()
def matrix(
    indicator: Annotated[
        str, typer.Option("--indicator", help="rows of indicators.csv joined by |; all if empty")
    ] = "",
    cells: CellsOption = Cells.km,
    facilities: NumberOption = 10_000_000,
    workers: WorkersOption = 0,
    within: WithinOption = "",
    file: OutOption = None,
    lang: LangOption = Lang.zh,
    form: FormOption = Form.table,
) -> None:
    """Every indicator in every division: before the plan, now and with all built, against its pass mark."""
    from geo.nation.matrix import nation_matrix
    from geo.nation.run import opened

    problem = _problem(cells, facilities, within, file)
    chosen = _chosen(indicator)
    with opened(workers) as run:
        answer = nation_matrix(problem, chosen, run, lang=lang.value)
    _give(answer, file, form, _MATRIX)


@nation.command()
def siting(
    kind: KindOption,
    radius: RadiusOption,
    k: Annotated[int, typer.Option("--k", min=1, max=50, help="sites in each division")] = 5,
    which: SetOption = Which.as_of,
    cells: CellsOption = Cells.km,
    facilities: NumberOption = 10_000_000,
    workers: WorkersOption = 0,
    within: WithinOption = "",
    file: OutOption = None,
    lang: LangOption = Lang.zh,
    form: FormOption = Form.table,
) -> None:
    """Where to build in each division: the quick choice of the city's siting, division by division."""
    from geo.nation.coverage import query_of
    from geo.nation.run import opened
    from geo.nation.siting import nation_siting

    problem = _problem(cells, facilities, within, file)
    query = query_of(problem, kind.split("|"), radius, which.value)
    with opened(workers) as run:
        answer = nation_siting(problem, query, k, run, lang=lang.value)
    _give(answer, file, form, _SITING)


def _problem(cells: Cells, facilities: int, within: str, file: Path | None) -> Problem:
    from geo.local_file import allowed_ending
    from geo.nation.blocks import Nation
    from geo.nation.matrix import kinds_of
    from geo.nation.problem import Problem

    if file is not None:  # said before minutes of work, not after
        allowed_ending(file, (".csv", ".parquet"))
    kinds = kinds_of([each for each in _indicators().values() if each.computable])
    return Problem(Nation(kinds, cell_m=_METRES[cells], facilities=facilities), within.strip())


def _indicators() -> dict[str, Indicator]:
    from geo.paths import data_dir
    from geo.register.indicators import load_indicators

    return load_indicators(data_dir())


def _chosen(names: str) -> list[Indicator]:
    from geo.coverage.question import not_allowed
    from geo.questions.matrix import MatrixQuestion

    known = _indicators()
    wanted = [name for name in names.split("|") if name]
    wrong = [name for name in wanted if name not in known]
    if wrong:
        raise not_allowed(MatrixQuestion, "indicator", "|".join(wrong), tuple(known))
    return [known[name] for name in wanted or known]


def _give(answer: NationAnswer, file: Path | None, form: Form, columns: list[str]) -> None:
    if file is not None:
        write(file, _bytes_of(answer.table, file))
    else:
        out(_rounded(answer.table) if form is Form.table else answer.table, form, columns)
    for line, english in zip(answer.messages(), answer.messages("en"), strict=True):
        typer.echo(f"{line} / {english}", err=True)


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    return table.round({name: 6 for name in map(str, table.columns) if name.startswith("share")})


def _bytes_of(table: pd.DataFrame, file: Path) -> bytes:
    from io import BytesIO

    from geo.table import csv_bytes

    if file.name.lower().endswith(".csv"):
        return csv_bytes(table)
    stream = BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()
