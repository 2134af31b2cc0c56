"""``/api/picture``: the map as it is seen, as PNG or SVG: its frame, its day, its filters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from geo.atlas import load_atlas
from geo.display.labels import plan_titles
from geo.errors import ParameterError, UnknownIdError
from geo.files import stem_of, title_of
from geo.places.crs import convert
from geo.questions.coverage import ReachQuestion
from geo.questions.question import names
from geo.questions.works import NO_LAYERS, PictureQuestion
from geo.register.progress import district_shares
from geo.register.selection import Selection
from geo.text import mark as _
from geo.text import translate
from layers.analysis.questions import SCENARIO, Parameters
from layers.http import Analysis, Placed, language_of, read_query, respond
from layers.map.registry import all_layers
from layers.report import furniture
from layers.report.map import map_png, map_svg
from layers.report.map_sheet import MapSheet
from layers.report.reach_sheet import question_title, reach_sheet
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S

_WIDTH_MM: Final = 260.0
_HEIGHT_MM: Final = (110.0, 380.0)  # a frame narrower or flatter than this is widened
_FURNITURE_MM: Final = furniture.LEGEND_MM + 14.0
_DRAW: Final = {"png": ("image/png", map_png), "svg": ("image/svg+xml", map_svg)}
PICTURE: Final = Analysis(
    "/picture",
    PictureQuestion,
    "The map of works as it is seen, with legend, scale and credits, as PNG or SVG",
    Placed,
    kinds=tuple(kind for kind, _draw in _DRAW.values()),
)

Box = tuple[float, float, float, float]


async def endpoint(request: Request) -> Response:
    """A filter given several times means any of its values."""
    query = {name: ",".join(request.query_params.getlist(name)) for name in request.query_params}

    @cache  # read before the heavy work and after it
    def asked() -> tuple[PictureQuestion, Parameters, Any]:
        given, form = read_query(query, PICTURE.question, PICTURE.form)
        return PictureQuestion.read(given), coverage_parameters(given), form.datum

    def make(lang: str) -> Response:
        content, kind, name = picture(*asked(), lang)
        headers = {
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "no-cache",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=kind, headers=headers)

    return await respond(request, make, lambda: picture.ahead(*asked(), language_of(request)))


@heavy(seconds=FILE_S, remembered=16)
def picture(question: PictureQuestion, coverage: Parameters, datum: str, lang: str) -> tuple[bytes, str, str]:
    """The picture, its media type and the name of its file.

    Parameters
    ----------
    question : PictureQuestion
    coverage : Parameters
        Of who is served (:func:`coverage_parameters`).
    datum : {"WGS84", "GCJ02"}
        Of the box in ``question``.
    lang : str

    Returns
    -------
    (bytes, str, str)

    Raises
    ------
    ParameterError, UnknownIdError
        A box that is none, or a district that does not exist.
    """
    kind, draw = _DRAW[question.form]
    sheet = view_sheet(question, coverage, lang, datum=datum)
    day = sheet.as_of.isoformat()
    name = f"{stem_of(sheet.atlas, _districts(question), what='map')}-{day}.{question.form}"
    return draw(sheet), kind, name


def coverage_parameters(given: Mapping[str, str]) -> Parameters:
    """The parameters of who is served among those of a picture; none where no kind of facility is named."""
    own = (*names(ReachQuestion), SCENARIO)
    asks = given.get("kind") or given.get("indicator")
    return tuple(sorted((name, given[name]) for name in own if given.get(name))) if asks else ()


def view_sheet(
    question: PictureQuestion, coverage: Parameters, lang: str, *, datum: str = "WGS84"
) -> MapSheet:
    """The sheet of a view: as wide as the sheet, as high as its frame asks.

    Parameters
    ----------
    question : PictureQuestion
    coverage : Parameters
        Of who is served (:func:`coverage_parameters`).
    lang : str
        ``zh`` or ``en``.
    datum : str
        ``WGS84`` or ``GCJ02``: the system of the coordinates given back.

    Returns
    -------
    MapSheet
    """
    atlas, day = load_atlas(plan=question.plan), question.as_of
    districts = _districts(question)
    chosen = Selection(
        categories=question.categories,
        districts=districts,
        statuses=question.statuses,
        certainties=question.certainties,
        scope=question.scope,
    )
    box = read_box(question.bbox, datum) if question.bbox else None
    reach = reach_sheet(coverage, question, lang) if coverage else None
    return MapSheet(
        atlas=atlas,
        rows=chosen.apply(atlas.register.state(day)),
        as_of=day,
        lang=lang,
        focus=districts[0] if len(districts) == 1 and not box else "",
        bounds=box,
        title=view_title(question, coverage, lang),
        size=(_WIDTH_MM, _height(box) if box else 200.0),
        layers=_layers(question.layers),
        shading=district_shares(atlas.register, day, question.shade, districts),
        selected=question.work,
        reach=reach,
    )


def view_title(question: PictureQuestion, coverage: Parameters, lang: str) -> str:
    """What a view is of: districts, day, and the question of who is served.

    Parameters
    ----------
    question : PictureQuestion
    coverage : Parameters
        Of who is served; empty where the view shows no such thing.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    str
    """
    day = translate(_("截至 {day}"), lang).format(day=question.as_of.isoformat())
    atlas = load_atlas(plan=question.plan)
    parts = [title_of(atlas, _districts(question), lang), *plan_titles(atlas, lang), day]
    return " · ".join([*parts, question_title(coverage, lang)] if coverage else parts)


def _layers(asked: tuple[str, ...]) -> frozenset[str]:
    """Ids of optional layers; where none is named, those that a map shows at first."""
    optional = {spec.id: spec.shown for spec in all_layers() if spec.optional}
    if not asked:
        return frozenset(name for name, shown in optional.items() if shown)
    unknown = [name for name in asked if name not in {*optional, NO_LAYERS}]
    if unknown:
        raise UnknownIdError(
            _("没有图层 {layer}。"),
            hint=_("可用：{known}。"),
            layer=unknown[0][:20],
            known="、".join(optional),
        )
    return frozenset(asked) - {NO_LAYERS}


def _districts(question: PictureQuestion) -> tuple[str, ...]:
    """Codes asked for; ``all`` and the city's own are no filter."""
    atlas = load_atlas()
    whole = {"all", atlas.city.code}
    codes = tuple(code for code in question.districts if code not in whole)
    for code in codes:
        if code not in atlas.districts.index:
            raise UnknownIdError(
                _("没有区县 {code}。"),
                hint=_("可用：{known}。"),
                code=code[:20],
                known="、".join(atlas.districts.index),
            )
    return codes


def read_box(text: str, datum: str) -> Box:
    """West, south, east, north in WGS84 degrees, from degrees in ``datum`` (WGS84, or GCJ02 over such a base map)."""
    parts = text[:200].split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        raise _no_box(text) from None
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise _no_box(text)
    if datum == "GCJ02":
        (west, east), (south, north) = convert([west, east], [south, north], source="GCJ02", target="WGS84")
    return float(west), float(south), float(east), float(north)


def _no_box(text: str) -> ParameterError:
    return ParameterError(_("{text} 不是地图范围。"), hint=_("按 西,南,东,北 写四个经纬度。"), text=text[:40])


def _height(box: Box) -> float:
    west, south, east, north = box
    ratio = (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    return min(max(_WIDTH_MM * ratio, _HEIGHT_MM[0]), _HEIGHT_MM[1]) + _FURNITURE_MM
