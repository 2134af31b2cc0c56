"""What the person says of a list, and what follows from it: the source, the year, the day of what has no date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from geo.errors import ParameterError
from geo.register.ids import source_id
from geo.text import mark as _
from geo.vocabulary import BASES_OF_GIVEN_COORDINATES, COUNTED

if TYPE_CHECKING:
    from geo.register.city import Atlas

INTO: Final = ("works", "facilities")


@dataclass(frozen=True)
class Options:
    """What the person says of a list.

    Attributes
    ----------
    item_id : str
        Item of the plan that rows without one belong to.
    category : str
        Category of works that belong to no item.
    into : str
        ``works`` (of the plan, or background), or ``facilities`` that stand already.
    facility_kind : str
        Kind of facilities in rows that say none.
    crs : str
        System of the coordinates; empty to take what rows and file say of themselves.
    year : str
        Year of rows that say none; empty for the year that the list itself names, else that of the item's due day.
    counted : str
        ``yes``, ``probable``, ``no``; empty for yes in the item's own year and no in others.
    source : mapping
        Row of ``sources`` that describes the list: ``title, publisher, published, url, reliability, licence``; the rest is
        filled in. With the ``source_id`` of a known source that one is cited.
    basis : str
        ``location_basis`` of the list's coordinates: ``published``, or ``surveyed`` where they were measured.
    complete : bool
        The list holds all works of its item in its districts and year: reported totals there count no more.
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
    into: str = "works"
    facility_kind: str = ""
    crs: str = ""
    year: str = ""
    counted: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    basis: str = "published"
    complete: bool = False
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
        return source_id(self.source, file_digest=self.sha256)

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
        from geo.ingest.cells.dates import read_date

        said = read_date(self.source.get("published") or None)
        if said.value is None:
            return self.today, "circa"
        return min(said.value, self.today), said.detail

    def checked(self, atlas: Atlas) -> Options:
        """These options; ``ParameterError`` for an unknown item, category, system or word."""
        items = atlas.pack.plan_items
        for name, value, known in (
            ("item", self.item_id, list(items.index)),
            ("category", self.category, list(atlas.vocabulary("categories").index)),
            ("as", self.into, list(INTO)),
            ("kind", self.facility_kind, list(atlas.vocabulary("kinds").index)),
            ("counted", self.counted, list(COUNTED)),
            ("basis", self.basis, list(BASES_OF_GIVEN_COORDINATES)),
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
            from geo.places.named_systems import require_system

            require_system(self.crs)
        return self
