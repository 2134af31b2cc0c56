"""A document, or a draft that was saved, as a draft: with the names of the city that a pack knows."""

from __future__ import annotations

from pathlib import Path

from geo.atlas import load_atlas, load_gazetteer
from geo.plan_text.draft import Draft
from geo.plan_text.names import NameIndex, index_of
from geo.plan_text.read_plan import read_plan
from geo.plan_text.review import from_json
from geo.reading.documents import read_json
from geo.reading.kinds import display_name
from geo.reading.prose import ENDINGS, read_prose

DRAFT_ENDING = ".json"
OPENED = (*ENDINGS, DRAFT_ENDING)
"""Endings of documents and of drafts."""


def city_names(pack: Path | None = None) -> NameIndex:
    """The names of districts and places of the city in ``pack``; of the one in use if None."""
    atlas, gazetteer = load_atlas(pack), load_gazetteer(pack)
    return index_of(atlas.districts["name_zh"], gazetteer.places["name_zh"])


def open_plan(path: Path, name: str = "", *, pack: Path | None = None, year: int | None = None) -> Draft:
    """What a document promises; or the draft that a file holds, as it was saved.

    Parameters
    ----------
    path : Path
        A local file, one of :data:`OPENED`.
    name : str
        What the person calls it; default the path's own name.
    pack : Path or None
        Pack of the city; the one in use if None.
    year : int or None
        Year of the plan; None reads it from the text.

    Returns
    -------
    Draft

    Raises
    ------
    IngestError
        As :func:`geo.reading.prose.read_prose`, or a file that is no draft.
    """
    shown = display_name(name or path.name)
    if path.suffix.lower() == DRAFT_ENDING:
        return from_json(read_json(path))
    return read_plan(read_prose(path, shown), city_names(pack), document=Path(shown).stem, year=year)
