"""How much of a machine one file may take. A file beyond a limit is refused with the figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and seconds; the defaults are what docs/formats.md states."""

    file_bytes: int = 300 * 2**20
    memory_bytes: int = 1000 * 2**20
    seconds: int = 60
    rows: int = 1_100_000
    columns: int = 500
    cells: int = 12_000_000
    cell_characters: int = 100_000
    archive_members: int = 1000
    archive_bytes: int = 1024 * 2**20
    archive_ratio: int = 100


LIMITS: Final = Limits()
