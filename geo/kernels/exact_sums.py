"""Sums that are the same whatever their order: numbers as whole multiples of a fixed unit.

Adding 64-bit floating numbers in another order changes the last digits, and taking one out again does not bring the
sum back. Whole numbers do neither. So what is added up piece by piece, over threads, or edit by edit (area along
borders, demand of cells) is added as whole numbers and becomes a floating number once, at the end: an answer that was
changed step by step is then equal, to the last digit, to one made from nothing.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.kernels.compiling import compiled

COARSE: Final = 2.0**10
FINE: Final = 2.0**38
"""A number is ``coarse / 2**10 + fine / 2**48``: up to 9e15 in size, to 4e-15, for sums of up to 60 million numbers."""
_BITS: Final = 57  # of a sum of weights; ten times it still is a 64-bit whole number


@compiled
def parts(value):  # type: ignore[no-untyped-def]
    """The coarse and the fine whole number of ``value``."""
    scaled = value * COARSE
    coarse = math.floor(scaled)
    return coarse, math.floor((scaled - coarse) * FINE + 0.5)


def number(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """Floating numbers of sums of :func:`parts`, shape (..., 2) to (...)."""
    return np.asarray(sums[..., 0] / COARSE + sums[..., 1] / (COARSE * FINE), "float64")


def whole(weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Weights (not negative, finite) as whole numbers, and how many of them make one.

    The factor is a power of two, as large as the sum of all weights allows: whole weights stay exact.
    """
    total = float(weights.sum())
    scale = 2.0 ** (_BITS - math.frexp(total)[1]) if total > 0 else 1.0
    return np.rint(weights * scale).astype("int64"), scale
