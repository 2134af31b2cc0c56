"""HiGHS behind one function: a sparse model goes in, the best solution, its bound and the time come out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
GAP: Final = 1e-6
"""A relative gap of at most this counts as proof: a solver works with rounded numbers, and so do residents."""

_AGREES: Final = 1e-5
FEASIBILITY: Final = 1e-9
"""A row may be broken by no more than this: a budget of ten million by one hundredth."""


@dataclass(frozen=True, eq=False)
class Model:
    """Maximise ``cost @ x + offset`` where ``low <= rows @ x <= high`` and ``least <= x <= top``; ``whole`` are integers.

    ``least`` is 0 where it is None. The proof is relative to the objective with its ``offset``.
    """

    cost: Floats
    top: Floats
    whole: NDArray[np.bool_]
    rows: csr_array
    low: Floats
    high: Floats
    least: Floats | None = None
    offset: float = 0.0


@dataclass(frozen=True, eq=False)
class Solution:
    """``status`` is ``optimal``, ``time_limit`` (with the best found, or none) or ``infeasible``."""

    status: str
    x: Floats | None
    bound: float
    seconds: float


@lru_cache(maxsize=1)
def solver_version() -> str:
    """Name and version of the solver, kept with answers."""
    import highspy

    parts = (highspy.HIGHS_VERSION_MAJOR, highspy.HIGHS_VERSION_MINOR, highspy.HIGHS_VERSION_PATCH)
    return f"HiGHS {'.'.join(map(str, parts))}"


@lru_cache(maxsize=1)
def _quiet() -> Any:
    """The solver's class, made silent before it greets: a command's output is for its answer."""
    import highspy

    class Quiet(highspy.Highs):  # type: ignore[misc, unused-ignore]
        def enableCallbacks(self) -> None:  # noqa: N802 (the solver's own name)
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call, unused-ignore]

    return Quiet


def solve(model: Model, *, time_limit: float, start: Floats | None = None) -> Solution:
    """The best solution within ``time_limit`` seconds, begun from ``start`` if one is given.

    Parameters
    ----------
    model : Model
    time_limit : float
        Seconds.
    start : ndarray of float64 or None

    Returns
    -------
    Solution
    """
    began = time.perf_counter()
    first = _run(model, time_limit, start, presolve=True)
    left = time_limit - (time.perf_counter() - began)
    if not first.contradicts or left <= 0:
        return first.solution
    # the solver called optimal what its own bound denies (HiGHS 1.16, seen on small models): once more, the plain way
    again = _run(model, left, None, presolve=False).solution
    bound = min(first.solution.bound, again.bound)
    worse = again.x is None or (first.best > again.bound)
    return replace(first.solution, bound=bound) if worse else again


@dataclass(frozen=True, eq=False)
class _Outcome:
    """A solution, its objective, and whether the solver's own bound denies that it is optimal."""

    solution: Solution
    best: float
    contradicts: bool


def _run(model: Model, time_limit: float, start: Floats | None, *, presolve: bool) -> _Outcome:
    import highspy

    began = time.perf_counter()
    largest = float(np.abs(model.cost).max(initial=0.0)) or 1.0
    highs = _quiet()()
    for name, value in (
        ("threads", 1),
        ("presolve", "choose" if presolve else "off"),
        ("random_seed", 2026),
        ("time_limit", float(time_limit)),
        # with an offset the proof is of what is above it: HiGHS itself is not given one, as it then prunes better answers
        ("mip_rel_gap", 0.0 if model.offset else GAP / 2),
        ("mip_abs_gap", _gap_above(model, start) / largest),
        ("mip_feasibility_tolerance", FEASIBILITY),
    ):
        highs.setOptionValue(name, value)
    highs.passModel(_lp(highspy, model, largest))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    highs.run()
    return _solution(highspy, highs, model, largest, time.perf_counter() - began)


def _gap_above(model: Model, start: Floats | None) -> float:
    """The gap that counts as proof where there is an offset: a part of what is known to be gained above it; else none."""
    if not model.offset or start is None:
        return 0.0
    return GAP / 2 * max(float(model.cost @ start) + model.offset, 0.0)


def _lp(highspy: Any, model: Model, largest: float) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), model.rows.shape[0]
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = model.cost / largest  # a solver's tolerances are meant for numbers near one
    lp.col_lower_ = np.zeros(len(model.cost)) if model.least is None else model.least
    lp.col_upper_ = model.top
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.rows.indptr
    lp.a_matrix_.index_ = model.rows.indices
    lp.a_matrix_.value_ = model.rows.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in model.whole]
    return lp


def _solution(highspy: Any, highs: Any, model: Model, largest: float, seconds: float) -> _Outcome:
    status, info = highs.getModelStatus(), highs.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return _Outcome(Solution("infeasible", None, -np.inf, seconds), -np.inf, False)
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.asarray(highs.getSolution().col_value, "float64") if feasible else None
    bound = (
        float(info.mip_dual_bound) * largest
        if model.whole.any()
        else float(info.objective_function_value) * largest
    )
    best = float(model.cost @ x) + model.offset if x is not None else -np.inf
    bound = bound + model.offset if np.isfinite(bound) else np.inf
    # what the solver calls optimal is believed only where its own bound agrees with the solution that it gives
    agrees = bound - best <= _AGREES * max(abs(bound), abs(best), 1.0)
    is_optimal = status == highspy.HighsModelStatus.kOptimal and x is not None
    name = "optimal" if is_optimal and agrees else "time_limit"
    return _Outcome(Solution(name, x, max(bound, best), seconds), best, is_optimal and not agrees)
