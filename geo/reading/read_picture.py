"""``read_picture``: a photograph that a person brings, made smaller and freed of what the camera wrote, or refused clearly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from geo.errors import IngestError
from geo.reading.isolate import staged
from geo.reading.kinds import display_name
from geo.reading.limits import LIMITS
from geo.text import mark as _

MOST_BYTES: Final = 30 * 2**20
_LIMITS: Final = replace(LIMITS, seconds=30)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph as JPEG in two sizes, without metadata; place (WGS84 degrees) and day are what the camera had written, to be offered."""

    large: bytes
    small: bytes
    width: int
    height: int
    lon: float | None
    lat: float | None
    taken: str


def read_picture(path: Path, name: str) -> Picture:
    """Read a photograph in a process of its own.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls it; for messages.

    Returns
    -------
    Picture

    Raises
    ------
    IngestError
        It is too large, no picture, broken or hostile.
    """
    shown = display_name(name)
    if path.stat().st_size > MOST_BYTES:
        raise IngestError(
            _("{name} 有 {size:.0f} MB。"),
            hint=_("照片文件最多 {limit} MB。"),
            name=shown,
            size=path.stat().st_size / 2**20,
            limit=MOST_BYTES // 2**20,
        )
    with staged(path, shown, ".picture", limits=_LIMITS) as copy:
        letter = copy.run("picture")
        large, small = ((copy.folder / f"{size}.jpg").read_bytes() for size in ("large", "small"))
    return Picture(large, small, **letter)
