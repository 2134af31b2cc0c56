"""The charts of the public site: what has become of the promises, districts on every measure; each with its files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote

import pandas as pd

from geo.questions.works import FIRST_MEASURE
from geo.register.facilities import before_day
from geo.report.compare.measures import Measure, measures
from geo.report.compare.numbers import HIGH, LOW, district_numbers
from geo.report.compare.ranking import Moments, Ranking, coverage_moments, moment_days, rank
from geo.report.compare.sheet import ranking_csv, sheet
from geo.report.front import Front, promises_csv
from geo.report.promise.overview import outcome_picture
from geo.report.stories import Story
from geo.table import table_text
from geo.text import mark as _
from geo.text import translate
from layers.program_digest import digest
from layers.site.pages import Site
from layers.site.parts import Parts

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

    parts: Parts
    as_of: date
    _made: dict[str, Ranking] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every measure by its id."""
        return measures(self.parts.atlas)

    @property
    def first(self) -> Ranking:
        """The districts by what their sentences speak of."""
        return self.ranking(FIRST_MEASURE)

    def ranking(self, measure_id: str) -> Ranking:
        """The districts by a measure."""
        if measure_id not in self._made:
            measure = self.measures[measure_id]
            shares = self._shares if measure.indicator else {}
            self._made[measure_id] = rank(self.parts.atlas, measure, self.as_of, self._numbers, shares)
        return self._made[measure_id]

    def made_of(self, measure_id: str) -> str:
        """Digest of the amounts that a ranking follows from."""
        if measure_id not in self._digests:
            self._digests[measure_id] = self._digest(json.dumps(self._amounts(measure_id)))
        return self._digests[measure_id]

    def _amounts(self, measure_id: str) -> list[Any]:
        """The numbers that a ranking follows from, as plain ones."""
        measure = self.measures[measure_id]
        if measure.indicator:
            return _in_order(self._plain_shares[measure_id])
        columns = [f"{measure.amount}{end}" for end in ("", LOW, HIGH)] + [measure.per] * bool(measure.per)
        return [
            [moment, [[code, [row[column] for column in columns]] for code, row in rows.items()]]
            for moment, rows in self._plain_numbers.items()
        ]

    @cached_property
    def _numbers(self) -> Moments:
        return _frames(self._plain_numbers)

    @cached_property
    def _plain_numbers(self) -> dict[str, Any]:
        """:func:`geo.report.compare.ranking.work_moments`: a day is found again as long as no more is known of it."""
        atlas, families = self.parts.atlas, self.parts.families
        days = {day.isoformat(): day for day in moment_days(atlas, self.as_of)}
        known = families.known_by(families.works_of, days.values())

        def make(names: list[str]) -> dict[str, Any]:
            return {name: district_numbers(atlas, days[name]).to_dict("index") for name in names}

        made_of = {name: known[day] for name, day in days.items()}
        return self.parts.earlier.pieces(f"numbers {atlas.pack.plan}", made_of, make)

    @cached_property
    def _shares(self) -> dict[str, Moments]:
        return {key: _frames(moments) for key, moments in self._plain_shares.items()}

    @cached_property
    def _plain_shares(self) -> dict[str, Any]:
        """:func:`geo.report.compare.ranking.coverage_moments`: of the works that bring a facility, as the sets of facilities know them."""
        atlas = self.parts.atlas
        covered = tuple(key for key, each in self.measures.items() if each.indicator)
        register = atlas.register
        known = [register.works, *(register.state(day) for day in (before_day(register), self.as_of))]
        made_of = self._digest(*(table_text(rows[rows["facility_kind"].notna()]) for rows in known))

        def make(names: list[str]) -> dict[str, Any]:
            shares = coverage_moments(atlas, covered, self.as_of)
            plain = {
                key: {which: frame.to_dict("index") for which, frame in moments.items()}
                for key, moments in shares.items()
            }
            return dict.fromkeys(names, plain)

        name = self.as_of.isoformat()
        return dict(self.parts.earlier.pieces(f"shares {atlas.pack.plan}", {name: made_of}, make)[name])

    def _digest(self, *texts: str) -> str:
        return digest(self.parts.families.beside, self.as_of.isoformat(), *texts)


def _frames(plain: dict[str, Any]) -> Moments:
    return {name: pd.DataFrame.from_dict(rows, orient="index") for name, rows in plain.items()}


def _in_order(plain: dict[str, Any]) -> list[Any]:
    """Dictionaries within dictionaries as pairs, in their order: it is the order of districts and of days."""
    return [[key, _in_order(value) if isinstance(value, dict) else value] for key, value in plain.items()]


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


def promise_files(site: Site, shown: Front, lang: str) -> dict[str, bytes]:
    """The chart of the promises as pictures, and the promises as a table.

    Parameters
    ----------
    site : Site
    shown : Front
        The message of the front page.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
        Path -> content.
    """
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
    names = {key: each.name(lang) for key, each in compared.measures.items()}
    files: dict[str, bytes] = {}
    for key in compared.measures:
        own = numbers if key == FIRST_MEASURE else []
        files |= site.files(
            "comparison",
            lang,
            key,
            compared.made_of(key),
            json.dumps([names, own]),
            make=partial(_comparison, site, compared, key, names, own, lang),
        )
    return files


def _comparison(
    site: Site,
    compared: Comparisons,
    key: str,
    names: dict[str, str],
    numbers: list[dict[str, Any]],
    lang: str,
) -> dict[str, bytes]:
    ranking = compared.ranking(key)
    shown, chart, page = sheet(site.atlas, ranking, lang), f"districts-{key}", f"districts/{_page(key)}"
    path, content = site.render(
        "districts.html",
        page,
        lang,
        measures=names,
        current=key,
        measure_address=_page,
        shown=shown,
        files=chart_links("../" * site.path(page, lang).count("/"), chart, lang),
        numbers=numbers,
    )
    return {
        f"charts/{chart}.{lang}.csv": ranking_csv(site.atlas, ranking, lang),
        f"charts/{chart}.{lang}.svg": shown.picture.encode(),
        f"charts/{chart}.{lang}.png": _png(site, shown.picture),
        path: content,
    }


def _png(site: Site, drawing: str) -> bytes:
    return site.earlier.made("png", drawing, make=partial(_rendered, drawing))


def _rendered(drawing: str) -> bytes:
    from geo.report.picture import png_of

    return png_of(drawing)


def _page(measure_id: str) -> str:
    return "index.html" if measure_id == FIRST_MEASURE else f"by-{measure_id}.html"
