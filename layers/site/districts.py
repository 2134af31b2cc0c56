"""A district's page: the report's own blocks (:mod:`geo.report`) without its coverage, and the report's map as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.report import ReportRequest, changes, counts, works, year_before
from geo.report.compare.district_lead import district_lead
from geo.report.compare.ranking import Ranking
from geo.report.facts import licence_text, method_texts
from geo.report.model import Block, Bullets, Figures, Heading, Text
from geo.report.references import References
from geo.report.request import selected_works
from geo.table import table_text
from geo.text import mark as _
from geo.text import translate
from layers.site.assets import named
from layers.site.charts import Comparisons
from layers.site.downloads import Download
from layers.site.earlier import Earlier
from layers.site.pages import Site

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """What a district's page shows; ``drawing`` is an SVG and ``alt`` says in words what is on it."""

    code: str
    name: str
    sentence: str
    drawing: bytes
    alt: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """What the map of a district shows besides what is the same for all: a sheet of usual size and layers, made only where it is drawn.

    Attributes
    ----------
    rows : DataFrame
        Works of the district, rows of ``Register.state``.
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.
    code : str
        The district.
    numbers : mapping
        Work id -> its number on the map and in the list.
    """

    rows: pd.DataFrame
    as_of: date
    lang: str
    code: str
    numbers: Mapping[str, int]


def district_page(site: Site, code: str, ranking: Ranking, lang: str) -> DistrictPage:
    """The page of a district on a day.

    Parameters
    ----------
    site : Site
    code : str
        District code.
    ranking : Ranking
        Of the districts on the day of the page, by the share done.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    DistrictPage
    """
    atlas, as_of = site.atlas, ranking.as_of
    asked = ReportRequest(code, as_of, year_before(as_of), lang)
    rows = selected_works(atlas, asked)
    refs = References(atlas.pack.sources)
    table, numbers = works.works_table(atlas, rows, refs, asked)
    name = str(atlas.districts.at[code, f"name_{lang}"])
    since = translate(_("自 {since} 以来"), lang).format(since=asked.since.isoformat())
    blocks: list[Block] = [
        Figures(counts.figures(rows, lang)),
        Heading(translate(_("计划条目：四个数"), lang)),
        *counts.items_blocks(atlas, rows, asked),
        Heading(translate(_("项目清单"), lang)),
        Text(translate(_("序号与图上一致；方括号里是来源编号。"), lang), quiet=True),
        table,
        *works.other_blocks(atlas, rows, refs, asked),
        Heading(since),
        *changes.blocks(atlas, rows, selected_works(atlas, asked, asked.since), refs, asked),
        Heading(translate(_("方法与口径"), lang)),
        Bullets(method_texts(atlas, lang, coverage=False)),
        Heading(translate(_("来源"), lang)),
    ]
    placed = int((rows["certainty"] != "none").sum())
    alt = translate(_("{place}地图：{n} 处有位置的项目、区段和站点，清单见下文。"), lang)
    drawing = drawing_of(
        site.earlier, atlas, DistrictMap(rows, as_of, lang, code, numbers), site.families.beside
    )
    listed = (*blocks, refs.as_block(lang), licence_text(atlas, lang))
    sentence = district_lead(atlas, code, ranking, lang).sentence
    return DistrictPage(code, name, sentence, drawing, alt.format(place=name, n=placed), listed)


def district_files(
    site: Site, code: str, compared: Comparisons, taken: Sequence[Download], lang: str
) -> dict[str, bytes]:
    """The page of a district and its drawing.

    Parameters
    ----------
    site : Site
    code : str
        District code.
    compared : Comparisons
        Of the day of the page.
    taken : sequence of Download
        Of the whole site.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
        Path -> content.
    """
    mine = [one for one in taken if one.district == code]

    def made() -> dict[str, bytes]:
        page = district_page(site, code, compared.first, lang)
        drawing = named(f"maps/{code}.{lang}", "svg", page.drawing)
        path, content = site.render(
            "district.html", f"districts/{code}.html", lang, d=page, drawing=drawing, downloads=mine
        )
        return {drawing: page.drawing, path: content}

    rows = site.families.digest(site.families.of_district(code) | site.families.with_lines)
    offered = json.dumps([[one.path, len(one.content)] for one in mine])
    return site.files("district", lang, code, rows, compared.made_of(FIRST_MEASURE), offered, make=made)


def drawing_of(earlier: Earlier, atlas: Atlas, wanted: DistrictMap, beside: str) -> bytes:
    """The map of a district as SVG, drawn now or by an earlier build.

    Parameters
    ----------
    earlier : Earlier
    atlas : Atlas
    wanted : DistrictMap
    beside : str
        Digest of what it shows besides its rows (:attr:`layers.site.families.Families.beside`).

    Returns
    -------
    bytes
    """
    numbers = json.dumps(list(wanted.numbers.items()))
    made_of = (wanted.code, wanted.lang, wanted.as_of.isoformat(), numbers, table_text(wanted.rows))
    return earlier.made("map", beside, *made_of, make=partial(_drawn, atlas, wanted))


def _drawn(atlas: Atlas, wanted: DistrictMap) -> bytes:
    from layers.report.map import map_svg
    from layers.report.map_sheet import MapSheet

    code, lang = wanted.code, wanted.lang
    return map_svg(MapSheet(atlas, wanted.rows, wanted.as_of, lang, focus=code, numbers=wanted.numbers))
