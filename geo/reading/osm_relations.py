"""Areas of an OSM extract whose borders it has only in part, as at the edge of a cut: what is whole of them is read, the rest is counted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from geo.reading.model import Note, joined_names
from geo.text import mark as _

_SMALL: Final = 64 << 20
"""Bytes of XML up to which missing members are taken out; of larger extracts, and of PBF, GDAL leaves such areas out whole."""
_GAPS: Final = re.compile(r"Relation (-?\d+) has missing ways")
"""What GDAL says of an area that it leaves out."""
_RELATION: Final = re.compile(rb"<relation\b[^>]*?\bid=[\"'](-?\d+)[\"'].*?</relation>", re.DOTALL)
_MEMBER: Final = re.compile(rb"<member\b[^>]*?(?:/>|>\s*</member>)", re.DOTALL)
_TYPE: Final = re.compile(rb"\btype=[\"']way[\"']")
_REF: Final = re.compile(rb"\bref=[\"'](-?\d+)[\"']")
_WAY: Final = re.compile(rb"<way\b[^>]*?\bid=[\"'](-?\d+)[\"']")


def drop_missing_members(path: Path) -> list[Note]:
    """Take the ways that an extract in XML does not have out of its relations, in place, so that their whole rings are read."""
    if path.stat().st_size > _SMALL:
        return []
    data = path.read_bytes()
    ways = set(_WAY.findall(data))
    short: list[str] = []

    def without(found: re.Match[bytes]) -> bytes:
        left = _MEMBER.sub(lambda member: b"" if _is_missing(member[0], ways) else member[0], found[0])
        if left != found[0]:
            short.append(found[1].decode())
        return left

    mended = _RELATION.sub(without, data)
    if not short:
        return []
    path.write_bytes(mended)
    message = _(
        "{n} 个面（OSM 的 relation）在这份摘录里缺一部分边，只读了完整的环，拼不成环的没有读入：{ids}。"
    )
    return [Note(message, {"n": len(short), "ids": joined_names(short)})]


def _is_missing(member: bytes, ways: set[bytes]) -> bool:
    ref = _REF.search(member)
    return bool(_TYPE.search(member)) and ref is not None and ref[1] not in ways


@contextmanager
def gaps_heard(path: Path, layer: str, notes: list[Note]) -> Iterator[None]:
    """Note the areas that GDAL leaves out while it reads, which it says on the error output of this process alone.

    Parameters
    ----------
    path : Path
        The extract; a file of ours is written beside it.
    layer : str
        Layer that is read.
    notes : list of Note
        Where what was heard goes.

    Yields
    ------
    None
    """
    if layer != "multipolygons":
        yield
        return
    from pyogrio import set_gdal_config_options

    log, usual = path.with_name("gdal.log"), os.dup(2)
    with log.open("wb") as target:
        os.dup2(target.fileno(), 2)
    set_gdal_config_options({"CPL_DEBUG": "OSM"})
    try:
        yield
    finally:
        set_gdal_config_options({"CPL_DEBUG": None})
        os.dup2(usual, 2)
        os.close(usual)
    gaps = list(dict.fromkeys(_GAPS.findall(log.read_text("utf-8", errors="replace"))))
    if gaps:
        message = _("{n} 个面（OSM 的 relation）在这份摘录里缺一部分边，没有读入：{ids}。")
        notes.append(Note(message, {"n": len(gaps), "ids": joined_names(gaps)}))
