"""Where numbers stand on a printed map: works at one place share a label, and no label covers another if it can."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

_AROUND: Final = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8))
_BESIDE: Final = 2.0  # millimetres: the half of a symbol
_FAR: Final = (1.0, 1.8, 2.8)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place with the numbers of what stands there; ``x, y`` in millimetres of the sheet."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label's middle and its half sizes, in millimetres."""

    spot: Spot
    x: float
    y: float
    half_width: float
    half_height: float


def runs(numbers: Iterable[int]) -> str:
    """``[3, 4, 5, 9]`` -> ``3–5, 9``."""
    out: list[list[int]] = []
    for number in sorted(numbers):
        if out and number == out[-1][-1] + 1:
            out[-1].append(number)
        else:
            out.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in out)


def gathered(x: Any, y: Any, numbers: Sequence[int], *, within: float) -> list[Spot]:
    """Spots of the points (millimetres), those nearer than ``within`` to the first of a group taken together.

    Parameters
    ----------
    x, y : any
    numbers : sequence of int
    within : float

    Returns
    -------
    list of Spot
    """
    groups: list[tuple[float, float, list[int]]] = []
    for px, py, number in zip(x, y, numbers, strict=True):
        for gx, gy, members in groups:
            if np.hypot(px - gx, py - gy) < within:
                members.append(number)
                break
        else:
            groups.append((float(px), float(py), [number]))
    return [Spot(gx, gy, runs(members)) for gx, gy, members in groups]


def placed(spots: Sequence[Spot], *, size: float, frame: tuple[float, float]) -> list[Label]:
    """A label for each spot: the first of the places around it that is free, the nearest one if none is.

    Parameters
    ----------
    spots : sequence of Spot
    size : float
        Height of letters in millimetres.
    frame : (float, float)
        Width and height of the sheet; labels stay inside.

    Returns
    -------
    list of Label
    """
    done: list[Label] = []
    for spot in spots:
        half_width, half_height = 0.29 * size * len(spot.text) + 0.5, 0.6 * size
        best: tuple[float, Label] | None = None
        for far in _FAR:
            for dx, dy in _AROUND:
                label = Label(
                    spot,
                    spot.x + dx * (half_width + _BESIDE) * far,
                    spot.y + dy * (half_height + _BESIDE) * far,
                    half_width,
                    half_height,
                )
                cost = _overlap(label, done, spots) + _outside(label, frame)
                if best is None or cost < best[0]:
                    best = cost, label
            if best and best[0] == 0:
                break
        if best:
            done.append(best[1])
    return done


def _overlap(label: Label, others: Sequence[Label], spots: Sequence[Spot]) -> float:
    """Square millimetres that lie over other labels, and a little for every marker covered."""
    total = 0.0
    for other in others:
        across = label.half_width + other.half_width - abs(label.x - other.x)
        up = label.half_height + other.half_height - abs(label.y - other.y)
        total += max(across, 0.0) * max(up, 0.0)
    for spot in spots:
        inside = (
            abs(label.x - spot.x) < label.half_width + 1 and abs(label.y - spot.y) < label.half_height + 1
        )
        total += 0.5 if inside else 0.0
    return total


def _outside(label: Label, frame: tuple[float, float]) -> float:
    over = max(label.half_width - label.x, label.x + label.half_width - frame[0], 0.0)
    over += max(label.half_height - label.y, label.y + label.half_height - frame[1], 0.0)
    return 10 * over
