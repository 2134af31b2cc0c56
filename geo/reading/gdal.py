"""Holds GDAL short inside the reading process: one driver, no network, no other files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Final

_NOWHERE: Final = "http://127.0.0.1:9"
_all: list[str] = []
_OPTIONS: Final = {
    "GDAL_NUM_THREADS": "1",
    "GDAL_CACHEMAX": "64",
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_DRIVER_PATH": "disable",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_USE_SCHEMA_IMPORT": "NO",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "0",
    "SHAPE_RESTORE_SHX": "YES",
    "OSM_USE_CUSTOM_INDEXING": "NO",  # the quicker index refuses ids that are negative or out of order
    "OSM_MAX_TMPFILE_SIZE": "256",
    "PROJ_NETWORK": "OFF",
    "DXF_ENCODING": "UTF-8",  # geo/reading/dxf_text.py makes it so
}


def prepare(drivers: Sequence[str]) -> None:
    """Remember the names of all drivers and set what every reading needs; before pyogrio is imported."""
    _all[:] = drivers
    os.environ.update(_OPTIONS)


def only(driver: str) -> None:
    """Put every driver but one out of use, before pyogrio is imported: no content can then choose another.

    Raises
    ------
    RuntimeError
        More than the one is in use: the reading must not go on.
    """
    os.environ["GDAL_SKIP"] = os.environ["OGR_SKIP"] = ",".join(others(driver)) + ","
    # pyogrio takes geopandas as a companion where it can be imported: here it would only cost time
    sys.modules.setdefault("geopandas", None)  # type: ignore[arg-type]
    from pyogrio import list_drivers

    check_alone(driver, list_drivers())


def others(driver: str) -> list[str]:
    """Every driver of the GDAL in use but one, and but the one that keeps tables in memory."""
    return sorted({*_all} - {driver, "MEM"})


def check_alone(driver: str, in_use: Iterable[str]) -> None:
    """``RuntimeError`` where more drivers are in use than the one: the reading must not go on."""
    if unexpected := set(in_use) - {driver, "MEM"}:
        raise RuntimeError(f"drivers in use that should not be: {sorted(unexpected)}")
