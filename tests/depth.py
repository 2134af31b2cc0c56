"""How far the tests look: quickly in ``make test``, deeply in ``make test-deep`` (docs/decisions/0030).

One variable chooses: ``ATLAS_TESTS=deep``. A deep run holds every property test with more examples, and what is marked ``deep``.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

DEEP = os.environ.get("ATLAS_TESTS") == "deep"
_TIMES = 5
_USUAL = 100

# no test is timed: a busy machine is slow and right. A landing must not depend on luck; people explore anew each run
settings.register_profile("people", deadline=None, max_examples=_USUAL * (_TIMES if DEEP else 1))
settings.register_profile("ci", settings.get_profile("people"), derandomize=True)


def examples(quick: int, deep: int | None = None, **more: Any) -> settings:
    """Hypothesis' settings of a test.

    Parameters
    ----------
    quick
        How many examples ``make test`` tries.
    deep
        How many ``make test-deep`` tries; by default five times as many.
    **more
        Other settings, as hypothesis names them.

    Returns
    -------
    settings
    """
    many = deep or quick * _TIMES
    return settings(max_examples=many if DEEP else quick, **more)


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other run; pytest says how many tests those are."""
    left_out = [item for item in items if not _belongs(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _belongs(item)]


def _belongs(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("deep") is not None
    return marked or is_property(item) if DEEP else not marked


def is_property(item: pytest.Item) -> bool:
    """Whether hypothesis makes up the examples of a test, or its steps; a test that plays steps itself is marked so."""
    made_up = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return bool(made_up) or item.get_closest_marker("property") is not None
