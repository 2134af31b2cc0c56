"""The configuration of pygeoapi: the service, its languages and limits, and one resource for each collection."""

from __future__ import annotations

import os
from typing import Any, Final

import numpy as np

from geo.register.city import Atlas
from geo.text import mark as _
from geo.text import translate
from layers import browser_code
from layers.api.collections import COLLECTIONS, Collection
from layers.api.places import CRS84, EPSG
from layers.api.refusals import TEMPLATES

MAX_ITEMS: Final = 1000
VERSION: Final = "0.1.0"
"""Of this API, as pyproject.toml has it (a test compares them)."""
CRS: Final = (CRS84, f"{EPSG}4326", f"{EPSG}4490")
"""Systems that features are given in, beside the city's projection."""
_LANGUAGES: Final = {"zh": "zh", "en": "en"}
TEXTS: Final = {
    "home": _("开放接口"),
    "collections": _("数据集合"),
    "items": _("要素"),
    "openapi": _("接口说明（OpenAPI）"),
    "conformance": _("所符合的规范"),
    "tiles": _("矢量瓦片"),
    "analyses": _("分析接口"),
    "analyses_note": _("同样的问题也可在命令行和页面上问，数字相同；参数见接口说明。"),
    "matched": _("符合条件"),
    "next": _("下一页"),
    "prev": _("上一页"),
    "no_place": _("没有位置"),
    "place": _("位置"),
    "queryables": _("可筛选的字段"),
    "illustrative": _("区县界为示意，不作权属依据"),
    "licence": _("许可与署名"),
    "examples": _("例子"),
    "parameter": _("参数"),
    "meaning": _("含义"),
}


def systems(atlas: Atlas) -> tuple[str, ...]:
    """Addresses of the systems that features of a city are given in."""
    return (*CRS, f"{EPSG}{atlas.city.epsg}")


def both(message: str) -> dict[str, str]:
    """A catalogue text in every language of the service, as pygeoapi wants it."""
    return {tag: translate(message, lang) for tag, lang in _LANGUAGES.items()}


def _title(atlas: Atlas) -> dict[str, str]:
    return {
        tag: translate(_("{program} · 开放接口"), lang).format(program=atlas.city.program_name(lang))
        for tag, lang in _LANGUAGES.items()
    }


def service(atlas: Atlas, url: str) -> dict[str, Any]:
    """The configuration of pygeoapi for a service that answers at ``url``."""
    bounds = np.asarray(atlas.districts.total_bounds, float)
    outward = (np.floor(bounds[:2] * 1e5) / 1e5, np.ceil(bounds[2:] * 1e5) / 1e5)
    west, south, east, north = (float(value) for pair in outward for value in pair)
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": list(_LANGUAGES),
            "pretty_print": False,
            "limits": {"default_items": 100, "max_items": MAX_ITEMS, "on_exceed": "throttle"},
            "templates": {"path": str(TEMPLATES), "static": str(TEMPLATES)},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": _title(atlas),
                "description": both(_("年度计划中城建项目的登记、进展与覆盖分析，每个数都有来源。")),
                "keywords": ["OGC API", "OC4IDS"],
                "keywords_type": "theme",
                "terms_of_service": atlas.city.licence.path,
                "url": url,
            },
            "license": {"name": atlas.city.licence.label, "url": atlas.city.licence.path},
            "provider": {"name": str(os.environ.get("ATLAS_PROVIDER") or atlas.city.author.en), "url": url},
            "contact": {"name": "", "url": url},
            "credits": {tag: atlas.city.credit_line(lang) for tag, lang in _LANGUAGES.items()},
            "assets": browser_code.version(),
            "texts": {name: both(text) for name, text in TEXTS.items()},
        },
        "resources": {
            collection.id: _resource(collection, [west, south, east, north], atlas)
            for collection in COLLECTIONS
        },
    }


def _resource(collection: Collection, bbox: list[float], atlas: Atlas) -> dict[str, Any]:
    feature: dict[str, Any] = {
        "type": "feature",
        "name": "layers.api.provider.FrameProvider",
        "data": collection.id,
        "id_field": "id",
        "title_field": collection.title_field,
        "crs": list(systems(atlas)),
        "storage_crs": CRS84,
    }
    if collection.time_field:
        feature["time_field"] = collection.time_field
    providers = [feature]
    if collection.tiles:
        providers.append(
            {
                "type": "tile",
                "name": "layers.api.tiles.FrameTiles",
                "data": collection.id,
                "options": {"zoom": {"min": 0, "max": 16}, "schemes": ["WebMercatorQuad"]},
                "format": {"name": "mvt", "mimetype": "application/vnd.mapbox-vector-tile"},
            }
        )
    return {
        "type": "collection",
        "title": both(collection.title),
        "description": both(collection.description),
        "keywords": [collection.id],
        "links": [],
        "extents": {
            "spatial": {"bbox": bbox, "crs": CRS84},
            "temporal": {"begin": None, "end": None},
        },
        "providers": providers,
        "version": atlas.version,
    }
