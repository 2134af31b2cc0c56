"""``import``: a list or layer of the person's own into the register, by the same plan as the page makes."""

from __future__ import annotations

import gc
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.import_report import print_result
from geo.cli.osm import bring_osm
from geo.cli.shared import ByOption, Form, FormOption, PlanOption, person, write
from geo.errors import ParameterError
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.cells.columns import ColumnMap
    from geo.ingest.plan.import_plan import ImportPlan
    from geo.ingest.plan.options import Options
    from geo.reading.model import Layer, Opened
    from geo.register.city import Atlas

_SELDOM: Final = (200_000, 50, 1000)
"""When the collector of circles looks: millions of cells are made and hold no circle, and each look goes through all of them."""
app = typer.Typer(no_args_is_help=True, add_completion=False)


class Into(StrEnum):
    """What the rows are."""

    works = "works"
    facilities = "facilities"


class Accept(StrEnum):
    """What is written when some rows cannot go in."""

    all = "all"
    good = "good"


LayerOption = Annotated[str, typer.Option(help="sheet or layer, where the file has several")]
ItemOption = Annotated[str, typer.Option(help="item of the plan, such as U01")]
IntoOption = Annotated[
    Into | None,
    typer.Option(
        "--as", help="works of the plan (usual), or facilities that stand already (usual for their own ids)"
    ),
]
KindOption = Annotated[
    str, typer.Option(help="kind of the facilities, such as car_park, in rows without one")
]
CategoryOption = Annotated[str, typer.Option(help="category of works that belong to no item")]
MapOption = Annotated[
    list[str] | None, typer.Option("--map", help="column=field; column= to leave it out; repeat it")
]
RecipeOption = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="a saved recipe (JSON)")]
CrsOption = Annotated[
    str, typer.Option(help="WGS84, GCJ02 (高德), BD09 (百度), CGCS2000, EPSG:4528, EPSG:3857+GCJ02 ...")
]
AnswerOption = Annotated[
    list[str] | None, typer.Option("--answer", help="rule=choice for a question of the whole file")
]
RowOption = Annotated[
    list[str] | None, typer.Option("--row", help="row=keep, row=skip or row=WORK_ID for one row; repeat it")
]
CompleteOption = Annotated[
    bool,
    typer.Option(
        "--complete", help="the list holds all works of its districts and year: reported totals count no more"
    ),
]
TitleOption = Annotated[str, typer.Option(help="title of the source; the file's name if empty")]
PublisherOption = Annotated[str, typer.Option(help="who published the list")]
PublishedOption = Annotated[str, typer.Option(help="when: 2021-06-30, 2021-06 or 2021")]
UrlOption = Annotated[str, typer.Option(help="address of the list")]
ReliabilityOption = Annotated[
    str, typer.Option(help="official, press, secondary, general_knowledge or open_data")
]
ReasonOption = Annotated[str, typer.Option(help="why, in your words")]
GeocodeOption = Annotated[bool, typer.Option("--geocode", help="ask the geocoder of ATLAS_GEOCODER")]
TrialOption = Annotated[bool, typer.Option("--dry-run", help="show what would happen; write nothing")]
AcceptOption = Annotated[Accept, typer.Option(help="all: only if every row is good; good: the good rows")]
RejectedOption = Annotated[Path | None, typer.Option(help="file for the other rows, .csv or .xlsx")]
SaveOption = Annotated[str, typer.Option("--save-recipe", help="keep this mapping under a name")]


@app.command(name="import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="a table or layer; see docs/import.md")
    ],
    layer: LayerOption = "",
    item: ItemOption = "",
    category: CategoryOption = "",
    into: IntoOption = None,
    kind: KindOption = "",
    map_: MapOption = None,
    recipe: RecipeOption = None,
    crs: CrsOption = "",
    answer: AnswerOption = None,
    row: RowOption = None,
    complete: CompleteOption = False,
    title: TitleOption = "",
    publisher: PublisherOption = "",
    published: PublishedOption = "",
    url: UrlOption = "",
    reliability: ReliabilityOption = "",
    reason: ReasonOption = "",
    geocode: GeocodeOption = False,
    dry_run: TrialOption = False,
    accept: AcceptOption = Accept.all,
    rejected: RejectedOption = None,
    save_recipe: SaveOption = "",
    of_plan: PlanOption = "",
    by: ByOption = "",
    form: FormOption = Form.table,
) -> None:
    """Bring a list into the register. Ends with 0 when all rows went in or are known, 1 when some did not, 2 on a fault.

    Without --crs a system that the file declares, or that the coordinates prove, is taken; else it is asked for. An OSM
    extract is brought as import-osm brings it, unless --layer names one of its layers.
    """
    from geo.ingest.plan.import_choices import accepted_answers, accepted_choices
    from geo.ingest.plan.registered_facilities import likely_into
    from geo.reading.objects import is_extract

    given = dict(locals())
    opened = None if is_extract(file.name) and not layer else _read(file, layer)
    if opened is None or (opened.format.startswith("osm") and not layer):
        bring_osm(file, dry_run=dry_run, reason=reason, by=by, form=form)
        return
    chosen = _with_room(opened.only())
    shared, store = _register(dry_run, of_plan)
    choices = accepted_choices(chosen.import_choices, shared)
    mapping, kept = _mapping(chosen, shared, given, choices.get("item", ""))
    given["likely"] = likely_into(chosen, mapping, shared)
    options = _options(given, opened, kept, choices, accepted_answers(chosen.import_choices))
    plan = _plan(chosen, mapping, options, shared, geocode=geocode)
    if rejected is not None and len(plan.left_out):
        write(rejected, plan.rejected_file(rejected.suffix.lower().lstrip(".")))
    if save_recipe:
        _save(save_recipe, mapping, options)
    applied = None
    if not dry_run and not plan.empty and (accept is Accept.good or not len(plan.left_out)):
        from geo.ingest.plan.save_data import save_outlines
        from geo.store import Role

        save_outlines(plan)
        applied = store.apply(person(by, Role.editor), plan.batch())
    print_result(plan, applied, form)
    if len(plan.left_out):
        raise typer.Exit(1)


