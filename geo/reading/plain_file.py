"""A file before anything is made of it: is it there, is it a plain file, is its size sound, how does it begin."""

from __future__ import annotations

import hashlib
from pathlib import Path

from geo.errors import IngestError
from geo.reading.limits import Limits
from geo.text import mark as _


def head_and_digest(
    path: Path, name: str, limits: Limits, *, may_be_empty: bool = False
) -> tuple[bytes, str]:
    """The first bytes and the SHA-256 of a file that is there, has a sound size and is a plain file.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls it; for messages.
    limits : Limits
        Beyond which a file is refused.
    may_be_empty : bool
        Whether a file without content is sound.

    Returns
    -------
    (bytes, str)

    Raises
    ------
    IngestError
        No plain file, too large, empty, or unreadable.
    """
    try:
        if not path.is_file():
            raise IngestError(_("找不到文件 {name}，或它不是普通文件。"), hint=_("请核对路径。"), name=name)
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise IngestError(
                _("{name} 有 {n} MB，超过上限 {limit} MB。"),
                hint=_("请拆成几个文件。"),
                name=name,
                n=round(size / 2**20),
                limit=limits.file_bytes // 2**20,
            )
        with path.open("rb") as handle:
            head = handle.read(4096)
            handle.seek(0)
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise IngestError(
            _("读不了 {name}：{detail}。"), hint=_("请核对文件。"), name=name, detail=error.strerror or ""
        ) from error
    if not may_be_empty and not head.strip():
        raise IngestError(_("{name} 是空的。"), hint=_("请核对文件。"), name=name)
    return head, digest
