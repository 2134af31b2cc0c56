"""What every file that leaves says of its licence and credits, and cells that no spreadsheet will run."""

from __future__ import annotations

from typing import Final

import pandas as pd

CREDITS: Final = (
    "Facts: 无锡市2021年国民经济和社会发展计划 and the sources named in each row (CC BY 4.0 compilation). "
    "Places: GeoNames (CC BY 4.0), OpenStreetMap contributors (ODbL 1.0), OurAirports (public domain)."
)
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def neutralise(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with an apostrophe before every text cell that a spreadsheet would take for a formula."""
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell)
