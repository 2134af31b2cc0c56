"""Zip archives: looked through before anything is unpacked, and unpacked under names of our own."""

from __future__ import annotations

import re
import shutil
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from geo.errors import IngestError
from geo.reading.kinds import ENDINGS, FORMATS
from geo.reading.limits import Limits
from geo.reading.model import Note, joined_names
from geo.text import mark as _
from geo.uploaded_files import JOURNAL

SHAPE_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GDB: Final = ".gdb"
_GDB_FILE: Final = re.compile(r"a[0-9a-fA-F]{8}\.[A-Za-z]{3,14}|gdb|timestamps")
"""Files of a file geodatabase that are unpacked under their own names, which are letters and digits alone."""
_NESTED: Final = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".kmz")
_JUNK: Final = ("__MACOSX/", "/._", ".DS_Store", "Thumbs.db", "desktop.ini")
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_DIRECTORY_BYTES_A_MEMBER: Final = 400
_RATIO_FROM: Final = 100 << 20
"""Ratios are looked at from this size on: a small table of blanks packs a thousandfold and hurts nobody."""
_UTF8_FLAG: Final = 0x800
_SECRET_FLAG: Final = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """One data set of an archive: ``parts`` is ending -> member (a shapefile has several), ``name`` for people."""

    name: str
    kind: str
    parts: dict[str, zipfile.ZipInfo]


def inspect_archive(path: Path, name: str, limits: Limits) -> tuple[list[Member], list[Note]]:
    """The data sets of an archive, without unpacking anything.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    (list of Member, list of Note)

    Raises
    ------
    IngestError
        Too many members, too large, packed too tightly, a link, an absolute path or ``..``, a password, only archives
        within, or nothing that can be read.
    """
    check_archive(path, name, limits)
    with zipfile.ZipFile(path) as archive:
        named = [(_name_of(info), info) for info in archive.infolist()]
    named = [(text, info) for text, info in named if not _is_junk(text)]
    members = _members(named)
    nested = [text for text, __ in named if text.lower().endswith(_NESTED)]
    if not members:
        raise IngestError(
            _("{name} 里没有可读的文件：{members}。"),
            hint=_("压缩包里的压缩包不会打开；可读：{endings}。"),
            name=name,
            members=joined_names(text for text, __ in named),
            endings=joined_names(ENDINGS, 30),
        )
    notes = (
        [Note(_("压缩包里还有压缩包，没有打开：{names}。"), {"names": joined_names(nested)})]
        if nested
        else []
    )
    return members, notes


def check_archive(path: Path, name: str, limits: Limits) -> None:
    """Refuse an archive (a workbook is one too) that would harm by its size, its numbers or its paths.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    limits : Limits
        Beyond which a file is refused.

    Raises
    ------
    IngestError
        Too many members, too large, or a member that must not be unpacked.
    """
    _check_directory(path, name, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise IngestError(
            _("压缩包 {name} 已损坏或没有传完：{detail}。"),
            hint=_("请重新压缩或上传。"),
            name=name,
            detail=str(error),
        ) from error
    if len(infos) > limits.archive_members:
        raise _refused(
            name, _("{name} 里有 {n} 个文件，超过上限 {limit} 个。"), len(infos), limits.archive_members
        )
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if size > limits.archive_bytes:
        raise _refused(
            name, _("{name} 解开后有 {n} MB，超过上限 {limit} MB。"), size >> 20, limits.archive_bytes >> 20
        )
    if (
        size > _RATIO_FROM and size > limits.archive_ratio * path.stat().st_size
    ) or packed > path.stat().st_size:
        raise _refused(
            name,
            _("{name} 压缩得异常（解开后是原来的 {n} 倍，上限 {limit} 倍），像是压缩炸弹。"),
            max(size, packed) // max(1, path.stat().st_size),
            limits.archive_ratio,
        )
    for info in infos:
        _check_member(info, name)


def _refused(name: str, message: str, count: int, limit: int) -> IngestError:
    return IngestError(message, hint=_("请只留需要的文件，重新压缩。"), name=name, n=count, limit=limit)


def _check_directory(path: Path, name: str, limits: Limits) -> None:
    """The number of members as the archive states it, before the library makes an object of each."""
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - (1 << 16) - 22))
        tail = handle.read()
    at = tail.rfind(_END_OF_DIRECTORY)
    if at < 0 or len(tail) < at + 22:
        raise IngestError(_("压缩包 {name} 没有传完，末尾缺失。"), hint=_("请重新压缩或上传。"), name=name)
    count, size = struct.unpack_from("<HI", tail, at + 10)
    if count > limits.archive_members or size > limits.archive_members * _DIRECTORY_BYTES_A_MEMBER:
        raise _refused(
            name, _("{name} 里有 {n} 个文件，超过上限 {limit} 个。"), count, limits.archive_members
        )


