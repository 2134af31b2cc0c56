"""Cities side by side as they are shown: rows in plain text with a bar each, for the page and the public site."""

from __future__ import annotations

from dataclasses import dataclass

from geo.coverage.compare_cities import CityComparison, CityShare
from geo.coverage.verdict import VERDICTS
from geo.report.drawing import drawing
from geo.text import mark as _
from geo.text import translate


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city of a comparison, as it is printed.

    Attributes
    ----------
    slug, name : str
    value, range : str
        The share, and low to high where they differ; a dash where there is none.
    low, share, high : float or None
        Between 0 and 1, for the bar.
    mark : str
        The pass mark and whether it is met; empty where there is none.
    cannot, why : str
        Why there is no share; why it cannot be told whether the mark is met.
    residents : str
        How residents are spread.
    facts : str
        How many facilities are known, from whom and until when.
    definition : str
        What the share is of, in the ids of the packs.
    """

    slug: str
    name: str
    value: str
    range: str
    low: float | None
    share: float | None
    high: float | None
    mark: str
    cannot: str
    why: str
    residents: str
    facts: str
    definition: str

    @property
    def bar_svg(self) -> str:
        """The bar with its range as a drawing."""
        return drawing("interval.svg", row=self)


def city_rows(answer: CityComparison, lang: str) -> list[CityRow]:
    """The rows of a comparison in the order of the list."""
    return [_row(row, lang) for row in answer.rows]


def _row(row: CityShare, lang: str) -> CityRow:
    low, share, high = row.share_low, row.share, row.share_high
    differ = share is not None and low is not None and high is not None and f"{low:.3f}" != f"{high:.3f}"
    at_least = "" if row.facilities_complete or share is None else "≥ "
    return CityRow(
        slug=row.slug or "",
        name=row.city,
        value="—" if share is None else f"{at_least}{100 * share:.1f}%",
        range=f"{100 * (low or 0):.1f}–{100 * (high or 0):.1f}%" if differ else "",
        low=low,
        share=share,
        high=high,
        mark=f"{row.pass_mark} · {translate(VERDICTS[row.verdict], lang)}"
        if row.pass_mark and row.verdict
        else "",
        cannot=row.cannot,
        why=row.why,
        residents=row.residents_from,
        facts="" if share is None else _facts(row, lang),
        definition=row.definition,
    )


def _facts(row: CityShare, lang: str) -> str:
    known = translate(_("知道 {known} 处，{placed} 处有位置"), lang).format(
        known=row.facilities_known, placed=row.facilities_placed
    )
    until = translate(_("资料截至 {day}"), lang).format(day=row.facts_as_of) if row.facts_as_of else ""
    return " · ".join(part for part in (known, row.facts_from, until) if part)
