"""The answer after edits, computed from nothing: what :class:`geo.whatif.what_if.WhatIf` must be equal to."""

from __future__ import annotations

from collections.abc import Sequence

from geo.coverage.answer import Coverage, coverage
from geo.coverage.demand import Demand
from geo.coverage.reach import Reach
from geo.register.city import Atlas
from geo.register.facilities import Facilities
from geo.whatif.edits import apply_edits, edited_facilities
from geo.whatif.scenario import Edit
from geo.whatif.what_if import edited_reach, kind_of


def changed_coverage(
    atlas: Atlas,
    facilities: Facilities,
    demand: Demand,
    reach: Reach,
    edits: Sequence[Edit],
    *,
    lang: str = "zh",
) -> Coverage:
    """The coverage of the changed facilities along the changed streets."""
    result = apply_edits(atlas, facilities, edits, reach.network)
    after = edited_facilities(facilities, result, kind_of(facilities))
    return coverage(atlas, after, demand, edited_reach(reach, result), lang=lang)
