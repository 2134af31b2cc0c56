"""Small questions of siting that can be answered by trying every choice."""

from __future__ import annotations

HERE = "320213"


from tests.depth import examples

QUICK = examples(25)
