"""What is asked of the candidates, and what is answered: plain values, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

from geo.errors import ParameterError
from geo.text import mark as _

GOALS: Final = ("most", "fewest", "nearest")
METHODS: Final = ("exact", "greedy")
MOST_SITES: Final = 500
LONGEST_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Task:
    """One way of choosing sites.

    Attributes
    ----------
    goal : {"most", "fewest", "nearest"}
        ``most``: the best ``k`` sites for served demand (MCLP). ``fewest``: the fewest sites for ``share`` (LSCP).
        ``nearest``: ``k`` sites that shorten the way to the nearest facility most (p-median).
    k : int or None
        Number of sites, for ``most`` and ``nearest``.
    share : float or None
        Share of demand to be served, existing facilities included, for ``fewest``; above 0, at most 1.
    each_district : bool
        ``share`` is to be reached in every district asked, not only in all of them together.
    floor : float
        ``most`` only: no district asked may end below this share.
    capacity : float or None
        Demand that one new site can take.
    method : {"exact", "greedy"}
    time_limit_s : float
        For the solver; what it has not proven by then is returned with its gap.
    curve : bool
        Whether the curve of number against share is worked out too, in what is left of the time.
    """

    goal: str = "most"
    k: int | None = None
    share: float | None = None
    each_district: bool = False
    floor: float = 0.0
    capacity: float | None = None
    method: str = "exact"
    time_limit_s: float = 20.0
    curve: bool = True

    def checked(self) -> Task:
        """The task itself, or a ``ParameterError`` that names what is wrong with it."""
        if self.goal not in GOALS or self.method not in METHODS:
            raise ParameterError(
                _("没有选址目标 {goal} 或方法 {method}。"),
                hint=_("目标可用 most、fewest、nearest；方法可用 exact、greedy。"),
                goal=self.goal,
                method=self.method,
            )
        if self.goal == "fewest":
            self._check_share()
        elif self.k is None or not 1 <= self.k <= MOST_SITES:
            raise ParameterError(
                _("选址数量 k 要是 1 至 {most} 的整数。"), hint=_("请改正 k。"), most=MOST_SITES
            )
        if self.capacity is not None and not (math.isfinite(self.capacity) and self.capacity > 0):
            raise ParameterError(
                _("每处容量 {capacity} 不可用：容量必须大于零。"),
                hint=_("不限容量请留空。"),
                capacity=self.capacity,
            )
        self._check_mix()
        return self

    def _check_share(self) -> None:
        if self.share is None or not 0 < self.share <= 1:
            raise ParameterError(
                _("目标覆盖率要大于 0%、不超过 100%。"), hint=_("请改正 share（如 0.9 或 90%）。")
            )

    def _check_mix(self) -> None:
        if not 0 <= self.floor <= 1:
            raise ParameterError(_("区县下限要在 0% 到 100% 之间。"), hint=_("请改正 floor。"))
        if self.floor and self.goal != "most":
            raise ParameterError(
                _("区县下限只用于“覆盖最多”。"), hint=_("要各区县都达标，请用“最少几处”并选“各区县分别”。")
            )
        if self.goal == "nearest" and self.capacity is not None:
            raise ParameterError(_("“走得最近”不支持容量。"), hint=_("请去掉容量，或改用“覆盖最多”。"))
        if not (math.isfinite(self.time_limit_s) and 0 < self.time_limit_s <= LONGEST_S):
            raise ParameterError(
                _("求解时限 {seconds} 秒不可用。"), hint=_("可用 0 至 3600 秒。"), seconds=self.time_limit_s
            )


@dataclass(frozen=True, eq=False)
class Plan:
    """A choice of sites and how good it is proven to be.

    Attributes
    ----------
    chosen : list of int
        Candidates in build order: each adds most to those before it.
    gain : list of float
        What each adds to those before it: demand served, or demand times metres spared.
    value, bound : float
        What they bring together, and what no choice can exceed (``fewest``: numbers of sites).
    status : {"optimal", "time_limit", "greedy"}
        ``greedy`` is a quick answer that was not proven best.
    proof : {"bound", "solver", ""}
        What proved it: the bound of the greedy run, or the solver.
    seconds : float
    curve : list of dict
        ``k, gain, bound, proven``: what the best found ``k`` sites bring, and the most that any could.
    assigned : list of float or None
        With capacities, the demand assigned to each chosen site.
    size : dict
        Candidates kept after reduction, groups, pairs.
    """

    chosen: list[int]
    gain: list[float]
    value: float
    bound: float
    status: str
    proof: str
    seconds: float
    curve: list[dict[str, Any]] = field(default_factory=list)
    assigned: list[float] | None = None
    size: dict[str, Any] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How far the best possible may be above this answer (below it, for the fewest sites), as a share of it."""
        if self.status == "optimal" or self.value == 0:
            return 0.0
        return abs(self.bound - self.value) / abs(self.value)
