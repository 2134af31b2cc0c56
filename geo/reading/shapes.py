"""``read_shapes``: the shapes of a person's file for an analysis, quickly and as safely as any import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from geo.reading.brought import brought
from geo.reading.limits import Limits
from geo.reading.model import ShapesWanted
from geo.reading.wire import unpack

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def read_shapes(
    path: Path, endings: Sequence[str], wanted: ShapesWanted, *, limits: Limits | None = None
) -> GeoDataFrame:
    """Shapes of one layer of a file, with the columns that are wanted alone, read by a process of its own.

    Parameters
    ----------
    path : Path
        A local file; its ending must be among ``endings`` and its content must agree.
    endings : sequence of str
        Endings that are accepted.
    wanted : ShapesWanted
    limits : Limits or None
        Beyond which a file is refused; :data:`geo.reading.limits.LIMITS` if None.

    Returns
    -------
    GeoDataFrame
        In the file's CRS (None where it has none); a column for each tag that is wanted and that the file has, texts or None.

    Raises
    ------
    ParameterError
        An address, or an ending that is not accepted.
    IngestError
        As :func:`geo.reading.read_file.read_file`.
    """
    import geopandas as gpd

    with brought(path, endings, limits=limits) as file:
        letter = file.copy.run("shapes", kind=file.kind, wanted=asdict(wanted))
        layers = unpack(file.copy.folder, letter)[0]
    return gpd.GeoDataFrame(layers[0].frame, geometry=layers[0].geometry, crs=layers[0].crs)
