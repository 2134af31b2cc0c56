"""An import before it is one: what each row would do, what must be asked, and what the four counts would become.

Nothing is written here. The page and the command line make the same plan of the same words, so they give the same
events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from geo.display.code_labels import code_names
from geo.errors import IngestError
from geo.ingest.cells.columns import ColumnMap
from geo.ingest.cells.findings import Finding
from geo.ingest.cells.mixed_frames import objects
from geo.ingest.cells.rows import read_rows
from geo.ingest.plan.check import check_rows
from geo.ingest.plan.complete_list import complete_findings, replace_totals
from geo.ingest.plan.entries import entries_of
from geo.ingest.plan.facility_rows import facility_findings, make_facilities, match_facilities
from geo.ingest.plan.given_numbers import waiting_numbers
from geo.ingest.plan.import_choices import choices_of, settled_above, with_answers
from geo.ingest.plan.list_year import list_year, stated_years
from geo.ingest.plan.locate_rows import locate_rows
from geo.ingest.plan.made import Made
from geo.ingest.plan.match import match_rows
from geo.ingest.plan.match_questions import match_findings
from geo.ingest.plan.new_outlines import new_outlines
from geo.ingest.plan.options import Options
from geo.ingest.plan.own_attributes import cut_texts, own_attributes
from geo.ingest.plan.place_lookup import Places
from geo.ingest.plan.preview import Preview, preview_of
from geo.ingest.plan.questions import RowQuestion, row_questions, whole_questions
from geo.ingest.plan.rejected import rejected_file
from geo.ingest.plan.row_findings import headed, in_file_order
from geo.ingest.plan.shapes import drawn_shapes, is_area, read_shapes
from geo.ingest.plan.system_of_list import SystemChoice, system_of_list
from geo.ingest.plan.to_batch import make_rows
from geo.ingest.plan.verdicts import verdicts, with_decisions
from geo.places.crs import STORAGE_CRS
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.plan.geocode import Geocoder
    from geo.places.gazetteer import Gazetteer
    from geo.reading.model import Layer
    from geo.register.city import Atlas
    from geo.store.model import Batch

VERDICTS: Final = ("new", "update", "known", "question", "rejected", "skipped", "blank")
"""``new`` and ``update`` are the good rows; ``known`` says nothing new."""
_COORDINATES: Final = ("lon", "lat", "lonlat")
Progress = Callable[[float], bool | None]
"""Called with the share done; False stops the work."""


@dataclass(frozen=True, eq=False)
class ImportPlan:
    """What an import would do.

    Attributes
    ----------
    layer, mapping, options : as given to :func:`make_plan`
    rows : DataFrame
        Indexed by row of the file: typed fields, WGS84 places, ``verdict`` (one of :data:`VERDICTS`), ``target`` (id of
        the work it becomes or changes; None for rows that go nowhere), ``matched`` (the known work it is or may be),
        ``likeness`` and ``distance_m``.
    findings : tuple of Finding
        By row; first those of the whole file.
    made : Made
        Works and events, or facilities, of the good rows.
    system : SystemChoice
        The system of the coordinates, and how it was chosen.
    settled : mapping
        What lines above the table settle as an answer would (rule -> answer): rows that are brought again without those
        lines need it.
    """

    atlas: Atlas
    layer: Layer
    mapping: ColumnMap
    options: Options
    rows: pd.DataFrame
    findings: tuple[Finding, ...]
    made: Made
    system: SystemChoice
    settled: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by verdict."""
        seen = self.rows["verdict"].value_counts()
        return {verdict: int(seen.get(verdict, 0)) for verdict in VERDICTS}

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        made = self.made
        rows = made.works or made.events or made.facilities or made.facility_events
        return not rows and not self.new_outlines

    @property
    def kinds(self) -> dict[str, int]:
        """Kind id -> number of facilities that would be added."""
        seen = Counter(map(str, self.made.facilities.column("kind") if len(self.made.facilities) else ()))
        return dict(seen.most_common())

    @property
    def left_out(self) -> pd.Index[Any]:
        """Rows that need a person's hand: rejected ones and those with open questions."""
        return self.rows.index[self.rows["verdict"].isin(["rejected", "question"])]

    @cached_property
    def questions(self) -> tuple[tuple[Finding, int], ...]:
        """Questions whose answer holds for the whole file: an example of each, and how many cells ask it."""
        return whole_questions(self.findings)

    @cached_property
    def row_questions(self) -> tuple[RowQuestion, ...]:
        """Questions about single rows, those that one answer may settle together."""
        return row_questions(self.findings)

    @property
    def outlines(self) -> gpd.GeoDataFrame:
        """Polygons of the good rows as drawn (EPSG:4326): ``work_id, name_zh, accuracy_m`` (metres, of the corners); the
        register holds a point for each.
        """
        taken = self.rows[self.rows["target"].notna() & is_area(self.rows["shape"])]
        columns = {
            "work_id": taken["target"],
            "name_zh": taken["name_zh"],
            "accuracy_m": taken["outline_m"].astype("float64"),
        }
        return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(taken["shape"], crs=STORAGE_CRS))

    @cached_property
    def new_outlines(self) -> int:
        """How many of :attr:`outlines` are not kept yet."""
        return new_outlines(self.outlines, self.atlas.register, standing=self.options.into == "facilities")

    @cached_property
    def preview(self) -> Preview:
        """The four counts before and after, by item and by district, on a trial register."""
        return preview_of(self.atlas, self.made, self.options.today)

    def previewed(self) -> ImportPlan:
        """This plan, with its :attr:`preview` made."""
        self.preview  # noqa: B018 (kept once it was asked for)
        return self

    def rejected_file(self, form: str = "xlsx", lang: str = "zh") -> bytes:
        """The rows of :attr:`left_out` as they came, with what is wrong; ``form`` is ``csv`` or ``xlsx``."""
        frame = with_answers(self.layer.frame.loc[self.left_out], self.mapping, self.options.decisions)
        choices = choices_of(self.options, self.mapping, system=self.system.system, settled=self.settled)
        return rejected_file(frame, self.findings, form, lang, choices)

    def batch(self) -> Batch:
        """The good rows as one batch for the store. Its key makes a repeated import change nothing."""
        from geo.store.model import Batch

        made = self.made
        return Batch(
            reason=self.options.reason or self.options.source_row()["title"],
            sources=tuple(made.sources),
            works=tuple(made.works),
            events=tuple(made.events),
            facilities=made.facilities,
            facility_events=tuple(made.facility_events),
            lines=made.lines,
            key=made.key(),
        )


