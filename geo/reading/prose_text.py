"""Inside the reading process: the words of a document of running text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from geo.errors import IngestError
from geo.reading.archive import check_archive
from geo.reading.encoding import find_encoding
from geo.reading.limits import Limits
from geo.text import mark as _

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_UNSEEN: Final = ("script", "style", "noscript", "template", "head", "svg")
_WIDE_GAP: Final = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_BESIDE_WIDE: Final = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
_SHORT_LINE: Final = 1.5
"""A line of a PDF that ends this many heights before the widest of its page ends its paragraph."""


def text_of(path: Path, name: str, kind: str, limits: Limits) -> str:
    """The words of a document, each paragraph on a line.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    kind : str
        A value of :data:`geo.reading.prose.KINDS`.
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    str

    Raises
    ------
    IngestError
        Broken, locked with a password, or an archive that would harm.
    """
    if kind == "docx":
        check_archive(path, name, limits)
    lines = _tidy(_READERS[kind](path, name))
    return "\n".join(lines)


def _tidy(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        for part in line.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            yield "".join(
                char for char in part if char == "\t" or char.isprintable() or char == "\u3000"
            ).rstrip()


def _decoded(path: Path, name: str) -> str:
    data = path.read_bytes()
    return data.decode(find_encoding(data, name)[0])


def _text(path: Path, name: str) -> Iterator[str]:
    yield _decoded(path, name).removeprefix("\ufeff")


def _html(path: Path, name: str) -> Iterator[str]:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(_decoded(path, name).encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise _broken(name, str(error)) from error
    etree.strip_elements(page, *_UNSEEN, with_tail=False)
    for part in "".join(_pieces(page)).split("\n"):
        if line := _WIDE_GAP.sub("", " ".join(part.split())):
            yield line


def _pieces(page: Any) -> Iterator[str]:
    """Texts of a page in order, with a line break at each block; a line break of the source is a space."""
    from lxml import etree

    for event, element in etree.iterwalk(page, events=("start", "end")):
        block = element.tag in _BLOCKS
        if block:
            yield "\n"
        piece = element.text if event == "start" else element.tail
        if piece:
            yield piece.replace("\n", " ").replace("\r", " ")


def _docx(path: Path, name: str) -> Iterator[str]:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml import etree

    try:
        for block in Document(str(path)).iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    yield "\n".join(cell.text for cell in row.cells)
            else:
                yield block.text
    except (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError) as error:
        raise _broken(name, str(error)) from error


def _pdf(path: Path, name: str) -> Iterator[str]:
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextContainer, LTTextLine
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException

    begun = ""
    try:
        for page in extract_pages(str(path)):
            boxes = [box for box in page if isinstance(box, LTTextContainer)]
            lines = [line for box in boxes for line in box if isinstance(line, LTTextLine)]
            right = max((line.x1 for line in lines), default=0.0)
            for line in lines:
                begun += _BESIDE_WIDE.sub("", line.get_text().strip())
                if line.x1 < right - _SHORT_LINE * line.height:
                    yield begun
                    begun = ""
    except PDFPasswordIncorrect as error:
        raise IngestError(_("{name} 有密码，读不了。"), hint=_("请去掉密码后再试。"), name=name) from error
    except (PDFException, PSException, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _broken(name, str(error)) from error
    yield begun


def _broken(name: str, detail: str) -> IngestError:
    return IngestError(
        _("读不了 {name}：{detail}。"), hint=_("请核对文件，或粘贴全文。"), name=name, detail=detail[:120]
    )


_READERS: Final[dict[str, Callable[[Path, str], Iterator[str]]]] = {
    "text": _text,
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}
