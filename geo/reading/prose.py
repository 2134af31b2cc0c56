"""Documents of running text that a person brings (text, web page, Word, PDF): their words, paragraph by paragraph.

As every other format: the file's name and content agree, and a process of its own with limits opens it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from geo.errors import IngestError
from geo.local_file import allowed_ending, content_matches
from geo.reading.isolate import staged
from geo.reading.kinds import display_name, refuse_description
from geo.reading.limits import LIMITS
from geo.reading.plain_file import head_and_digest
from geo.text import mark as _

KINDS: Final = {".txt": "text", ".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf"}
ENDINGS: Final = tuple(KINDS)
FILE_MB: Final = 40
"""A plan of a hundred pages with pictures is smaller."""


def read_prose(path: Path, name: str = "") -> str:
    """The words of a document.

    Parameters
    ----------
    path : Path
        A local file, one of :data:`ENDINGS`.
    name : str
        What the person calls it; default the path's own name.

    Returns
    -------
    str
        Paragraphs, each on a line.

    Raises
    ------
    ParameterError
        An address, or an ending that is not accepted.
    IngestError
        The file is missing, empty, too large, not what its name says, broken, hostile, or holds no words.
    """
    ending = allowed_ending(path, ENDINGS)
    limits, shown = replace(LIMITS, file_bytes=FILE_MB << 20), display_name(name or path.name)
    head, __ = head_and_digest(path, shown, limits)
    refuse_description(head, shown)
    if KINDS[ending] in {"docx", "pdf"} and not content_matches(head, ending):
        raise IngestError(_("{name} 的内容与扩展名不符。"), hint=_("请核对文件。"), name=shown)
    with staged(path, shown, ending, limits=limits) as copy:
        text = str(copy.run("prose", kind=KINDS[ending])["text"])
    if not text.strip():
        raise IngestError(
            _("{name} 里没有文字，可能是扫描的图片。"), hint=_("请用带文字的版本，或粘贴全文。"), name=shown
        )
    return text
