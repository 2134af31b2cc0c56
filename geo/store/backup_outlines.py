"""The outlines beside the register in a backup: the register holds a point for each work, its outline lies in ``var/datasets``.

They are kept under the digest of their content, so one that is there already is the same one; of several of a work the
last that was brought counts, so their times are kept too.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from geo.paths import datasets_dir
from geo.register.outline_files import KIND

_NAME: Final = re.compile(rf"{KIND}-[0-9a-f]{{32}}\.(?:gpkg|json)")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of outlines in a backup.

    Attributes
    ----------
    name : str
        Of the member and of the file.
    sha256 : str
        Of its content.
    time_ns : int
        When it was written: the order in which outlines were brought.
    """

    name: str
    sha256: str
    time_ns: int


def pack_outlines(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    """Add the outlines of this installation to a backup; their list for the manifest."""
    listed = []
    for path in _files():
        content = path.read_bytes()
        archive.writestr(path.name, content)
        one = Listed(path.name, hashlib.sha256(content).hexdigest(), path.stat().st_mtime_ns)
        listed.append(asdict(one))
    return listed


def listed_outlines(manifest: Mapping[str, Any]) -> list[Listed] | None:
    """What a backup holds of outlines; None for one that was made before backups held any.

    Raises
    ------
    ValueError, TypeError
        The list is no such list.
    """
    if "outlines" not in manifest:
        return None
    listed = [Listed(**one) for one in manifest["outlines"]]
    for one in listed:
        if not _NAME.fullmatch(one.name):
            raise ValueError(one.name)
    return listed


def put_outlines(folder: Path, listed: Iterable[Listed] | None) -> None:
    """Put unpacked outlines where they are looked for, the description of each last; ``ValueError`` for a damaged one."""
    for one in sorted(listed or (), key=lambda each: each.name.endswith(".json")):
        content = (folder / one.name).read_bytes()
        if hashlib.sha256(content).hexdigest() != one.sha256:
            raise ValueError(one.name)
        target = datasets_dir() / one.name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{one.name}.{os.getpid()}.part")
        part.write_bytes(content)
        os.utime(part, ns=(one.time_ns, one.time_ns))
        part.replace(target)


def drop_other_outlines(listed: Iterable[Listed] | None) -> None:
    """Remove outlines that the restored register never had: newer ones would stand for its works."""
    if listed is None:
        return
    names = {one.name for one in listed}
    for path in _files():
        if path.name not in names:
            path.unlink(missing_ok=True)


def _files() -> list[Path]:
    return sorted(path for path in datasets_dir().glob(f"{KIND}-*") if _NAME.fullmatch(path.name))
