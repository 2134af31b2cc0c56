"""Brings a folder to a wanted set of files: writes what changed, removes what it once made, touches nothing else.

``.atlas/manifest.json`` in the folder says which files were made here, what was in them, and of what (a recipe). Files whose names tell their
content come first and pages last, so a visitor, or a run that was killed, always finds pages whose data are there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

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
    unchanged: tuple[str, ...]
    """Files made by an earlier run that someone changed since: no longer part of the site, and left alone."""


def as_made(folder: Path, recipe: str) -> Written | None:
    """All files as the same, if the last run had this recipe and every file is as it left it; else None."""
    found = _manifest(folder)
    if not recipe or found.get("recipe") != recipe:
        return None
    files = _files(found)
    whole = all(
        (folder / name).is_file() and _digest((folder / name).read_bytes()) == digest
        for name, digest in files.items()
    )
    return Written((), (), tuple(files), (), ()) if files and whole else None


def bring(folder: Path, files: Mapping[str, bytes], recipe: str = "") -> Written:
    """Make ``folder`` hold ``files`` (path with ``/`` -> content), made by ``recipe``.

    Parameters
    ----------
    folder : Path
        Where files are written.
    files : mapping
    recipe : str

    Returns
    -------
    Written

    Raises
    ------
    DataError
        A file in the way was not made here, or the folder cannot be written. Nothing is changed in the first case.
    """
    try:
        return _bring(folder, files, recipe)
    except OSError as error:
        raise DataError(
            _("写不了文件 {name}：{detail}。"),
            hint=_("请换一个位置。"),
            name=str(error.filename or folder),
            detail=str(error),
        ) from error


def _bring(folder: Path, files: Mapping[str, bytes], recipe: str) -> Written:
    made = _files(_manifest(folder))
    wanted = {name: _digest(content) for name, content in files.items()}
    new, changed, same = _compare(folder, made, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    stale = {name: digest for name, digest in made.items() if name not in wanted}
    if new or changed or stale:  # before the first file: what a killed run leaves is known to be ours
        _record(folder, made | wanted, "")
    for name in sorted({*new, *changed}, key=_order):
        _replace(folder, name, files[name])
    removed = tuple(name for name in sorted(stale) if _remove(folder, name, stale[name]))
    kept = tuple(name for name in sorted(stale) if name not in removed and (folder / name).exists())
    _record(folder, wanted, recipe)
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


def _record(folder: Path, files: Mapping[str, str], recipe: str) -> None:
    own = folder / _OWN
    own.mkdir(exist_ok=True)
    record = {"recipe": recipe, "files": dict(sorted(files.items()))}
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    path = own / _MANIFEST
    if path.exists() and path.read_text("utf-8") == text:
        return
    part = own / "part"
    part.write_text(text, "utf-8")
    part.replace(path)


def _manifest(folder: Path) -> dict[str, Any]:
    """What an earlier run wrote down; ``DataError`` if it is broken."""
    path = folder / _OWN / _MANIFEST
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
        if isinstance(found["files"], dict) and isinstance(found["recipe"], str):
            return dict(found)
        detail: Exception = TypeError()
    except (ValueError, KeyError, TypeError) as error:
        detail = error
    raise DataError(
        _("{name} 坏了，不知道哪些文件是以前发布的。"),
        hint=_("请换一个空文件夹重新发布。"),
        name=str(path),
    ) from detail


def _files(files: Mapping[str, Any]) -> dict[str, str]:
    """Files of an earlier run. Names that lead out of the folder are no names."""
    return {str(name): str(digest) for name, digest in files.get("files", {}).items() if _inside(str(name))}


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        not path.is_absolute() and ".." not in path.parts and "\\" not in name and path.parts[:1] != (_OWN,)
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
