"""Approval number of the map (审图号): whoever publishes a map in China states the one that was granted to them."""

from __future__ import annotations

import os
from typing import Final

VARIABLE: Final = "ATLAS_MAP_APPROVAL"
"""Of the environment: the number as it was granted, such as ``苏S(2026)001号``."""


def map_approval() -> str:
    """What :data:`VARIABLE` says; empty where nobody granted a number: then none is shown."""
    return os.environ.get(VARIABLE, "").strip()
