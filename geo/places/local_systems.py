"""Coordinate systems of a city's own (城建坐标系 and the like): how their metres lead to a system that PROJ knows.

Four parameters turn, scale and move the metres into a known projection; seven lead a known projection on an old datum to
CGCS2000. PROJ computes both (``+proj=helmert``). Where the parameters are not given out, as they mostly are not,
:mod:`geo.places.control_points` finds four of them from points that are known in both systems.

Kept ones are files of ``ATLAS_VAR/systems``; whatever takes the name of a system takes theirs.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from geo.errors import CrsError, DataError, UnknownIdError
from geo.paths import var_dir
from geo.places.epsg import is_in_metres
from geo.text import mark as _
from geo.vocabulary import LOCAL

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
PARAMETERS: Final = {
    "four": ("east_m", "north_m", "rotation_s", "scale_ppm"),
    "seven": ("x_m", "y_m", "z_m", "rx_s", "ry_s", "rz_s", "scale_ppm"),
}
"""Names of the parameters of each kind: metres, seconds of arc, millionths."""
_LONGEST: Final = 40
_CGCS2000: Final = "+ellps=GRS80"


@dataclass(frozen=True, slots=True)
class LocalSystem:
    """A coordinate system that people keep by name.

    Attributes
    ----------
    name : str
        What people call it.
    base : str
        ``EPSG:n``: the projection that four parameters lead to, or the one on an old datum that seven start from.
    kind : {"four", "seven"}
    values : tuple of float
        In the order of :data:`PARAMETERS`. Four: ``east = east_m + k (x cos a - y sin a)``, ``north = north_m + k (x sin a + y
        cos a)`` with ``k = 1 + scale_ppm / 1e6`` and ``a = rotation_s``, anticlockwise. Seven: Bursa-Wolf, position vector.
    accuracy_m : float
        How far a converted position may be off.
    source : str
        Where the parameters come from, in words.
    made : str
        Day, ISO 8601.
    """

    name: str
    base: str
    kind: Literal["four", "seven"]
    values: tuple[float, ...]
    accuracy_m: float
    source: str
    made: str

    @property
    def system(self) -> str:
        """Its canonical name, ``LOCAL:name``."""
        return LOCAL + self.name

    @property
    def path(self) -> Path:
        """Its file; no name becomes a path."""
        return _folder() / f"{hashlib.sha256(self.name.encode()).hexdigest()[:32]}.json"


_FORM: Final = TypeAdapter(LocalSystem)


def plain_name(text: str) -> str:
    """A name as it is kept and compared: full-width characters and spaces made plain, without the prefix ``LOCAL:``."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).removeprefix(LOCAL).strip()


def save_system(system: LocalSystem) -> LocalSystem:
    """Keep a system for every later file; one of the same name is replaced.

    Raises
    ------
    CrsError
        A name or parameters that cannot be kept.
    DataError
        The folder cannot be written.
    """
    check_system(system)
    part = system.path.with_suffix(f".{os.getpid()}.part")
    try:
        system.path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(_FORM.dump_json(system, indent=1))
        part.replace(system.path)
    except OSError as error:
        raise DataError(
            _("坐标系存不下来：{detail}。"),
            hint=_("请检查 ATLAS_VAR 所在磁盘。"),
            detail=str(error.strerror),
        ) from error
    return system


def saved_systems() -> list[LocalSystem]:
    """All that are kept, by name; a file that is none is left out."""
    try:
        paths = sorted(_folder().glob("*.json"))
        return sorted(_of_files(tuple((str(path), path.stat().st_mtime_ns) for path in paths)), key=_name)
    except OSError:  # no folder yet, or one that is taken away while it is read
        return []


def find_saved_system(name: str) -> LocalSystem | None:
    """The kept system of a name, with or without ``LOCAL:``; None without one."""
    wanted = plain_name(name)
    return next((one for one in saved_systems() if one.name == wanted), None)


