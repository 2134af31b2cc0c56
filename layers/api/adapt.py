"""What pygeoapi 0.21 has no setting for, put in its place once a process; its files on disk stay as they are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pygeoapi.api as pages
from pygeoapi import util
from pygeoapi.api import itemtypes, tiles
from pygeoapi.plugin import PLUGINS

from geo.errors import AtlasError, ParameterError, UnknownIdError
from geo.text import mark as _
from layers.api.conformance import CLASSES
from layers.api.filtering.text import Filter, read_tree


@lru_cache(maxsize=1)
def adapt() -> None:
    """Only what is tested is declared; filters are read by the cql2 library; documents come unwritten, to be mended; CSV is ours."""
    pages.CONFORMANCE_CLASSES[:] = CLASSES
    itemtypes.CONFORMANCE_CLASSES_FEATURES.clear()
    tiles.CONFORMANCE_CLASSES.clear()
    tiles.TileMatrixSetEnum = (tiles.TileMatrixSetEnum.WEBMERCATORQUAD,)  # what is listed is what is served
    itemtypes.parse_ecql_text = read_tree
    itemtypes.modify_pygeofilter = _placed
    PLUGINS["formatter"]["CSV"] = "layers.api.csv_table.CsvTable"
    pages.API.get_exception = _refuse
    util.get_transform_from_crs = lru_cache(maxsize=16)(
        util.get_transform_from_crs
    )  # made anew, each takes 0.15 s
    for module in (pages, itemtypes, tiles):
        module.to_json = _unwritten


def _refuse(
    _api: Any, status: int, _headers: Any, _format: Any, _code: str, description: str
) -> tuple[dict[str, str], int, str]:
    """What pygeoapi refuses is refused as everything here: in the reader's language, JSON or page (``routes``)."""
    kinds = {400: ParameterError, 404: UnknownIdError}
    raise kinds.get(int(status), AtlasError)(_("无法回答：{reason}"), reason=str(description)[:300])


def _placed(tree: Any, *, filter_crs_uri: str, **_names: Any) -> Filter:
    return Filter(tree, filter_crs_uri)


def _unwritten(document: Any, _pretty: bool = False) -> Any:
    return document
