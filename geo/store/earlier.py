"""What an installation of one city kept before it had a list of cities: the city that it is of takes it over, by one command.

Each city of a list keeps its things in a folder of its own (:func:`geo.paths.var_dir`); what the one city kept lies in the folder above. Nothing is moved
at a start: another process may still write there, and several start at once. Until then the city refuses to be shown without its register.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from geo.cities import CityFolder, cities, current, entered
from geo.errors import DataError, ParameterError, StoreError
from geo.installation import CITIES_VARIABLE, root_var_dir
from geo.paths import REGISTER_FILE, earlier_register, var_dir
from geo.register.city_facts import read_package
from geo.text import LANGUAGES, translate
from geo.text import mark as _

CITY_THINGS: Final = (
    f"{REGISTER_FILE}*",
    "atlas.broken-*",
    "before-restore-*",
    "base_map",
    "datasets",
    "geocode.db*",
    "layers",
    "open_data",
    "recipes",
    "scenarios",
    "site",
    "systems",
)
"""Patterns of what a city keeps in its folder; what else lies in ``ATLAS_VAR`` is of the installation, or of a person."""
_IN_USE: Final = "locked"


def require_taken_over() -> None:
    """Refuse to go on without the register that the city that is meant had before there was a list of cities.

    Raises
    ------
    StoreError
        It is still where an installation of one city keeps it.
    """
    register, city = earlier_register(), current()
    if register is None or city is None or _pack_of(register, register.stat().st_mtime_ns) != _name_of(city):
        return
    raise StoreError(
        _("城市“{slug}”在只有一座城市时的登记库还在 {path}，没有归到它名下，所以先不显示这座城市。"),
        hint=_("请先停下其他用着这个库的程序，再运行 {command}：只移动文件，什么也不丢。"),
        slug=city.slug,
        path=str(register),
        command=_command(city),
    )


def left_behind() -> list[Path]:
    """What an installation of one city kept and no city of the list has taken over; nothing where there is no list."""
    if not cities():
        return []
    root = root_var_dir()
    return sorted(path for pattern in CITY_THINGS for path in root.glob(pattern))


def announcement() -> str:
    """What to say at a start while something is left behind; empty where nothing is."""
    waiting = left_behind()
    if not waiting:
        return ""
    text = _("{folder} 里有只有一座城市时保存的 {names}，还没有归到哪座城市名下。要归到第一座：{command}")
    names = ", ".join(path.name for path in waiting)
    return "\n".join(
        translate(text, lang).format(folder=root_var_dir(), names=names, command=_command(cities()[0]))
        for lang in LANGUAGES
    )


def take_over() -> list[str]:
    """Move what is left behind into the folder of the city that is meant; what was moved, file by file, the register last.

    A move that was broken off goes on where it stopped, when it is asked for again.

    Returns
    -------
    list of str
        Paths below ``ATLAS_VAR`` as they were.

    Raises
    ------
    ParameterError
        There is no list of cities.
    DataError
        The register is of another pack, or the city has something in the place already: nothing is moved.
    StoreError
        Another program has the register open, or a file cannot be moved.
    """
    city, register = current(), earlier_register()
    if city is None:
        raise ParameterError(_("这里没有城市的清单，没有什么要接管。"), hint=_("请先设 {name}（docs/many-cities.md）。"), name=CITIES_VARIABLE)  # fmt: skip
    if register is not None:
        _require_own(register, city)
        _close(register)
    root, own = root_var_dir(), var_dir()
    files = [
        file for path in left_behind() for file in ([path] if path.is_file() else sorted(path.rglob("*")))
    ]
    moves = [(file, own / file.relative_to(root)) for file in files if file.is_file()]
    taken = [str(new) for _old, new in moves if new.exists()]
    if taken:
        raise DataError(
            _("这些地方已经有文件，什么也没有移动：{listed}。"),
            hint=_("请先把它们移到别处，再运行一次。"),
            listed="、".join(taken[:10]),
        )
    for old, new in sorted(moves, key=lambda move: move[0].name.startswith(REGISTER_FILE)):
        _move(old, new)
    for folder in (path for path in left_behind() if path.is_dir()):
        _remove_empty(folder)
    return [str(old.relative_to(root)) for old, _new in moves]


def _move(old: Path, new: Path) -> None:
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(old, new)
    except OSError as error:
        raise StoreError(
            _("移动不了 {path}：{detail}。"),
            hint=_("请检查文件夹的写权限和磁盘，再运行一次：已经移动的不会再动。"),
            path=str(old),
            detail=str(error),
        ) from error


def _remove_empty(folder: Path) -> None:
    for inner in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        inner.rmdir()
    folder.rmdir()


def _require_own(register: Path, city: CityFolder) -> None:
    pack = _pack_of(register, register.stat().st_mtime_ns)
    if pack == _name_of(city):
        return
    owner = next((other for other in cities() if _name_of(other) == pack), None)
    raise DataError(
        _("{path} 是资料包“{pack}”的登记库，不是城市“{slug}”的。"),
        hint=_("它的城市在清单里，请运行 {command}。") if owner else _("请把那个资料包加进 {name}，或把这个文件移到别处。"),
        path=str(register),
        pack=pack,
        slug=city.slug,
        command=_command(owner) if owner else "",
        name=CITIES_VARIABLE,
    )  # fmt: skip


def _close(register: Path) -> None:
    """Fold SQLite's log of changes into the file, which it does only where nobody else has it open."""
    try:
        with closing(sqlite3.connect(register, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.Error as error:
        in_use = _IN_USE in str(error)
        raise StoreError(
            _("{path} 正被别的程序使用，什么也没有移动。") if in_use else _("读不了 {path}：{detail}。"),
            hint=_("请先停下那个程序。") if in_use else _("请检查这个文件，或先由备份恢复它。"),
            path=str(register),
            detail=str(error),
        ) from error


def _command(city: CityFolder) -> str:
    return f"python -m geo --city {city.slug} take-over"


def _name_of(city: CityFolder) -> str:
    with entered(city):
        return str(read_package(city.data).get("name", ""))


@lru_cache(maxsize=4)
def _pack_of(register: Path, _changed: int) -> str:
    """Name of the pack that a register was loaded from; empty where none was."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(register))}?mode=ro", uri=True)) as connection:
            row = connection.execute(
                "SELECT name FROM pack_versions ORDER BY batch_id DESC LIMIT 1"
            ).fetchone()
    except sqlite3.Error as error:
        raise StoreError(
            _("读不了 {path}：{detail}。"),
            hint=_("请检查这个文件，或先由备份恢复它。"),
            path=str(register),
            detail=str(error),
        ) from error
    return str(row[0]) if row else ""
