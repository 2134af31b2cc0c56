"""Seed, sizes and names that the parts of the coverage benchmark share."""

from __future__ import annotations

METRIC_CRS = "EPSG:4549"


SEED = 2026


OURS = "ours"


UNEQUAL = "ours, unequal radii"
