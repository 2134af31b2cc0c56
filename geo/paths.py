"""Folders of this installation: the city pack, and what is kept beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

PROJECT_DIR: Final = Path(__file__).resolve().parent.parent
DATA_DIR: Final = PROJECT_DIR / "data"


def var_dir() -> Path:
    """Folder of what this installation keeps, such as the store: ``ATLAS_VAR``, else ``var/`` of this project."""
    return Path(os.environ.get("ATLAS_VAR") or PROJECT_DIR / "var")


def datasets_dir() -> Path:
    """Folder of the data sets that are saved (:mod:`geo.coverage.saved_data`)."""
    return var_dir() / "datasets"


def data_dir() -> Path:
    """Folder of the city pack: ``ATLAS_DATA`` if set, else the ``data/`` of this project."""
    return Path(os.environ.get("ATLAS_DATA", str(DATA_DIR)))
