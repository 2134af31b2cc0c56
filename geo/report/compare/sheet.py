"""A ranking as it is shown: rows in plain text, the map in classes of numbers, one drawing of both, and the table as a file."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.display.labels import plan_titles
from geo.display.tokens import CHARTS
from geo.places.districts import label_points
from geo.register.city import Atlas
from geo.report.compare.ranking import Ranking
from geo.report.drawing import drawing
from geo.table import csv_bytes
from geo.text import mark as _
from geo.text import translate

_CLASSES: Final = tuple(CHARTS[name].light for name in ("class-1", "class-2", "class-3", "class-4"))
"""Fill of each class of values, from low to high."""
_UNKNOWN: Final = "url(#unknown)"
_LABEL: Final = (64.0, 36.0)
"""Room that a name with its number takes on the map."""
_STEPS: Final = 40
_MAP_WIDTH: Final = 420.0
_DETAIL_M: Final = 250.0
_LETTERS: Final = {"zh": 44, "en": 88}


@dataclass(frozen=True, slots=True)
class Row:
    """A district of a ranking; numbers as they are printed, lengths as shares of the scale.

    Attributes
    ----------
    code, name : str
    rank, ranks : str
        The rank, and the ranks that the ranges allow where they are more than one.
    value, range, of : str
        The value with its unit, low and high where they differ, and what was divided by what.
    low, share, high : float or None
        Between 0 and 1.
    change : str
        The first value of the history and the last.
    line : tuple of (float, float)
        The history: time and value, both between 0 and 1.
    """

    code: str
    name: str
    rank: str
    ranks: str
    value: str
    range: str
    of: str
    low: float | None
    share: float | None
    high: float | None
    change: str
    line: tuple[tuple[float, float], ...]

    @property
    def bar_svg(self) -> str:
        """The bar with its range as a drawing."""
        return drawing("interval.svg", row=self)

    @property
    def line_svg(self) -> str:
        """The history as a drawing."""
        return drawing("spark.svg", row=self)


@dataclass(frozen=True, slots=True)
class Area:
    """A district on the map: its outline as an SVG path, where its name stands, its fill, its value."""

    name: str
    path: str
    x: float
    y: float
    fill: str
    value: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is shown of a ranking, in one language.

    Attributes
    ----------
    title, definition, day : str
    lead : str
        First, last and not known, in a sentence: the map in words.
    rows : tuple of Row
    legend : tuple of (str, str)
        Fill and the numbers of a class.
    map_svg, picture : str
        The map alone, and the map with rows and legend: complete in itself.
    heads : tuple of str
        Of the table of the history: the district, then each moment.
    history : tuple of tuple of str
    """

    title: str
    definition: str
    day: str
    lead: str
    rows: tuple[Row, ...]
    legend: tuple[tuple[str, str], ...]
    map_svg: str
    picture: str
    heads: tuple[str, ...]
    history: tuple[tuple[str, ...], ...]


def sheet(atlas: Atlas, ranking: Ranking, lang: str) -> Sheet:
    """What is shown of a ranking.

    Parameters
    ----------
    atlas : Atlas
    ranking : Ranking
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    Sheet
    """
    measure, rows = ranking.measure, _rows(ranking, lang)
    edges = _edges(ranking)
    areas, height = _areas(atlas, ranking, edges, lang)
    legend = _legend(ranking, edges, lang)
    shown: dict[str, Any] = {
        "title": measure.name(lang),
        "definition": measure.text(lang),
        "day": translate(_("截至 {day}"), lang).format(day=ranking.as_of.isoformat()),
        "lead": _lead(ranking, lang),
        "rows": rows,
        "legend": legend,
    }
    drawn = {"areas": areas, "height": height, "lines": textwrap.wrap(shown["definition"], _LETTERS[lang])}
    credit = " · ".join([*plan_titles(atlas, lang), atlas.city.licence.label, atlas.city.author.of(lang)])
    moments = ranking.moments(lang)
    return Sheet(
        **shown,
        map_svg=drawing("choropleth.svg", **drawn),
        picture=drawing("ranking.svg", **shown, **drawn, credit=credit),
        heads=(translate(_("区县"), lang), *moments.values()),
        history=tuple(
            (row.name, *(measure.number(ranking.history[key][row.code]) for key in moments)) for row in rows
        ),
    )


