"""Small questions of siting that can be answered by trying every choice."""

from __future__ import annotations

from hypothesis import settings

HERE = "320213"


QUICK = settings(max_examples=25, deadline=None)
