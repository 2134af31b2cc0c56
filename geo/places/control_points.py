"""Four parameters of a local system from points that are known in both systems, with what is left over at each point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import CrsError
from geo.text import mark as _

Floats = NDArray[np.float64]
LEAST_POINTS: Final = 3
"""Two points give four parameters and prove nothing."""
LARGEST_LEFT_M: Final = 1.0
"""Points of a survey fit within centimetres; a metre is a wrong digit, swapped columns or another system."""
_MOST_SCALE: Final = 0.01
_ONE_PLACE_M: Final = 1.0


@dataclass(frozen=True, eq=False)
class FourParameters:
    """A fit by least squares.

    Attributes
    ----------
    values : tuple of float
        As ``four`` of :data:`geo.places.local_systems.PARAMETERS`.
    left_m : ndarray
        Distance between each point and where the parameters put it, metres.
    left_out_m : ndarray
        The same with the parameters of all other points: what a new point has to expect.
    """

    values: tuple[float, float, float, float]
    left_m: Floats
    left_out_m: Floats

    @property
    def accuracy_m(self) -> float:
        """How far a new point may be off: the largest of what was left over, each point foretold by the others."""
        return stated_accuracy(self.left_out_m)


def stated_accuracy(left_m: Floats) -> float:
    """The largest of what is left over at points, metres, in whole centimetres: what a new point may be off by."""
    return float(np.ceil(100 * left_m.max()) / 100)


def fit_four_parameters(x: ArrayLike, y: ArrayLike, east: ArrayLike, north: ArrayLike) -> FourParameters:
    """The parameters that lead local metres to the metres of a known projection.

    Parameters
    ----------
    x, y : array_like
        Easting and northing in the local system.
    east, north : array_like
        The same points in the known projection.

    Returns
    -------
    FourParameters

    Raises
    ------
    CrsError
        Fewer than three points, points in one place, or points that no four parameters lead to each other within a metre; the
        message names the worst one (counted from 1).
    """
    points = np.column_stack([np.asarray(part, "float64") for part in (x, y, east, north)])
    if len(points) < LEAST_POINTS or not np.isfinite(points).all():
        raise CrsError(
            _("至少要 {n} 个控制点，每个四个数。"),
            hint=_("两个点能算出参数，但没有办法检验。"),
            n=LEAST_POINTS,
        )
    if min(np.hypot(*np.ptp(points[:, pair], axis=0)) for pair in ([0, 1], [2, 3])) < _ONE_PLACE_M:
        raise CrsError(_("这些控制点在同一处。"), hint=_("请选相距较远、围住全市的点。"))
    fitted = _fit(points)
    left = _left(points, fitted)
    others = np.array(
        [_left(points[[at]], _fit(np.delete(points, at, axis=0)))[0] for at in range(len(points))]
    )
    worst = int(np.argmax(others))
    a, b, *__ = fitted
    if others[worst] > LARGEST_LEFT_M or abs(np.hypot(a, b) - 1) > _MOST_SCALE:
        raise CrsError(
            _("控制点对不上：第 {row} 个与其他点推算的相差 {off} 米。"),
            hint=_("请核对这个点的数字、东坐标和北坐标的次序，以及基准坐标系。"),
            row=worst + 1,
            off=f"{others[worst]:,.2f}",
        )
    return FourParameters(_as_parameters(fitted), left, others)


def _fit(points: Floats) -> Floats:
    """``a, b, c, d`` of ``east = a x - b y + c``, ``north = b x + a y + d``, computed about the middle of the points."""
    middle = points.mean(axis=0)
    x, y, east, north = (points - middle).T
    ones, none = np.ones_like(x), np.zeros_like(x)
    rows = np.vstack([np.column_stack([x, -y, ones, none]), np.column_stack([y, x, none, ones])])
    (a, b, c, d), *__ = np.linalg.lstsq(rows, np.concatenate([east, north]), rcond=None)
    return np.array(
        [
            a,
            b,
            c + middle[2] - a * middle[0] + b * middle[1],
            d + middle[3] - b * middle[0] - a * middle[1],
        ]
    )


def _left(points: Floats, fitted: Floats) -> Floats:
    a, b, c, d = fitted
    x, y, east, north = points.T
    return np.asarray(np.hypot(a * x - b * y + c - east, b * x + a * y + d - north), "float64")


def _as_parameters(fitted: Floats) -> tuple[float, float, float, float]:
    a, b, c, d = (float(value) for value in fitted)
    return c, d, float(np.degrees(np.arctan2(b, a)) * 3600), float((np.hypot(a, b) - 1) * 1e6)
