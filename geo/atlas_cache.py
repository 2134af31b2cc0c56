"""Keeps answers for as long as the atlas they were given for is the newest."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from geo.cities import current_slug

P = ParamSpec("P")
R = TypeVar("R")


def per_version(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """``lru_cache`` for functions that call :func:`geo.atlas.load_atlas`: what an older version answered, or another city, is not given again."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=maxsize)
        def kept(_city: str, _version: str, *args: P.args, **kwargs: P.kwargs) -> R:
            return function(*args, **kwargs)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            from geo.atlas import load_atlas

            return kept(current_slug(), load_atlas().version, *args, **kwargs)  # type: ignore[arg-type]  # lru_cache is typed loosely

        return call

    return decorate
