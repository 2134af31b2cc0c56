"""Which encoding a text file is in: decided by strict decoding of the whole, never by replacing what does not fit."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from geo.errors import IngestError
from geo.reading.model import Note
from geo.text import mark as _

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STEP: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_COMMON: Final = 0.7
"""Share of a GB 18030 text's characters that GB 2312 holds too; below it the bytes are probably of another encoding."""


def find_encoding(data: bytes, name: str) -> tuple[str, list[Note]]:
    """The encoding of ``data``, with a note where it is not UTF-8.

    Raises
    ------
    IngestError
        Not text, or no encoding fits; the first line that does not fit is named.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if not _decodes(data, encoding):
                raise _broken(name, encoding)
            return encoding, [] if encoding == "utf-8-sig" else [_note(encoding)]
    if b"\x00" in data[:_SAMPLE]:
        return _without_mark(data, name)
    if b"\x00" in data:
        raise IngestError(
            _("{name} 第 {row} 行含有空字符（NUL），不是文本。"),
            hint=_("请另存为 UTF-8 编码的 CSV。"),
            name=name,
            row=line_of(data, data.index(b"\x00")),
        )
    if _decodes(data, "utf-8"):
        return "utf-8", []
    mixed = _mixed_line(data)
    if mixed or not _decodes(data, "gb18030"):
        row = mixed or _first_line_in_neither(data)
        raise IngestError(
            _("{name} 第 {row} 行的编码与其余各行不同（UTF-8 与 GB18030 混用，或字节已损坏）。"),
            hint=_("请改正这一行，把整个文件另存为 UTF-8。"),
            name=name,
            row=row,
        )
    encoding = "gb18030" if _is_probably_simplified(data) else _guess(data)
    return encoding, [_note(encoding)]


def _note(encoding: str) -> Note:
    return Note(_("按 {encoding} 编码读入。"), {"encoding": encoding.upper()})


def _broken(name: str, encoding: str) -> IngestError:
    return IngestError(
        _("{name} 标明是 {encoding} 编码，内容却不是，或者在中间断了。"),
        hint=_("请把整个文件另存为 UTF-8。"),
        name=name,
        encoding=encoding.upper(),
    )


def line_of(data: bytes, position: int) -> int:
    """The line, from 1, that a byte stands on."""
    return len(data[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether all of ``data`` is ``encoding``, found without holding the text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(data), _STEP):
            decoder.decode(data[at : at + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _without_mark(data: bytes, name: str) -> tuple[str, list[Note]]:
    """UTF-16 without its mark: the zeros of commas and line ends say which byte comes first."""
    sample = data[:_SAMPLE]
    encoding = "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"
    text = sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")
    plain = "\x00" not in text and "\ufffd" not in text.removesuffix("\ufffd")
    if not plain or not any(mark in text for mark in ",;\t|\n") or not _decodes(data, encoding):
        raise IngestError(
            _("{name} 不是文本文件。"), hint=_("请另存为 CSV（UTF-8）或 Excel 工作簿。"), name=name
        )
    return encoding, [_note(encoding)]


def _lines_with_high_bytes(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, found in enumerate(_LINE.finditer(data), start=1):
        if _HIGH.search(found[0]):
            yield number, found[0]


def _mixed_line(data: bytes) -> int:
    """The first line of the rarer encoding where UTF-8 Chinese and other bytes stand side by side, else 0.

    Chinese in UTF-8 takes three bytes a character; bytes of GBK that happen to be UTF-8 come out as other letters.
    """
    first = {True: 0, False: 0}
    count = {True: 0, False: 0}
    for number, line in _lines_with_high_bytes(data):
        try:
            chinese = any("\u2e80" <= char <= "\uffef" for char in line.decode("utf-8"))
        except UnicodeDecodeError:
            chinese = False
        first[chinese] = first[chinese] or number
        count[chinese] += 1
    if not all(count.values()):
        return 0
    return first[count[True] < count[False]]


def _first_line_in_neither(data: bytes) -> int:
    for number, line in _lines_with_high_bytes(data):
        if not _decodes(line, "utf-8") and not _decodes(line, "gb18030"):
            return number
    return 1  # a character cut by a line end: no line alone is to blame


def _is_probably_simplified(data: bytes) -> bool:
    sample = data[:_SAMPLE].decode("gb18030", errors="ignore")
    wide = [char for char in sample if ord(char) > 127]
    known = sum(_in_gb2312(char) for char in wide)
    return known >= _COMMON * len(wide)


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _guess(data: bytes) -> str:
    """What a statistical guess says of bytes that are GB 18030 in form but not in sense (Big5, Latin letters)."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=["big5", "cp1252", "shift_jis", "gb18030"]).best()
    guessed = best.encoding if best is not None else "gb18030"
    return guessed if _decodes(data, guessed) else "gb18030"
