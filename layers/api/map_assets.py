"""The browser's code under ``/atlas/assets``: files that need nothing of the atlas."""

from __future__ import annotations

import mimetypes
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from layers import browser_code, browser_packages
from layers.api.json_answer import YEAR

_FOLDER: Final = "/assets"

mimetypes.add_type("text/javascript", ".js")  # browsers run no module of another type; some systems have one


class VersionedFiles(StaticFiles):
    """Files under an address that changes with their content: a browser may keep them for a year."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, with that permission."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = YEAR
        return response


def asset_routes(before: str = "") -> list[Mount]:
    """Leaflet, its clusters, what other people's scripts set-up got, and our own modules; ``before`` stands before ``/assets``."""
    from xstatic.pkg import leaflet

    def mount(name: str, files: StaticFiles) -> Mount:
        """Files of the browser's code, compressed: a third of the bytes on a slow network."""
        return Mount(f"{before}{_FOLDER}/{name}", files, middleware=[Middleware(GZipMiddleware)])

    clusters = browser_code.cluster_asset().split("/")[1]
    found = [
        mount("leaflet", StaticFiles(directory=leaflet.BASE_DIR)),
        mount(clusters, VersionedFiles(directory=browser_code.cluster_file().parent)),
        mount(browser_code.version(), VersionedFiles(directory=browser_code.STATIC_DIR)),
    ]
    script = browser_packages.tile_renderer()
    if script is not None:  # what draws the detailed base map
        folder = browser_code.tile_renderer_asset(script).split("/")[1]
        found.append(mount(folder, VersionedFiles(directory=script.parent)))
    if browser_packages.is_installed("proj4_js"):  # what pages project places with
        address = browser_packages.asset("proj4_js").removeprefix("assets/").rpartition("/")[0]
        found.append(mount(address, VersionedFiles(directory=browser_packages.path_of("proj4_js").parent)))
    return found
