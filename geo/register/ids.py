"""Ids of new works and sources: one rule, whether a person types them or a list brings them.

An id follows from what is said of the thing, so that saying it twice names one thing. Ids that exist stay as they are, and none
is given to another thing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from geo.values import is_unknown

if TYPE_CHECKING:
    import pandas as pd

_NOISE: Final = re.compile(r"[\s\-—–_·.,，。、;；:：'\"“”‘’()（）\[\]【】<>《》/\\|]+")
_PLAIN: Final = re.compile(r"[0-9a-z\u4e00-\u9fa5]+")
"""A name that is compared as it stands."""
_ADDED: Final = re.compile(r"[(（【\[].*?[)）】\]]")
_SOURCE_FIELDS: Final = ("title", "publisher", "published", "url")


def name_key(name: str, *, whole: bool = False) -> str:
    """A name as it is compared: one width, lower case, without spaces and marks.

    What stands in brackets is left out unless ``whole``: it may be another name, or another phase of the same place.
    """
    if _PLAIN.fullmatch(name):
        return name
    text = unicodedata.normalize("NFKC", name).lower()
    short = "" if whole else _without_noise(_ADDED.sub("", text))
    return short or _without_noise(text)


def _without_noise(text: str) -> str:
    """A text of one width without spaces and marks; again until nothing changes, for an accent that stood alone joins its letter."""
    while (shorter := unicodedata.normalize("NFKC", _NOISE.sub("", text)).lower()) != text:
        text = shorter
    return text


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What makes a work this work and no other.

    Attributes
    ----------
    item_id, category : str
        Item of the plan; the category counts only where there is no item.
    year, name_zh, district_code, street : str
        As the register has them; empty where they are not known.
    place : str
        Rounded coordinates, given only where two works of one list share all the rest.
    """

    item_id: str = ""
    category: str = ""
    year: str = ""
    name_zh: str = ""
    district_code: str = ""
    street: str = ""
    place: str = ""

    @classmethod
    def of(cls, cells: Mapping[Any, Any], *, category: str = "", place: str = "") -> WorkFacts:
        """The facts of a row of ``works``, or of a list; ``category`` where the row has none of its own.

        Parameters
        ----------
        cells : mapping
        category, place : str

        Returns
        -------
        WorkFacts
        """

        def text(name: str) -> str:
            value = cells.get(name)
            return "" if is_unknown(value) else str(value)

        return cls(
            text("item_id"),
            category or text("category"),
            text("year"),
            text("name_zh"),
            text("district_code"),
            text("street"),
            place,
        )


def work_id(facts: WorkFacts, names: Mapping[str, str]) -> str:
    """The id of a new work: ``U01-2021-3f2a9c01``, from its facts alone.

    ``names`` are the names of all works that have or had an id, by id: an id that a work of another name has (it was renamed
    since) is not given again, but one with a number behind it.
    """
    key = name_key(facts.name_zh, whole=True)
    words = [facts.item_id, facts.year, key, facts.district_code, facts.street]
    words += [facts.place] if facts.place else []
    head = facts.item_id or facts.category or "X"
    first = "-".join(part for part in (head, facts.year, _digest(words)[:8]) if part)
    tried = (first if n == 1 else f"{first}-{n}" for n in count(1))
    return next(one for one in tried if one not in names or name_key(names[one], whole=True) == key)


def names_by_id(written: pd.DataFrame, now: pd.DataFrame) -> dict[str, str]:
    """Id -> name of every work that ever was: as first ``written`` (the pack's works), and as corrected until ``now``."""
    return {
        str(key): str(name)
        for frame in (written, now)
        for key, name in frame["name_zh"].items()
        if not is_unknown(name)
    }


def same_work(facts: WorkFacts, works: pd.DataFrame) -> str:
    """Id of the work in ``works`` that has these facts already, whoever gave it; empty for none."""
    rows = works[works["kind"] == "work"]
    key = name_key(facts.name_zh, whole=True)
    for found, row in rows.iterrows():
        known = WorkFacts.of(row.to_dict())
        alike = (known.item_id, known.year, known.district_code, known.street) == (
            facts.item_id,
            facts.year,
            facts.district_code,
            facts.street,
        )
        if alike and name_key(known.name_zh, whole=True) == key:
            return str(found)
    return ""


def source_id(source: Mapping[str, Any], *, file_digest: str = "") -> str:
    """The id of a new source from its ``title, publisher, published, url``, and from the file it is, if it is one."""
    return "S-" + _digest([file_digest, *_source_facts(source)])[:12]


def same_source(source: Mapping[str, Any], sources: pd.DataFrame) -> str:
    """Id of the source in ``sources`` that says the same of itself, whoever gave it; empty for none."""
    wanted = _source_facts(source)
    rows = sources[list(_SOURCE_FIELDS)].to_dict("index")
    return next((str(key) for key, row in rows.items() if _source_facts(row) == wanted), "")


def _source_facts(source: Mapping[Any, Any]) -> list[str]:
    return ["" if is_unknown(source.get(name)) else str(source[name]) for name in _SOURCE_FIELDS]


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()
