"""Reads the tables that belong to the program or to a city pack; a person's own files go through geo/reading."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def read_texts(path: Path, *, index: str = "") -> pd.DataFrame:
    """A CSV file (UTF-8, with or without a byte order mark) as it is written: every cell a text, the empty one for unknown.

    ``index`` names the column that the rows are called by. ``OSError`` and ``ValueError`` (KeyError for a missing
    ``index``) are for the caller to explain, who knows what the table is for.
    """
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return frame.set_index(index) if index else frame
