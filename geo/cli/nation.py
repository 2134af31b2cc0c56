"""The nation on the command line: ``nation coverage``, ``nation matrix``, ``nation siting``. All of it is simulated, and says so."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.shared import Form, FormOption, Lang, LangOption, out, write

if TYPE_CHECKING:
    import pandas as pd

    from geo.nation.coverage import NationAnswer
    from geo.nation.problem import Problem
    from geo.nation.sums import Query
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


@dataclass(frozen=True, kw_only=True)
class Options:
    """What every verb is told."""

    cells: Annotated[Cells, typer.Option("--cells", help="side of a simulated cell")] = Cells.km
    facilities: Annotated[
        int, typer.Option("--facilities", min=1, max=1_000_000_000, help="how many are simulated")
    ] = 10_000_000
    workers: Annotated[
        int, typer.Option("--workers", min=0, max=256, help="Dask processes to start here; 0 for none")
    ] = 0
    within: Annotated[
        str, typer.Option("--within", help="only divisions whose code begins so, such as 32; all if empty")
    ] = ""
    file: Annotated[
        Path | None, typer.Option("--out", help="write the whole table to a file, .csv or .parquet")
    ] = None
    lang: LangOption = Lang.zh
    form: FormOption = Form.table


@dataclass(frozen=True, kw_only=True)
class ReachOptions(Options):
    """What verbs are told that ask who is reached."""

    kind: Annotated[str, typer.Option("--kind", help="kinds of facilities, several joined by |")]
    radius: Annotated[float, typer.Option("--radius", help="how far one serves, metres in a straight line")]
    which: Annotated[
        Which, typer.Option("--set", help="before the plan, today (as_of), or all built (planned)")
    ] = Which.as_of


def _with(options: type[Options]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a class, before its own; it takes them together, first."""
    shared = inspect.signature(options, eval_str=True).parameters

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        own = list(signature.parameters.values())[1:]

        def run(**values: Any) -> None:
            given = options(**{name: values.pop(name) for name in shared})
            command(given, **values)

        listed = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (*shared.values(), *own)]
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__signature__ = signature.replace(parameters=listed)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in listed}
        return run

    return with_options


@nation.command()
@_with(ReachOptions)
def coverage(given: ReachOptions) -> None:
    """Which share of land and of residents of each division lies within reach."""
    from geo.nation.coverage import nation_coverage
    from geo.nation.run import opened

    problem = _problem(given)
    query = _query(problem, given)
    with opened(given.workers) as run:
        answer = nation_coverage(problem, query, run, lang=given.lang.value)
    _give(answer, given, _COVERAGE)


@nation.command()
@_with(Options)
def matrix(
    given: Options,
    indicator: Annotated[
        str, typer.Option("--indicator", help="rows of indicators.csv joined by |; all if empty")
    ] = "",
) -> None:
    """Every indicator in every division: before the plan, now and with all built, against its pass mark."""
    from geo.nation.matrix import nation_matrix
    from geo.nation.run import opened

    problem = _problem(given)
    chosen = _chosen(indicator)
    with opened(given.workers) as run:
        answer = nation_matrix(problem, chosen, run, lang=given.lang.value)
    _give(answer, given, _MATRIX)


@nation.command()
@_with(ReachOptions)
def siting(
    given: ReachOptions,
    k: Annotated[int, typer.Option("--k", min=1, max=50, help="sites in each division")] = 5,
) -> None:
    """Where to build in each division: the quick choice of the city's siting, division by division."""
    from geo.nation.run import opened
    from geo.nation.siting import nation_siting

    problem = _problem(given)
    query = _query(problem, given)
    with opened(given.workers) as run:
        answer = nation_siting(problem, query, k, run, lang=given.lang.value)
    _give(answer, given, _SITING)


def _query(problem: Problem, given: ReachOptions) -> Query:
    from geo.nation.coverage import query_of

    return query_of(problem, given.kind.split("|"), given.radius, given.which.value)


def _problem(given: Options) -> Problem:
    from geo.local_file import allowed_ending
    from geo.nation.blocks import Nation
    from geo.nation.matrix import kinds_of
    from geo.nation.problem import Problem

    if given.file is not None:  # said before minutes of work, not after
        allowed_ending(given.file, (".csv", ".parquet"))
    kinds = kinds_of([each for each in _indicators().values() if each.computable])
    return Problem(
        Nation(kinds, cell_m=_METRES[given.cells], facilities=given.facilities), given.within.strip()
    )


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


def _give(answer: NationAnswer, given: Options, columns: list[str]) -> None:
    if given.file is not None:
        write(given.file, _bytes_of(answer.table, given.file))
    else:
        table = _rounded(answer.table) if given.form is Form.table else answer.table
        out(table, given.form, columns)
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
