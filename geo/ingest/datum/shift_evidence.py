"""The shift test: which datum makes a layer agree with places that are known, by how much, and how sure that is.

For each datum the residuals (known place minus layer, in metres) of matched rows are summed up by a robust location (a
weighted Huber mean) and its standard error. Under the true datum the location is zero within that error; GCJ-02 is some
500 m from WGS84 and BD-09 a kilometre, so the wrong datum's location is not. The datums are compared by likelihood.
The error is the larger of what the controls' own accuracies say and what the residuals show, so neither claimed
accuracy nor luck makes the test surer than it may be. Rows that name a district add what the district borders say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FLOOR_M: Final = 20.0
"""What a layer and a control may differ by in common: an entrance and a centre, an outline and a sign."""
OWN_M: Final = 60.0
"""Standard deviation of a layer's own places about what they mark, in metres an axis."""
HUBER: Final = 1.345
FIT: Final = 13.8
FIT_SURE: Final = 9.2
"""Squared distances from zero in standard errors that a true datum exceeds once in a thousand and once in a hundred."""
SURE: Final = 13.8
LIKELY: Final = 6.0
"""Differences of deviance between the best datum and the next: odds of a thousand, and of twenty, to one."""
SURE_ROWS: Final = 6
LIKELY_ROWS: Final = 4
SURE_ERROR_M: Final = 100.0
LIKELY_ERROR_M: Final = 150.0
"""Errors of the location up to which it may speak at all: the datums are 485 m apart, other systems may lie between."""
INLIERS: Final = 0.6
"""Share of matches that must agree with the best datum within three of their own standard deviations."""
DISTRICT_ERROR: Final = 0.03
"""Share of rows that may name another district than the one they lie in, for reasons other than the datum."""
BORDERS_AGREE: Final = 0.7
"""Share of the rows that must lie in the district they name: fewer, and names and places do not belong together."""
DISTRICT_WEIGHT: Final = 0.5
"""Rows along one border share its drawing: they count for half."""
DISSENT: Final = 0.1
"""Share of the rows that speak at all which may speak for another datum than the best: more is no agreement."""
MIX_SHARE: Final = 0.2
MIX_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one hypothesis looks like: distances in metres, deviance as minus twice the log-likelihood."""

    off_m: float
    bearing_deg: float
    error_m: float
    deviance: float
    fit: float
    inliers: float


@dataclass(frozen=True)
class Shift:
    """The test's answer: ``best`` is the position of the best hypothesis, ``confidence`` what it is worth."""

    best: int
    confidence: str
    evidence: list[Evidence]
    rows: int
    mixed: bool
    labels: NDArray[np.int64] = field(repr=False)


def robust_location(residuals: Floats, sigma: Floats) -> tuple[Floats, float]:
    """Weighted Huber mean of residuals and its standard error an axis.

    Parameters
    ----------
    residuals : ndarray, shape (n, 2)
        Metres east and north.
    sigma : ndarray, shape (n,)
        Standard deviation an axis that each residual should have.

    Returns
    -------
    (ndarray of shape (2,), float)
        The error is scaled up by the scatter seen where that is larger than the one claimed, never down.
    """
    weight = 1.0 / sigma**2
    centre = np.median(residuals, axis=0)
    used = weight
    for __ in range(30):
        off = np.linalg.norm(residuals - centre, axis=1) / sigma
        used = weight * np.minimum(1.0, HUBER * np.sqrt(2) / np.maximum(off, 1e-12))
        moved = (used[:, None] * residuals).sum(axis=0) / used.sum()
        if np.abs(moved - centre).max() < 0.01:
            break
        centre = moved
    off = np.linalg.norm(residuals - centre, axis=1) / sigma
    # median distance of a standard normal pair is 1.1774; few rows know their own scatter badly
    scale = max(1.0, float(np.median(off)) / 1.1774 * (1.0 + 2.0 / len(sigma)))
    return centre, float(scale / np.sqrt(used.sum()))


