"""A person's file on its way to the reading process: its ending, its content and its size are sound, and a copy of it lies apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from geo.local_file import allowed_ending
from geo.reading.isolate import Copy, staged
from geo.reading.kinds import FORMATS, display_name, kind_of
from geo.reading.limits import LIMITS, Limits
from geo.reading.plain_file import head_and_digest
from geo.reading.read_file import beside, checked_parts


@dataclass(frozen=True, slots=True)
class Brought:
    """A copy that may be asked about, its kind (a key of :data:`geo.reading.kinds.FORMATS`) and the SHA-256 of the file."""

    copy: Copy
    kind: str
    sha256: str


@contextmanager
def brought(
    path: Path, endings: Sequence[str], *, name: str = "", limits: Limits | None = None
) -> Iterator[Brought]:
    """A file of one of several kinds, for as long as it is asked about.

    Parameters
    ----------
    path : Path
        A local file; its ending must be among ``endings`` and its content must agree.
    endings : sequence of str
        Endings that are accepted.
    name : str
        What the person calls it; default the path's own name.
    limits : Limits or None
        Beyond which a file is refused; :data:`geo.reading.limits.LIMITS` if None.

    Yields
    ------
    Brought

    Raises
    ------
    ParameterError
        An address, or an ending that is not accepted.
    IngestError
        As :func:`geo.reading.read_file.read_file`.
    """
    allowed_ending(path, endings)
    limits, shown = limits or LIMITS, display_name(name or path.name)
    head, digest = head_and_digest(path, shown, limits)
    kind = kind_of(head, shown).key
    parts = checked_parts(beside(path), shown, limits) if kind == "shapefile" else {}
    with staged(path, shown, FORMATS[kind].endings[0], limits=limits, parts=parts) as copy:
        yield Brought(copy, kind, digest)
