"""Tables in docs/ are what the program says today."""

from __future__ import annotations

from pathlib import Path

from geo.atlas import load_atlas
from tools.metro_table import markdown

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_metro_table_is_what_the_engine_says() -> None:
    text = (DOCS / "coverage-metro.md").read_text("utf-8")
    assert markdown(load_atlas()) in text
