"""What the map reads beside the register and the pack, as words that change with it: what is remembered of the map is found by them, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from geo.detailed_map.make import archive_version
from geo.register.outline_files import outlines_version
from layers.browser_packages import tile_renderer
from layers.map.approval import map_approval
from layers.map.basemaps import keys_set


def _renderer() -> str:
    return str(tile_renderer() or "")


def _keys() -> str:
    return ",".join(keys_set())


READ_BESIDE: Final[tuple[Callable[[], str], ...]] = (
    archive_version,
    outlines_version,
    map_approval,
    _renderer,
    _keys,
)
"""A layer's own ``version`` is one of these."""


def beside() -> tuple[str, ...]:
    """What each of :data:`READ_BESIDE` says now."""
    return tuple(read() for read in READ_BESIDE)
