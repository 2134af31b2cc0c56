"""What is asked of the candidates, and what is answered: plain values, checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from geo.questions.siting import DEFAULT_LIMIT_S, Goal, Method, TaskQuestion, UnknownCapacity


@dataclass(frozen=True, slots=True)
class Task:
    """One way of choosing sites.

    Attributes
    ----------
    goal : {"most", "fewest", "nearest"}
        ``most``: the best ``k`` sites for served demand (MCLP). ``fewest``: the fewest sites for ``share`` (LSCP).
        ``nearest``: ``k`` sites that shorten the way to the nearest facility most (p-median).
    k : int or None
        Number of sites, for ``most`` and ``nearest``; with a budget it may be left open.
    share : float or None
        Share of demand to be served, existing facilities included, for ``fewest``; above 0, at most 1.
    each_district : bool
        ``share`` is to be reached in every district asked, not only in all of them together.
    floor : float
        ``most`` only: no district asked may end below this share.
    capacity : float or None
        Demand that one new site can take, where its parcel does not say.
    people_per_unit : float or None
        Residents that a unit of an existing facility's capacity (a school place, a bed) serves; None takes all of them to be
        large enough.
    unit : str
        Which unit of the register; the usual one if empty.
    unknown_capacity : {"enough", "none"}
        Existing facilities whose capacity is not known: large enough, or serving nobody.
    gap_m : float
        Metres (straight) that any two new sites, and a new site and an existing facility, are apart at least.
    budget : float or None
        What all new sites may cost together.
    per_parcel : int
        Sites that one parcel holds at most.
    method : {"exact", "greedy"}
    time_limit_s : float
        For the solver; what it has not proven by then is returned with its gap.
    curve : bool
        Whether the curve of number against share is worked out too, in what is left of the time.
    """

    goal: Goal = "most"
    k: int | None = None
    share: float | None = None
    each_district: bool = False
    floor: float = 0.0
    capacity: float | None = None
    people_per_unit: float | None = None
    unit: str = ""
    unknown_capacity: UnknownCapacity = "enough"
    gap_m: float = 0.0
    budget: float | None = None
    per_parcel: int = 1
    method: Method = "exact"
    time_limit_s: float = DEFAULT_LIMIT_S
    curve: bool = True

    def checked(self) -> Task:
        """The task itself, or a ``ParameterError`` that names what is wrong with it."""
        TaskQuestion(
            goal=self.goal,
            k=self.k,
            share=self.share,
            each=self.each_district,
            floor=self.floor,
            capacity=self.capacity,
            people_per_unit=self.people_per_unit,
            unit=self.unit,
            unknown_capacity=self.unknown_capacity,
            gap=self.gap_m,
            budget=self.budget,
            method=self.method,
            limit=self.time_limit_s,
        )
        return self


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
    standing : list of float or None
        Demand assigned to each existing facility of a known capacity, where those are limited: as much as without new sites.
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
    standing: list[float] | None = None

    @property
    def gap(self) -> float:
        """How far the best possible may be above this answer (below it, for the fewest sites), as a share of it."""
        if self.status == "optimal" or self.value == 0:
            return 0.0
        return abs(self.bound - self.value) / abs(self.value)