def ranking_csv(atlas: Atlas, ranking: Ranking, lang: str) -> bytes:
    """The rows as CSV (UTF-8 with a BOM): ranks, value, range, part and whole, the history, and the credits.

    Parameters
    ----------
    atlas : Atlas
    ranking : Ranking
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    bytes
    """
    city, measure = atlas.city, ranking.measure
    frame = ranking_frame(ranking, lang).astype(object)
    history = pd.DataFrame(ranking.history).reindex(frame["district_code"]).add_prefix("value ")
    frame = frame.join(history, on="district_code")
    for plan in plan_titles(atlas, lang):
        frame[translate(_("计划"), lang)] = plan
    frame[translate(_("说明"), lang)] = measure.text(lang)
    frame[translate(_("许可与署名"), lang)] = f"{city.licence.label}; {city.credit_line(lang)}"
    return csv_bytes(frame)


def ranking_frame(ranking: Ranking, lang: str) -> pd.DataFrame:
    """A row a district: ``rank, district_code, district, measure, value, low, high, unit, part, whole, rank_best, rank_worst, as_of``."""
    table = ranking.table.reset_index()
    columns = {
        "rank": table["rank"].astype("Int64"),
        "district_code": table["district_code"],
        "district": table[f"name_{lang}"],
        "measure": ranking.measure.name(lang),
        **{name: table[name].round(4) for name in ("value", "low", "high")},
        "unit": translate(ranking.measure.unit, lang),
        **{name: table[name].round(3) for name in ("part", "whole")},
        **{name: table[name].astype("Int64") for name in ("rank_best", "rank_worst")},
        "as_of": ranking.as_of.isoformat(),
    }
    return pd.DataFrame(columns)


def _rows(ranking: Ranking, lang: str) -> tuple[Row, ...]:
    measure, scale = ranking.measure, _scale(ranking)
    made = []
    for code, row in ranking.table.iterrows():
        value, low, high = (
            None if pd.isna(row[name]) else float(row[name]) for name in ("value", "low", "high")
        )
        series = [moment[str(code)] for moment in ranking.history.values()]
        wide = low is not None and high is not None and measure.number(low) != measure.number(high)
        best, worst = row["rank_best"], row["rank_worst"]
        made.append(
            Row(
                code=str(code),
                name=str(row[f"name_{lang}"]),
                rank="—" if value is None else f"{row['rank']:.0f}",
                ranks="" if value is None or best == worst else f"{best:.0f}–{worst:.0f}",
                value=translate(_("不知道"), lang) if value is None else measure.value_text(value, lang),
                range=f"{measure.number(low)}–{measure.number(high)}" if wide else "",
                of=""
                if pd.isna(row["whole"]) or pd.isna(row["part"])
                else f"{_count(row['part'])} / {_count(row['whole'])}",
                low=None if low is None else low / scale,
                share=None if value is None else value / scale,
                high=None if high is None else high / scale,
                change=" → ".join(measure.number(each) for each in (series[0], series[-1])) if series else "",
                line=_line(series, scale),
            )
        )
    return tuple(made)


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:,.1f}"


def _scale(ranking: Ranking) -> float:
    """What the longest bar stands for: the whole for a share, else the largest number there is."""
    if ranking.measure.unit == "%":
        return 100.0
    past = [each for moment in ranking.history.values() for each in moment.values() if each is not None]
    return max([float(ranking.table["high"].max(skipna=True) or 0), *past, 1e-9])


def _line(series: list[float | None], scale: float) -> tuple[tuple[float, float], ...]:
    last = max(len(series) - 1, 1)
    return tuple((at / last, value / scale) for at, value in enumerate(series) if value is not None)


def _edges(ranking: Ranking) -> list[float]:
    """Bounds of the classes: as many of the same width as there are colours; two alike where all values are."""
    known = ranking.known["value"]
    if known.empty:
        return []
    low, high = float(known.min()), float(known.max())
    return [low, high] if low == high else [float(each) for each in np.linspace(low, high, len(_CLASSES) + 1)]


