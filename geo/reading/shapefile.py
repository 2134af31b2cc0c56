"""The text of a shapefile's table: what its bytes mean is found by strict decoding, whatever its .cpg says."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.reading.encoding import find_encoding
from geo.reading.model import Note, joined_names
from geo.reading.wire import RawLayer
from geo.text import mark as _

_RAW = "latin-1"
_LONGEST_PRJ = 20_000
_NAME_BYTES = 10
"""Bytes that a .dbf has for the name of a field."""
_CUT = 3
"""Bytes of a character that a field's width may have cut off: three of GB 18030 or UTF-8."""


def decoded(layer: RawLayer, path: Path, name: str) -> RawLayer:
    """``found`` (read as Latin-1) with its names and cells in the encoding that its bytes are in.

    Parameters
    ----------
    layer : RawLayer
        As read in Latin-1.
    path : Path
        Of the shapefile; its other parts lie beside it.
    name : str
        What the person calls the file; for messages.

    Returns
    -------
    RawLayer

    Raises
    ------
    IngestError
        No encoding fits all rows; the row is named.
    """
    texts = {
        title: cells for title, cells in layer.columns.items() if any(isinstance(cell, str) for cell in cells)
    }
    lines = [
        " ".join(_whole(cell).replace("\n", " ").replace("\r", " ") for cell in row if isinstance(cell, str))
        for row in zip(*texts.values(), strict=True)
    ]
    # a name of ten bytes may end within a character of UTF-8, and then reads as another encoding by chance
    titles = [title for title in layer.columns if len(title) == _NAME_BYTES and _is_cut_utf8(title)]
    whole = [title[: _cut_at(title)] if title in titles else title for title in layer.columns]
    data = "\n".join([" ".join(whole), *lines]).encode(_RAW)
    if titles and not _is_utf8(data):
        titles, data = [], "\n".join([" ".join(layer.columns), *lines]).encode(_RAW)
    encoding, notes = find_encoding(data, name)
    if titles:
        notes.append(
            Note(
                _("字段名 {names} 被截断（shapefile 的字段名最多 10 字节），末尾的半个汉字已略去。"),
                {"names": joined_names([_decode(title, encoding)[0] for title in titles], 20)},
            )
        )
    declared = _declared(path.with_suffix(".cpg"))
    if declared and notes and not _same(declared, encoding):
        notes.append(Note(_(".cpg 写的是 {said}，与内容不符，没有采用。"), {"said": declared}))
    columns: dict[str, Any] = {}
    cut = 0
    for title, cells in layer.columns.items():
        new, lost = _decode_all(cells, encoding) if title in texts else (cells, 0)
        columns[_decode(title, encoding)[0]] = new
        cut += lost
    if cut:
        notes.append(Note(_("{n} 格的末尾有半个汉字（字段太短被截断），已略去。"), {"n": cut}))
    notes += _missing(path)
    crs, unread = (layer.crs, []) if layer.crs else _described(path.with_suffix(".prj"))
    return RawLayer(layer.name, columns, layer.numbers, layer.geometry, crs, [*layer.notes, *notes, *unread])


def _described(path: Path) -> tuple[str | None, list[Note]]:
    """The system of a .prj that GDAL does not read: WKT of 2015 and later, UTF-16, a PROJ string. What names none is a note."""
    if not path.exists() or path.suffix != ".prj":
        return None, []
    data = path.read_bytes()[:_LONGEST_PRJ]
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if marked else "utf-8-sig", errors="replace").strip("\0 \r\n\t")
    if system := _code(text):
        return system, []
    return None, [Note(_(".prj 里的坐标系读不懂：{text}。"), {"text": " ".join(text.split())[:60] or "—"})]


def _code(text: str) -> str:
    """``EPSG:n`` of a well-known text that describes a system with a code; empty for any other text."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        number = CRS.from_wkt(text).to_epsg()
    except CRSError:
        return ""
    return f"EPSG:{number}" if number else ""


def _whole(cell: str) -> str:
    """A cell without bytes at its end that may be half a character: they must not decide the encoding."""
    end = len(cell)
    while end and ord(cell[end - 1]) > 127 and len(cell) - end < _CUT:
        end -= 1
    raw = cell.encode(_RAW)
    for encoding in ("utf-8", "gb18030"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return cell
    return cell[:end]


def _cut_at(title: str) -> int:
    """Where the last character of UTF-8 begins that a name's width has cut; the whole length where none is cut."""
    try:
        title.encode(_RAW).decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start if error.reason == "unexpected end of data" else len(title)
    return len(title)


def _is_cut_utf8(title: str) -> bool:
    return _cut_at(title) < len(title)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(text: str, encoding: str) -> tuple[str, int]:
    raw = text.encode(_RAW)
    try:
        return raw.decode(encoding), 0
    except UnicodeDecodeError as error:
        return raw[: error.start].decode(encoding), 1


def _decode_all(cells: list[Any], encoding: str) -> tuple[list[Any], int]:
    pairs = [_decode(cell, encoding) if isinstance(cell, str) else (cell, 0) for cell in cells]
    return [cell for cell, __ in pairs], sum(lost for __, lost in pairs)


def _declared(path: Path) -> str:
    """What the .cpg says, "" without one."""
    if not path.exists():
        return ""
    return path.read_text("ascii", errors="replace").strip()[:40]


def _same(declared: str, encoding: str) -> bool:
    """Whether a .cpg's word means the encoding found: GBK, GB2312 and 936 are parts of GB 18030."""
    word = declared.upper().replace("-", "").replace("_", "").replace(" ", "")
    if encoding.startswith("gb"):
        return word in {"GBK", "GB2312", "GB18030", "936", "CP936", "ANSI936", "EUCCN"}
    return word.removeprefix("CP").removeprefix("ANSI") == encoding.upper().replace("-", "").replace("_", "")


def deleted_rows(path: Path) -> list[int]:
    """Numbers, from 1, of the rows that the table of a shapefile marks as deleted; empty without a table.

    Editors mark a row (an asterisk before it) and leave it in the file until the table is packed.
    """
    table = path if path.suffix == ".dbf" else path.with_suffix(".dbf")
    if not table.exists():
        return []
    with table.open("rb") as handle:
        head = handle.read(12)
        if len(head) < 12:
            return []
        count, start, width = struct.unpack_from("<IHH", head, 4)
        handle.seek(start)
        rows = []
        for number in range(1, count + 1):
            record = handle.read(width)
            if len(record) < width:
                break
            if record[:1] == b"*":
                rows.append(number)
    return rows


def deletion_notes(rows: Sequence[int]) -> list[Note]:
    """What to say of rows that were passed over because they are marked as deleted."""
    if not rows:
        return []
    return [
        Note(
            _("{n} 行在文件里标为已删除，没有读入：第 {rows} 行。"),
            {"n": len(rows), "rows": joined_names(rows, 20)},
        )
    ]


def _missing(path: Path) -> list[Note]:
    if path.suffix == ".dbf":
        return [Note(_("只有 .dbf，没有 .shp：按没有图形的表读入。"))]
    notes = []
    if not path.with_suffix(".dbf").exists():
        notes.append(Note(_("缺少 .dbf 文件，只有图形，没有属性。")))
    if not path.with_suffix(".prj").exists():
        notes.append(Note(_("缺少 .prj 文件，坐标系没有写明。")))
    return notes
