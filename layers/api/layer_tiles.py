"""Large layers of the map: made once for each version of the register, and served tile by tile."""

from __future__ import annotations

import gzip
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from geo.atlas import load_atlas
from geo.atlas_cache import per_version
from geo.errors import UnknownIdError
from geo.text import mark as _
from layers.http import respond
from layers.map.registry import get_layer
from layers.map.spec import MapContext
from layers.map.tiled.large import description, large_table

if TYPE_CHECKING:
    from layers.map.tiled.grid import Tile
    from layers.map.tiled.table import FeatureTable

PATH: Final = "/tiles/{layer_id}/{version}/{language}-{datum}/{z}/{x}/{y}.mvt"
"""The address of a tile below ``/atlas``: with the version in it, a browser may keep it for a year."""
_YEAR: Final = "public, max-age=31536000, immutable"
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
    address = PATH.format(
        layer_id=which.layer_id,
        version=_version(which),
        language=which.lang,
        datum=which.datum,
        z="{z}",
        x="{x}",
        y="{y}",
    )
    plan = f"?plan={which.plan}" if which.plan else ""
    return description(table, f"{address.lstrip('/')}{plan}")


def _version(which: Large) -> str:
    return f"{load_atlas(plan=which.plan).version}{which.beside}"


def _table(which: Large) -> FeatureTable | None:
    with _MAKING:  # whoever asks meanwhile waits for the one that is being made
        return _kept_table(which)


@per_version(8)
def _kept_table(which: Large) -> FeatureTable | None:
    context = MapContext(atlas=load_atlas(plan=which.plan), lang=which.lang, datum=which.datum)
    table = large_table(get_layer(which.layer_id), context)
    if table is not None:
        from layers.map.tiled.grid import Tile
        from layers.map.tiled.tiles import make_tile

        make_tile(table, Tile(0, 0, 0))  # compiled and loaded before the first viewer needs it
    return table


@per_version(1024)
def _tile(which: Large, tile: Tile) -> bytes:
    table = _table(which)
    if table is None:
        raise _no_tiles()
    from layers.map.tiled.tiles import make_tile

    return gzip.compress(make_tile(table, tile), compresslevel=6, mtime=0)


def _no_tiles() -> UnknownIdError:
    return UnknownIdError(_("这个图层没有这样的瓦片。"), hint=_("请重新载入页面。"))


async def endpoint(request: Request, *, plan: str) -> Response:
    """One tile; 400 where its place is no whole numbers, 404 where there is none or the register has changed since."""
    words = request.path_params

    def make(_lang: str) -> Response:
        from layers.map.tiled.grid import read_tile

        tile = read_tile(words["z"], words["x"], words["y"])
        spec = get_layer(words["layer_id"])
        which = Large(spec.id, words["language"], words["datum"], plan, spec.version())
        if (
            words["language"] not in ("zh", "en")
            or words["datum"] not in ("WGS84", "GCJ02")
            or words["version"] != _version(which)
        ):
            raise _no_tiles()
        return _answer(request, _tile(which, tile))

    return await respond(request, make)


def _answer(request: Request, body: bytes) -> Response:
    headers = {
        "Cache-Control": _YEAR,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type="application/vnd.mapbox-vector-tile", headers=headers)
