"""Where this program lies, and the folders that its environment names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PROJECT_DIR: Final = Path(__file__).resolve().parent.parent
DATA_DIR: Final = PROJECT_DIR / "data"
DATA_VARIABLE: Final = "ATLAS_DATA"
"""Of the environment: folder of the pack of a process with one city; of several cities, the one that is meant first."""
CITIES_VARIABLE: Final = "ATLAS_CITIES"
"""Of the environment: a folder of packs, or several paths, for a process with many cities."""


def pack_dir() -> Path:
    """Folder of the one pack: ``ATLAS_DATA`` if set, else the ``data/`` of this project."""
    return Path(os.environ.get(DATA_VARIABLE, str(DATA_DIR)))


def cities_paths() -> tuple[Path, ...]:
    """The paths of ``ATLAS_CITIES``, in their order; none where it is not set."""
    text = os.environ.get(CITIES_VARIABLE, "")
    return tuple(Path(part) for part in text.split(os.pathsep) if part.strip())


def root_var_dir() -> Path:
    """Folder of what this installation keeps, of all cities: ``ATLAS_VAR``, else ``var/`` of this project."""
    return Path(os.environ.get("ATLAS_VAR") or PROJECT_DIR / "var")


def known_folders() -> Iterator[Path]:
    """Every folder that this installation reads or writes in; what else it uses lies in one of them."""
    yield from (PROJECT_DIR, pack_dir(), root_var_dir(), *cities_paths())
