"""How a page that folium writes gets the code that draws: by addresses of this server, or inside the page itself."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.template import Template

from geo.display.tokens import style_sheet
from geo.text import LANGUAGE_TAGS
from layers import browser_code

_PAGE: Final = browser_code.STATIC_DIR / "map" / "folium_page.js"
_UNSAFE: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "{}%#<>&'\u2028\u2029"}


def literal(value: Any) -> str:
    """A value as an expression of JavaScript that means nothing to HTML, nor to Jinja.

    Folium renders every script as a template a second time, so a name such as ``{{7*7}}`` would be worked out on this
    machine, and a name with ``</script>`` would end the script. The JSON therefore stands in a string in which every sign
    that could mean something is written by its number.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"JSON.parse({json.dumps(text, ensure_ascii=False).translate(_UNSAFE)})"


def page_of(element: Element) -> Figure:
    """The page that an element is on; ``ValueError``, as folium has it, for one that was added to no map."""
    root = element.get_root()
    if not isinstance(root, Figure):
        raise ValueError("add this element to a folium.Map before it is rendered")
    return root


class PageCode(Protocol):
    """Gives a page Leaflet, its own style and the map's code."""

    def add_to(self, figure: Figure) -> None:
        """Put what the page needs into its head, once."""


class Served:
    """The code by addresses of this server, relative to the page: it is fetched once for all pages, module by module."""

    def add_to(self, figure: Figure) -> None:
        """Put the addresses into the page; its own script must be a module (:class:`ModulePage`)."""
        for name, url in (
            ("leaflet_css", "assets/leaflet/leaflet.css"),
            ("tokens_css", browser_code.asset("tokens.css")),
            ("atlas_css", browser_code.asset("atlas.css")),
        ):
            figure.header.add_child(CssLink(url), name=name)
        figure.header.add_child(JavascriptLink("assets/leaflet/leaflet.js"), name="leaflet")
        figure.header.add_child(JavascriptLink(browser_code.cluster_asset()), name="leaflet_clusters")
        preload = "".join(
            f'<link rel="modulepreload" href="{browser_code.asset(name)}">'
            for name in browser_code.map_modules()
        )
        figure.header.add_child(Element(preload), name="atlas_modules")
        modules = [f"map/drawings/{path.name}" for path in browser_code.drawings()]
        imports = "".join(
            f'import "./{browser_code.asset(name)}";\n' for name in (*modules, "map/folium_page.js")
        )
        figure.script.add_child(Element(imports), name="atlas_page", index=0)


class Embedded:
    """The code inside the page, Leaflet too: it draws from a file, with no network at all."""

    def add_to(self, figure: Figure) -> None:
        """Put the code into the page. On a map of folium's own, its links to Leaflet give way to the same version here."""
        for name, text in (("leaflet_css", _leaflet_css()), ("atlas_css", _atlas_css())):
            figure.header.add_child(_Inline("style", text), name=name)
        scripts = {"leaflet": _leaflet_js(), "leaflet_clusters": _cluster_js(), "atlas_page": _atlas_js()}
        for name, text in scripts.items():
            figure.header.add_child(_Inline("script", text), name=name)


SERVED: Final = Served()
EMBEDDED: Final = Embedded()


class ModulePage(Figure):
    """A page of folium whose script is an ES module: it may import others, and runs when they are there.

    Parameters
    ----------
    title : str
    lang : str
        ``zh`` or ``en``.
    """

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{this.language}}">\n<head>\n'
        "{% if this.title %}<title>{{this.title}}</title>{% endif %}{{this.header.render(**kwargs)}}\n"
        "</head>\n<body>\n{{this.html.render(**kwargs)}}\n</body>\n"
        '<script type="module">\n{{this.script.render(**kwargs)}}\n</script>\n</html>\n'
    )

    def __init__(self, title: str, lang: str) -> None:
        super().__init__(title=title)
        self.language = LANGUAGE_TAGS[lang]


class _Inline(Element):
    """Code between two tags, rendered once: it is full of braces, which are not Jinja's."""

    _template = Template("<{{ this.tag }}>{{ this.text }}</{{ this.tag }}>")

    def __init__(self, tag: str, text: str) -> None:
        super().__init__()
        self.tag = tag
        self.text = text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _leaflet(name: str) -> Path:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR) / name


@lru_cache(maxsize=1)
def _leaflet_js() -> str:
    return _without_map(_leaflet("leaflet.js"))


@lru_cache(maxsize=1)
def _cluster_js() -> str:
    return _without_map(browser_code.cluster_file())


def _without_map(script: Path) -> str:
    """A script without the address of its source map, which is not in the page."""
    return re.sub(r"//# sourceMappingURL=\S+", "", script.read_text("utf-8"))


@lru_cache(maxsize=1)
def _leaflet_css() -> str:
    """Leaflet's styles with their images inside."""

    def inside(found: re.Match[str]) -> str:
        content = base64.b64encode(_leaflet(found[1]).read_bytes()).decode()
        return f"url(data:image/png;base64,{content})"

    return re.sub(r"url\((images/[\w-]+\.png)\)", inside, _leaflet("leaflet.css").read_text("utf-8"))


@lru_cache(maxsize=1)
def _atlas_css() -> str:
    styles = (browser_code.STATIC_DIR / "atlas.css").read_text("utf-8")
    return style_sheet(styles) + styles


@lru_cache(maxsize=1)
def _atlas_js() -> str:
    """The map's modules as one classic script; made once a process."""
    return browser_code.bundle([*browser_code.drawings(), _PAGE]).decode("utf-8")