def forget_system(name: str) -> LocalSystem:
    """Keep a system no longer: places that were read with it stay. ``UnknownIdError`` if there is none of that name."""
    system = find_saved_system(name)
    if system is None:
        raise UnknownIdError(
            _("没有叫 {name} 的地方坐标系。"),
            hint=_("可用：{known}。"),
            name=name[:_LONGEST],
            known="、".join(one.name for one in saved_systems()) or "—",
        )
    system.path.unlink(missing_ok=True)
    return system


def local_to_degrees(east: Floats, north: Floats, system: LocalSystem) -> tuple[Floats, Floats]:
    """Metres of a local system as CGCS2000 degrees; what cannot be converted is infinite or NaN.

    Parameters
    ----------
    east, north : ndarray
    system : LocalSystem

    Returns
    -------
    (ndarray, ndarray)
        Longitude, latitude.
    """
    for step in _steps(system):
        east, north = step.transform(east, north)
    return east, north


def local_from_degrees(lon: Floats, lat: Floats, system: LocalSystem) -> tuple[Floats, Floats]:
    """CGCS2000 degrees as metres of a local system, the inverse of :func:`local_to_degrees`.

    Parameters
    ----------
    lon, lat : ndarray
    system : LocalSystem

    Returns
    -------
    (ndarray, ndarray)
        Easting, northing.
    """
    for step in reversed(_steps(system)):
        lon, lat = step.transform(lon, lat, direction="INVERSE")
    return lon, lat


@lru_cache(maxsize=64)
def _steps(system: LocalSystem) -> tuple[Transformer, ...]:
    from pyproj import CRS, Transformer

    base = CRS.from_user_input(system.base)
    own_degrees = Transformer.from_crs(base, base.geodetic_crs, always_xy=True)
    if system.kind == "four":
        east, north, turn, scale = system.values
        # PROJ turns clockwise
        words = f"+proj=helmert +x={east!r} +y={north!r} +theta={-turn!r} +s={1 + scale / 1e6!r}"
        return (Transformer.from_pipeline(words), own_degrees)
    names = ("x", "y", "z", "rx", "ry", "rz", "s")
    words = " ".join(f"+{name}={value!r}" for name, value in zip(names, system.values, strict=True))
    ellipsoid: Any = base.get_geod()  # a projection always has one
    old = f"+a={ellipsoid.a!r} +rf={1 / ellipsoid.f!r}"
    shift = (
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart {old}"
        f" +step +proj=helmert {words} +convention=position_vector"
        f" +step +inv +proj=cart {_CGCS2000} +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    return (own_degrees, Transformer.from_pipeline(shift))


def check_system(system: LocalSystem) -> None:
    """Refuse a name, a base or parameters that cannot be: ``CrsError`` with the remedy."""
    name = system.name
    if plain_name(name) != name or not 1 < len(name) <= _LONGEST or not name.isprintable() or "+" in name:
        raise CrsError(
            _("坐标系的名称要 2 到 {most} 个字，不含加号。"), hint=_("例如：城建坐标系。"), most=_LONGEST
        )
    if not (system.base.startswith("EPSG:") and is_in_metres(system.base)):
        raise CrsError(
            _("地方坐标系要以一个以米为单位的投影为基准，{base} 不是。"),
            hint=_("写 EPSG 代码，例如 EPSG:4547。"),
            base=system.base[:_LONGEST],
        )
    if len(system.values) != len(PARAMETERS[system.kind]) or not np.isfinite(system.values).all():
        raise CrsError(
            _("参数要 {n} 个有限的数：{names}。"),
            hint=_("平移以米、旋转以秒、尺度以百万分之一（ppm）为单位。"),
            n=len(PARAMETERS[system.kind]),
            names="、".join(PARAMETERS[system.kind]),
        )


@lru_cache(maxsize=4)
def _of_files(files: tuple[tuple[str, int], ...]) -> tuple[LocalSystem, ...]:
    return tuple(one for path, _changed in files if (one := _of_file(Path(path))) is not None)


def _of_file(path: Path) -> LocalSystem | None:
    try:
        system: Any = _FORM.validate_json(path.read_bytes())
        check_system(system)
    except (OSError, ValidationError, CrsError):
        return None
    return system if system.path.name == path.name else None


def _folder() -> Path:
    return var_dir() / "systems"


def _name(system: LocalSystem) -> str:
    return system.name
