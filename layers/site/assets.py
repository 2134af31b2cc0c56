"""Scripts, styles and signs of the public pages: the app's own front-end and a little more, under names that tell content."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from geo.display.symbology import STATUS_STYLES
from geo.display.tokens import COLOURS, STATUS, style_sheet
from layers import browser_code, browser_packages

_OWN: Final = Path(__file__).parent / "static"
_LEAFLET: Final = (
    "leaflet.js",
    "leaflet.css",
    "images/layers.png",
    "images/layers-2x.png",
    "images/marker-icon.png",
)
_STYLES: Final = (
    (browser_code.STATIC_DIR, "atlas.css"),
    (_OWN, "site.css"),
    (browser_code.STATIC_DIR, "message.css"),
)
ICON: Final = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{COLOURS["accent"].light}"/>'
    f'<path d="M16 5a8 8 0 0 0-8 8c0 6 8 14 8 14s8-8 8-14a8 8 0 0 0-8-8z" fill="{COLOURS["white"].light}"/>'
    f'<path d="M12.4 13.2l2.6 2.6 4.6-5" fill="none" stroke="{STATUS["completed"]["fill"]}" stroke-width="2.4"/></svg>\n'
)


def named(stem: str, ending: str, content: bytes) -> str:
    """``stem.1a2b3c4d.ending``: a name that changes with the content, so it may be kept by browsers for good.

    Parameters
    ----------
    stem, ending : str
    content : bytes

    Returns
    -------
    str
    """
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"


def assets() -> tuple[dict[str, bytes], dict[str, str]]:
    """Files (path -> content), and their paths by what a page calls them: ``leaflet_js, leaflet_css, cluster_js, script, style, icon``,
    and those of :data:`layers.browser_packages.SCRIPTS`."""
    from xstatic.pkg import leaflet

    folder = f"assets/leaflet-{leaflet.VERSION}"
    files = {f"{folder}/{name}": (Path(leaflet.BASE_DIR) / name).read_bytes() for name in _LEAFLET}
    script, style, icon = _script(), _style(), ICON.encode()
    cluster = browser_code.cluster_file().read_bytes()
    names = {
        "cluster_js": named("assets/leaflet-markercluster", "js", cluster),
        "script": named("assets/atlas", "js", script),
        "style": named("assets/atlas", "css", style),
        "icon": named("assets/icon", "svg", icon),
    }
    files |= {
        names["cluster_js"]: cluster,
        names["script"]: script,
        names["style"]: style,
        names["icon"]: icon,
    }
    for name in browser_packages.SCRIPTS:
        content = browser_packages.script(name)
        names[name] = named(f"assets/{name.removesuffix('_js')}", "js", content)
        files[names[name]] = content
    return files, names | {"leaflet_js": f"{folder}/leaflet.js", "leaflet_css": f"{folder}/leaflet.css"}


def _script() -> bytes:
    """All modules as one classic script: browsers load no module from a folder."""
    return browser_code.bundle([*browser_code.drawings(), _OWN / "start.js"])


def _style() -> bytes:
    """The app's styles, the pages' own, and one rule a status: the policy allows no style in an attribute."""
    rules = [f".st-{s.id} {{ background: {s.fill}; color: {s.ink}; }}\n" for s in STATUS_STYLES]
    texts = [(folder / name).read_text("utf-8") for folder, name in _STYLES]
    return "".join([style_sheet(*texts), *texts, *rules]).encode()
