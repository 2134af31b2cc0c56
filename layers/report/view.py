"""``/api/picture``: the map as it is seen, as PNG or SVG: its frame, its day, its filters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.atlas import load_atlas
from geo.errors import AtlasError, ParameterError, UnknownIdError
from geo.files import stem_of, title_of
from geo.places.crs import convert
from geo.register.selection import Selection
from geo.text import LANGUAGES, translate
from geo.text import mark as _
from geo.values import read_day
from layers.report import furniture
from layers.report.map import MapSheet, map_png, map_svg

_WIDTH_MM: Final = 260.0
_HEIGHT_MM: Final = (110.0, 380.0)  # a frame narrower or flatter than this is widened
_FURNITURE_MM: Final = furniture.LEGEND_MM + 14.0
_DRAW: Final = {"png": ("image/png", map_png), "svg": ("image/svg+xml", map_svg)}
_LONGEST: Final = 600

Box = tuple[float, float, float, float]


async def endpoint(request: Request) -> Response:
    """Words: ``format`` (png, svg), ``bbox`` (west,south,east,north), ``datum`` of the box, ``as_of``, filters, ``lang``."""
    words = {name: ",".join(request.query_params.getlist(name)) for name in request.query_params}
    lang = words.get("lang", LANGUAGES[0])
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    try:
        content, kind, name = await run_in_threadpool(picture, words, lang)
    except AtlasError as error:
        status = 404 if isinstance(error, UnknownIdError) else 400
        return JSONResponse({"error": error.text(lang)}, status_code=status)
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=kind, headers=headers)


def picture(words: Mapping[str, str], lang: str) -> tuple[bytes, str, str]:
    """The picture, its media type and the name of its file.

    Raises
    ------
    ParameterError
        A format, day, box or scope that is none.
    """
    form = words.get("format", "") or "png"
    if form not in _DRAW:
        raise ParameterError(
            _("没有格式 {name}。"), hint=_("可用：{known}。"), name=form[:20], known="png、svg"
        )
    kind, draw = _DRAW[form]
    sheet = view_sheet(words, lang)
    name = f"{stem_of(sheet.atlas, _districts(words), what='map')}-{sheet.as_of.isoformat()}.{form}"
    return draw(sheet), kind, name


def view_sheet(words: Mapping[str, str], lang: str) -> MapSheet:
    """The sheet of a view: as wide as the sheet, as high as its frame asks."""
    atlas, day = load_atlas(), read_day(words.get("as_of", "")[:40])
    districts = _districts(words)
    chosen = Selection(
        categories=_list(words, "category"),
        districts=districts,
        statuses=_list(words, "status"),
        certainties=_list(words, "certainty"),
        scope=words.get("scope", "") or "plan",
    )
    box = read_box(words["bbox"], words.get("datum", "")) if words.get("bbox") else None
    title = title_of(atlas, districts, lang)
    return MapSheet(
        atlas=atlas,
        rows=chosen.apply(atlas.register.state(day)),
        as_of=day,
        lang=lang,
        focus=districts[0] if len(districts) == 1 else "",
        bounds=box,
        title=f"{title} · {translate(_('截至 {day}'), lang).format(day=day.isoformat())}",
        size=(_WIDTH_MM, _height(box) if box else 200.0),
    )


def _list(words: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in words.get(name, "")[:_LONGEST].split(",") if part)


def _districts(words: Mapping[str, str]) -> tuple[str, ...]:
    """Codes asked for; ``all`` and the city's own are no filter."""
    atlas = load_atlas()
    whole = {"all", atlas.city.code}
    codes = tuple(code for code in _list(words, "district") if code not in whole)
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
