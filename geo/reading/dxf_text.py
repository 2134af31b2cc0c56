"""The text of a drawing (DXF) as UTF-8: what its bytes are decides, not the code page that its header names.

R2007 and later are UTF-8 by the format's own rule, whatever ``$DWGCODEPAGE`` says; older ones are in the code page, or in
another that the writer forgot to name. ``\\U+XXXX`` and ``\\M+nXXXX`` are characters that the code page lacks.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from geo.errors import IngestError
from geo.reading.encoding import find_encoding
from geo.reading.model import Note
from geo.text import mark as _

_PAGE: Final = re.compile(rb"\$DWGCODEPAGE\s+3\s+([^\r\n]+)")
_VERSION: Final = re.compile(rb"\$ACADVER\s+1\s+AC(\d{4})")
_UTF8_FROM: Final = 1021
_PAGES: Final = {
    "ansi_936": "gb18030",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "ascii": "ascii",
}
_UNICODE: Final = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_MULTIBYTE: Final = re.compile(r"\\M\+([1-5])([0-9A-Fa-f]{4})")
_MULTIBYTE_PAGES: Final = {"1": "cp932", "2": "cp950", "3": "cp949", "4": "johab", "5": "gb18030"}


def make_utf8(path: Path, name: str) -> list[Note]:
    """Rewrite a drawing's text as UTF-8, in place, and say where its header was not believed.

    The driver must be told to read UTF-8 (``DXF_ENCODING``).
    """
    data = path.read_bytes()
    version = _VERSION.search(data)
    page = _PAGE.search(data)
    named = page[1].decode("ascii", errors="replace").strip() if page else ""
    newer = version is not None and int(version[1]) >= _UTF8_FROM
    codec = "utf-8" if newer else _codec(named)
    text, used = _decoded(data, codec, name)
    plain = _MULTIBYTE.sub(_by_page, _UNICODE.sub(lambda found: chr(int(found[1], 16)), text))
    notes = []
    if used != codec and not text.isascii():
        notes.append(
            Note(
                _("图纸写的代码页是 {page}，文字却是 {used} 编码，按后者读入；请核对文字。"),
                {"page": named or "—", "used": used.upper()},
            )
        )
    if "\ufffd" in plain:
        notes.append(Note(_("图纸里有 {n} 处文字读不出来，以 � 代替。"), {"n": plain.count("\ufffd")}))
    path.write_bytes(plain.encode("utf-8", errors="surrogatepass").decode("utf-8", errors="replace").encode())
    return notes


def _codec(page: str) -> str:
    word = page.lower()
    name = _PAGES.get(word) or word.replace("ansi_", "cp").replace("dos", "cp").replace(
        "iso8859-", "iso8859_"
    )
    try:
        return codecs.lookup(name).name if word else "gb18030"
    except LookupError:
        return "gb18030"


def _decoded(data: bytes, codec: str, name: str) -> tuple[str, str]:
    """The text and its encoding: UTF-8 where the bytes are that, else what the lines beyond ASCII are."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return text, codec if text.isascii() else "utf-8"
    lines = b"\n".join(line for line in data.splitlines() if not line.isascii())
    try:
        found = codecs.lookup(find_encoding(lines, name)[0]).name
    except IngestError:
        found = codec
    western = codec.startswith(("cp125", "iso8859", "latin"))
    for candidate in (found, codec) if western else (codec, found):
        try:
            return data.decode(candidate), candidate
        except UnicodeDecodeError:
            continue
    return data.decode(codec, errors="replace"), codec


def _by_page(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found[2]).decode(_MULTIBYTE_PAGES[found[1]])
    except UnicodeDecodeError:
        return found[0]
