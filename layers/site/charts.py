"""The charts of the public site: what has become of the promises, districts on every measure; each with its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.report.compare.measures import Measure, measures
from geo.report.compare.ranking import Ranking, coverage_moments, rank, work_moments
from geo.report.compare.sheet import ranking_csv, sheet
from geo.report.front import front, promises_csv
from geo.report.picture import png_of
from geo.report.promise.overview import outcome_picture
from geo.report.stories import Story
from geo.text import mark as _
from geo.text import translate
from layers.site.pages import Site

_FILES = {"csv": _("数据 CSV"), "svg": _("图 SVG"), "png": _("图 PNG")}


class FrontLinks:
    """Where the parts of the front page's message lead."""

    def outcome(self, outcome: str) -> str:
        """The promises with an outcome."""
        return f"promises/index.html#outcome-{outcome}"

    def work(self, work_id: str) -> str:
        """The card of a work."""
        return f"index.html?work={quote(work_id)}"

    def story(self, story: Story) -> str:
        """The page that has more of a story."""
        if story.kind == "work":
            return self.work(story.subject)
        folder = "promises" if story.kind == "promise" else "districts"
        return f"{folder}/{story.subject}.html"


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Districts on every measure on a day: made once for both languages."""

    atlas: Atlas
    as_of: date

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every measure by its id."""
        return measures(self.atlas)

    @cached_property
    def rankings(self) -> dict[str, Ranking]:
        """The districts by each measure."""
        numbers = work_moments(self.atlas, self.as_of)
        covered = tuple(key for key, each in self.measures.items() if each.indicator)
        shares = coverage_moments(self.atlas, covered, self.as_of) if covered else {}
        return {
            key: rank(self.atlas, each, self.as_of, numbers, shares) for key, each in self.measures.items()
        }

    @property
    def first(self) -> Ranking:
        """The districts by what their sentences speak of."""
        return self.rankings[FIRST_MEASURE]


def chart_links(
    up: str, chart: str, lang: str, forms: tuple[str, ...] = tuple(_FILES)
) -> list[tuple[str, str]]:
    """Label and address of the files of a chart.

    Parameters
    ----------
    up : str
        ``../`` for every folder that the page is below the root.
    chart : str
        Name of the chart.
    lang : str
        ``zh`` or ``en``.
    forms : tuple of str

    Returns
    -------
    list of (str, str)
    """
    return [(translate(_FILES[form], lang), f"{up}charts/{chart}.{lang}.{form}") for form in forms]


def promise_files(site: Site, lang: str) -> dict[str, bytes]:
    """The chart of the promises as pictures, and the promises as a table."""
    shown = front(site.atlas, site.as_of, lang)
    drawing = outcome_picture(site.atlas, site.as_of, shown.outcomes, lang)
    return {
        f"charts/promises.{lang}.csv": promises_csv(site.atlas, shown, lang),
        f"charts/promises.{lang}.svg": drawing.encode(),
        f"charts/promises.{lang}.png": _png(site, drawing),
    }


def comparison_pages(
    site: Site, compared: Comparisons, numbers: list[dict[str, Any]], lang: str
) -> dict[str, bytes]:
    """A page for every measure, the first of them the index of the districts, with the files of its chart.

    Parameters
    ----------
    site : Site
    compared : Comparisons
    numbers : list of dict
        Rows of the table of the index.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
        Path -> content.
    """
    made: dict[str, bytes] = {}
    names = {key: each.name(lang) for key, each in compared.measures.items()}
    for key, ranking in compared.rankings.items():
        shown, chart, page = sheet(site.atlas, ranking, lang), f"districts-{key}", f"districts/{_page(key)}"
        made[f"charts/{chart}.{lang}.csv"] = ranking_csv(site.atlas, ranking, lang)
        made[f"charts/{chart}.{lang}.svg"] = shown.picture.encode()
        made[f"charts/{chart}.{lang}.png"] = _png(site, shown.picture)
        path, content = site.render(
            "districts.html",
            page,
            lang,
            measures=names,
            current=key,
            measure_address=_page,
            shown=shown,
            files=chart_links("../" * site.path(page, lang).count("/"), chart, lang),
            numbers=numbers if key == FIRST_MEASURE else [],
        )
        made[path] = content
    return made


def _png(site: Site, drawing: str) -> bytes:
    return site.earlier.made("png", drawing, make=lambda: png_of(drawing))


def _page(measure_id: str) -> str:
    return "index.html" if measure_id == FIRST_MEASURE else f"by-{measure_id}.html"
