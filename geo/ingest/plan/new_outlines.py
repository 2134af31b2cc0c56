"""Which outlines of an import are not kept yet: a list that says nothing else new of a known work may bring one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from geo.register.work_outlines import facility_outlines, work_outlines

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.register.register import Register

_SAME: Final = 1e-9
"""Degrees: corners nearer than this are one."""


def new_outlines(drawn: gpd.GeoDataFrame, register: Register, *, standing: bool) -> int:
    """How many outlines are not those that are kept.

    Parameters
    ----------
    drawn : GeoDataFrame
        Polygons (EPSG:4326) by ``work_id``.
    register : Register
    standing : bool
        They are of existing facilities, not of works.

    Returns
    -------
    int
    """
    if drawn.empty:
        return 0
    kept = (facility_outlines if standing else work_outlines)(register).geometry
    before = kept.reindex(drawn["work_id"]).to_numpy()
    same = shapely.equals_exact(
        shapely.normalize(drawn.geometry.to_numpy()), shapely.normalize(before), _SAME
    )
    return int((~same).sum())
