"""What several writers share: zips without a clock, a scratch folder, headers, notes for people."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from geo.display.fields import labels
from geo.files.content import Content
from geo.text import mark as _
from geo.text import translate

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the oldest day a zip knows: the same content gives the same bytes


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards: some formats are sets of files, or want a file to seek in."""
    with TemporaryDirectory(prefix="atlas-") as folder:
        yield Path(folder)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip with ``files`` (name -> content) in order, without times of day."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return stream.getvalue()


def headers(content: Content, frame: pd.DataFrame) -> dict[str, str]:
    """Name -> label of the columns of a frame; coordinates say their system."""
    return labels([str(name) for name in frame.columns], content.lang, system=content.system.code)


def readme(content: Content, *, more: str = "") -> bytes:
    """What a person must know of the files beside it, as UTF-8 text with a byte order mark."""
    lines = [f"{label}: {text}" for label, text in content.facts.items()]
    lines += ["", translate(_("来源"), content.lang)]
    lines += [
        "- "
        + ", ".join(
            str(row[name]) for name in ("source_id", "title", "publisher", "published", "url") if row[name]
        )
        for _index, row in content.sources.iterrows()
    ]
    return ("\ufeff" + "\r\n".join([*lines, "", more]).rstrip() + "\r\n").encode("utf-8")
