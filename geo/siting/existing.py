"""What existing facilities can take, in residents: read off the register, and counted where it is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.demand import Demand
from geo.coverage.equity import supply_of
from geo.errors import ParameterError
from geo.register.facilities import Facilities
from geo.siting.task import Task
from geo.text import Message
from geo.text import mark as _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_UNKNOWN: Final = {
    "enough": _("视为够用，所及的都算已服务（新增是下限）"),
    "none": _("视为不服务任何人（新增是上限）"),
}


@dataclass(frozen=True, eq=False)
class ExistingCapacity:
    """Which existing facilities serve at most their capacity, and which without limit; places alone, in their order.

    Attributes
    ----------
    limited : ndarray of bool (placed,)
        Those whose capacity is known.
    people : ndarray (limited,)
        Residents that each of these can serve.
    unlimited : ndarray of bool (placed,)
        Those that serve all within their reach.
    unit : str
        Unit of the register; empty where no capacity is known.
    units : float
        Of all limited ones together.
    unplaced : int
        Facilities without a place: they serve nobody here.
    """

    limited: Flags
    people: Floats
    unlimited: Flags
    unit: str
    units: float
    unplaced: int

    def note(self, task: Task) -> tuple[str, dict[str, Any]]:
        """How many are known, and how the others count."""
        text = _(
            "现有设施 {n} 处有位置：{known} 处知道容量（共 {units} {unit}，按每单位服务 {people} 人计，能服务 {total} 人），"
            "{unknown} 处不知道容量，{how}；另有 {unplaced} 处没有位置，没有计入。"
        )
        known = int(self.limited.sum())
        values = {
            "n": len(self.limited),
            "known": known,
            "units": f"{self.units:,.10g}",
            "unit": self.unit or "—",
            "people": f"{task.people_per_unit:g}",
            "total": f"{float(self.people.sum()):,.0f}",
            "unknown": len(self.limited) - known,
            "how": Message(_UNKNOWN[task.unknown_capacity]),
            "unplaced": self.unplaced,
        }
        return text, values

    def effect(
        self, standing: Sequence[float], assigned: Sequence[float], already: float, demand: float
    ) -> CapacityEffect:
        """What existing facilities and new sites take, for a plan.

        Parameters
        ----------
        standing, assigned : sequence of float
            Residents that each limited existing facility and each new site takes.
        already : float
            Residents that facilities without a limit serve.
        demand : float
            Residents of the districts asked for.

        Returns
        -------
        CapacityEffect
        """
        return CapacityEffect(
            int(self.limited.sum()),
            int(len(self.limited) - self.limited.sum()),
            self.unplaced,
            float(self.people.sum()),
            float(sum(standing)),
            float(sum(assigned)),
            already,
            demand,
        )


@dataclass(frozen=True, slots=True)
class CapacityEffect:
    """Residents by who takes them: nobody twice.

    Attributes
    ----------
    known, unknown, unplaced : int
        Existing facilities with a place and a known capacity, with a place without one, and without a place.
    capacity : float
        Residents that the first can serve.
    existing : float
        Residents that they serve within their reach: first of all, with and without new sites.
    new : float
        Residents that new sites take beside that.
    unlimited : float
        Residents within reach of existing facilities that are taken to be large enough.
    demand : float
        Residents of the districts asked for.
    """

    known: int
    unknown: int
    unplaced: int
    capacity: float
    existing: float
    new: float
    unlimited: float
    demand: float

    @property
    def free(self) -> float:
        """Room that existing facilities have left, for nobody else within their reach."""
        return max(self.capacity - self.existing, 0.0)

    def as_json(self) -> dict[str, Any]:
        """Plain values, rounded once for page, command and API."""
        before = self.unlimited + self.existing
        return {
            "existing_known": self.known,
            "existing_unknown": self.unknown,
            "existing_unplaced": self.unplaced,
            "existing_capacity": round(self.capacity, 1),
            "existing_free": round(self.free, 1),
            "placed_before": round(before, 1),
            "placed_after": round(before + self.new, 1),
            "placed_share_before": round(before / self.demand, 6),
            "placed_share_after": round((before + self.new) / self.demand, 6),
        }


def existing_capacity(facilities: Facilities, demand: Demand, task: Task) -> ExistingCapacity | None:
    """What existing facilities can take; None where all of them are taken to be large enough.

    Parameters
    ----------
    facilities : Facilities
    demand : Demand
    task : Task

    Returns
    -------
    ExistingCapacity or None

    Raises
    ------
    ParameterError
        Land is to be served, or no facility's capacity is in the unit asked for.
    """
    if task.people_per_unit is None:
        return None
    if demand.residents is None:
        raise ParameterError(
            _("现有设施的容量按居民算，不能用于只看陆地的问题。"), hint=_("请把分母换成居民。")
        )
    quantity, unit = supply_of(facilities, task.unit)
    if task.unit and not quantity.notna().any():
        known = sorted(set(facilities.frame["capacity_unit"].dropna()))
        raise ParameterError(
            _("现有设施里没有以“{unit}”计的容量。"),
            hint=_("可用：{known}。"),
            unit=task.unit,
            known="、".join(known) or "—",
        )
    each = quantity.to_numpy("float64")[facilities.frame["lon"].notna().to_numpy()]
    limited = np.isfinite(each)
    unlimited = ~limited if task.unknown_capacity == "enough" else np.zeros(len(each), bool)
    units = float(each[limited].sum())
    people = each[limited] * task.people_per_unit
    unplaced = facilities.known_count - len(each)
    return ExistingCapacity(limited, people, unlimited, unit, units, unplaced)
