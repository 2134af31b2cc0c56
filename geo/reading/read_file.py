"""``read_file``: any file that a person brings, read safely or refused clearly."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from geo.errors import IngestError
from geo.reading.archive import SHAPE_PARTS
from geo.reading.isolate import read_apart
from geo.reading.kinds import display_name, kind_of
from geo.reading.limits import LIMITS, Limits
from geo.reading.model import Choice, Opened
from geo.text import mark as _

_SMALL = 4 << 20


def read_file(
    path: Path,
    name: str = "",
    layer: str | None = None,
    *,
    parts: Mapping[str, Path] | None = None,
    limits: Limits = LIMITS,
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
    limits : Limits
        Beyond which a file is refused.
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
    shown = display_name(name or path.name)
    head, digest = _head_and_digest(path, shown, limits)
    kind = kind_of(head, shown)
    if kind.key == "csv" and path.stat().st_size <= _SMALL:
        from geo.reading.delimited import read_delimited

        table = read_delimited(path, shown, limits)
        return Opened(shown, digest, "csv", (table,), (Choice(table.name, len(table.frame)),))
    given = _beside(path) if parts is None else parts
    beside = given if kind.key == "shapefile" else {}
    layers, choices, format_key = read_apart(
        path,
        shown,
        kind.key,
        layer,
        limits=limits,
        parts=_checked(beside, shown, limits),
        cancelled=cancelled,
    )
    return Opened(shown, digest, format_key, layers, choices)


def _beside(path: Path) -> dict[str, Path]:
    """The other parts of a loose shapefile, in whatever case their endings are written."""
    if path.suffix.lower() != ".shp":
        return {}
    siblings = (other for other in path.parent.iterdir() if other.stem == path.stem and other.is_file())
    return {other.suffix.lower(): other for other in siblings if other != path}


def _checked(parts: Mapping[str, Path], name: str, limits: Limits) -> dict[str, Path]:
    """The parts that a shapefile can have, none beyond the limit."""
    allowed = {end: part for end, part in parts.items() if end in SHAPE_PARTS and end != ".shp"}
    for part in allowed.values():
        _head_and_digest(part, name, limits, may_be_empty=True)
    return allowed


def _head_and_digest(
    path: Path, name: str, limits: Limits, *, may_be_empty: bool = False
) -> tuple[bytes, str]:
    """The first bytes and the SHA-256 of a file that is there, has a sound size and is a plain file."""
    try:
        if not path.is_file():
            raise IngestError(_("找不到文件 {name}，或它不是普通文件。"), hint=_("请核对路径。"), name=name)
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise IngestError(
                _("{name} 有 {n} MB，超过上限 {limit} MB。"),
                hint=_("请拆成几个文件。"),
                name=name,
                n=round(size / 2**20),
                limit=limits.file_bytes // 2**20,
            )
        with path.open("rb") as handle:
            head = handle.read(4096)
            handle.seek(0)
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise IngestError(
            _("读不了 {name}：{detail}。"), hint=_("请核对文件。"), name=name, detail=error.strerror or ""
        ) from error
    if not may_be_empty and not head.strip():
        raise IngestError(_("{name} 是空的。"), hint=_("请核对文件。"), name=name)
    return head, digest
