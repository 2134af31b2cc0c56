"""Where to build on the command line: ``site``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.cli.questions import Given, demand_of, question_options, shapes_of, streets_of
from geo.cli.shared import Form, FormOption, atlas, out, write
from geo.questions.siting import SiteQuestion

if TYPE_CHECKING:
    from geo.siting import Siting

app = typer.Typer(no_args_is_help=True, add_completion=False)


class Show(StrEnum):
    """Which table is written."""

    sites = "sites"
    districts = "districts"
    curve = "curve"
    own = "own"


_SITES: Final = [
    "rank",
    "kind",
    "candidate_id",
    "name_zh",
    "parcel",
    "land_use",
    "parcel_m2",
    "cost",
    "lon",
    "lat",
    "district_code",
    "place_zh",
    "place_m",
    "gained",
    "assigned",
]
_DISTRICTS: Final = [
    "kind",
    "district_code",
    "district",
    "demand",
    "served_before",
    "served_after",
    "gained_low",
    "gained",
    "gained_high",
    "share_before",
    "share_after",
]


@app.command()
@question_options(SiteQuestion)
def site(
    given: Given,
    compare: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="a what-if scenario whose additions are your own sites"
        ),
    ] = None,
    show: Annotated[Show, typer.Option(help="which table: sites, districts, curve or own")] = Show.sites,
    file: Annotated[Path | None, typer.Option("--out", help="write sites and inputs as GeoJSON")] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="write the sites as a what-if scenario (GeoJSON, see whatif)")
    ] = None,
    form: FormOption = Form.table,
) -> None:
    """Where to build: sites in build order, who gains, and how good that is proven to be.

    The table goes to standard output, the summary, the proof and the notes to standard error. ``--format json`` writes
    the whole answer.
    """
    if compare is not None:
        given["own"] = _own_of(compare, given.get("own", ""))
    answer = _answer(given)
    if file is not None:
        from geo.siting.export import sites_geojson

        write(file, sites_geojson(answer, atlas().city, "zh"))
    if scenario is not None:
        _write_scenario(scenario, answer, given)
    if form is Form.json:
        import json

        typer.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=1))
        return
    _write(answer, show, form)
    _print_summary(answer)


def _answer(given: Given) -> Siting:
    from geo.siting import answer_sites, land_of, read_site_question

    question = read_site_question(atlas(), given)
    land, demand, streets = land_of(question, shapes_of), demand_of(question), streets_of(question)
    return answer_sites(atlas(), question, demand, streets=streets, land=land, files=True)


def _own_of(path: Path, own: str) -> str:
    """What the scenario of a file adds, as own sites; other edits are reported as left aside."""
    from geo.errors import ParameterError
    from geo.reading.documents import read_text
    from geo.siting.handover import added_sites
    from geo.text import mark as _
    from geo.whatif.scenario import MAX_BYTES
    from geo.whatif.scenario_geojson import read_either

    if own:
        raise ParameterError(_("own 与 compare 只能给一个：两者都是自己选的点。"))
    lines, others = added_sites(read_either(read_text(path, most=MAX_BYTES).encode()))
    if not lines:
        raise ParameterError(
            _("方案 {name} 里没有增加的设施，没有可比较的点。"),
            hint=_("请先在覆盖页用“增加设施”画点。"),
            name=path.name,
        )
    if others:
        typer.echo(f"{others} edits of {path.name} add nothing and are left aside", err=True)
    return ";".join(lines)


def _write_scenario(path: Path, answer: Siting, given: Given) -> None:
    from geo.siting.handover import as_scenario
    from geo.whatif.scenario_geojson import to_geojson

    made = as_scenario(answer.best, given, path.stem)
    write(path, to_geojson(made, inputs=answer.inputs))
    typer.echo(f"{path}: {len(made.edits)} sites; python -m geo whatif --scenario {path}", err=True)


def _write(answer: Siting, show: Show, form: Form) -> None:
    import pandas as pd

    from geo.siting.result import district_rows, site_rows

    effect = answer.own if show is Show.own and answer.own is not None else answer.best
    if show is Show.curve:
        out(answer.curve.round(6), form)
        return
    rows = pd.DataFrame(district_rows(effect) if show is Show.districts else site_rows(effect))
    columns = _DISTRICTS if show is Show.districts else _SITES
    out(rows, form, [name for name in columns if name in rows])


def _print_summary(answer: Siting) -> None:
    summary = "  ".join(f"{name} {value}" for name, value in answer.summary().items())
    proof = answer.proof()
    typer.echo(summary, err=True)
    for part in answer.kinds:
        typer.echo("  ".join(f"{name} {value}" for name, value in part.as_json().items()), err=True)
    if answer.own is not None:
        typer.echo(f"{answer.compared()} / {answer.compared('en')}", err=True)
    if answer.owed is not None:
        typer.echo(f"{answer.owed.text()} / {answer.owed.text('en')}", err=True)
    typer.echo(
        f"{answer.verdict()} / {answer.verdict('en')}  ({proof['solver']}, {proof['seconds']} s)", err=True
    )
    for line, english in zip(answer.messages(), answer.messages("en"), strict=True):
        typer.echo(f"{line} / {english}", err=True)
