"""The matrix as a GeoPackage: one layer a set of facilities, one row a zone, columns for each indicator, and the long table beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from geo.coverage.matrix import Matrix
from geo.coverage.matrix_table import NOT_COMPUTED
from geo.geopackage import geopackage_of
from geo.register.city import Atlas

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

PARTS: Final = ("share_low", "share", "share_high", "verdict", "shortfall")
"""What each indicator has in a layer: columns ``<indicator_id>_<part>``. Everything else is in the table ``matrix``."""


def matrix_layers(atlas: Atlas, matrix: Matrix, zones: GeoDataFrame | None = None) -> dict[str, GeoDataFrame]:
    """A layer for each set of facilities.

    Parameters
    ----------
    atlas : Atlas
    matrix : Matrix
    zones : GeoDataFrame or None
        The polygons that the matrix was asked of; None for the districts, whose row of the whole city has no outline.

    Returns
    -------
    dict of GeoDataFrame
        By set, EPSG:4326: ``zone_code, zone``, then :data:`PARTS` of each indicator that was computed.
    """
    table = matrix.rounded()
    table = table[table["reasons"] != NOT_COMPUTED]
    outlines = _outlines(atlas, zones)
    layers = {}
    for which, rows in table.groupby("set", sort=False):
        zone = rows.drop_duplicates("zone_code").set_index("zone_code")[["zone"]]
        columns = {
            f"{indicator}_{part}": own.set_index("zone_code")[part]
            for indicator, own in rows.groupby("indicator_id", sort=False)
            for part in PARTS
        }
        frame = zone.assign(**columns).reset_index()
        layers[str(which)] = gpd.GeoDataFrame(
            frame, geometry=frame["zone_code"].map(outlines).to_numpy(), crs=4326
        )
    return layers


def _outlines(atlas: Atlas, zones: GeoDataFrame | None) -> gpd.GeoSeries:
    """Outlines by the code of the zone: of a person's own polygons that is the number of the row."""
    if zones is None:
        shapes = atlas.districts.geometry
        return gpd.GeoSeries(shapes.to_numpy(), index=shapes.index.astype(str), crs=shapes.crs)
    shapes = zones.geometry.to_crs(4326)
    return gpd.GeoSeries(shapes.to_numpy(), index=[str(row) for row in range(1, len(shapes) + 1)], crs=4326)


def matrix_geopackage(atlas: Atlas, matrix: Matrix, zones: GeoDataFrame | None = None) -> bytes:
    """The layers of :func:`matrix_layers`, the long table ``matrix`` and its ``notes`` in one GeoPackage.

    Parameters
    ----------
    atlas : Atlas
    matrix : Matrix
    zones : GeoDataFrame or None
        As :func:`matrix_layers` takes it.

    Returns
    -------
    bytes
    """
    layers: dict[str, pd.DataFrame] = {
        f"matrix_{which}": layer for which, layer in matrix_layers(atlas, matrix, zones).items()
    }
    texts = {lang: matrix.messages(lang) for lang in ("zh", "en")}
    city = atlas.city
    credit = {lang: f"{city.licence.label}; {city.credit_line(lang)}" for lang in texts}
    notes = pd.DataFrame({lang: [*texts[lang], credit[lang]] for lang in texts})
    return geopackage_of(layers | {"matrix": matrix.rounded(), "notes": notes})
