"""Workbooks that broke or fooled other programs, made where they are needed."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from tools.hostile_files import pack, put


def sparse_xlsx(folder: Path) -> Path:
    """Two cells in opposite corners of the largest sheet there can be: 17 thousand million cells between them."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "名称"
    book.active["XFD1048576"] = "末"
    path = folder / "sparse.xlsx"
    book.save(path)
    return path


def blank_xlsx(folder: Path, rows: int) -> Path:
    """A short list with ``rows`` formatted and empty rows under it, as a careless fill-down leaves them."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["名称", "面积"])
    book.active.append(["耕读社区", 3])
    path = folder / "blank.xlsx"
    book.save(path)
    rows_xml = "".join(
        f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(3, rows + 3)
    )
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    members["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", rows_xml + "</sheetData>").encode()
    return pack(folder, members, "blank.xlsx")


def macro_xlsm(folder: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["名称"])
    book.active.append(["甲"])
    path = folder / "macro.xlsm"
    book.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 AutoOpen")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    return path


def _entry(
    name: str, kind: int, *, child: int = -1, right: int = -1, start: int = -2, size: int = 0
) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBiii", len(raw), kind, 1, -1, right, child)
    return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<iQ", start, size)


def compound(folder: Path, name: str, entries: list[bytes], stream: bytes = b"") -> Path:
    """A compound file, as .xls and locked .xlsx are: one sector of table, one of directory, then one stream."""
    sectors = (len(stream) + 511) // 512
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    head += (
        struct.pack("<5IiIiI", 0, 1, 1, 0, 4096, -2, 0, -2, 0)
        + struct.pack("<i", 0)
        + struct.pack("<i", -1) * 108
    )
    chain = [*range(3, 2 + sectors), -2] if sectors else []
    table = struct.pack(f"<{2 + len(chain)}i", -3, -2, *chain).ljust(512, b"\xff")
    directory = b"".join(entries).ljust(512, b"\0")
    return put(folder, name, head + table + directory + stream.ljust(sectors * 512, b"\0"))


def locked_xlsx(folder: Path) -> Path:
    """A workbook with a password: Excel wraps it into a compound file."""
    entries = [
        _entry("Root Entry", 5, child=1),
        _entry("EncryptedPackage", 2, right=2),
        _entry("EncryptionInfo", 2),
    ]
    return compound(folder, "locked.xlsx", entries)


def xls(folder: Path) -> Path:
    """A workbook of Excel 97: a sheet with a header, a row of text and numbers, and a row with a date serial."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def text(row: int, column: int, value: str) -> bytes:
        raw = value.encode("utf-16-le")
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + raw)

    def number(row: int, column: int, value: float) -> bytes:
        return record(0x0203, struct.pack("<HHHd", row, column, 0, value))

    bof = struct.pack("<6H", 0x0600, 0, 0x0DBB, 0x07CC, 0, 6)
    cells = (
        text(0, 0, "名称")
        + text(0, 1, "面积")
        + text(1, 0, "耕读社区")
        + number(1, 1, 3.5)
        + text(2, 0, "扬名")
        + number(2, 1, 4)
    )
    sheet = record(0x0809, bof[:2] + b"\x10\x00" + bof[4:] + bytes(4)) + cells + record(0x000A)
    name = "清单".encode("utf-16-le")
    start = record(0x0809, bof[:2] + b"\x05\x00" + bof[4:] + bytes(4)) + record(
        0x0042, struct.pack("<H", 1200)
    )
    bound = struct.pack("<IBBBB", 0, 0, 0, 2, 1) + name
    offset = len(start) + len(record(0x0085, bound)) + len(record(0x000A))
    bound = struct.pack("<IBBBB", offset, 0, 0, 2, 1) + name
    stream = (start + record(0x0085, bound) + record(0x000A) + sheet).ljust(4608, b"\0")
    entries = [_entry("Root Entry", 5, child=1), _entry("Workbook", 2, start=2, size=len(stream))]
    return compound(folder, "旧.xls", entries, stream)