def _with_room(layer: Layer) -> Layer:
    """The layer, once it was told how much memory a large one will take; without so much it is refused."""
    from geo.ingest.plan.memory_of_import import memory_note, refuse_without_room

    refuse_without_room(layer)
    if (note := memory_note(layer)) is not None:
        typer.echo(note.text(), err=True)
        gc.set_threshold(*_SELDOM)
    return layer


def _read(file: Path, layer: str) -> Opened:
    from geo.reading.read_file import read_file

    return read_file(file, layer=layer or None)


def _register(dry_run: bool, plan: str) -> tuple[Atlas, Any]:
    """The atlas to compare with, and the store to write to (a trial needs none)."""
    from geo.atlas import load_atlas
    from geo.register.city import atlas_of

    if dry_run:
        return load_atlas(plan=plan), None
    from geo.store import open_store

    store = open_store()
    return atlas_of(store.pack()).of_plan(plan), store


def _pairs(pairs_text: list[str] | None, name: str) -> dict[str, str]:
    pairs = {}
    for word in pairs_text or ():
        key, equals, value = word.rpartition("=")
        if not (equals and key):
            raise ParameterError(
                _("参数 {name} 的值“{value}”不可用。"), hint=_("请写成 左=右。"), name=name, value=word[:80]
            )
        pairs[key.strip()] = value.strip()
    return pairs


def _decisions(texts: list[str] | None) -> dict[int, str]:
    """Row of the file -> what the person decided on it."""
    pairs = _pairs(texts, "row")
    for row, word in pairs.items():
        if not row.isdecimal():
            raise ParameterError(
                _("参数 {name} 的值“{value}”不可用。"),
                hint=_("请写成 左=右。"),
                name="row",
                value=f"{row}={word}"[:80],
            )
    return {int(row): word for row, word in pairs.items()}


def _mapping(layer: Layer, atlas: Atlas, given: dict[str, Any], item: str) -> tuple[ColumnMap, Any]:
    """The proposed mapping, by a recipe that is named or kept for these headers; then what ``--map`` says."""
    from geo.ingest.plan.proposed_mapping import proposed_mapping
    from geo.ingest.plan.recipes import read_recipe, recipe_for

    headers = [str(column) for column in layer.frame.columns]
    recipe = read_recipe(given["recipe"]) if given["recipe"] else recipe_for(headers)
    if given["recipe"]:
        layer = replace(layer, import_choices={})
    item = given["item"] or item or (recipe.item_id if recipe else "")
    mapping = proposed_mapping(layer, atlas, item_id=item, recipe=recipe)
    for column, name in _pairs(given["map_"], "map").items():
        if name:
            mapping = mapping.corrected({name: column}, layer)
        else:
            mapping = mapping.corrected(dict.fromkeys(_fields_of(mapping, column)), layer)
    return mapping, recipe


def _fields_of(mapping: ColumnMap, column: str) -> list[str]:
    return [name for name, taken in mapping.columns.items() if taken == column]


def _options(
    given: dict[str, Any], opened: Opened, recipe: Any, choices: dict[str, str], answers: dict[str, str]
) -> Options:
    """What the command says; else what the rejected file says of its list; else the recipe."""
    from geo.ingest.plan.options import Options

    source = {
        name: given[name] for name in ("title", "publisher", "published", "url", "reliability") if given[name]
    }
    before = {name.removeprefix("src-"): value for name, value in choices.items() if name.startswith("src-")}
    if "source" in choices and not source:
        before["source_id"] = choices["source"]
    return Options(
        item_id=given["item"] or choices.get("item") or (recipe.item_id if recipe else ""),
        category=given["category"] or choices.get("category", ""),
        into=str(given["into"] or choices.get("into") or (recipe.into if recipe else given["likely"])),
        facility_kind=given["kind"] or choices.get("kind") or (recipe.facility_kind if recipe else ""),
        crs=given["crs"] or choices.get("crs") or (recipe.crs if recipe else ""),
        source={"title": opened.name} | before | source,
        rules=(dict(recipe.rules) if recipe else {}) | answers | _pairs(given["answer"], "answer"),
        decisions=_decisions(given["row"]),
        complete=given["complete"],
        reason=given["reason"],
        file_name=opened.name,
        sha256=opened.sha256,
    )


def _plan(layer: Layer, mapping: ColumnMap, options: Options, atlas: Atlas, *, geocode: bool) -> ImportPlan:
    from geo.atlas import load_gazetteer
    from geo.ingest.plan.geocode import geocoder_from_environment
    from geo.ingest.plan.import_plan import make_plan

    names = {str(code): str(name) for code, name in atlas.districts["name_zh"].items()}
    geocoder = geocoder_from_environment(atlas.city.name_zh, names) if geocode else None
    if geocode and geocoder is None:
        raise ParameterError(
            _("没有设置地理编码服务。"),
            hint=_("请设置 ATLAS_GEOCODER（amap、tianditu 或 nominatim）和密钥。"),
        )
    return make_plan(layer, mapping, options, atlas, load_gazetteer(), geocoder=geocoder)


def _save(name: str, mapping: ColumnMap, options: Options) -> None:
    from geo.ingest.plan.recipes import recipe_of
    from geo.ingest.plan.recipes import save_recipe as keep

    keep(recipe_of(name, mapping, options))
