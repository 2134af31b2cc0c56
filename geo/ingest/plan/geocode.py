"""A geocoder of the person's own: 高德, 天地图 or Nominatim. Off unless a key is given; never asked twice for one address.

The key comes from the environment (``ATLAS_GEOCODER_KEY``) and is never written anywhere. Answers are kept in
``var/geocode.db`` with what was asked and what came back, so that a second import asks nobody.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, Protocol

from geo.errors import ParameterError
from geo.paths import var_dir
from geo.places.named_systems import lonlat
from geo.text import mark as _

_TIMEOUT: Final = 10.0
_AGENT: Final = "wuxi-works-atlas"


@dataclass(frozen=True, slots=True)
class Answer:
    """Where an address is: WGS84 degrees, radius in metres, and as the service gave it."""

    lon: float
    lat: float
    accuracy_m: float
    crs: str
    x: str
    y: str
    source_id: str


class Geocoder(Protocol):
    """Anything that finds an address."""

    @property
    def source(self) -> Mapping[str, Any]:
        """The row of ``sources`` that its answers cite."""
        ...

    def find(self, address: str, district: str = "") -> Answer | None:
        """The place of an address; None where the service knows none."""
        ...


@dataclass(frozen=True, slots=True)
class Provider:
    """A service: its address, the system it answers in, and how its words are read."""

    name: str
    title: str
    url: str
    crs: str
    parameters: Callable[[str, str, str, str], dict[str, str]]
    read: Callable[[Any], tuple[str, str, float] | None]
    licence: str = ""
    pause_s: float = 0.0
    needs_key: bool = True


_LEVELS: Final = {
    "门牌号": 100.0,
    "兴趣点": 100.0,
    "门址": 100.0,
    "单元号": 100.0,
    "道路交叉路口": 200.0,
    "公交地铁站点": 200.0,
}
_ROUGH: Final = {
    "道路": 1500.0,
    "住宅区": 300.0,
    "村庄": 1000.0,
    "热点商圈": 1500.0,
    "开发区": 2500.0,
    "乡镇": 2500.0,
}


def _read_amap(answer: Any) -> tuple[str, str, float] | None:
    if str(answer.get("status")) != "1":
        raise ParameterError(
            _("地理编码服务拒绝了请求：{detail}。"),
            hint=_("请核对密钥与配额。"),
            detail=str(answer.get("info"))[:200],
        )
    for candidate in answer.get("geocodes") or ():
        radius = (_LEVELS | _ROUGH).get(str(candidate.get("level")))
        x, _comma, y = str(candidate.get("location") or "").partition(",")
        if radius is not None and y:  # a level such as 区县 names no place in it
            return x, y, radius
    return None


def _read_tianditu(answer: Any) -> tuple[str, str, float] | None:
    if str(answer.get("status")) not in {"0", "404"}:
        raise ParameterError(
            _("地理编码服务拒绝了请求：{detail}。"),
            hint=_("请核对密钥与配额。"),
            detail=str(answer.get("msg"))[:200],
        )
    place = answer.get("location") or {}
    if not place.get("lon") or float(place.get("score") or 0) < 60:
        return None
    return str(place["lon"]), str(place["lat"]), _ROUGH.get(str(place.get("level")), 300.0)


def _read_nominatim(answer: Any) -> tuple[str, str, float] | None:
    for candidate in answer:
        south, north, west, east = (float(edge) for edge in candidate.get("boundingbox") or (0, 0, 0, 0))
        radius = max(100.0, 0.5 * 111_320.0 * max(north - south, (east - west) * 0.85))
        if radius <= 3000.0:  # wider is a town or a district, which the gazetteer knows better
            return str(candidate["lon"]), str(candidate["lat"]), round(radius, -1)
    return None


PROVIDERS: Final = {
    "amap": Provider(
        "amap",
        "高德地图地理编码",
        "https://restapi.amap.com/v3/geocode/geo",
        "GCJ02",
        lambda address, district, city, key: {"address": f"{district}{address}", "city": city, "key": key},
        _read_amap,
        "以高德开放平台的服务条款为准",
    ),
    "tianditu": Provider(
        "tianditu",
        "天地图地理编码",
        "https://api.tianditu.gov.cn/geocoder",
        "CGCS2000",
        lambda address, district, city, key: {
            "ds": json.dumps({"keyWord": f"{city}{district}{address}"}, ensure_ascii=False),
            "tk": key,
        },
        _read_tianditu,
        "以天地图的服务条款为准",
    ),
    "nominatim": Provider(
        "nominatim",
        "Nominatim (OpenStreetMap)",
        "https://nominatim.openstreetmap.org/search",
        "WGS84",
        lambda address, district, city, _key: {
            "q": f"{city}{district}{address}",
            "format": "jsonv2",
            "limit": "3",
        },
        _read_nominatim,
        "ODbL, © OpenStreetMap contributors",
        1.0,
        False,
    ),
}


class WebGeocoder:
    """Asks one service over HTTP, once for each address."""

    def __init__(
        self,
        provider: str,
        *,
        key: str = "",
        city: str = "",
        url: str = "",
        districts: Mapping[str, str] = {},
    ) -> None:
        if provider not in PROVIDERS:
            raise ParameterError(
                _("不认识地理编码服务 {name}。"),
                hint=_("可用：{known}。"),
                name=provider,
                known="、".join(PROVIDERS),
            )
        self._provider = PROVIDERS[provider]
        if self._provider.needs_key and not key:
            raise ParameterError(
                _("{name} 需要密钥。"),
                hint=_("请设置环境变量 ATLAS_GEOCODER_KEY。"),
                name=self._provider.title,
            )
        self._url = url or self._provider.url
        if not self._url.startswith(("https://", "http://")):
            raise ParameterError(_("地理编码服务的网址必须以 https:// 开头。"))
        self._key, self._city, self._districts = key, city, districts
        self._last = 0.0

    @property
    def source(self) -> Mapping[str, Any]:
        """The row of ``sources`` that answers cite."""
        provider = self._provider
        return {
            "source_id": f"S-GEOCODE-{provider.name.upper()}",
            "title": provider.title,
            "publisher": provider.title,
            "seen_via_mirror": False,
            "reliability": "secondary",
            "licence": provider.licence,
            "citation": f"{provider.title}，答复的坐标系为 {provider.crs}",
        }

    def find(self, address: str, district: str = "") -> Answer | None:
        """The place of an address, from what was answered before or from the service.

        Raises
        ------
        ParameterError
            The service cannot be reached or refuses; nothing is kept then.
        """
        with closing(_open_cache()) as cache:
            asked = (self._provider.name, address, district)
            row = cache.execute(
                "SELECT x, y, radius FROM answers WHERE provider=? AND address=? AND district=?", asked
            )
            kept = row.fetchone()
            if kept is None:
                found = self._provider.read(self._fetch(address, district))
                kept = found or (None, None, None)
                cache.execute(
                    "INSERT OR REPLACE INTO answers (provider, address, district, x, y, radius, asked_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*asked, *kept, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())),
                )
                cache.commit()
        return None if kept[0] is None else self._answer(*kept)

    def _answer(self, x: str, y: str, radius: float) -> Answer:
        lon, lat = lonlat([float(x)], [float(y)], self._provider.crs)
        return Answer(
            round(float(lon[0]), 6),
            round(float(lat[0]), 6),
            float(radius),
            self._provider.crs,
            x,
            y,
            str(self.source["source_id"]),
        )

    def _fetch(self, address: str, district: str) -> Any:
        import requests

        time.sleep(max(0.0, self._last + self._provider.pause_s - time.monotonic()))
        self._last = time.monotonic()
        words = self._provider.parameters(address, self._districts.get(district, ""), self._city, self._key)
        try:
            answer = requests.get(
                self._url,
                params=words,
                timeout=_TIMEOUT,
                headers={"User-Agent": _AGENT},
                allow_redirects=False,
            )
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            # the address that failed would show the key
            raise ParameterError(
                _("地理编码服务没有答复：{detail}。"),
                hint=_("请稍后再试，或不用地理编码。"),
                detail=type(error).__name__,
            ) from None


def _open_cache() -> sqlite3.Connection:
    path = var_dir() / "geocode.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    cache = sqlite3.connect(path, timeout=10)
    cache.execute(
        "CREATE TABLE IF NOT EXISTS answers (provider TEXT, address TEXT, district TEXT, x TEXT, y TEXT, radius REAL, "
        "asked_at TEXT, PRIMARY KEY (provider, address, district))"
    )
    return cache


def geocoder_from_environment(city: str, districts: Mapping[str, str]) -> WebGeocoder | None:
    """The geocoder that ``ATLAS_GEOCODER`` (amap, tianditu, nominatim) names; None where it is not set."""
    name = os.environ.get("ATLAS_GEOCODER", "")
    if not name:
        return None
    return WebGeocoder(
        name,
        key=os.environ.get("ATLAS_GEOCODER_KEY", ""),
        url=os.environ.get("ATLAS_GEOCODER_URL", ""),
        city=city,
        districts=districts,
    )
