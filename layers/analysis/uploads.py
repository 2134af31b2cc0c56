"""Data that a person brings for one analysis: held in memory under a name made from its content, never on disk.

Each session holds a few, its own oldest go first, and what it alone held goes when it ends (``owned.py``). Whoever knows
the name (a SHA-256) may use the data: it is in the link of the person who brought it, and in nobody else's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.atlas import load_atlas
from geo.cities import current_slug
from geo.coverage.saved_data import find_saved, is_token, saved_demand, saved_shapes, saved_streets
from geo.coverage.zone_file import ENDINGS, read_zones
from geo.errors import ParameterError, UnknownIdError
from geo.reading.model import ShapesWanted
from geo.reading.shapes import read_shapes
from geo.register.city import Atlas
from geo.text import mark as _
from geo.uploaded_files import laid_down
from layers.analysis.owned import NOBODY, Bounds, OwnedData
from layers.workers import handover
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S

if TYPE_CHECKING:
    from geo.coverage.demand import Demand
    from geo.kernels.network import StreetNetwork

MAX_BYTES: Final = 200 * 1024 * 1024
BOUNDS: Final = Bounds(pieces=4, size=300 << 20, total_pieces=16, total_size=1 << 30)
"""Data sets and bytes of their files: of one session, and of all together."""
_SUFFIXES: Final = {
    "raster": (".tif", ".tiff"),
    "streets": (".gpkg", ".geojson", ".json", ".osm", ".pbf", ".fgb"),
    "residential": (".gpkg", ".geojson", ".json", ".fgb"),
    "zones": ENDINGS,
    "places": ENDINGS,
    "parcels": ENDINGS,
    "exclusions": ENDINGS,
}
_WITH_COLUMNS: Final = ("zones", "places", "parcels", "exclusions")


class _Brought(NamedTuple):
    """What a file says, and for which city."""

    city: str
    kind: str
    value: Any


_AGAIN: Final = Bounds(pieces=4, size=1 << 30, total_pieces=4, total_size=1 << 30)
_data: OwnedData[_Brought] = OwnedData(BOUNDS, handover.withdraw)
_again: OwnedData[tuple[str, Any]] = OwnedData(_AGAIN)
"""By city and token, what can be read again: saved data sets and, in a worker, what its server has handed over."""


@heavy(seconds=FILE_S, remembered=0)
def read_brought(kind: str, path: str, name: str) -> Any:
    """What a person's file says: the streets as a network, land or a raster as demand, the others as shapes.

    Parameters
    ----------
    kind : {"raster", "streets", "residential", "zones", "places", "parcels", "exclusions"}
    path : str
        Where the file lies.
    name : str
        What the person calls it.

    Returns
    -------
    StreetNetwork, Demand or GeoDataFrame
    """
    return _READERS[kind](load_atlas(), Path(path), name)


@heavy(seconds=FILE_S, remembered=0)
def _read_saved(kind: str, token: str) -> Any:
    if kind in _WITH_COLUMNS:
        return saved_shapes(token, kind)
    return (saved_streets if kind == "streets" else saved_demand)(load_atlas(), token)


def bring(
    kind: str,
    name: str,
    content: bytes,
    owner: str = NOBODY,
    read: Callable[[str, str, str], Any] = read_brought,
) -> str:
    """Read a person's file and hold what it says; the token to ask for it.

    Parameters
    ----------
    kind : {"raster", "streets", "residential", "zones", "places", "parcels", "exclusions"}
    name : str
        The file's own name: shown, and its ending tells the format. It never becomes a path.
    content : bytes
    owner : str
        The session; without one the data may make room for anybody's.
    read : callable
        Gives the answer of :func:`read_brought`; a page's waits in its own way.

    Returns
    -------
    str

    Raises
    ------
    ParameterError
        Too large, or an ending that is not accepted.
    RateError
        All that may be held is held by others.
    AtlasError
        Whatever the reader of that kind says.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in _SUFFIXES[kind]:
        raise ParameterError(
            _("不接受 {suffix} 文件。"),
            hint=_("可用：{known}。"),
            suffix=suffix,
            known="、".join(_SUFFIXES[kind]),
        )
    if len(content) > MAX_BYTES:
        raise ParameterError(_("文件超过 200 MB。"), hint=_("请先裁剪到本市范围。"))
    here = current_slug()  # what a file says is of a city: another city's token stands for nothing
    token = f"{kind}-{hashlib.sha256(here.encode() + content).hexdigest()[:32]}"
    if _data.get(token, owner) is not None:
        return token
    with laid_down(name, content) as path:
        value = read(kind, str(path), name)
    made = _Brought(here, kind, value)
    _data.put(token, made, len(content), owner)
    handover.hand_over(token, made)
    return token


def brought(token: str, kinds: tuple[str, ...]) -> Any:
    """What a token stands for, in memory or saved; ``UnknownIdError`` when it is no longer kept."""
    here = current_slug()
    held, again = _data.get(token), _again.get(f"{here}/{token}")
    if held is not None and (held.city, held.kind in kinds) == (here, True):
        return held.value
    if again is not None and again[0] in kinds:
        return again[1]
    handed: _Brought | None = handover.taken(token) if token.partition("-")[0] in kinds else None
    if handed is not None and handed.city == here:
        _again.put(f"{here}/{token}", (handed.kind, handed.value), 1)
        return handed.value
    if not is_token(token):
        raise UnknownIdError(_("这份上传的数据已不在内存里。"), hint=_("请重新上传。"))
    saved = find_saved(token, kinds)
    value = _read_saved(saved.kind, token)
    _again.put(f"{here}/{token}", (saved.kind, value), saved.path.stat().st_size)
    return value


def is_held(token: str, owner: str) -> bool:
    """Whether data that a session brought is in memory still."""
    return _data.get(token, owner) is not None


def holds(owner: str) -> bool:
    """Whether a session holds data."""
    return bool(_data.names(owner))


def release(owner: str) -> None:
    """Let go of what a session alone held."""
    _data.release(owner)


def _read_raster(atlas: Atlas, path: Path, name: str) -> Demand:
    from geo.coverage.demand import raster_demand

    value = raster_demand(atlas, path)
    value.inputs["raster"] = name[:80]
    return value


def _read_streets(atlas: Atlas, path: Path, name: str) -> StreetNetwork:
    from geo.kernels.street_file import read_streets

    network = read_streets(path, atlas.city.projected_crs)
    network.report["source"] = name[:80]
    return network


def _read_residential(atlas: Atlas, path: Path, name: str) -> Demand:
    from geo.coverage.demand import residential_demand

    return residential_demand(
        atlas, read_shapes(path, _SUFFIXES["residential"], ShapesWanted("Polygon")), name=name[:80]
    )


_READERS: Final[dict[str, Callable[[Atlas, Path, str], Any]]] = {
    "raster": _read_raster,
    "streets": _read_streets,
    "residential": _read_residential,
} | dict.fromkeys(_WITH_COLUMNS, lambda _atlas, path, name: read_zones(path, name))
