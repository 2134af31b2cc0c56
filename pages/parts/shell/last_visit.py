"""What is new since the visitor's last visit, worked out in the browser: the server learns nothing of visits, and no cookie is set."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import streamlit as st

from geo.text import translate
from layers.feeds import NEWS_TEXTS
from pages.parts.shell.html import assets_path, base_path
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import language

_JS: Final = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/last_visit.js`).then(m => m.default(c));\n};"
_component = st.components.v2.component(
    "atlas_last_visit", html='<div class="since-visit wx"></div>', js=_JS, isolate_styles=False
)


def show_last_visit() -> None:
    """One line that opens, where anything is new; nothing on a first visit."""
    lang = language()
    _component(
        key="last_visit",
        data={
            "base": base_path(),
            "assets": assets_path(),
            "lang": lang,
            "news": f"/atlas/news.json?{urlencode({'lang': lang, 'v': atlas().version})}",
            "link": urlencode({"lang": lang, "scope": "all"}),
            "text": {name: translate(text, lang) for name, text in NEWS_TEXTS.items()},
        },
    )
