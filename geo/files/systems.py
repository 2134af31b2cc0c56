"""The three systems that files leave in, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.errors import ParameterError
from geo.places.crs import system_name
from geo.text import mark as _


@dataclass(frozen=True, slots=True)
class System:
    """A coordinate system of a file.

    Attributes
    ----------
    id : str
        As :mod:`geo.places.crs` calls it.
    name : str
        As people and the file call it.
    tag : str
        What stands in a file's name.
    epsg : int or None
        None for GCJ-02: it has no code, and must never pass for 4326.
    metric : bool
        Coordinates are easting and northing in metres, not degrees.
    digits : int
        Decimals that keep a centimetre.
    note : str
        What a reader of the file must know; a message id.
    """

    id: str
    name: str
    tag: str
    epsg: int | None
    metric: bool
    digits: int
    note: str

    @property
    def title(self) -> str:
        """Name with its code: ``CGCS2000 (EPSG:4549)``."""
        return f"{self.name} (EPSG:{self.epsg})" if self.epsg else self.name

    @property
    def code(self) -> str:
        """One word that :func:`geo.places.crs.system_name` reads: what the column ``crs`` and the headers say."""
        return f"EPSG:{self.epsg}" if self.metric else self.name

    @property
    def axes(self) -> tuple[str, str]:
        """The two fields that hold its coordinates."""
        return ("x", "y") if self.metric else ("lon", "lat")


SYSTEMS: Final = (
    System("WGS84", "WGS84", "WGS84", 4326, False, 7, _("经纬度，度。")),
    System(
        "EPSG:4549",
        "CGCS2000",
        "CGCS2000-EPSG4549",
        4549,
        True,
        3,
        _("2000 国家大地坐标系，3 度带高斯—克吕格投影，中央经线 120°，米；先东坐标，后北坐标。"),
    ),
    System(
        "GCJ02",
        "GCJ-02",
        "GCJ-02",
        None,
        False,
        7,
        _("加偏坐标（高德、腾讯地图所用），与 WGS84 相差数百米，没有 EPSG 代码；读入时不可当作 EPSG:4326。"),
    ),
)


def get_system(name: str) -> System:
    """The system called ``name`` in any spelling; ``CGCS2000`` means its projection EPSG:4549.

    Raises
    ------
    CrsError, ParameterError
        An unknown system, or one that files do not leave in.
    """
    wanted = system_name(name)
    wanted = "EPSG:4549" if wanted == "CGCS2000" else wanted
    for system in SYSTEMS:
        if system.id == wanted:
            return system
    raise ParameterError(
        _("文件不能以 {name} 导出。"),
        hint=_("可用：{known}。"),
        name=name,
        known="、".join(system.title for system in SYSTEMS),
    )
