"""Baidu's own Mercator (BD09MC): metres that look like Web Mercator and lie 19 km beside it.

Baidu's map gives them out as ``x, y`` of its services. The northing is a polynomial of the latitude in six bands; the
coefficients are those of Baidu's public map script (``MC2LL``). The way back solves the same polynomials, so that what
went out comes back.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BAIDU_MERCATOR: Final = "BD09MC"
_BANDS: Final = np.array([12890594.86, 8362377.87, 5591021.0, 3481989.83, 1678043.12, 0.0])
"""Least northing of each band."""
_SCALE: Final = np.array([17337981.2, 10260144.86, 6856817.37, 4482777.06, 2555164.4, 826088.5])
_LON: Final = np.array(
    [
        [1.410526172116255e-8, 8.98305509648872e-6],
        [-7.435856389565537e-9, 8.983055097726239e-6],
        [-3.030883460898826e-8, 8.98305509983578e-6],
        [-1.981981304930552e-8, 8.983055099779535e-6],
        [3.09191371068437e-9, 8.983055096812155e-6],
        [2.890871144776878e-9, 8.983055095805407e-6],
    ]
)
_LAT: Final = np.array(
    [
        [
            -1.9939833816331,
            200.9824383106796,
            -187.2403703815547,
            91.6087516669843,
            -23.38765649603339,
            2.57121317296198,
            -0.03801003308653,
        ],
        [
            -0.78625201886289,
            96.32687599759846,
            -1.85204757529826,
            -59.36935905485877,
            47.40033549296737,
            -16.50741931063887,
            2.28786674699375,
        ],
        [
            0.30071316287616,
            59.74293618442277,
            7.357984074871,
            -25.38371002664745,
            13.45380521110908,
            -3.29883767235584,
            0.32710905363475,
        ],
        [
            0.03278182852591,
            40.31678527705744,
            0.65659298677277,
            -4.44255534477492,
            0.85341911805263,
            0.12923347998204,
            -0.04625736007561,
        ],
        [
            6.995724062e-5,
            23.10934304144901,
            -0.00023663490511,
            -0.6321817810242,
            -0.00663494467273,
            0.03430082397953,
            -0.00466043876332,
        ],
        [
            -3.068298e-8,
            7.47137025468032,
            -3.53937994e-6,
            -0.02145144861037,
            -1.234426596e-5,
            0.00010322952773,
            -3.23890364e-6,
        ],
    ]
)
_MOST_M: Final = 2.0037508e7
_ROUNDS: Final = 60
_SETTLED_M: Final = 1e-6


def baidu_degrees(east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """Metres of BD09MC as BD-09 longitude and latitude, degrees; infinite where they are none, NaN for NaN."""
    with np.errstate(invalid="ignore"):
        bad = ~((np.abs(east) <= _MOST_M) & (np.abs(north) <= _MOST_M)) & ~(np.isnan(east) | np.isnan(north))
    x, y = np.where(bad, 0.0, east), np.where(bad, 0.0, north)
    band = _band(y)
    lon = _LON[band, 0] + _LON[band, 1] * np.abs(x)
    lat = _latitude(np.abs(np.nan_to_num(y)), band)
    lat = np.where(np.isnan(y), np.nan, lat)
    return np.where(bad, np.inf, np.copysign(lon, x)), np.where(bad, np.inf, np.copysign(lat, y))


def baidu_metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """BD-09 degrees as metres of BD09MC, the inverse of :func:`baidu_degrees` to a thousandth of a millimetre; NaN for NaN."""
    low, high = np.zeros(np.shape(lat)), np.full(np.shape(lat), _MOST_M)
    wanted = np.abs(np.nan_to_num(lat))
    for __ in range(_ROUNDS):  # the latitude grows with the northing: halving finds it in any band
        middle = (low + high) / 2
        below = _latitude(middle, _band(middle)) < wanted
        low, high = np.where(below, middle, low), np.where(below, high, middle)
        if float(np.max(high - low, initial=0.0)) < _SETTLED_M:
            break
    north = (low + high) / 2
    band = _band(north)
    east = (np.abs(lon) - _LON[band, 0]) / _LON[band, 1]
    blank = np.isnan(lon) | np.isnan(lat)
    return (
        np.where(blank, np.nan, np.copysign(east, lon)),
        np.where(blank, np.nan, np.copysign(north, lat)),
    )


def _band(north: Floats) -> NDArray[np.int64]:
    size = np.abs(np.nan_to_num(np.asarray(north, "float64")))
    return np.asarray(np.argmax(size[..., None] >= _BANDS, axis=-1), np.int64)


def _latitude(north: Floats, band: NDArray[np.int64]) -> Floats:
    share = north / _SCALE[band]
    powers = share[..., None] ** np.arange(_LAT.shape[1])
    return np.asarray((_LAT[band] * powers).sum(axis=-1), "float64")
