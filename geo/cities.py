"""Which city is meant: one process may serve many packs, and every path, cache and answer is of one of them.

``ATLAS_CITIES`` names a folder of packs, or several paths; without it a process has the one pack of ``ATLAS_DATA`` and nothing here does
anything. Each pack says its own ``slug``, the short name in addresses (``/c/<slug>``) and of its folder of kept things.

Code that reads or writes never takes a city: it is entered (:func:`entered`) by a request, a session or a command, and
:mod:`geo.paths` follows. Where nothing says which, the first is meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from geo.errors import DataError, UnknownIdError
from geo.installation import CITIES_VARIABLE, cities_paths, pack_dir
from geo.text import mark as _

SLUG: Final = "[a-z0-9][a-z0-9-]{0,39}"
"""A regular expression for whole slugs: small letters, digits and hyphens."""
ADDRESS: Final = "c"
"""First part of the addresses of a city: ``/c/<slug>``."""
PACKAGE: Final = "datapackage.json"
MOST_CITIES: Final = 64
"""Packs of one process; each that was asked for stays in memory."""


@dataclass(frozen=True, slots=True)
class CityFolder:
    """A city of this process: its short name, and the folder of its pack."""

    slug: str
    data: Path

    @property
    def address(self) -> str:
        """Where its addresses begin, below the base path of the server."""
        return f"/{ADDRESS}/{self.slug}"


_entered: ContextVar[CityFolder | None] = ContextVar("city", default=None)
_sources: list[Callable[[], CityFolder | None]] = []


def cities() -> tuple[CityFolder, ...]:
    """The cities of this process, the first one first; none where it has one pack and no list.

    Raises
    ------
    DataError
        A path of the list is missing or holds no pack, or a pack says no slug, a wrong one, or one that another has.
    """
    return _read_list(cities_paths(), pack_dir())


def has_several() -> bool:
    """Whether a person may choose among cities."""
    return len(cities()) > 1


def city_called(slug: str) -> CityFolder:
    """The city of a slug; ``UnknownIdError`` names those that there are."""
    listed = {city.slug: city for city in cities()}
    if slug in listed:
        return listed[slug]
    hint = (
        _("现有：{known}。")
        if listed
        else _("这里只有一个城市；要有几个，请设 {name}（docs/many-cities.md）。")
    )
    raise UnknownIdError(
        _("没有城市“{slug}”。"), hint=hint, slug=slug[:40], known="、".join(listed), name=CITIES_VARIABLE
    )


def current() -> CityFolder | None:
    """The city that is meant here: the one entered, else what a session says, else the first; None where there is no list."""
    if not cities_paths():
        return None
    city = _entered.get()
    if city is None:
        city = next((city_there for source in _sources if (city_there := source()) is not None), None)
    return city or cities()[0]


def current_slug() -> str:
    """The slug of :func:`current`, for keys of what is kept in memory; empty where there is no list."""
    city = current()
    return city.slug if city else ""


def add_source(source: Callable[[], CityFolder | None]) -> None:
    """Let ``source`` too say which city is meant, where none was entered; it answers None for what it knows nothing of."""
    if source not in _sources:
        _sources.append(source)


@contextmanager
def entered(city: CityFolder | None) -> Iterator[None]:
    """Everything in the block is of this city; None changes nothing."""
    mark = _entered.set(city or _entered.get())
    try:
        yield
    finally:
        _entered.reset(mark)


def context_here() -> Context:
    """A copy of the context in which the city that is meant here stays meant: for work in another thread."""
    context = copy_context()
    context.run(_entered.set, current())
    return context


@lru_cache(maxsize=4)
def _read_list(paths: tuple[Path, ...], preferred: Path) -> tuple[CityFolder, ...]:
    found: dict[str, CityFolder] = {}
    for folder in (pack for path in paths for pack in _packs_at(path)):
        city = CityFolder(_slug_of(folder), folder)
        if city.slug in found and found[city.slug].data.resolve() != folder.resolve():
            raise DataError(
                _("资料包 {first} 和 {second} 的 city.slug 都是“{slug}”。"),
                hint=_("每个城市的 slug 要各不相同，请改其中一个的 datapackage.json。"),
                first=found[city.slug].data.name,
                second=folder.name,
                slug=city.slug,
            )
        found.setdefault(city.slug, city)
    if len(found) > MOST_CITIES:
        raise DataError(
            _("{name} 有 {n} 个资料包，最多 {most} 个。"),
            hint=_("请分成几个进程。"),
            name=CITIES_VARIABLE,
            n=len(found),
            most=MOST_CITIES,
        )
    return _first_first(found.values(), preferred)


def _first_first(found: Iterable[CityFolder], preferred: Path) -> tuple[CityFolder, ...]:
    """The pack of ``ATLAS_DATA`` first where it is among them, the others in their order."""
    there = preferred.resolve()
    return tuple(sorted(found, key=lambda city: city.data.resolve() != there))


def _packs_at(path: Path) -> list[Path]:
    if (path / PACKAGE).is_file():
        return [path]
    try:
        packs = [inner for inner in sorted(path.iterdir()) if (inner / PACKAGE).is_file()]
    except OSError as error:
        raise _nothing_at(path) from error
    if not packs:
        raise _nothing_at(path)
    return packs


def _nothing_at(path: Path) -> DataError:
    return DataError(
        _("{name} 里的 {path} 不是资料包，也不是放着资料包的文件夹。"),
        hint=_("请写一个文件夹，其中每个子文件夹是一个资料包（有 datapackage.json）；或写几个路径。"),
        name=CITIES_VARIABLE,
        path=str(path),
    )


def _slug_of(folder: Path) -> str:
    try:
        package = json.loads((folder / PACKAGE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            _("读不了 {path}：{detail}。"),
            hint=_("请核对资料包目录。"),
            path=str(folder / PACKAGE),
            detail=str(error),
        ) from error
    city = package.get("city") if isinstance(package, dict) else None
    slug = city.get("slug") if isinstance(city, dict) else None
    if not isinstance(slug, str) or not re.fullmatch(SLUG, slug):
        raise DataError(
            _("资料包 {pack} 的 city.slug 是“{slug}”，不能用作地址。"),
            hint=_(
                "请在 datapackage.json 的 city 里写 slug：小写字母、数字和连字符，最多 40 个字符，例如 my-city。"
            ),
            pack=folder.name,
            slug="" if slug is None else str(slug)[:60],
        )
    return slug
