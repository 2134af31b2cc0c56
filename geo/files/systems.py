"""The systems that files of a city leave in, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass

from geo.errors import ParameterError
from geo.places.crs import system_name
from geo.places.projections import central_meridian, is_cgcs2000, title_of, with_zone_number
from geo.register.city_facts import City
from geo.text import mark as _
from geo.text import translate


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
        What a reader of the file must know; a message id with the fields ``name`` and ``meridian``.
    meridian : float
        Longitude of the middle line of a projection, degrees.
    """

    id: str
    name: str
    tag: str
    epsg: int | None
    metric: bool
    digits: int
    note: str
    meridian: float = 0.0

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

    def remark(self, lang: str) -> str:
        """What a reader of the file must know, in ``lang``."""
        return translate(self.note, lang).format(name=self.name, meridian=f"{self.meridian:g}")


def systems_of(city: City) -> tuple[System, ...]:
    """WGS84, the city's projection, and GCJ-02."""
    return (
        System("WGS84", "WGS84", "WGS84", 4326, False, 7, _("经纬度，度。")),
        _projection(city.projected_crs),
        System(
            "GCJ02",
            "GCJ-02",
            "GCJ-02",
            None,
            False,
            7,
            _(
                "加偏坐标（高德、腾讯地图所用），与 WGS84 相差数百米，没有 EPSG 代码；读入时不可当作 EPSG:4326。"
            ),
        ),
    )


def _projection(code: str) -> System:
    number, name = int(code.removeprefix("EPSG:")), title_of(code)
    tag = f"CGCS2000-EPSG{number}" if is_cgcs2000(code) else f"EPSG{number}"
    note = _("{name}，米；先东坐标，后北坐标。")
    if with_zone_number(code):
        note = _("2000 国家大地坐标系，3 度带高斯—克吕格投影，中央经线 {meridian}°，米；先东坐标，后北坐标。")
    return System(code, name, tag, number, True, 3, note, central_meridian(code))


def get_system(name: str, city: City) -> System:
    """The system of ``city``'s files called ``name`` in any spelling; ``CGCS2000`` means its projection.

    Raises
    ------
    CrsError, ParameterError
        An unknown system, or one that files do not leave in.
    """
    wanted = system_name(name)
    if wanted == "CGCS2000" and is_cgcs2000(city.projected_crs):
        wanted = city.projected_crs
    for system in systems_of(city):
        if system.id == wanted:
            return system
    raise ParameterError(
        _("文件不能以 {name} 导出。"),
        hint=_("可用：{known}。"),
        name=name,
        known="、".join(system.title for system in systems_of(city)),
    )
