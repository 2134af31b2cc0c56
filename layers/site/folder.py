"""Brings a folder to a wanted set of files: writes what changed, removes what it once made, touches nothing else.

``.atlas/manifest.json`` in the folder says which files were made here and what was in them. Files whose names tell their
content come first and pages last, so a visitor, or a run that was killed, always finds pages whose data are there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from geo.errors import DataError
from geo.text import mark as _

_OWN: Final = ".atlas"
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did, as paths inside the folder."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Files made by an earlier run that someone changed since: no longer part of the site, and left alone."""


def bring(folder: Path, files: Mapping[str, bytes]) -> Written:
    """Make ``folder`` hold ``files`` (path with ``/`` -> content).

    Raises
    ------
    DataError
        A file in the way was not made here, or the folder cannot be written. Nothing is changed in the first case.
    """
    try:
        return _bring(folder, files)
    except OSError as error:
        raise DataError(
            _("写不了文件 {name}：{detail}。"),
            hint=_("请换一个位置。"),
            name=str(error.filename or folder),
            detail=str(error),
        ) from error


def _bring(folder: Path, files: Mapping[str, bytes]) -> Written:
    made = _read(folder)
    wanted = {name: _digest(content) for name, content in files.items()}
    new, changed, same = _compare(folder, made, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    stale = {name: digest for name, digest in made.items() if name not in wanted}
    _record(folder, made | wanted)  # before the first file: what a killed run leaves is known to be ours
    for name in sorted({*new, *changed}, key=_order):
        _replace(folder, name, files[name])
    removed = tuple(name for name in sorted(stale) if _remove(folder, name, stale[name]))
    kept = tuple(name for name in sorted(stale) if name not in removed and (folder / name).exists())
    _record(folder, wanted)
    return Written(new, changed, same, removed, kept)


def _order(name: str) -> tuple[int, str]:
    """Data and styles before the pages that name them."""
    return (1 if name.endswith(".html") else 0, name)


def _compare(
    folder: Path, made: Mapping[str, str], wanted: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    new, changed, same = [], [], []
    for name, digest in wanted.items():
        path = folder / name
        if not path.exists():
            new.append(name)
        elif path.is_file() and not path.is_symlink() and _digest(path.read_bytes()) == digest:
            same.append(name)
        elif name in made and path.is_file():
            changed.append(name)
        else:
            raise DataError(
                _("{name} 不是发布程序写的文件，不会覆盖。"),
                hint=_("请把它移走，或换一个空文件夹。"),
                name=str(path),
            )
    return tuple(new), tuple(changed), tuple(same)


def _replace(folder: Path, name: str, content: bytes) -> None:
    """Write a whole file in one step: readers see the old one or the new one."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = folder / _OWN / "part"
    part.write_bytes(content)
    part.replace(path)


def _remove(folder: Path, name: str, digest: str) -> bool:
    """Remove a file that is as it was made, and folders that are empty then."""
    path = folder / name
    if not path.is_file() or path.is_symlink() or _digest(path.read_bytes()) != digest:
        return False
    path.unlink()
    for parent in path.relative_to(folder).parents:
        if parent != Path() and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()
    return True


def _record(folder: Path, files: Mapping[str, str]) -> None:
    own = folder / _OWN
    own.mkdir(exist_ok=True)
    text = json.dumps({"files": dict(sorted(files.items()))}, ensure_ascii=False, indent=1) + "\n"
    path = own / _MANIFEST
    if path.exists() and path.read_text("utf-8") == text:
        return
    part = own / "part"
    part.write_text(text, "utf-8")
    part.replace(path)


def _read(folder: Path) -> dict[str, str]:
    """The files of an earlier run; ``DataError`` if its list is broken. Names that lead out of the folder are no names."""
    path = folder / _OWN / _MANIFEST
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
        return {str(name): str(digest) for name, digest in files.items() if _inside(str(name))}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            _("{name} 坏了，不知道哪些文件是以前发布的。"),
            hint=_("请换一个空文件夹重新发布。"),
            name=str(path),
        ) from error


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        not path.is_absolute() and ".." not in path.parts and "\\" not in name and path.parts[:1] != (_OWN,)
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
