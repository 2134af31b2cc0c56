"""Small questions of siting that can be answered by trying every choice."""

from __future__ import annotations

from tests.depth import examples

HERE = "320213"
QUICK = examples(25)