def _class_of(value: float | None, edges: list[float]) -> str:
    if value is None or pd.isna(value):
        return _UNKNOWN
    return _CLASSES[int(np.clip(np.searchsorted(edges[1:], value), 0, len(edges) - 2))]


def _legend(ranking: Ranking, edges: list[float], lang: str) -> tuple[tuple[str, str], ...]:
    measure = ranking.measure
    made = [
        (fill, f"{measure.number(low)}–{measure.value_text(high, lang)}")
        for fill, low, high in zip(_CLASSES, edges, edges[1:], strict=False)
    ]
    if len(ranking.known) < len(ranking.table):
        made.append((_UNKNOWN, translate(_("不知道"), lang)))
    return tuple(made)


def _lead(ranking: Ranking, lang: str) -> str:
    """First, last, and not known."""
    known = ranking.known
    if known.empty:
        return translate(_("这一天没有一个区县知道这个数。"), lang)

    def names(rows: pd.DataFrame) -> str:
        return translate(_("、"), lang).join(map(str, rows[f"name_{lang}"]))

    first, last = known[known["value"] == known["value"].max()], known[known["value"] == known["value"].min()]
    if len(first) == len(known):
        return translate(_("各区县一样：{value}。"), lang).format(
            value=ranking.measure.value_text(float(known["value"].iloc[0]), lang)
        )
    text = translate(_("最高：{first}，{most}；最低：{last}，{least}。"), lang).format(
        first=names(first),
        most=ranking.measure.value_text(float(first["value"].iloc[0]), lang),
        last=names(last),
        least=ranking.measure.value_text(float(last["value"].iloc[0]), lang),
    )
    missing = ranking.table[ranking.table["value"].isna()]
    if missing.empty:
        return text
    return text + translate(_("不知道：{names}。"), lang).format(names=names(missing))


def _areas(atlas: Atlas, ranking: Ranking, edges: list[float], lang: str) -> tuple[list[Area], float]:
    projected = atlas.city.projected_crs
    outlines, height = _outlines(tuple(atlas.districts.geometry.to_crs(projected).to_wkb()))
    points = label_points(atlas.districts, projected).to_crs(projected)
    west, _south, east, north = atlas.districts.geometry.to_crs(projected).total_bounds
    scale = _MAP_WIDTH / (east - west)
    places = _apart(np.column_stack([(points.x - west) * scale, (north - points.y) * scale]))
    areas = []
    for path, code, (x, y) in zip(outlines, points.index, places, strict=True):
        row = ranking.table.loc[str(code)]
        value: float | None = None if pd.isna(row["value"]) else float(row["value"])
        text = ranking.measure.value_text(value, lang)
        areas.append(Area(str(row[f"name_{lang}"]), path, x, y, _class_of(value, edges), text))
    return areas, height


def _apart(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Middles of labels (n, 2), moved up and down until none lies on another."""
    moved = places.copy()
    wide, high = _LABEL
    for _step in range(_STEPS):
        between = moved[:, None, :] - moved[None, :, :]
        meet = (np.abs(between[..., 0]) < wide) & (np.abs(between[..., 1]) < high)
        np.fill_diagonal(meet, val=False)
        if not meet.any():
            break
        moved[:, 1] += np.where(meet, np.where(between[..., 1] > 0, 1.0, -1.0), 0.0).sum(axis=1)
    return moved


@lru_cache(maxsize=4)
def _outlines(shapes: tuple[bytes, ...]) -> tuple[tuple[str, ...], float]:
    """SVG paths of polygons (WKB, metres) in a box as wide as the map, and the height of that box; neighbours keep one border."""
    simple = shapely.coverage_simplify(shapely.from_wkb(list(shapes)), _DETAIL_M)
    west, _south, east, north = shapely.total_bounds(simple)
    scale = _MAP_WIDTH / (east - west)
    paths = []
    for shape in simple:
        rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
        moved = [
            "L".join(f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring.coords[:-1])
            for ring in rings
        ]
        paths.append("".join(f"M{line}Z" for line in moved))
    return tuple(paths), float((north - _south) * scale)