def shift_test(residuals: Floats, accuracy_m: Floats, agree: Floats | None = None, total: int = 0) -> Shift:
    """Compare hypotheses by the residuals that each leaves.

    Parameters
    ----------
    residuals : ndarray, shape (h, n, 2)
        Known place minus layer under each hypothesis, metres east and north.
    accuracy_m : ndarray, shape (n,)
        Radius of error of each known place, taken as twice its standard deviation an axis.
    agree : ndarray, shape (h,), or None
        How many of ``total`` rows lie in the district they name under each hypothesis.
    total : int

    Returns
    -------
    Shift
    """
    count, n = residuals.shape[:2]
    sigma = np.hypot(np.asarray(accuracy_m, "float64") / 2, OWN_M)
    labels, mixed = _labels(residuals, sigma)
    evidence = [_evidence(residuals[at], sigma) for at in range(count)]
    deviance = np.array([each.deviance for each in evidence])
    if agree is not None and total:
        wrong = total - agree
        log_likelihood = agree * np.log(1 - DISTRICT_ERROR) + wrong * np.log(DISTRICT_ERROR)
        deviance = deviance - 2 * DISTRICT_WEIGHT * (log_likelihood - log_likelihood.max())
    evidence = [
        _with(each, float(value - deviance.min())) for each, value in zip(evidence, deviance, strict=True)
    ]
    best = int(np.argmin(deviance))
    spoken = labels[labels >= 0]
    torn = mixed or float(np.mean(spoken != best) if len(spoken) else 0.0) > DISSENT
    borders = _border_margin(agree, total, best)
    margin = float(np.partition(deviance, 1)[1] - deviance[best]) if count > 1 else 0.0
    confidence = "cannot_tell" if torn else _confidence(evidence[best], margin, n, *borders)
    return Shift(best, confidence, evidence, n, mixed, labels)


def _border_margin(agree: Floats | None, total: int, best: int) -> tuple[float, int]:
    """How much the borders alone prefer the best to any other, and by how many rows; less than nothing if they contradict."""
    if agree is None or not total:
        return 0.0, 0
    others = np.delete(agree, best)
    rows = int(agree[best] - others.max()) if len(others) else 0
    if agree[best] < total * BORDERS_AGREE:
        return -np.inf, 0
    return rows * 2 * DISTRICT_WEIGHT * float(np.log((1 - DISTRICT_ERROR) / DISTRICT_ERROR)), rows


def _with(evidence: Evidence, deviance: float) -> Evidence:
    return Evidence(
        evidence.off_m, evidence.bearing_deg, evidence.error_m, deviance, evidence.fit, evidence.inliers
    )


def _evidence(residuals: Floats, sigma: Floats) -> Evidence:
    if not len(residuals):
        return Evidence(np.nan, np.nan, np.inf, 0.0, 0.0, np.nan)
    centre, error = robust_location(residuals, sigma)
    whole = float(np.hypot(error, FLOOR_M))
    off = float(np.hypot(*centre))
    fit = (off / whole) ** 2
    near = float(np.mean(np.linalg.norm(residuals, axis=1) <= 3 * sigma))
    bearing = float(np.degrees(np.arctan2(centre[0], centre[1])) % 360)
    return Evidence(off, bearing, whole, fit, fit, near)


def _confidence(best: Evidence, margin: float, n: int, borders: float, border_rows: int) -> str:
    """``sure``, ``likely`` or ``cannot_tell``: by margin, fit, agreement, error, and how many rows say so."""
    if borders < 0 or (n and (best.fit > FIT or best.inliers < INLIERS)):
        return "cannot_tell"

    def reaches(least: float, error_m: float, rows: int) -> bool:
        fine = (n > 0 and best.error_m <= error_m) or borders >= least
        return margin >= least and fine and n + border_rows >= rows

    if reaches(SURE, SURE_ERROR_M, SURE_ROWS) and best.fit <= FIT_SURE:
        return "sure"
    return "likely" if reaches(LIKELY, LIKELY_ERROR_M, LIKELY_ROWS) else "cannot_tell"


def _labels(residuals: Floats, sigma: Floats) -> tuple[NDArray[np.int64], bool]:
    """Which hypothesis each row alone speaks for (-1 for none), and whether the rows are of several kinds.

    A row speaks where it agrees with one hypothesis within three standard deviations and with no other.
    """
    count, n = residuals.shape[:2]
    labels = np.full(n, -1, dtype=np.int64)
    if not n:
        return labels, False
    close = np.linalg.norm(residuals, axis=2) <= 3 * sigma
    alone = close.sum(axis=0) == 1
    labels[alone] = close[:, alone].argmax(axis=0)
    tally = np.bincount(labels[alone], minlength=count)
    large = (tally >= MIX_ROWS) & (tally >= MIX_SHARE * max(1, tally.sum()))
    return labels, bool(large.sum() > 1)
