"""What is near the visitor: a part of the page that asks the browser for its position and answers in the browser."""

from __future__ import annotations

from datetime import date
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from layers import browser_packages
from pages.parts.shell.html import assets_path, base_path
from pages.parts.shell.loaders import atlas, plan_query
from pages.parts.shell.texts import language, t

_JS: Final = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/near_here.js`).then(m => m.default(c));\n};"
_component = st.components.v2.component(
    "atlas_near_here", html='<div class="near-here wx reading"></div>', js=_JS, isolate_styles=False
)


def show_here(as_of: date, scope: str) -> None:
    """The button, and the answer below it once it was pressed. No value comes back: the position never reaches this server."""
    words = {"lang": language(), "as_of": as_of.isoformat(), "scope": scope} | plan_query()
    if not browser_packages.is_installed("proj4_js"):
        return
    _component(
        key="near_here",
        data={
            "base": base_path(),
            "assets": assets_path(),
            "table": f"/atlas/near.json?{urlencode(words | {'v': atlas().version})}",
            "script": f"/atlas/{browser_packages.asset('proj4_js')}",
            "link": urlencode(words),
            "text": {
                "locate": t("用我的位置"),
                "private": t("位置只在您的浏览器里计算，从不发给服务器。"),
                "here": t("我的位置"),
                "locating": t("正在等浏览器给出位置…"),
                "far_away": t("这里不在本市或紧邻的地方，没有可说的。"),
                "position_denied": t("浏览器没有允许使用位置。可以改为搜索一个地点。"),
                "position_unknown": t("浏览器说不出位置。可以改为搜索一个地点。"),
                "failed": t("资料没有取到，请重新载入页面。"),
            },
        },
    )
