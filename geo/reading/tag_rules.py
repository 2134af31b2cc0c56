"""Which row of a table of tags decides what an object of OpenStreetMap is: the first that holds, for many objects at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.reading.model import TagRule

ANY: str = "*"
NAME: str = "name"
Tags = Mapping[str, NDArray[np.object_]]


def tags_of_rules(rules: Sequence[TagRule]) -> list[str]:
    """The tags that must be known to decide."""
    also = [rule.also_key for rule in rules if rule.also_key]
    names = [NAME for rule in rules if rule.name_has]
    return list(dict.fromkeys([*(rule.key for rule in rules), *also, *names]))


def first_rules(tags: Tags, rules: Sequence[TagRule]) -> NDArray[np.int64]:
    """The place in ``rules`` of the first that holds for each object; -1 where none does.

    ``tags`` has an array of texts for each of :func:`tags_of_rules`, "" where an object lacks the tag.
    """
    count = len(next(iter(tags.values())))
    decided: NDArray[np.int64] = np.full(count, -1, dtype=np.int64)
    undecided: NDArray[np.intp] = np.arange(count)
    for place, rule in enumerate(rules):
        holds = _holds(rule, tags, undecided)
        decided[undecided[holds]] = place
        undecided = undecided[~holds]
    return decided


def _holds(rule: TagRule, tags: Tags, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    holds = _has(tags[rule.key][at], rule.value)
    if rule.also_key:
        holds &= _has(tags[rule.also_key][at], rule.also_value)
    if rule.name_has:
        candidates = np.flatnonzero(holds)
        holds[candidates] = [rule.name_has in name for name in tags[NAME][at[candidates]]]
    return holds


def _has(values: NDArray[Any], value: str) -> NDArray[np.bool_]:
    return np.asarray(values != "" if value == ANY else values == value, dtype=bool)
