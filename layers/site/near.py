"""Near me on the public site: the table that its page answers from, and the page."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from geo.text import mark as _
from geo.text import translate
from layers.analysis.near_table import KINDS, facility_tables, near_table
from layers.site.pages import Site
from layers.site.parts import Parts

PAGE: Final = "near.html"
_TEXTS: Final = {
    "similar": _("没有写作“{query}”的名称，以下是写法相近的："),
    "not_found": _("没有找到“{query}”。可试站名、街道名、拼音首字母，或“经度,纬度”。"),
    "failed": _("资料没有取到，请重新载入页面。"),
    "no_single_place": _("{label} · 没有单一的位置"),
    "around": _("以坐标 {at} 为中心"),
    "far_away": _("这里不在本市或紧邻的地方，没有可说的。"),
    "no_such_place": _("这个地点没有已知的位置，或没有这个编号。请重新搜索。"),
    "here": _("我的位置"),
    "locating": _("正在等浏览器给出位置…"),
    "link_here": _("这个位置的链接（谁拿到都看得见位置）"),
    "position_denied": _("浏览器没有允许使用位置。可以改为搜索一个地点。"),
    "position_unknown": _("浏览器说不出位置。可以改为搜索一个地点。"),
}


def page_table(parts: Parts, as_of: date, lang: str) -> dict[str, Any]:
    """What the page answers from, with its own texts.

    Parameters
    ----------
    parts : Parts
    as_of : date
        The day of the state.
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    dict
    """
    atlas, families = parts.atlas, parts.families
    day = as_of.isoformat()
    made_of = {day: families.digest(families.naming(KINDS))}

    def make(days: list[str]) -> dict[str, Any]:
        return dict.fromkeys(days, facility_tables(atlas.register, as_of, lang))

    facilities = parts.earlier.pieces(f"near {lang} {atlas.pack.plan}", made_of, make)[day]
    texts = {name: translate(text, lang) for name, text in _TEXTS.items()}
    return near_table(atlas, as_of, lang, facilities=facilities) | {"text": texts}


def near_page(site: Site, lang: str) -> dict[str, bytes]:
    """Path -> content of the page, for one language."""
    return dict([site.render(PAGE, PAGE, lang)])
