"""What the browser must know before it draws: how things look, the filter, the base maps, the texts."""

from __future__ import annotations

from typing import Any, Final

from geo.display.symbology import CERTAINTY_STYLES, STATUS_STYLES
from geo.display.view import VIEW_PARTS
from geo.places.base_map import ways_credit
from geo.register.city import Atlas
from geo.register.selection import COUNTED_IN_SCOPE
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import COUNTED
from layers.map.basemaps import OFFLINE, available, tile_url

MAP_OPTIONS: Final[dict[str, Any]] = {
    "maxZoom": 18,
    "minZoom": 8,
    "zoomSnap": 0.5,
    "attributionControl": False,
    "preferCanvas": False,
}
"""Leaflet's options of the map, on the app's page and on the public site."""

MESSAGES: Final = {
    "loading": _("地图加载中…"),
    "failed": _("图层没有取到，请重新载入页面。"),
    "two_fingers": _("用两根手指移动地图"),
    "tiles_failed": _("联网底图没有取到，已改用离线底图。"),
    "skip": _("跳转"),
    "skip_to_search": _("跳到搜索"),
    "skip_to_map": _("跳到地图"),
    "legend": _("图例"),
    "status": _("状态（项目数）"),
    "certainty": _("位置有多准（项目数）"),
    "signs": _("符号（点一行只看它）"),
    "layers": _("图层"),
    "gap": _("缺口"),
    "gap_shape": _("缺口（服务不到的陆地，数字是名次）"),
    "gap_land": _("平方公里陆地"),
    "gap_residents": _("居民（估算）"),
    "basis": _("项目数不含区段、站点和只报总数的记载"),
    "unplaced": _("未公布位置"),
    "accuracy": _("位置误差约"),
    "km": _("公里"),
    "m": _("米"),
    "works_here": _("处项目共用这个约略位置"),
    "nearer": _("点一下，走近看"),
    "thinned": _("画面内 {n} 个要素合画成 {m} 个标记，走近看每一个"),
    "unreached": _("键盘可到离画面中心最近的 {n} 处，其余 {m} 处走近后可到"),
    "works_here_title": _("这一带的项目"),
    "several_here": _("这里有 {n} 个要素，请选一个（小的在前）"),
    "source": _("来源"),
    "play": _("按月播放 {first}—{last}"),
    "pause": _("暂停，停在这一天"),
    "stop": _("停止播放，停在这一天"),
    "home": _("回到全市"),
    "fullscreen": _("全屏"),
    "picture": _("此画面的图片（PNG，可打印）"),
    "reported": _("报道已完成"),
    "planned": _("计划"),
    "card": _("详情见卡片"),
    "probable": _("可能属于本项承诺"),
    "opened": _("开通"),
    "sketch": _("区县界为示意，不作权属依据"),
    "simulated": _("模拟数据"),
    "whole_view": _("打开完整视图"),
    "reach": _("服务范围"),
    "facility": _("设施"),
    "reach_low": _("肯定覆盖（R − 误差）"),
    "reach_central": _("按标注位置覆盖（R）"),
    "reach_high": _("可能覆盖（R + 误差）"),
    "edit_add": _("点地图，在那里增加一处设施"),
    "edit_isochrone": _("点地图，看从那里出发各时间能到哪里"),
    "isochrone": _("{n} 分钟以内"),
    "isochrones": _("等时圈（越深越近，点一圈看人数）"),
    "edit_move": _("点一处设施，再拖动它或移除它"),
    "edit_link": _("在要连通的两条街上各点一下"),
    "edit_close": _("点要封闭的那一段街道"),
    "edit_remove": _("移除这处设施"),
    "edit_drag": _("拖动符号即可移动"),
    "reach_left": _("沿街道走不到的陆地"),
}


def _status_rows(lang: str) -> list[dict[str, str]]:
    return [
        {
            "id": s.id,
            "label": translate(s.label, lang),
            "fill": s.fill,
            "ink": s.ink,
            "mark": s.mark,
            "dash": s.dash,
        }
        for s in STATUS_STYLES
    ]


def map_config(atlas: Atlas, lang: str) -> dict[str, Any]:
    """Everything the browser needs to know before it fetches the first layer (JSON-serialisable)."""
    words, span = atlas.vocabulary("categories"), atlas.city.days
    west, south, east, north = atlas.districts.total_bounds.tolist()
    return {
        "bounds": [[south, west], [north, east]],
        "statuses": _status_rows(lang),
        "certainties": [
            {"id": c.id, "label": translate(c.label, lang), "help": translate(c.help, lang)}
            for c in CERTAINTY_STYLES
        ],
        "lang": lang,
        "counted": list(COUNTED),
        "scopes": {scope: list(counted) for scope, counted in COUNTED_IN_SCOPE.items()},
        "categories": {
            str(key): {"label": row[f"name_{lang}"], "glyph": row[f"glyph_{lang}"]}
            for key, row in words.iterrows()
        },
        "basemaps": {
            base.id: {
                "url": tile_url(base),
                "datum": base.datum,
                "attribution": base.attribution,
                "script": base.script,
            }
            for base in available()
        }
        | {
            OFFLINE.id: {
                "url": "",
                "datum": OFFLINE.datum,
                "attribution": ways_credit(atlas.pack.root),
                "script": "",
            }
        },
        "view": [
            {"link": part.link, "state": part.state, "kind": part.kind, "isPrinted": part.printed}
            for part in VIEW_PARTS
        ],
        "span": [span.first.isoformat(), span.last.isoformat()],
        "text": {
            name: translate(text, lang).format(first=span.first.year, last=span.last.year, n="{n}", m="{m}")
            for name, text in MESSAGES.items()
        },
    }
