"""Saved scenarios: one file each, named by its content, under ``var/scenarios`` (``ATLAS_VAR`` names another var)."""

from __future__ import annotations

import os
import re
from itertools import islice
from pathlib import Path
from typing import Final

from geo.errors import DataError, UnknownIdError
from geo.paths import var_dir
from geo.text import mark as _
from geo.whatif.scenario import Scenario, read_link_code, read_scenario

_ID: Final = re.compile(r"s-[0-9a-f]{16}")
MAX_SAVED: Final = 2000
"""Files at most: the oldest goes first."""


def folder() -> Path:
    """Where scenarios are kept."""
    return var_dir() / "scenarios"


def save(scenario: Scenario) -> str:
    """Keep a scenario; its id. Saving the same content again keeps one file.

    Raises
    ------
    DataError
        The folder cannot be written.
    """
    key = f"s-{scenario.digest}"
    path = folder() / f"{key}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_suffix(f".{os.getpid()}.part")
        whole.write_text(scenario.to_json(), "utf-8")
        whole.replace(path)
        for old in _files()[MAX_SAVED:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(
            _("方案存不下来：{detail}。"),
            hint=_("请检查磁盘和 var 目录的权限；方案仍可导出为文件。"),
            detail=error.strerror or str(error),
        ) from error
    return key


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


def link_code(scenario: Scenario, *, longest: int) -> str:
    """A word for a link: the scenario itself while it is short, else its id (it is saved then)."""
    word = scenario.to_link_code()
    return word if word is not None and len(word) <= longest else save(scenario)


def saved(most: int = MAX_SAVED) -> list[tuple[str, Scenario]]:
    """Ids and scenarios that have a name, newest first; at most ``most``."""
    every = ((path.stem, read_scenario(path.read_bytes())) for path in _files())
    return list(islice(((key, scenario) for key, scenario in every if scenario.name), most))


def _files() -> list[Path]:
    return sorted(folder().glob("s-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
