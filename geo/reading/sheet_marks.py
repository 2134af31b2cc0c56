"""What a workbook's XML says beside the values: cells whose formula failed, rows and columns that are hidden."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final
from xml.sax.handler import ContentHandler

_CELL: Final = re.compile(r"([A-Z]{1,3})(\d+)")
_MARKED: Final = re.compile(rb"""\st=["']e["']|\shidden=["'](?:1|true)["']""")
_STEP: Final = 1 << 20
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class SheetMarks:
    """``errors``: (row, column) from 0 -> the error's text; ``rows`` and ``columns`` from 0 that are hidden."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def sheet_marks(path: Path, sheet: str) -> SheetMarks:
    """The marks of a sheet of an .xlsx workbook; none for other workbooks and for sheets without any."""
    marks = SheetMarks()
    if not zipfile.is_zipfile(path):
        return marks
    with zipfile.ZipFile(path) as archive:
        member = _member_of(archive, sheet)
        if member and _is_marked(archive, member):
            from defusedxml.sax import make_parser

            parser = make_parser()
            parser.setContentHandler(_Marks(marks))
            with archive.open(member) as handle:
                parser.parse(handle)
    return marks


def _member_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The member of the archive that holds a sheet; empty where the workbook does not say."""
    from defusedxml.ElementTree import fromstring

    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return ""
    links = {
        each.get("Id"): each.get("Target") or ""
        for each in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for element in fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
            target = links.get(element.get(_RELATION), "")
            member = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return member if member in names else ""
    return ""


def _is_marked(archive: zipfile.ZipFile, member: str) -> bool:
    with archive.open(member) as handle:
        return _search(handle)


def _search(handle: IO[bytes]) -> bool:
    tail = b""
    while block := handle.read(_STEP):
        if _MARKED.search(tail + block):
            return True
        tail = block[-32:]
    return False


class _Marks(ContentHandler):
    """Collects the marks of one sheet."""

    def __init__(self, marks: SheetMarks) -> None:
        super().__init__()
        self.marks = marks
        self.at: tuple[int, int] | None = None
        self.text: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  (the library's name)
        kind = name.rpartition(":")[2]
        hidden = attrs.get("hidden") in {"1", "true"}
        if kind == "row" and hidden and attrs.get("r"):
            self.marks.rows.add(int(attrs["r"]) - 1)
        elif kind == "col" and hidden:
            self.marks.columns |= set(range(int(attrs["min"]) - 1, min(int(attrs["max"]), 16384)))
        elif kind == "c":
            place = _CELL.fullmatch(attrs.get("r") or "") if attrs.get("t") == "e" else None
            self.at = (int(place[2]) - 1, _column(place[1])) if place else None
        elif kind == "v" and self.at is not None:
            self.text = []

    def characters(self, content: str) -> None:
        """Text between elements."""
        if self.text is not None:
            self.text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802  (the library's name)
        if name.rpartition(":")[2] == "v" and self.at is not None and self.text is not None:
            self.marks.errors[self.at] = "".join(self.text).strip()
            self.at = self.text = None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
