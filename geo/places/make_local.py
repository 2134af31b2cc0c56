"""Local systems from what people have: control points, or parameters with a point that proves them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import CrsError
from geo.places.control_points import LARGEST_LEFT_M, fit_four_parameters, stated_accuracy
from geo.places.local_systems import LocalSystem, check_system, local_from_degrees, plain_name
from geo.places.named_systems import canonical_system
from geo.places.projections import from_degrees, to_degrees
from geo.text import mark as _
from geo.values import is_number, read_number

Floats = NDArray[np.float64]
_BETWEEN: Final = re.compile(r"[,;\t，；]\s*|\s+")
_LEAST_ACCURACY_M: Final = 0.01


@dataclass(frozen=True, eq=False)
class MadeSystem:
    """A local system that was made, and what is left over at the points that made or prove it.

    Attributes
    ----------
    system : LocalSystem
        Not kept yet.
    points : DataFrame
        One row a point: ``x, y`` local; ``east, north`` in the base; ``left_m``; ``left_out_m``, by the parameters of all other
        points.
    """

    system: LocalSystem
    points: pd.DataFrame


def read_control_points(rows: Iterable[Sequence[object]]) -> Floats:
    """Rows of four numbers: local easting, local northing, and the same point's longitude and latitude or easting and northing.

    Names of points, words or numbers, may stand before; a first row without numbers is a header.

    Parameters
    ----------
    rows : iterable of sequences

    Returns
    -------
    ndarray
        Shape ``(n, 4)``.

    Raises
    ------
    CrsError
        A row that has not four numbers; it is named, counted from 1.
    """
    points: list[list[float]] = []
    for number, row in enumerate(rows, start=1):
        values = [read_number(str(one)) for one in row if is_number(str(one))]
        if len(values) in (4, 5):
            points.append(values[-4:])
        elif values or number > 1:
            raise CrsError(
                _("第 {row} 行不是四个数：{text}。"),
                hint=_(
                    "每行写：本地东坐标,本地北坐标,经度,纬度（或基准坐标系的东坐标,北坐标）；点名可写在前面。"
                ),
                row=number,
                text=" ".join(map(str, row))[:80],
            )
    return np.array(points, "float64").reshape(-1, 4)


def rows_of_text(text: str) -> list[list[str]]:
    """Lines as cells: commas, semicolons, tabs or spaces between them."""
    return [_BETWEEN.split(line.strip()) for line in text.splitlines() if line.strip()]


def parameters_of_text(text: str) -> list[float]:
    """Numbers between commas or spaces; ``CrsError`` for a word that is none."""
    words = [word for row in rows_of_text(text) for word in row if word]
    for word in words:
        if not is_number(word):
            raise CrsError(_("参数 {word} 不是数。"), hint=_("各参数之间用逗号。"), word=word[:40])
    return [read_number(word) for word in words]


def from_control_points(name: str, base: str, points: Floats, *, source: str, day: date) -> MadeSystem:
    """A system of four parameters from points that are known in both systems.

    Parameters
    ----------
    name : str
    base : str
        ``EPSG:n``, a projection in metres.
    points : ndarray
        As :func:`read_control_points`.
    source : str
        Where the points come from.
    day : date
        When it is made.

    Returns
    -------
    MadeSystem

    Raises
    ------
    CrsError
        A name or base that cannot be, or points that do not fit; the worst one is named.
    """
    system = LocalSystem(plain_name(name), base, "four", (0.0, 0.0, 0.0, 0.0), 0.0, source, day.isoformat())
    _check(system)
    east, north = _in_base(points, base)
    fitted = fit_four_parameters(points[:, 0], points[:, 1], east, north)
    made = replace(system, values=fitted.values)
    return _made(made, points, (east, north), fitted.left_m, fitted.left_out_m)


def from_parameters(
    name: str,
    base: str,
    kind: Literal["four", "seven"],
    values: Sequence[float],
    check: Floats,
    *,
    source: str,
    day: date,
) -> MadeSystem:
    """A system of given parameters. Programs differ in signs and order, so that points that are known in both prove them.

    Parameters
    ----------
    name : str
    base : str
        ``EPSG:n``: four parameters lead to it; seven start from it, a projection on an old datum.
    kind : {"four", "seven"}
    values : sequence of float
        In the order of :data:`geo.places.local_systems.PARAMETERS`.
    check : ndarray
        One point or more, as :func:`read_control_points`; for seven parameters with longitude and latitude.
    source : str
    day : date

    Returns
    -------
    MadeSystem

    Raises
    ------
    CrsError
        No point, or one that the parameters put more than a metre away; the message says how far.
    """
    system = LocalSystem(
        plain_name(name), base, kind, tuple(map(float, values)), 0.0, source, day.isoformat()
    )
    _check(system)
    if not len(check):
        raise CrsError(
            _("参数要有一个检验点。"), hint=_("各软件的正负号和次序不同：请给一个两边坐标都知道的点。")
        )
    lon, lat = _as_degrees(check, base, kind)
    x, y = local_from_degrees(lon, lat, system)
    left = np.hypot(x - check[:, 0], y - check[:, 1])
    worst = int(np.argmax(np.where(np.isfinite(left), left, np.inf)))
    if not left[worst] <= LARGEST_LEFT_M:
        raise CrsError(
            _("参数与第 {row} 个检验点对不上，相差 {off} 米。"),
            hint=_("请核对参数的次序、正负号和单位（米、秒、ppm），以及基准坐标系。"),
            row=worst + 1,
            off=f"{left[worst]:,.2f}",
        )
    at_base = from_degrees(lon, lat, base) if kind == "four" else (lon, lat)
    return _made(system, check, at_base, left, left)


def _made(
    system: LocalSystem, points: Floats, at_base: tuple[Floats, Floats], left: Floats, left_out: Floats
) -> MadeSystem:
    """The system with the accuracy that its points show, and the table of them."""
    table = pd.DataFrame(
        {
            "x": points[:, 0],
            "y": points[:, 1],
            "east": at_base[0],
            "north": at_base[1],
            "left_m": left,
            "left_out_m": left_out,
        },
        index=pd.RangeIndex(1, len(points) + 1, name="row"),
    )
    return MadeSystem(replace(system, accuracy_m=max(stated_accuracy(left_out), _LEAST_ACCURACY_M)), table)


def _check(system: LocalSystem) -> None:
    check_system(system)
    if canonical_system(system.name) not in ("", system.system):
        raise CrsError(
            _("“{name}”已是一个坐标系的名称。"),
            hint=_("请换一个名称，例如：城建坐标系。"),
            name=system.name,
        )


def _is_degrees(points: Floats) -> bool:
    return bool((np.abs(points[:, 2:]) <= (180, 90)).all())


def _in_base(points: Floats, base: str) -> tuple[Floats, Floats]:
    if len(points) and _is_degrees(points):
        return from_degrees(points[:, 2], points[:, 3], base)
    return points[:, 2], points[:, 3]


def _as_degrees(points: Floats, base: str, kind: str) -> tuple[Floats, Floats]:
    if _is_degrees(points):
        return points[:, 2], points[:, 3]
    if kind == "seven":
        raise CrsError(_("检验点要写经度和纬度。"), hint=_("CGCS2000 或 WGS84，十进制度。"))
    return to_degrees(points[:, 2], points[:, 3], base)
