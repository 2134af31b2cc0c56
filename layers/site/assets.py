"""Scripts, styles and signs of the public pages: the app's own front-end and a little more, under names that tell content."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from geo.display.symbology import STATUS_STYLES
from layers import browser_code, browser_packages

_OWN: Final = Path(__file__).parent / "static"
_LEAFLET: Final = (
    "leaflet.js",
    "leaflet.css",
    "images/layers.png",
    "images/layers-2x.png",
    "images/marker-icon.png",
)
ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5cad"/>'
    '<path d="M16 5a8 8 0 0 0-8 8c0 6 8 14 8 14s8-8 8-14a8 8 0 0 0-8-8z" fill="#fff"/>'
    '<path d="M12.4 13.2l2.6 2.6 4.6-5" fill="none" stroke="#009e73" stroke-width="2.4"/></svg>\n'
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
    rules = [f".st-{s.id} {{ background: {s.fill}; color: {_ink(s.fill, s.ink)}; }}\n" for s in STATUS_STYLES]
    texts = [
        (browser_code.STATIC_DIR / "atlas.css").read_text("utf-8"),
        (_OWN / "site.css").read_text("utf-8"),
        *rules,
    ]
    return "".join(texts).encode()


def _ink(fill: str, ink: str) -> str:
    """The declared ink where small letters in it can be read on ``fill`` (4.5 to 1, WCAG 2 AA), else the better of two."""
    return (
        ink
        if contrast(fill, ink) >= 4.5
        else max(("#111111", "#ffffff"), key=lambda one: contrast(fill, one))
    )


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (``#rrggbb``) as WCAG 2 has it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
