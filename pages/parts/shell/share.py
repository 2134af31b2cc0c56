"""Share and cite: the link of the view, a QR code of it made here, and the citation in the forms people need."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

import streamlit as st

from geo.display.citation import cite
from geo.display.view import LONGEST_QR, PAGE_PARAMETER, frame_code, view_address
from geo.text import LANGUAGES
from pages.parts.shell import link
from pages.parts.shell.html import base_path
from pages.parts.shell.loaders import atlas, program_name
from pages.parts.shell.map_view import map_view, shown_parameters
from pages.parts.shell.texts import language, t


@lru_cache(maxsize=64)
def qr_svg(text: str) -> str:
    """A QR code as SVG, black on white with its quiet zone."""
    import segno

    return str(
        segno.make(text, error="m", micro=False).svg_inline(scale=4, border=4, dark="black", light="white")
    )


def show_share(title: str) -> None:
    """The popover; filled only when it is open."""
    popover = st.popover(t("分享/引用"), icon=":material/share:", on_change="rerun", key="share", wrap=False)
    if not popover.open:
        return
    with popover:
        frame = map_view("share_map_view").frame
        address = link.address(frame)
        st.caption(t("链接就是这一视图：筛选、日期、图层、选中的项目和地图的画面都在其中。"))
        st.code(address, language=None, wrap_lines=True)
        if len(address) <= LONGEST_QR:
            st.image(qr_svg(address), width=180, caption=t("扫码打开这一视图"))
        else:
            st.caption(t("链接太长，印成二维码读不出来；请用上面的链接。"))
        name = program_name()
        day = link.widget_value("as_of")
        citation = cite(
            atlas(),
            f"{name} · {title}",
            date.fromisoformat(day) if day else date.today(),
            address,
            accessed=date.today(),
            lang=language(),
        )
        for label, text in (
            (t("引用"), citation.text),
            ("GB/T 7714", citation.gbt7714),
            ("BibTeX", citation.bibtex),
        ):
            st.markdown(f"**{label}**")
            st.code(text, language=None, wrap_lines=True)
        if shown_parameters() is not None:
            st.markdown(
                f"**{t('嵌入网页的代码')}**",
                help=t("放进别的网页，就有这一视图的一张会动的地图，带标题、署名和到这里的链接。"),
            )
            st.code(frame_code(_embed_address(frame), f"{name} · {title}"), language="html", wrap_lines=True)


def _embed_address(frame: str) -> str:
    """Address of the page's map for another site's frame: what it shows, and the page that it is of."""
    own = urlsplit(link.address())
    base, first = base_path(), own.path.rstrip("/") == base_path()
    page = (
        {}
        if first
        else {
            PAGE_PARAMETER: own._replace(
                scheme="", netloc="", path=own.path.removeprefix(f"{base}/")
            ).geturl()
        }
    )
    words = (shown_parameters() or {}) | page | ({"lang": language()} if language() != LANGUAGES[0] else {})
    embed = own._replace(path=f"{base}/atlas/embed", query="").geturl()
    return view_address(embed, {name: [value] for name, value in words.items()}, frame)
