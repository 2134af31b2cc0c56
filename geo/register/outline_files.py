"""Which files hold outlines of works and facilities (:mod:`geo.register.work_outlines` reads them), and a word that changes with them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from geo.paths import datasets_dir

KIND: Final = "outlines"
"""Kind of the data sets, and name of the layer in each."""


def saved_outlines() -> tuple[Path, ...]:
    """The data sets of outlines, the last that was brought last."""
    described = sorted(
        datasets_dir().glob(f"{KIND}-*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name)
    )
    return tuple(path.with_suffix(".gpkg") for path in described)


def outlines_version() -> str:
    """A word that is another one when outlines were brought, which the register alone may not show."""
    return hashlib.sha256("|".join(path.stem for path in saved_outlines()).encode()).hexdigest()[:12]