def _check_member(info: zipfile.ZipInfo, name: str) -> None:
    text = _name_of(info)
    parts = PurePosixPath(text).parts
    if text.startswith("/") or ".." in parts or ":" in text or "\x00" in info.orig_filename:
        message = _("{name} 里的“{member}”用了绝对路径或“..”，拒绝解开。")
    elif stat.S_ISLNK(info.external_attr >> 16):
        message = _("{name} 里的“{member}”是链接，拒绝解开。")
    elif info.flag_bits & _SECRET_FLAG:
        message = _("{name} 里的“{member}”有密码，读不了。")
    else:
        return
    raise IngestError(message, hint=_("请只留需要的文件，重新压缩。"), name=name, member=text[:120])


def _name_of(info: zipfile.ZipInfo) -> str:
    """A member's name; names without the UTF-8 flag are UTF-8 or GB 18030 in practice."""
    text = info.filename
    if not info.flag_bits & _UTF8_FLAG:
        raw = text.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                text = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return text.replace("\\", "/")


def _is_junk(text: str) -> bool:
    return text.endswith("/") or any(mark in f"/{text}" for mark in _JUNK)


def _members(named: list[tuple[str, zipfile.ZipInfo]]) -> list[Member]:
    """Data sets among the members: a shapefile is its parts together, and any part of one without the rest too."""
    shapes: dict[str, Member] = {}
    others: list[Member] = []
    databases: dict[str, Member] = {}
    journals: dict[str, zipfile.ZipInfo] = {}
    for text, info in named:
        stem, dot, ending = text.rpartition(".")
        ending = (dot + ending).lower()
        folder = text.rpartition("/")[0]
        if ending.startswith(_GDB) or folder.lower().endswith(".gdb"):
            tables = databases.setdefault(folder, Member(folder.rpartition("/")[2] or "gdb", "gdb", {}))
            tables.parts[text.rpartition("/")[2]] = info
        elif ending == JOURNAL:
            journals[text.removesuffix("-wal").lower()] = info
        elif ending in SHAPE_PARTS:
            member = shapes.setdefault(stem.lower(), Member(stem, "shapefile", {}))
            member.parts[ending] = info
        elif ending != ".zip" and not text.lower().endswith(_NESTED):
            kind = _kind(text)
            if kind:
                others.append(Member(text, kind, {ending: info}))
    whole = [member for member in shapes.values() if ".shp" in member.parts or ".dbf" in member.parts]
    for member in others:
        if journal := journals.get(member.name.lower()):
            member.parts[JOURNAL] = journal
    data = [*databases.values(), *whole, *(member for member in others if ".txt" not in member.parts)]
    return data or others  # a .txt beside data is a note to people


def _kind(text: str) -> str:
    ending = max((known for known in ENDINGS if text.lower().endswith(known)), key=len, default="")
    return next(
        (kind.key for kind in FORMATS.values() if ending and ending in kind.endings and kind.key != "zip"), ""
    )


def unpack_member(path: Path, member: Member, folder: Path) -> Path:
    """Unpack one data set into ``folder`` as ``member.*``; the path of its main part.

    Parameters
    ----------
    path : Path
        Where the file lies.
    member : Member
    folder : Path
        Where files are written.

    Returns
    -------
    Path

    Raises
    ------
    IngestError
        The member is damaged.
    """
    database = member.kind == "gdb"
    if database:
        folder = folder / "member.gdb"
        folder.mkdir()
    with zipfile.ZipFile(path) as archive:
        for at, (ending, info) in enumerate(member.parts.items()):
            own = ending if _GDB_FILE.fullmatch(ending) else f"other{at}"
            try:
                with (
                    archive.open(info) as source,
                    (folder / (own if database else f"member{ending}")).open("wb") as target,
                ):
                    shutil.copyfileobj(source, target, 1 << 20)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
                raise IngestError(
                    _("压缩包里的“{member}”已损坏：{detail}。"),
                    hint=_("请重新压缩或上传。"),
                    member=member.name[:120],
                    detail=str(error),
                ) from error
    if database:
        return folder
    return folder / f"member{next(end for end in ('.shp', '.dbf', *member.parts) if end in member.parts)}"


def member_names(path: Path) -> list[str]:
    """Names of the members of an archive that :func:`check_archive` has passed."""
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def unpack_named(path: Path, name: str, limits: Limits, wanted: dict[str, Path]) -> None:
    """Unpack some members of an archive, each to the file that is given for it.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    limits : Limits
        Beyond which a file is refused.
    wanted : dict
        Name of a member -> where it is written.

    Raises
    ------
    IngestError
        As :func:`check_archive`; or a member is not there, or damaged.
    """
    check_archive(path, name, limits)
    with zipfile.ZipFile(path) as archive:
        for member, target in wanted.items():
            try:
                with archive.open(member) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
            except (
                KeyError,
                zipfile.BadZipFile,
                zlib.error,
                OSError,
                EOFError,
                NotImplementedError,
                ValueError,
            ) as error:
                raise IngestError(
                    _("压缩包 {name} 里的“{member}”不在或已损坏：{detail}。"),
                    hint=_("请换一份完好的文件。"),
                    name=name,
                    member=member,
                    detail=str(error)[:120],
                ) from error
