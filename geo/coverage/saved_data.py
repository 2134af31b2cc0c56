"""Data sets that stay, from files that were brought: residential land, streets, outlines, zones, places, parcels, exclusions,
residents by cell.

They lie in ``var/datasets`` under the digest of their content, with a JSON of what they are beside them, and are offered
by name wherever a question takes such data. A name never becomes a path.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import DataError, ParameterError, UnknownIdError
from geo.geopackage import write_layer
from geo.paths import datasets_dir
from geo.register.city import Atlas
from geo.text import mark as _

if TYPE_CHECKING:
    import numpy as np
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.coverage.demand import Demand
    from geo.kernels.lattice import Lattice
    from geo.kernels.network import StreetNetwork

SHAPES: Final = ("residential", "streets", "outlines", "zones", "places", "parcels", "exclusions")
KINDS: Final = (*SHAPES, "raster")
_TOKEN: Final = re.compile(rf"({'|'.join(KINDS)})-[0-9a-f]{{32}}")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved data set.

    Attributes
    ----------
    token : str
        ``<kind>-<digest>``: the word that a question, a link or a command names it by.
    kind : str
        One of :data:`KINDS`.
    name, credit : str
        What it is called, and whom to credit; shown.
    features : int
    saved : str
        Day, ISO 8601.
    """

    token: str
    kind: str
    name: str
    credit: str
    features: int
    saved: str

    @property
    def path(self) -> Path:
        """The GeoPackage, or the GeoTIFF of a raster."""
        return datasets_dir() / f"{self.token}{'.tif' if self.kind == 'raster' else '.gpkg'}"


def is_token(text: str) -> bool:
    """Whether a word has the form of a data set's token."""
    return _TOKEN.fullmatch(text) is not None


def save_dataset(kind: str, frame: GeoDataFrame, *, name: str, credit: str = "") -> Saved:
    """Keep geometries (any CRS) with their columns; the same content is kept once.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    frame : GeoDataFrame
        Geometries in any CRS.
    name : str
        Shown to people.
    credit : str
        Whom to name; empty for nobody.

    Returns
    -------
    Saved

    Raises
    ------
    ParameterError
        An unknown kind, or nothing to keep.
    DataError
        The folder cannot be written.
    """
    import shapely

    if kind not in SHAPES or frame.empty:
        raise ParameterError(_("没有可以保存的数据。"), hint=_("可用：{known}。"), known="、".join(SHAPES))
    columns = frame.drop(columns=frame.geometry.name)
    digest = hashlib.sha256(name.encode() + columns.to_json(orient="split", default_handler=str).encode())
    for wkb in shapely.to_wkb(frame.geometry.to_numpy()):
        digest.update(wkb or b"")
    saved = Saved(
        f"{kind}-{digest.hexdigest()[:32]}",
        kind,
        name[:120],
        credit[:200],
        len(frame),
        date.today().isoformat(),
    )
    return _keep(saved, lambda draft: write_layer(draft, kind, frame))


def save_raster(
    residents: NDArray[np.float64], lattice: Lattice, crs: str, *, name: str, credit: str = ""
) -> Saved:
    """Keep residents by cell; the same content is kept once.

    Parameters
    ----------
    residents : ndarray (ny, nx)
        Rows from the south, as ``lattice`` has them.
    lattice : Lattice
    crs : str
        System of the lattice, ``EPSG:n``.
    name, credit : str
        Shown to people.

    Returns
    -------
    Saved

    Raises
    ------
    DataError
        The folder cannot be written.
    """
    digest = hashlib.sha256(name.encode() + residents.tobytes()).hexdigest()[:32]
    count, today = int((residents > 0).sum()), date.today().isoformat()
    saved = Saved(f"raster-{digest}", "raster", name[:120], credit[:200], count, today)

    def write(draft: Path) -> None:
        import rasterio
        from rasterio.transform import from_origin

        ny, nx = residents.shape
        place = from_origin(lattice.x0, lattice.y0 + ny * lattice.size, lattice.size, lattice.size)
        with rasterio.open(
            draft,
            "w",
            driver="GTiff",
            width=nx,
            height=ny,
            count=1,
            dtype="float64",
            crs=crs,
            transform=place,
            compress="deflate",
            tiled=True,
        ) as out:
            out.write(residents[::-1], 1)

    return _keep(saved, write)


def _keep(saved: Saved, write: Callable[[Path], None]) -> Saved:
    """Write a data set and its description, each at once."""
    description = saved.path.with_suffix(".json")
    try:
        datasets_dir().mkdir(parents=True, exist_ok=True)
        draft = saved.path.with_name(f"{saved.token}.{os.getpid()}.part{saved.path.suffix}")
        write(draft)
        draft.replace(saved.path)
        part = description.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(asdict(saved), ensure_ascii=False), "utf-8")
        part.replace(description)  # last: a data set is there when its description is
    except OSError as error:
        raise DataError(
            _("写不了文件夹 {name}：{detail}。"),
            hint=_("请核对磁盘空间与权限。"),
            name="var/datasets",
            detail=str(error.strerror or error),
        ) from error
    return saved


def saved_datasets(kind: str = "") -> list[Saved]:
    """What is kept, by name; of one kind if one is given."""
    found = [_described(path) for path in sorted(datasets_dir().glob("*.json"))]
    return sorted(
        (one for one in found if not kind or one.kind == kind), key=lambda one: (one.name, one.token)
    )


def find_saved(token: str, kinds: tuple[str, ...] = KINDS) -> Saved:
    """The data set a token names; ``UnknownIdError`` where there is none of these kinds."""
    if is_token(token) and token.startswith(kinds):
        path = datasets_dir() / f"{token}.json"
        if path.is_file():
            return _described(path)
    raise UnknownIdError(_("没有保存过数据集 {token}。"), hint=_("请重新导入。"), token=token[:80])


def _described(path: Path) -> Saved:
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return Saved(**{name: told[name] for name in Saved.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            _("数据集的说明 {name} 读不了。"), hint=_("请删去它，再导入一次。"), name=path.name
        ) from error


def saved_streets(atlas: Atlas, token: str) -> StreetNetwork:
    """The network of saved streets, with their name and credit."""
    from geo.kernels.street_file import read_streets

    saved = find_saved(token, ("streets",))
    network = read_streets(saved.path, atlas.city.projected_crs)
    network.report.update({"source": saved.name} | ({"credit": saved.credit} if saved.credit else {}))
    return network


def saved_demand(atlas: Atlas, token: str) -> Demand:
    """Residents on saved residential land, or of a saved raster."""
    from geo.coverage.demand import raster_demand, residential_demand
    from geo.reading.model import ShapesWanted
    from geo.reading.shapes import read_shapes

    saved = find_saved(token, ("residential", "raster"))
    if saved.kind == "raster":
        demand = raster_demand(atlas, saved.path)
        demand.inputs["raster"] = saved.name
        return demand
    return residential_demand(
        atlas, read_shapes(saved.path, (".gpkg",), ShapesWanted("Polygon")), name=saved.name
    )


def saved_shapes(token: str, kind: str) -> GeoDataFrame:
    """Saved zones, places, parcels or exclusions with their columns, as :func:`geo.coverage.zone_file.read_zones` reads them."""
    from geo.coverage.zone_file import read_zones

    return read_zones(find_saved(token, (kind,)).path)
