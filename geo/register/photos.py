"""Photos of events: what a pack says of each, under which licences, and where its pictures lie."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from geo.text import mark as _

PHOTO_SIZES: Final = ("large", "small")
PHOTO_LICENCES: Final = {
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "CC0-1.0": "CC0 1.0",
    "permission": _("拍摄者许可在此发布"),
}
"""What a photo may be shown under -> how that is written."""
MAX_TEXT: Final = 200
_ID: Final = re.compile(r"[0-9a-f]{16}")


def _field(
    name: str, title: str, description: str, kind: str = "string", **constraints: Any
) -> dict[str, Any]:
    rules = {"required": True} | constraints
    return {"name": name, "type": kind, "title": title, "description": description, "constraints": rules}


PHOTO_SCHEMA: Final[dict[str, Any]] = {
    "fields": [
        _field("photo_id", "照片编号", "Id, by content; its pictures are photos/<id>-large.jpg and -small.jpg", unique=True),
        _field("event_id", "事件", "Event that it shows"),
        _field("caption", "画面", "What is to be seen"),
        _field("credit", "署名", "Who is named as its author"),
        _field("licence", "许可", "Under what it may be shown", enum=list(PHOTO_LICENCES)),
        _field("width", "宽", "Of the large picture, pixels", "integer", minimum=1),
        _field("height", "高", "Of the large picture, pixels", "integer", minimum=1),
    ],
    "primaryKey": "photo_id",
    "missingValues": [""],
    "foreignKeys": [{"fields": "event_id", "reference": {"resource": "events", "fields": "event_id"}}],
}  # fmt: skip
"""Table Schema of ``photos``: the same in every pack."""


def is_photo_id(text: str) -> bool:
    """Whether a text of a stranger can be the id of a photo, and so the part of a file's name."""
    return bool(_ID.fullmatch(text))


def photo_name(photo_id: str, size: str) -> str:
    """Name of a photo's picture, in every folder and address."""
    return f"{photo_id}-{size}.jpg"


def photo_file(root: Path, photo_id: str, size: str) -> Path:
    """Where a pack holds a picture.

    Parameters
    ----------
    root : Path
        Folder of the pack.
    photo_id : str
    size : str
        One of :data:`PHOTO_SIZES`.

    Returns
    -------
    Path
    """
    return root / "photos" / photo_name(photo_id, size)
