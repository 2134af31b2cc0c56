"""Lattices that tests build, and answers by brute force."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.kernels.lattice import Lattice

Floats = NDArray[np.float64]


def lattice(
    ny: int, nx: int, size: float, corner: tuple[float, float] = (0.0, 0.0), seed: int = 0
) -> Lattice:
    """Three zones in random cells, a quarter of the cells in none; weights that say which cell they come from."""
    rng = np.random.default_rng(seed)
    zone = rng.integers(-1, 3, (ny, nx)).astype("int16")
    weight = np.where(zone >= 0, rng.uniform(0, 50, (ny, nx)), 0.0)
    return Lattice(*corner, size, zone, weight, ("a", "b", "c"))


def squares(cells: Lattice, x: Any, y: Any) -> Floats:
    """Squared distance of every centre to every point, shape (n, ny, nx)."""
    ny, nx = cells.zone.shape
    east = cells.x0 + (np.arange(nx) + 0.5) * cells.size
    north = cells.y0 + (np.arange(ny) + 0.5) * cells.size
    dx = east[None, None, :] - np.asarray(x, "float64")[:, None, None]
    dy = north[None, :, None] - np.asarray(y, "float64")[:, None, None]
    return dx * dx + dy * dy


def brute_counts(cells: Lattice, x: Any, y: Any, r: Any) -> NDArray[np.int64]:
    radius = np.broadcast_to(np.asarray(r, "float64"), np.shape(x))[:, None, None]
    return (squares(cells, x, y) <= radius * radius).sum(axis=0)


def brute_nearest(cells: Lattice, x: Any, y: Any) -> Floats:
    return np.where(cells.zone >= 0, np.sqrt(squares(cells, x, y).min(axis=0)), np.nan)
