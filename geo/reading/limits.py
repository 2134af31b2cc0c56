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
PROVINCE: Final = Limits(seconds=1800, rows=4_000_000, memory_bytes=3000 * 2**20, archive_bytes=8 * 2**30)
"""An OSM extract of a province, which whoever runs this program asked for. ``rows`` are objects of the city alone; ``archive_bytes`` is
what GDAL may keep of places on the disk meanwhile."""
