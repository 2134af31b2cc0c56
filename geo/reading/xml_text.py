"""XML made readable before a driver sees it: any declared encoding as UTF-8, prefixes that nobody declared, deleted objects."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import XMLFilterBase, XMLGenerator

from geo.errors import IngestError
from geo.reading.model import Note, joined_names
from geo.text import mark as _

_DECLARATION: Final = re.compile(r"^\s*<\?xml(?P<rest>[^>]*)\?>")
_ENCODING: Final = re.compile(r"encoding\s*=\s*[\"'](?P<name>[A-Za-z0-9._:-]+)[\"']")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE: Final = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_EBCDIC: Final = b"\x4c\x6f\xa7\x94"
"""``<?xm`` as mainframes write it; the declaration says which of their code pages it is."""
_WIDER: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "ms936": "gb18030",
    "x-gb18030": "gb18030",
    "cn-gb": "gb18030",
    "x-euc-cn": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "x-big5": "big5hkscs",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "ms950": "cp950",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-10646-ucs-2": "utf-16",
    "ucs-2": "utf-16",
    "iso-10646-ucs-4": "utf-32",
    "ucs-4": "utf-32",
    "x-mac-chinesesimp": "gb18030",
}
"""Names that writers give to encodings, or to parts of them of which files hold more -> the codec of the whole."""
_PREFIX: Final = re.compile(r"</?([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=")
_DECLARED: Final = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
_ROOT: Final = re.compile(r"<(?![?!])[A-Za-z_][\w.:-]*")
_KNOWN: Final = {
    "gx": "http://www.google.com/kml/ext/2.2",
    "kml": "http://www.opengis.net/kml/2.2",
    "atom": "http://www.w3.org/2005/Atom",
    "xal": "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xlink": "http://www.w3.org/1999/xlink",
    "gml": "http://www.opengis.net/gml",
}
_DELETED: Final = re.compile(rb"action\s*=\s*[\"']delete[\"']|visible\s*=\s*[\"']false[\"']")
_STEP: Final = 1 << 20


def encoding_of_xml(head: bytes) -> str:
    """The encoding that XML is in by its mark, its first bytes or its declaration; ``utf-8`` where nothing says."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    for start, encoding in _WIDE:
        if head.startswith(start):
            return encoding
    declaration = _DECLARATION.match(head.decode("cp037" if head.startswith(_EBCDIC) else "latin-1"))
    named = _ENCODING.search(declaration["rest"]) if declaration else None
    return named["name"].lower() if named else "utf-8"


def head_as_utf8(head: bytes) -> bytes:
    """The first bytes of a file as UTF-8 where they begin as XML that no ASCII reader knows; others as they are."""
    wide = head[:4].count(0) or head[:2] in {b"\xff\xfe", b"\xfe\xff"}
    encoding = _codec(encoding_of_xml(head)) if wide or head.startswith(_EBCDIC) else ""
    return head.decode(encoding, errors="ignore").encode() if encoding else head


def make_utf8(path: Path, name: str) -> list[Note]:
    """Rewrite XML in another encoding as UTF-8, in place; a note says which it was.

    Raises
    ------
    IngestError
        The bytes are not in the encoding that is named, nor in any other.
    """
    data = path.read_bytes()
    named = encoding_of_xml(data[:4096])
    text, used = _decoded(data, named, name)
    if used in {"utf-8", "utf-8-sig"} and named in {"utf-8", "utf8", "utf-8-sig", "us-ascii", "ascii"}:
        return []
    declaration = _DECLARATION.match(text)
    rest = text[declaration.end() :] if declaration else text
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>{rest}', "utf-8", newline="")
    if _codec(named) != _codec(used):
        return [
            Note(
                _("文件声明是 {named} 编码，内容却是 {used}，按内容读入。"),
                {"named": named, "used": used.upper()},
            )
        ]
    return [Note(_("按 {encoding} 编码读入。"), {"encoding": used.upper()})]


