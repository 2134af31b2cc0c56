"""Files that leave: one registry of formats, one call that writes. See docs/export.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from geo.declarations import declared
from geo.errors import DataError, ParameterError, UnknownIdError
from geo.files.content import Content
from geo.files.facility_content import FacilityContent
from geo.files.spec import FileFormat
from geo.files.systems import System, get_system, systems_of
from geo.register.city import Atlas
from geo.text import mark as _
from geo.text import translate

__all__ = [
    "CONTENTS",
    "Content",
    "FacilityContent",
    "FileFormat",
    "System",
    "all_formats",
    "file_name",
    "get_format",
    "get_system",
    "stem_of",
    "systems_of",
    "title_of",
    "write_file",
]


CONTENTS: Final = {each.layer: each for each in (Content, FacilityContent)}
"""What a file may hold -> its contents."""


@lru_cache(maxsize=1)
def all_formats() -> tuple[FileFormat, ...]:
    """Every declared format: a module of ``geo/files/formats`` with a ``FORMAT``; ``DataError`` when two share an id."""
    from geo.files import formats

    found: dict[str, FileFormat] = {}
    for _module, file_format in declared(formats, "FORMAT"):
        if file_format.id in found:
            raise DataError(_("两种文件格式用了同一个编号 {name}。"), name=file_format.id)
        found[file_format.id] = file_format
    return tuple(sorted(found.values(), key=lambda file_format: file_format.order))


def get_format(format_id: str) -> FileFormat:
    """The format with that id; ``UnknownIdError`` lists the ids that exist."""
    for file_format in all_formats():
        if file_format.id == format_id:
            return file_format
    known = "、".join(file_format.id for file_format in all_formats())
    raise UnknownIdError(_("没有文件格式 {name}。"), hint=_("可用：{known}。"), name=format_id, known=known)


def write_file(content: Content, format_id: str) -> bytes:
    """``content`` as a file of a format.

    Raises
    ------
    UnknownIdError, ParameterError
        No such format, or one that cannot hold the content's system or encoding.
    """
    file_format = get_format(format_id)
    if not file_format.holds(content.system):
        raise ParameterError(
            _("{format} 文件只能用经纬度，不能用 {system}。"),
            hint=_("请改用 WGS84 或 GCJ-02，或换一种格式。"),
            format=file_format.title,
            system=content.system.title,
        )
    if content.encoding not in file_format.encodings:
        raise ParameterError(
            _("{format} 文件不能用编码 {encoding}。"),
            hint=_("可用：{known}。"),
            format=file_format.title,
            encoding=content.encoding,
            known="、".join(file_format.encodings),
        )
    return file_format.write(content)


def file_name(stem: str, content: Content, file_format: FileFormat) -> str:
    """``wuxi-works-2021-12-31_GCJ-02.gpkg``: what is inside, of which day, in which system.

    Parameters
    ----------
    stem : str
        Name without ending.
    content : Content
    file_format : FileFormat

    Returns
    -------
    str
    """
    encoding = f"_{content.codec.upper()}" if content.encoding != file_format.encodings[0] else ""
    return f"{stem}-{content.as_of.isoformat()}_{content.system.tag}{encoding}{file_format.ending}"


def stem_of(atlas: Atlas, districts: Sequence[str] = (), *, what: str = "works") -> str:
    """Start of a file's name in ASCII: the city, what is inside, of which plan unless it is the first, and the district if there is one alone.

    Parameters
    ----------
    atlas : Atlas
    districts : sequence of str
        District codes; empty for the whole city.
    what : str
        What the file holds, for its name.

    Returns
    -------
    str
    """
    names = [
        atlas.city.name_en,
        what,
        *filter(None, [atlas.plan_parameter and f"plan-{atlas.plan_parameter}"]),
    ]
    names += [str(atlas.districts["name_en"].get(code, code)) for code in districts if len(districts) == 1]
    return "-".join(re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") for name in names)


def title_of(atlas: Atlas, districts: Sequence[str], lang: str, *, what: str = "works") -> str:
    """What a selection is called: the city's works or facilities, or those of the districts.

    Parameters
    ----------
    atlas : Atlas
    districts : sequence of str
        District codes; empty for the whole city.
    lang : str
        ``zh`` or ``en``.
    what : str
        ``works`` or ``facilities``.

    Returns
    -------
    str
    """
    names = atlas.districts[f"name_{lang}"]
    places = "、".join(str(names.get(code, code)) for code in districts) or atlas.city.name(lang)
    text = _("{place}现状设施") if what == "facilities" else _("{place}城建项目")
    return translate(text, lang).format(place=places)
