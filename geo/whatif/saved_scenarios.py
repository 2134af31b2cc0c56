"""Saved scenarios: one file each, named by its content, under ``var/scenarios`` (``ATLAS_VAR`` names another var)."""

from __future__ import annotations

import os
import re
import time
from collections import OrderedDict
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final

from geo.errors import DataError, ParameterError, RateError, UnknownIdError
from geo.paths import var_dir
from geo.text import mark as _
from geo.whatif.scenario import MAX_BYTES, MAX_EDITS, Scenario, read_link_code, read_scenario

_ID: Final = re.compile(r"s-[0-9a-f]{16}")
MAX_SAVED: Final = 2000
MAX_FOLDER_BYTES: Final = 200 << 20
"""Files and bytes of all together; beyond them the oldest of sessions that have ended make room."""
MAX_OWN: Final = 50
"""Files of one session; its own oldest make room."""
REST_S: Final = 86_400.0
"""A younger file is nobody's to remove but its session's: in other processes, sessions live that this one does not know."""
_own: dict[str, OrderedDict[str, None]] = {}
_lock: Final = Lock()


def folder() -> Path:
    """Where scenarios are kept."""
    return var_dir() / "scenarios"


def save(scenario: Scenario, owner: str = "") -> str:
    """Keep a scenario; its id. Saving the same content again keeps one file.

    ``owner`` is the session that saves: what it has saved itself makes room first, and another's never while that lives.

    Raises
    ------
    ParameterError
        Too large a scenario.
    RateError
        All that may be kept is kept by others.
    DataError
        The folder cannot be written.
    """
    key, content = f"s-{scenario.digest}", scenario.to_json().encode()
    if len(content) > MAX_BYTES:
        raise ParameterError(_("方案文件超过 1 MB。"), hint=_("一个方案最多 {most} 处改动。"), most=MAX_EDITS)
    path = folder() / f"{key}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _lock:
            if path.exists():
                _share(key, owner)
            else:
                _make_room(len(content), owner)
                _own.setdefault(owner, OrderedDict())[key] = None
            whole = path.with_suffix(f".{os.getpid()}.part")
            whole.write_bytes(content)
            whole.replace(path)
    except OSError as error:
        raise DataError(
            _("方案存不下来：{detail}。"),
            hint=_("请检查磁盘和 var 目录的权限；方案仍可导出为文件。"),
            detail=error.strerror or str(error),
        ) from error
    return key


def forget(owner: str) -> None:
    """A session has ended: what it saved stays, and may make room for others later."""
    with _lock:
        _own.pop(owner, None)


def _share(key: str, owner: str) -> None:
    """What a second session saves too is no longer the first one's to remove."""
    for other, keys in _own.items():
        if other != owner:
            keys.pop(key, None)
        elif key in keys:
            keys.move_to_end(key)


def _make_room(size: int, owner: str) -> None:
    """Remove a session's own oldest beyond its share, and what has no session beyond the bounds of all."""
    mine = _own.get(owner, OrderedDict())
    while owner and len(mine) >= MAX_OWN:
        oldest, __ = mine.popitem(last=False)
        (folder() / f"{oldest}.json").unlink(missing_ok=True)
    files = [(path, path.stat()) for path in _files()]
    total, count = sum(facts.st_size for __, facts in files), len(files)
    living = {key for other, keys in _own.items() if other for key in keys}
    for path, facts in reversed(files):
        if count < MAX_SAVED and total + size <= MAX_FOLDER_BYTES:
            return
        if path.stem not in living and time.time() - facts.st_mtime >= REST_S:
            path.unlink(missing_ok=True)
            total, count = total - facts.st_size, count - 1
    if count >= MAX_SAVED or total + size > MAX_FOLDER_BYTES:
        raise RateError(
            _("服务器上保存的方案已满（{n} 个），暂时存不下。"),
            hint=_("方案仍可导出为文件；一天以前、没有人在用的方案会腾出位置。"),
            n=count,
        )


def load(key: str) -> Scenario:
    """The scenario saved under an id; ``UnknownIdError`` if there is none."""
    try:
        if not _ID.fullmatch(key):
            raise FileNotFoundError(key)
        return read_scenario((folder() / f"{key}.json").read_bytes())
    except OSError as error:
        raise UnknownIdError(
            _("没有编号为 {key} 的方案。"), hint=_("它可能已被清理，请向分享者要导出的文件。"), key=key[:30]
        ) from error


def scenario_at(code: str) -> Scenario:
    """What a word of a link stands for: the id of a saved scenario, or the scenario itself."""
    return load(code) if code.startswith("s-") else read_link_code(code)


def link_code(scenario: Scenario, *, longest: int, owner: str = "") -> str:
    """A word for a link: the scenario itself while it is short, else its id (it is saved then).

    Parameters
    ----------
    scenario : Scenario
    longest : int
        Characters that the word may have.
    owner : str
        The session that saves.

    Returns
    -------
    str

    Raises
    ------
    ParameterError, RateError, DataError
        As :func:`save`.
    """
    word = scenario.to_link_code()
    return word if word is not None and len(word) <= longest else save(scenario, owner)


def saved(most: int = MAX_SAVED) -> list[tuple[str, Scenario]]:
    """Ids and scenarios that have a name, newest first; at most ``most``."""
    every = ((path.stem, read_scenario(path.read_bytes())) for path in _files())
    return list(islice(((key, scenario) for key, scenario in every if scenario.name), most))


def _files() -> list[Path]:
    return sorted(folder().glob("s-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
