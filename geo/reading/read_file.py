"""``read_file``: any file that a person brings, read safely or refused clearly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from geo.reading.archive import SHAPE_PARTS
from geo.reading.isolate import read_apart
from geo.reading.kinds import display_name, kind_of
from geo.reading.limits import LIMITS, Limits
from geo.reading.model import Choice, Opened
from geo.reading.plain_file import head_and_digest
from geo.uploaded_files import JOURNAL

SMALL: Final = 4 << 20
"""Bytes of a text that is read in this process: text cannot choose a library, and this much hurts nobody."""


BYTES_A_SECOND: Final = 2 << 20
"""A text table has a second more for so many bytes: a million rows are read whole, however busy the machine is."""


def read_file(
    path: Path,
    name: str = "",
    layer: str | None = None,
    *,
    parts: Mapping[str, Path] | None = None,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Opened:
    """Read a file on this machine.

    Parameters
    ----------
    path : Path
        Where the file lies; for an upload a temporary path of our own making.
    name : str
        What the person calls it: shown, and its ending checked against the content; default the path's own name.
    layer : str or None
        Sheet or layer to read; where there are several and none is asked for, ``layers`` is empty and ``choices``
        lists them. An OSM extract gives all its layers.
    parts : mapping or None
        Of a loose shapefile: ending (``.shx``, ``.dbf``, ``.prj``, ``.cpg``) -> where it lies. Default: the files beside
        ``path`` that differ from it by the ending alone.
    limits : Limits or None
        Beyond which a file is refused; :data:`geo.reading.limits.LIMITS` if None.
    cancelled : callable or None
        Asked many times a second while a separate process reads; True stops it.

    Returns
    -------
    Opened

    Raises
    ------
    IngestError
        The file is missing, empty, too large, not what its name says, broken, hostile, or has no such layer. The
        message names the row or member where there is one, and the remedy.
    """
    limits, shown = limits or LIMITS, display_name(name or path.name)
    head, digest = head_and_digest(path, shown, limits)
    kind = kind_of(head, shown)
    if kind.key == "csv" and path.stat().st_size <= SMALL:
        from geo.reading.delimited import read_delimited
        from geo.reading.geometry_column import drawn_column

        table = read_delimited(path, shown, limits)
        if not drawn_column({str(name): table.frame[name] for name in table.frame}):  # shapes are read apart
            return Opened(shown, digest, "csv", (table,), (Choice(table.name, len(table.frame)),))
    if kind.key == "csv":
        limits = replace(limits, seconds=limits.seconds + path.stat().st_size // BYTES_A_SECOND)
    given = beside(path) if parts is None else parts
    shape_parts = given if kind.key in {"shapefile", "gpkg"} else {}
    layers, choices, format_key = read_apart(
        path,
        shown,
        kind.key,
        layer,
        limits=limits,
        parts=checked_parts(shape_parts, shown, limits),
        cancelled=cancelled,
    )
    return Opened(shown, digest, format_key, layers, choices)


def beside(path: Path) -> dict[str, Path]:
    """The other parts of a loose shapefile, in whatever case their endings are written; the journal of a GeoPackage."""
    if path.suffix.lower() == ".gpkg":
        journal = path.with_name(f"{path.name}-wal")
        return {JOURNAL: journal} if journal.is_file() and journal.stat().st_size else {}
    if path.suffix.lower() != ".shp":
        return {}
    siblings = (other for other in path.parent.iterdir() if other.stem == path.stem and other.is_file())
    return {other.suffix.lower(): other for other in siblings if other != path}


def checked_parts(parts: Mapping[str, Path], name: str, limits: Limits) -> dict[str, Path]:
    """The parts that a shapefile can have, none beyond the limit.

    Parameters
    ----------
    parts : mapping
        Ending -> where the part lies.
    name : str
        What the person calls the file; for messages.
    limits : Limits
        Beyond which a part is refused.

    Returns
    -------
    dict
    """
    allowed = {end: part for end, part in parts.items() if end in (*SHAPE_PARTS, JOURNAL) and end != ".shp"}
    for part in allowed.values():
        head_and_digest(part, name, limits, may_be_empty=True)
    return allowed
