"""Data that a person brings for one analysis: kept in memory under a name made from its content, never on disk.

A few of each are kept; the oldest goes first. Whoever knows the name (a SHA-256) may use the data: it is in the link
of the person who brought it, and in nobody else's.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, Final

from geo.atlas import load_atlas
from geo.coverage.demand import Demand, raster_demand, residential_demand
from geo.coverage.saved_data import find_saved, is_token, saved_demand, saved_streets
from geo.errors import ParameterError, UnknownIdError
from geo.kernels.network import StreetNetwork, read_streets
from geo.reading.model import ShapesWanted
from geo.reading.shapes import read_shapes
from geo.register.city import Atlas
from geo.text import mark as _
from layers.workers import handover

MAX_BYTES: Final = 200 * 1024 * 1024
_MAX_UPLOADS: Final = 4
_SUFFIXES: Final = {
    "raster": (".tif", ".tiff"),
    "streets": (".gpkg", ".geojson", ".json", ".osm", ".pbf", ".fgb"),
    "residential": (".gpkg", ".geojson", ".json", ".fgb"),
}
_store: OrderedDict[str, tuple[str, Any]] = OrderedDict()
_lock = Lock()


def bring(atlas: Atlas, kind: str, name: str, content: bytes) -> str:
    """Read a person's file and keep what it says; the token to ask for it.

    Parameters
    ----------
    atlas : Atlas
    kind : {"raster", "streets", "residential"}
    name : str
        The file's own name: shown, and its ending tells the format. It never becomes a path.
    content : bytes

    Returns
    -------
    str

    Raises
    ------
    ParameterError
        Too large, or an ending that is not accepted.
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
    token = f"{kind}-{hashlib.sha256(content).hexdigest()[:32]}"
    with _lock:
        if token in _store:
            _store.move_to_end(token)
            return token
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        path = Path(folder) / f"upload{'.osm.pbf' if suffix == '.pbf' else suffix}"
        path.write_bytes(content)
        value = _READERS[kind](atlas, path, name)
    handover.hand_over(token, value)
    with _lock:
        _store_upload(token, kind, value)
    return token


def brought(token: str, kinds: tuple[str, ...]) -> Any:
    """What a token stands for, in memory or saved; ``UnknownIdError`` when it is no longer kept."""
    with _lock:
        found = _store.get(token)
        if found is not None and found[0] in kinds:
            _store.move_to_end(token)
            return found[1]
    handed = handover.taken(token) if token.partition("-")[0] in kinds else None
    if handed is not None:
        with _lock:
            _store_upload(token, token.partition("-")[0], handed)
        return handed
    if not is_token(token):
        raise UnknownIdError(_("这份上传的数据已不在内存里。"), hint=_("请重新上传。"))
    saved = find_saved(token, kinds)
    value = (
        saved_streets(load_atlas(), token) if saved.kind == "streets" else saved_demand(load_atlas(), token)
    )
    with _lock:
        _store_upload(token, saved.kind, value)
    return value


def _store_upload(token: str, kind: str, value: Any) -> None:
    _store[token] = (kind, value)
    while len(_store) > _MAX_UPLOADS:
        handover.withdraw(_store.popitem(last=False)[0])


def _named(value: Demand, name: str) -> Demand:
    value.inputs["raster"] = name[:80]
    return value


def _read_streets(atlas: Atlas, path: Path, name: str) -> StreetNetwork:
    network = read_streets(path, atlas.city.projected_crs)
    network.report["source"] = name[:80]
    return network


def _read_residential(atlas: Atlas, path: Path, name: str) -> Demand:
    return residential_demand(
        atlas, read_shapes(path, _SUFFIXES["residential"], ShapesWanted("Polygon")), name=name[:80]
    )


_READERS: Final[dict[str, Callable[[Atlas, Path, str], Any]]] = {
    "raster": lambda atlas, path, name: _named(raster_demand(atlas, path), name),
    "streets": _read_streets,
    "residential": _read_residential,
}