def make_plan(
    layer: Layer,
    mapping: ColumnMap,
    options: Options,
    atlas: Atlas,
    gazetteer: Gazetteer,
    *,
    geocoder: Geocoder | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Read, place, check and match every row of a layer; nothing is written.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    options : Options
        Choices of the person for the whole list.
    atlas : Atlas
    gazetteer : Gazetteer
    geocoder : Geocoder or None
    progress : callable, optional
        Called with the share done (0 to 1); when it answers False the work stops with ``IngestError``.

    Returns
    -------
    ImportPlan

    Raises
    ------
    ParameterError, CrsError
        Options that cannot be; what is wrong in rows is a finding instead.
    """
    options = options.checked(atlas)
    tell = _progress_callback(progress)
    entries = entries_of(layer, mapping, options, atlas)
    layer, aside = entries.layer, entries.findings
    of_list = {int(each) for each in stated_years(layer, options)}
    rows, found = read_rows(layer, mapping, atlas, options.rules, lambda share: tell(0.5 * share), of_list)
    headed_by = rows["district_code"].isna() & entries.districts.notna()
    rows.loc[headed_by, "district_code"] = entries.districts[headed_by]
    standing = options.into == "facilities"
    year, asked = ("", []) if standing else list_year(layer, rows, options, atlas)
    rows = _completed(rows, replace(options, year=year), atlas).assign(
        own=own_attributes(layer.frame, mapping, standing=standing)
    )
    aside = [*aside, *cut_texts(layer.frame, mapping, standing=standing)]
    shapes, odd = read_shapes(layer, options.rules)
    rows["blank"] &= shapes.isna()  # a shape without a name is a fault, not an empty row
    places = Places(atlas, gazetteer, geocoder)
    rows["waiting"], numbers = waiting_numbers(layer, mapping, rows, found)
    system = system_of_list(layer, mapping, numbers, atlas, given=options.rules.get("crs", "") or options.crs)
    rows, lost = locate_rows(
        rows,
        shapes,
        drawn=drawn_shapes(layer),
        system=system,
        options=options,
        atlas=atlas,
        places=places,
    )
    tell(0.7)
    unread = {one.row for one in found if one.row is not None and one.field in (*_COORDINATES, "name_zh")}
    stray = {one.row for one in lost if one.field == "geometry"}
    odd = [one for one in odd if one.row not in stray]  # a shape that is not stored needs no repair
    found += asked + aside + odd + lost + check_rows(rows, atlas, options.today, unread)
    rows, told = _facilities(rows, options, atlas) if standing else _works(rows, options, atlas)
    found += told
    tell(0.85)
    findings = with_decisions(sorted(found, key=in_file_order), rows, options, atlas)
    names = rows["name_zh"].to_dict()
    findings = [headed(one, mapping, names) for one in findings]
    findings += complete_findings(rows, options, atlas)
    rows["verdict"] = verdicts(rows, findings)
    good = rows["verdict"] == "new"
    extra = [geocoder.source] if geocoder is not None else []
    make = make_facilities if standing else make_rows
    made = make(_taken(rows[good]), options, atlas, extra)
    replace_totals(made, rows, options, atlas)
    _say_what_was_made(rows, made)
    tell(1.0)
    settled = settled_above(layer, mapping, "" if any(one.level == "question" for one in asked) else year)
    return ImportPlan(atlas, layer, mapping, options, rows, tuple(findings), made, system, settled)


def _say_what_was_made(rows: pd.DataFrame, made: Made) -> None:
    """``verdict`` and ``target`` of each row that goes in: a new work, more on a known one, or nothing new."""
    rows.loc[rows["target"].notna() & (rows["verdict"] == "new"), "verdict"] = "update"
    rows.loc[[row for row, number in made.added.items() if not number], "verdict"] = "known"
    at = rows.index.get_indexer(pd.Index(list(made.targets)))
    target = rows["target"].to_numpy(object, copy=True)
    target[at] = list(made.targets.values())
    rows["target"] = objects(target, rows.index)
    rows.loc[~rows["verdict"].isin(["new", "update", "known"]), "target"] = None


def _completed(rows: pd.DataFrame, options: Options, atlas: Atlas) -> pd.DataFrame:
    """Fills what rows leave empty with the choices for the whole list. An existing facility has no item and no year, and no
    id but that of the register.
    """
    given = {"item_id": options.item_id, "year": options.year}
    if options.into == "facilities":
        own = rows["work_id"].where(rows["work_id"].isin(atlas.register.facilities.index), None)
        rows = rows.assign(item_id=None, year=None, work_id=own)
        given = {"facility_kind": options.facility_kind}
    return rows.assign(
        **{name: rows[name].where(rows[name].notna(), word or None) for name, word in given.items()}
    )


def _works(rows: pd.DataFrame, options: Options, atlas: Atlas) -> tuple[pd.DataFrame, list[Finding]]:
    state = atlas.register.state(options.today)
    rows = _matched(rows, state)
    return rows, _without_home(rows, options) + match_findings(
        rows, state, options.rules, code_names(atlas, "zh")
    )


def _facilities(rows: pd.DataFrame, options: Options, atlas: Atlas) -> tuple[pd.DataFrame, list[Finding]]:
    rows = match_facilities(rows, atlas)
    return rows, facility_findings(rows, atlas, options.today, options.rules)


def _progress_callback(progress: Progress | None) -> Callable[[float], None]:
    def tell(share: float) -> None:
        if progress is not None and progress(share) is False:
            raise IngestError(_("导入已取消，什么都没有写入。"))

    return tell


def _without_home(rows: pd.DataFrame, options: Options) -> list[Finding]:
    """New works need an item of the plan, or a category."""
    if options.category:
        return []
    homeless = rows.index[rows["item_id"].isna() & rows["work_id"].isna() & ~rows["blank"]]
    return [
        Finding(
            int(row), "item_id", "error", _("没有说属于哪个计划条目。"), _("请选一个条目，或选一个类别。")
        )
        for row in homeless
    ]


def _matched(rows: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    matched = match_rows(rows, state).rename(columns={"work_id": "matched"})
    out = rows.join(matched)
    sure = out["likeness"].isin(["sure", "id"])
    out["target"] = objects(
        [work if yes else None for work, yes in zip(out["matched"], sure, strict=True)], out.index
    )
    return out


def _taken(rows: pd.DataFrame) -> pd.DataFrame:
    """Good rows, those that would get one id told apart by their place."""
    new = rows["target"].isna()
    names = ["item_id", "facility_kind", "year", "name_zh", "district_code", "street"]
    key = rows[names].fillna("")
    return rows.assign(twin=new & key.duplicated(keep="first"))