def _codec(name: str) -> str:
    wider = _WIDER.get(name.lower(), name)
    try:
        return codecs.lookup(wider).name
    except LookupError:
        return wider


def _decoded(data: bytes, named: str, name: str) -> tuple[str, str]:
    """The text, by the encoding that is named, else by what the bytes are."""
    from geo.reading.encoding import find_encoding

    codec = _codec(named)
    if codec.startswith(("utf-16", "utf-32")) and data.lstrip().startswith(b"<?xml"):
        codec = (
            "utf-8"  # written out as one byte a character by a program that declares what it has in memory
        )
    try:
        return data.decode(codec), codec
    except (UnicodeDecodeError, LookupError):
        found = find_encoding(data, name)[0]
        return data.decode(found), found


def declare_prefixes(path: Path) -> list[Note]:
    """Declare the prefixes that XML (UTF-8) uses and does not declare, in place: GDAL reads such files, a strict parser not."""
    text = path.read_text("utf-8-sig")
    used = {one or other for one, other in _PREFIX.findall(text)} - {"xml", "xmlns"}
    missing = sorted(used - set(_DECLARED.findall(text)))
    root = _ROOT.search(text)
    if not missing or root is None:
        return []
    spaces = "".join(f' xmlns:{one}="{_KNOWN.get(one, f"urn:undeclared:{one}")}"' for one in missing)
    path.write_text(text[: root.end()] + spaces + text[root.end() :], "utf-8", newline="")
    return [Note(_("文件用了没有声明的前缀 {names}，已补上声明。"), {"names": joined_names(missing)})]


class _WithoutDeleted(XMLFilterBase):
    """Passes on an OSM extract without objects that are marked as deleted, and counts those."""

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.depth = 0
        self.counts: dict[str, int] = {}

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  (the library's name)
        gone = attrs.get("action") == "delete" or attrs.get("visible") == "false"
        if self.depth or (gone and name in {"node", "way", "relation"}):
            if not self.depth:
                self.counts[name] = self.counts.get(name, 0) + 1
            self.depth += 1
        else:
            super().startElement(name, attrs)

    def endElement(self, name: str) -> None:  # noqa: N802  (the library's name)
        if self.depth:
            self.depth -= 1
        else:
            super().endElement(name)

    def characters(self, content: str) -> None:
        """Text between elements."""
        if not self.depth:
            super().characters(content)


def drop_deleted(path: Path, name: str) -> list[Note]:
    """Take the objects marked ``action="delete"`` or ``visible="false"`` out of an OSM extract, in place.

    Raises
    ------
    IngestError
        Not well-formed XML.
    """
    from xml.sax import SAXParseException

    from defusedxml.sax import make_parser

    if not _mentions_deleted(path):
        return []
    parser = make_parser()
    parser.forbid_dtd = True
    kept = path.with_suffix(".kept")
    with kept.open("w", encoding="utf-8") as target, path.open("rb") as source:
        only = _WithoutDeleted(parser)
        only.setContentHandler(XMLGenerator(target, "utf-8"))
        try:
            only.parse(source)
        except SAXParseException as error:
            raise IngestError(
                _("{name} 不是完好的 XML：{detail}。"),
                hint=_("请用原来的软件重新导出。"),
                name=name,
                detail=str(error),
            ) from error
    kept.replace(path)
    if not only.counts:
        return []
    objects = "、".join(f"{kind} {count}" for kind, count in sorted(only.counts.items()))
    return [
        Note(
            _("{n} 个对象标为已删除（{objects}），没有读入。"),
            {"n": sum(only.counts.values()), "objects": objects},
        )
    ]


def _mentions_deleted(path: Path) -> bool:
    tail = b""
    with path.open("rb") as handle:
        while block := handle.read(_STEP):
            if _DELETED.search(tail + block):
                return True
            tail = block[-64:]
    return False
