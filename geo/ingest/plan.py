"""An import before it is one: what each row would do, what must be asked, and what the four counts would become.

Nothing is written here. The page and the command line make the same plan of the same words, so they give the same
events.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.errors import IngestError, ParameterError
from geo.ingest.check import KEEP, SKIP, check_rows
from geo.ingest.columns import ColumnMap
from geo.ingest.findings import Finding
from geo.ingest.frames import cell, each, objects
from geo.ingest.known import match_findings
from geo.ingest.located import locate_rows
from geo.ingest.match import match_rows
from geo.ingest.places import Places
from geo.ingest.preview import Preview, preview_of
from geo.ingest.rejected import rejected_file
from geo.ingest.rows import read_rows
from geo.ingest.shapes import read_shapes
from geo.ingest.systems import known_system
from geo.ingest.to_batch import Made, make_rows
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.atlas import Atlas
    from geo.gazetteer import Gazetteer
    from geo.ingest.geocode import Geocoder
    from geo.ingest.model import Layer
    from geo.store.model import Batch

VERDICTS: Final = ("new", "update", "known", "question", "rejected", "skipped", "blank")
"""``new`` and ``update`` are the good rows; ``known`` says nothing new."""
_KEEP_WORDS: Final = frozenset({KEEP, "new", "保留", "新增", "是"})
_SKIP_WORDS: Final = frozenset({SKIP, "跳过", "忽略", "删除", "否"})
Progress = Callable[[float], bool | None]
"""Called with the share done; False stops the work."""


@dataclass(frozen=True)
class Options:
    """What the person says of a list.

    Attributes
    ----------
    item_id : str
        Item of the plan that rows without one belong to.
    category : str
        Category of works that belong to no item.
    crs : str
        System of the coordinates; empty to take what rows and file say of themselves.
    year : str
        Year of rows that say none; empty for the year of the item's due day.
    counted : str
        ``yes``, ``probable``, ``no``; empty for yes in the item's own year and no in others.
    source : mapping
        Row of ``sources`` that describes the list: ``title, publisher, published, url, reliability, licence``; the rest is
        filled in. With the ``source_id`` of a known source that one is cited.
    basis : str
        ``location_basis`` of the list's coordinates: ``published``, or ``surveyed`` where they were measured.
    rules : mapping
        Answers to questions of the whole file: rule -> key of a choice.
    decisions : mapping
        Row -> ``keep``, ``skip``, or the id of the known work it is.
    reason : str
        Why, in the person's words.
    today : date
        Day of the import: what is dated later is a plan.
    file_name, sha256 : str
        The file, for the source's citation.
    """

    item_id: str = ""
    category: str = ""
    crs: str = ""
    year: str = ""
    counted: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    basis: str = "published"
    rules: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""
    today: date = field(default_factory=date.today)
    file_name: str = ""
    sha256: str = ""

    @property
    def source_id(self) -> str:
        """The given source, or one named by what the list is: the same list and description, the same source."""
        if given := self.source.get("source_id"):
            return str(given)
        words = [str(self.source.get(name) or "") for name in ("title", "publisher", "published", "url")]
        return "S-" + hashlib.sha256("\x1f".join([self.sha256, *words]).encode()).hexdigest()[:12]

    def source_row(self) -> dict[str, Any]:
        """The row of ``sources`` that describes the list."""
        given = {name: value for name, value in self.source.items() if value not in (None, "")}
        name = self.file_name or str(given.get("title", ""))
        usual = {
            "title": name,
            "seen_via_mirror": False,
            "reliability": "official" if given.get("publisher") else "secondary",
            "citation": f"{name} (sha256 {self.sha256})" if self.sha256 else name,
        }
        return usual | given | {"source_id": self.source_id}

    @property
    def day(self) -> date:
        """The day of what a row says without a date: the list's day of publication, else today."""
        return self._published[0]

    @property
    def day_precision(self) -> str:
        """How exact :attr:`day` is."""
        return self._published[1]

    @property
    def _published(self) -> tuple[date, str]:
        from geo.ingest.dates import read_date

        said = read_date(self.source.get("published") or None)
        if said.value is None:
            return self.today, "circa"
        return min(said.value, self.today), said.detail

    def checked(self, atlas: Atlas) -> Options:
        """With the year filled in; ``ParameterError`` for an unknown item, category, system or word."""
        items = atlas.pack.plan_items
        for name, value, known in (
            ("item", self.item_id, list(items.index)),
            ("category", self.category, list(atlas.words("categories").index)),
            ("counted", self.counted, ["yes", "probable", "no"]),
            ("basis", self.basis, ["surveyed", "published", "open_map", "approximate"]),
        ):
            if value and value not in known:
                raise ParameterError(
                    _("参数 {name} 的值“{value}”不可用。"),
                    hint=_("可用：{known}。"),
                    name=name,
                    value=value[:80],
                    known="、".join(map(str, known)),
                )
        if self.crs:
            from geo.ingest.systems import require_system

            require_system(self.crs)
        year = self.year or (str(cell(items, self.item_id, "due_date").year) if self.item_id else "")
        return replace(self, year=year)


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
        Works and events of the good rows.
    """

    atlas: Atlas
    layer: Layer
    mapping: ColumnMap
    options: Options
    rows: pd.DataFrame
    findings: tuple[Finding, ...]
    made: Made

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by verdict."""
        seen = self.rows["verdict"].value_counts()
        return {verdict: int(seen.get(verdict, 0)) for verdict in VERDICTS}

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return not (self.made.works or self.made.events)

    @property
    def left_out(self) -> pd.Index[Any]:
        """Rows that need a person's hand: rejected ones and those with open questions."""
        return self.rows.index[self.rows["verdict"].isin(["rejected", "question"])]

    @cached_property
    def questions(self) -> tuple[tuple[Finding, int], ...]:
        """Questions whose answer holds for the whole file: an example of each, and how many cells ask it."""
        asked = [found for found in self.findings if found.level == "question" and found.rule]
        first: dict[str, Finding] = {}
        for found in asked:
            first.setdefault(found.rule, found)
        return tuple((found, sum(one.rule == rule for one in asked)) for rule, found in first.items())

    def of_row(self, row: int) -> tuple[Finding, ...]:
        """The findings of one row."""
        return tuple(found for found in self.findings if found.row == row)

    @cached_property
    def preview(self) -> Preview:
        """The four counts before and after, by item and by district, on a trial register."""
        return preview_of(self.atlas, self.made, self.options.today)

    def rejected_file(self, form: str = "xlsx", lang: str = "zh") -> bytes:
        """The rows of :attr:`left_out` as they came, with what is wrong; ``form`` is ``csv`` or ``xlsx``."""
        return rejected_file(self.layer.frame.loc[self.left_out], self.findings, form, lang)

    def batch(self) -> Batch:
        """The good rows as one batch for the store. Its key makes a repeated import change nothing."""
        from geo.store.model import Batch

        made = self.made
        told = repr(
            (sorted(made.targets.items()), made.works, [sorted(e.items(), key=str) for e in made.events])
        )
        return Batch(
            reason=self.options.reason or self.options.source_row()["title"],
            sources=tuple(made.sources),
            works=tuple(made.works),
            events=tuple(made.events),
            lines=made.lines,
            key="import-" + hashlib.sha256(told.encode()).hexdigest()[:32],
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
    progress : callable, optional
        Called with the share done (0 to 1); when it answers False the work stops with ``IngestError``.

    Raises
    ------
    ParameterError, CrsError
        Options that cannot be; what is wrong in rows is a finding instead.
    """
    options = options.checked(atlas)
    tell = _teller(progress)
    rows, found = read_rows(layer, mapping, atlas, options.rules, lambda share: tell(0.5 * share))
    rows["item_id"] = rows["item_id"].where(rows["item_id"].notna(), options.item_id or None)
    rows["year"] = rows["year"].where(rows["year"].notna(), options.year or None)
    shapes, odd = read_shapes(layer, options.rules)
    places = Places(atlas, gazetteer, geocoder)
    rows, lost = locate_rows(
        rows,
        shapes,
        crs=known_system(options.rules.get("crs", "") or options.crs),
        declared=layer.crs or "",
        basis=options.basis,
        atlas=atlas,
        places=places,
    )
    tell(0.7)
    found += odd + lost + check_rows(rows, atlas, options.today) + _without_home(rows, options)
    state = atlas.register.state(options.today)
    rows = _matched(rows, state)
    found += match_findings(rows, state)
    tell(0.85)
    findings = _decided(sorted(found, key=_order), rows, options, atlas)
    findings = [_headed(one, mapping) for one in findings]
    rows["verdict"] = _verdicts(rows, findings)
    good = rows["verdict"] == "new"
    extra = [geocoder.source] if geocoder is not None else []
    made = make_rows(_taken(rows[good]), options, atlas, extra)
    rows.loc[rows["target"].notna() & good, "verdict"] = "update"
    nothing = [row for row, number in made.added.items() if not number]
    rows.loc[nothing, "verdict"] = "known"
    for row, work_id in made.targets.items():
        rows.at[row, "target"] = work_id
    rows.loc[~rows["verdict"].isin(["new", "update", "known"]), "target"] = None
    tell(1.0)
    return ImportPlan(atlas, layer, mapping, options, rows, tuple(findings), made)


def _teller(progress: Progress | None) -> Callable[[float], None]:
    def tell(share: float) -> None:
        if progress is not None and progress(share) is False:
            raise IngestError(_("导入已取消，什么都没有写入。"))

    return tell


def _headed(found: Finding, mapping: ColumnMap) -> Finding:
    """With the file's own header, so that the person finds the cell."""
    column = found.column or mapping.columns.get(found.field, "")
    return found if column == found.column else replace(found, column=column)


def _order(found: Finding) -> tuple[int, int]:
    return (-1 if found.row is None else found.row, ("error", "question", "warning").index(found.level))


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


def _decided(found: list[Finding], rows: pd.DataFrame, options: Options, atlas: Atlas) -> list[Finding]:
    """Questions less those that the person answered for a row; what they named becomes the row's target."""
    rows["skip"] = False
    answers = {row: word.strip() for row, (word,) in each(rows, "decision") if isinstance(word, str)}
    answers |= {int(row): word for row, word in options.decisions.items() if row in rows.index}
    closed = set()
    for row, word in answers.items():
        if word in _SKIP_WORDS:
            rows.at[row, "skip"] = True
        elif word in _KEEP_WORDS or word in atlas.pack.works.index:
            closed.add(row)
            if word not in _KEEP_WORDS:
                rows.at[row, "target"] = word
            elif rows.at[row, "likeness"] == "ask":
                rows.at[row, "target"] = None
        else:
            found.append(
                Finding(
                    int(row),
                    "decision",
                    "error",
                    _("看不懂决定“{value}”。"),
                    _("可写：保留、跳过，或登记里的项目编号。"),
                    {"value": word[:80]},
                )
            )
    return [one for one in found if not (one.row in closed and one.level == "question" and not one.rule)]


def _verdicts(rows: pd.DataFrame, findings: list[Finding]) -> pd.Series[Any]:
    verdict = pd.Series("new", index=rows.index, dtype=object)
    for level, word in (("question", "question"), ("error", "rejected")):
        verdict[[found.row for found in findings if found.level == level and found.row is not None]] = word
    if any(found.rule == "crs" and found.level == "question" for found in findings):
        has = (rows["x"].notna() & rows["y"].notna()) | rows["shape"].notna()
        verdict[has & (verdict == "new")] = "question"
    verdict[rows["skip"].astype(bool)] = "skipped"
    verdict[rows["blank"] & rows["shape"].isna()] = "blank"
    return verdict


def _taken(rows: pd.DataFrame) -> pd.DataFrame:
    """Good rows, those that would get one id told apart by their place."""
    new = rows["target"].isna()
    key = rows[["item_id", "year", "name_zh", "district_code", "street"]].fillna("").agg("\x1f".join, axis=1)
    return rows.assign(twin=new & key.duplicated(keep="first"))
