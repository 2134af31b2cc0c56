"""Large layers of the map: made once for each version of the register, and served tile by tile."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.errors import ParameterError, UnknownIdError
from geo.text import mark as _
from layers.api.json_answer import YEAR
from layers.http import respond
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.map.tiled.large import description, large_table, numbers_on

if TYPE_CHECKING:
    from layers.map.tiled.grid import Tile
    from layers.map.tiled.table import FeatureTable

_LAYER: Final = "/tiles/{layer_id}/{version}/{language}-{datum}"
_TILE: Final = f"{_LAYER}/{{day}}/{{z}}/{{x}}/{{y}}.mvt"
_NUMBERS: Final = f"{_LAYER}/{{day}}.json"
_PLACE: Final = f"{_LAYER}/places/{{id:path}}.json"
_NO_DAY: Final = "0"
"""The day in the address of a tile that is the same on all days."""
_JSON: Final = "application/json"
_MAKING: Final = Lock()


class Large(NamedTuple):
    """Which features: of a layer, with its own version, in a language and a system of coordinates, of a plan."""

    layer_id: str
    lang: str
    datum: str
    plan: str
    beside: str


def large_payload(which: Large) -> dict[str, Any] | None:
    """What the map is told of a large layer; None where the layer is sent whole."""
    table = _table(which)
    if table is None:
        return None
    layer = _LAYER.format(
        layer_id=which.layer_id, version=_version(which), language=which.lang, datum=which.datum
    ).lstrip("/")
    plan = f"?plan={which.plan}" if which.plan else ""
    day = "{day}" if table.is_of_days else _NO_DAY
    addresses = {
        "url": f"{layer}/{day}/{{z}}/{{x}}/{{y}}.mvt{plan}",
        "place": f"{layer}/places/{{id}}.json{plan}",
    }
    if table.is_of_days:
        addresses["numbers"] = f"{layer}/{{day}}.json{plan}"
    return description(table, addresses)


def _version(which: Large) -> str:
    return f"{load_atlas(plan=which.plan).version}{which.beside}"


def _table(which: Large) -> FeatureTable | None:
    with _MAKING:  # whoever asks meanwhile waits for the one that is being made
        return _kept_table(which)


@per_version(32)
def _kept_table(which: Large) -> FeatureTable | None:
    context = MapContext(atlas=load_atlas(plan=which.plan), lang=which.lang, datum=which.datum)
    table = large_table(get_layer(which.layer_id), context)
    if table is not None:
        from layers.map.tiled.grid import Tile
        from layers.map.tiled.tiles import make_tile

        make_tile(table, Tile(0, 0, 0))  # compiled and loaded before the first viewer needs it
    return table


def _known_table(which: Large) -> FeatureTable:
    table = _table(which)
    if table is None:
        raise _no_tiles()
    return table


@per_version(32)
def _table_on(which: Large, day: int) -> FeatureTable:
    return _known_table(which).on_day(day)


@per_version(1024)
def _tile(which: Large, day: int, tile: Tile) -> bytes:
    from layers.map.tiled.tiles import make_tile

    return _compressed(make_tile(_table_on(which, day), tile))


@per_version(128)
def _numbers(which: Large, day: int) -> bytes:
    return _compressed(json.dumps(numbers_on(_known_table(which), day), separators=(",", ":")).encode())


def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def _no_tiles() -> UnknownIdError:
    return UnknownIdError(_("这个图层没有这样的瓦片。"), hint=_("请重新载入页面。"))


def _read_day(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len("20211231")):
        raise ParameterError(_("瓦片的日期 {name} 要写成八位数字，如 20211231。"), name=text[:60])
    return int(text)


def _tile_answer(which: Large, words: Mapping[str, str]) -> tuple[bytes, str]:
    """One tile; 400 where its place is no whole numbers, 404 where there is none."""
    from layers.map.tiled.grid import read_tile

    tile, day = read_tile(words["z"], words["x"], words["y"]), _read_day(words["day"])
    body = _tile(which, _known_table(which).last_change(day), tile)
    return body, "application/vnd.mapbox-vector-tile"


def _numbers_answer(which: Large, words: Mapping[str, str]) -> tuple[bytes, str]:
    """The numbers of a day, for a layer whose features change."""
    day, table = _read_day(words["day"]), _known_table(which)
    if not table.is_of_days:
        raise _no_tiles()
    return _numbers(which, table.last_change(day)), _JSON


def _place_answer(which: Large, words: Mapping[str, str]) -> tuple[bytes, str]:
    """Where a feature is, ``{"at": [latitude, longitude]}``, and of a line its ``bounds``; null for what is in another layer or has
    no place."""
    table, feature_id = _known_table(which), words["id"]
    place = {"at": table.place_of(feature_id), "bounds": table.bounds_of(feature_id)}
    return _compressed(json.dumps(place).encode()), _JSON


Answer = Callable[[Large, Mapping[str, str]], tuple[bytes, str]]
ANSWERS: Final[Mapping[str, Answer]] = {
    _PLACE: _place_answer,
    _NUMBERS: _numbers_answer,
    _TILE: _tile_answer,
}
"""What is asked of large layers, by its address below ``/atlas``: with the version in it, a browser may keep it for a year."""


async def answer(request: Request, make: Answer, *, plan: str) -> Response:
    """An answer of :data:`ANSWERS`; 404 where the register has changed since the address was given out.

    Parameters
    ----------
    request : Request
    make : callable
    plan : str

    Returns
    -------
    Response
    """
    words = request.path_params

    def compose(_lang: str) -> Response:
        return _response(request, *make(_which(words, plan), words))

    return await respond(request, compose)


def _which(words: Mapping[str, str], plan: str) -> Large:
    spec = get_layer(words["layer_id"])
    which = Large(spec.id, words["language"], words["datum"], plan, spec.version())
    if (
        words["language"] not in ("zh", "en")
        or words["datum"] not in ("WGS84", "GCJ02")
        or words["version"] != _version(which)
    ):
        raise _no_tiles()
    return which


def _response(request: Request, body: bytes, media_type: str) -> Response:
    headers = {
        "Cache-Control": YEAR,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type=media_type, headers=headers)
