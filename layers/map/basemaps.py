"""Base maps a person may choose. The default draws from this machine only; every other one says its datum.

One more row here is one more base map. A tile server that is in GCJ-02 makes the layers come in GCJ-02, so that
both agree; nothing is ever drawn half a kilometre off.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.detailed_map.make import archive_version
from geo.text import mark as _
from layers.browser_code import tile_renderer_asset
from layers.browser_packages import tile_renderer

if TYPE_CHECKING:
    from geo.register.city import Atlas

TIANDITU_KEY: Final = "ATLAS_TIANDITU_KEY"


@dataclass(frozen=True, slots=True)
class Basemap:
    """A tiled base map: ``url`` in Leaflet's form, empty for the offline one.

    ``script`` is the address of what draws ``url`` where that is a file of vector tiles instead of pictures.
    """

    id: str
    title: str
    url: str
    datum: str
    attribution: str
    hosts: str = ""
    key: str = ""
    script: str = ""


OFFLINE: Final = Basemap("offline", _("离线底图（道路、铁路、水面、地名）"), "", "WGS84", "")

_CATALOGUE: Final = (
    OFFLINE,
    Basemap(
        "osm",
        _("OpenStreetMap（联网）"),
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "WGS84",
        "© OpenStreetMap contributors",
        hosts="https://tile.openstreetmap.org",
    ),
    Basemap(
        "tianditu",
        _("天地图（联网，需密钥）"),
        "https://t{s}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default"
        "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
        "WGS84",
        "天地图 · 国家地理信息公共服务平台",
        hosts="https://*.tianditu.gov.cn",
        key=TIANDITU_KEY,
    ),
    Basemap(
        "amap",
        _("高德（联网，GCJ-02）"),
        "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",
        "GCJ02",
        "© 高德地图",
        hosts="https://*.is.autonavi.com",
    ),
)


def detailed() -> tuple[Basemap, ...]:
    """The base map that ``python -m geo base-map`` made of an OSM extract; none before that, or where set-up got no renderer."""
    made, renderer = archive_version(), tile_renderer()
    if not made or renderer is None:
        return ()
    from geo.places.base_map import OSM_CREDIT  # a server without such a map reads no outlines for a name

    return (
        Basemap(
            "detailed",
            _("详细底图（OpenStreetMap 摘录）"),
            f"base-map/{made}.pmtiles",
            "WGS84",
            OSM_CREDIT,
            script=tile_renderer_asset(renderer),
        ),
    )


def keys_set() -> tuple[str, ...]:
    """Names of the variables of the environment that hold a key here; a key itself is written down nowhere."""
    return tuple(base.key for base in _CATALOGUE if base.key and os.environ.get(base.key))


def available() -> tuple[Basemap, ...]:
    """The base maps usable here: those that need a key are left out until the key is set, the detailed one until it is made."""
    first, *others = (base for base in _CATALOGUE if not base.key or os.environ.get(base.key))
    return (first, *detailed(), *others)


def declarations_version(atlas: Atlas) -> str:
    """Changes with the city's data and with the detailed base map: what the map's declarations are kept by."""
    return f"{atlas.version}{archive_version()}"


def tile_url(base: Basemap) -> str:
    """The address template of ``base`` with the user's key filled in; other fields are Leaflet's."""
    return base.url.replace("{key}", os.environ.get(base.key, "")) if base.key else base.url
