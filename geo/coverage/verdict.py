"""Whether a zone meets the pass mark of an indicator, by what is known, and why it cannot be told where it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.register.indicators import Indicator, PassMark
from geo.text import mark as _

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
PASS, FAIL, UNDECIDED = "pass", "fail", "cannot_tell"
VERDICTS: Final = {PASS: _("达标"), FAIL: _("不达标"), UNDECIDED: _("不能判断")}
DENOMINATORS: Final = {
    "residents": _("居民"),
    "land": _("陆地"),
    "residential_land": _("居住用地"),
    "built_up_land": _("建设用地"),
    "communities": _("社区"),
    "commuters": _("通勤者"),
}
REASONS: Final = {
    "unknown": _("这里的设施没有一处有位置，或未收录，份额不详。"),
    "no_mark": _("没有已知的达标线。"),
    "mark_by_class": _("达标线按城市类别分档，不是一个数，不能直接比较。"),
    "incomplete": _("登记不能说明这里的这类设施齐全，份额是下限。"),
    "unplaced": _("有设施没有位置，可能就在这里，份额是下限。"),
    "straddles": _("份额的区间跨过达标线。"),
    "other_denominator": _("达标线的分母不是陆地，按陆地算的份额不能与它比较。"),
    "proxy": _("达标线的分母是用地，这里按居民比较，只作参考。"),
    "follows": _(
        "居民模型本身就按这类设施的疏密分布，按它算的覆盖率偏高，不是独立的检验：请看均匀分布的一个。"
    ),
    "unchecked": _("达标线未在标准原文中核对。"),
    "all_parts": _("由几个单项合成：各单项都到得了的地方才算，按 100 米格的中点。"),
    "any_part": _("由几个单项合成：任一单项到得了的地方就算，按 100 米格的中点。"),
}
"""Why a verdict cannot be given; the last five only say how far it carries."""

_PARTS: Final = {"all": "all_parts", "any": "any_part"}


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the zones, 0 to 1, NaN where they are not known, and what else a verdict rests on.

    Attributes
    ----------
    low, high : ndarray (zones,)
    complete : ndarray of bool (zones,)
        Whether every facility of the kinds that stands there is said to be in the register.
    unplaced : ndarray (zones,)
        Number of facilities without a place that may be there.
    doubtful : ndarray of bool (zones,)
        Whether the numbers are of a part of the zone only.
    """

    low: Floats
    high: Floats
    complete: Flags
    unplaced: Floats
    doubtful: Flags


def verdicts(mark: PassMark | None, shares: Shares, *, comparable: bool) -> NDArray[np.str_]:
    """The verdict of each zone.

    Parameters
    ----------
    mark : PassMark or None
    shares : Shares
    comparable : bool
        Whether the share is of what the mark is of, or of something that may stand for it.

    Returns
    -------
    ndarray of str (zones,)
        ``pass`` where even the low share meets the mark; ``fail`` where even the high one does not, and no facility without a
        place may be there; both only where the register is known to be complete. Else ``cannot_tell``.
    """
    out = np.full(len(shares.low), UNDECIDED, dtype="<U11")
    if mark is None or not comparable:
        return out
    low, high = _meets(mark, shares.low), _meets(mark, shares.high)
    sure = ~np.isnan(shares.low) & ~np.isnan(shares.high) & shares.complete & ~shares.doubtful
    out[sure & low] = PASS
    out[sure & ~high & (shares.unplaced == 0)] = FAIL
    return out


def reasons(
    indicator: Indicator,
    shares: Shares,
    verdict: NDArray[np.str_],
    *,
    denominator: str,
    modelled_from: frozenset[str] = frozenset(),
) -> list[tuple[str, ...]]:
    """Keys of :data:`REASONS` for each zone: why it cannot be told, or how far the verdict carries.

    Parameters
    ----------
    indicator : Indicator
    shares : Shares
    verdict : ndarray of str (zones,)
        As :func:`verdicts` gives it.
    denominator : str
        What the shares are of.
    modelled_from : frozenset of str
        Kinds of facilities whose density the residents follow.

    Returns
    -------
    list of tuple of str
    """
    mark, unknown = indicator.mark, np.isnan(shares.low) | np.isnan(shares.high)
    open_ = (verdict == UNDECIDED) & ~unknown
    every = np.ones(len(verdict), bool)
    flags: dict[str, Flags] = {
        "unknown": unknown,
        "no_mark": every & (not indicator.pass_mark),
        "mark_by_class": every & bool(indicator.pass_mark and mark is None),
        "other_denominator": open_ & (mark is not None and not comparable(indicator, denominator)),
        "incomplete": open_ & ~shares.complete,
        "unplaced": open_ & (shares.unplaced > 0),
    }
    if mark is not None:
        flags["straddles"] = open_ & ~_meets(mark, shares.low) & _meets(mark, shares.high)
        flags["proxy"] = ~unknown & (denominator == "residents") & (indicator.denominator.endswith("land"))
    flags["follows"] = ~unknown & (
        denominator == "residents" and bool(modelled_from & frozenset(indicator.kinds))
    )
    if mark is not None:
        flags["unchecked"] = ~unknown & (not indicator.checked)
    for rule, key in _PARTS.items():
        flags[key] = ~unknown & (indicator.is_composite and indicator.reach == rule)
    return _joined(flags, len(verdict))


def comparable(indicator: Indicator, denominator: str) -> bool:
    """Whether a share of ``denominator`` may be held against the indicator's mark: land only where the mark is of that land."""
    return denominator == "residents" or indicator.denominator in ("", denominator)


def _meets(mark: PassMark, share: Floats) -> Flags:
    return np.array([bool(not np.isnan(each) and mark.met_by(float(each))) for each in share], bool)


def _joined(flags: Mapping[str, Flags], n: int) -> list[tuple[str, ...]]:
    return [tuple(key for key, those in flags.items() if those[k]) for k in range(n)]
