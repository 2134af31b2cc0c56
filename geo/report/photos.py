"""The photos of a report or of a promise, as a block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from geo.display.photos import photos_of_works
from geo.register.city import Atlas
from geo.report.model import Block, Heading, Photo, Photos
from geo.text import mark as _
from geo.text import translate

MOST: Final = 12
"""Photos on one page; the cards have them all."""


def photo_blocks(atlas: Atlas, work_ids: Iterable[str], lang: str) -> list[Block]:
    """A heading and the newest photos of works; nothing where there are none.

    Parameters
    ----------
    atlas : Atlas
    work_ids : iterable of str
    lang : str
        ``zh`` or ``en``.

    Returns
    -------
    list of Block
    """
    photos = [Photo(**photo) for photo in photos_of_works(atlas, work_ids, lang)[:MOST]]
    return [Heading(translate(_("照片"), lang)), Photos(tuple(photos))] if photos else []
