"""Families of works: what the site says of a work on any day follows from the rows of its family, so after an event only one is made again.

Two works are of one family where a row of one names the other: a section and its line, a work and the one it was merged into, an event
that takes another back. A name in any cell counts, in prose too: a family may be larger than it must be, never smaller.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import pandas as pd

from geo.register.city import Atlas
from geo.register.outline_files import outlines_version
from geo.register.pack import EVENT_TABLES, TABLES, Pack
from geo.register.register import Register
from geo.vocabulary import PROGRESS_EVENTS
from layers.program_digest import program_digest

OF_WORKS: Final = ("works", "events", "citations")
"""Tables whose rows are of a work each."""
BY_ROWS: Final = frozenset({*OF_WORKS, "sources"})
"""Tables of a pack of which a part of the site shows only what is among its rows."""
NOWHERE: Final = ""
"""The district of works that belong to none."""
_NAME: Final = re.compile(r"[0-9A-Za-z_-]+")
_EMPTY: Final = re.compile(r"\bnull\b|\"\"")
_BESIDE: Final = tuple(name for name in TABLES if name not in BY_ROWS)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one of :data:`OF_WORKS`.

    Attributes
    ----------
    work : str
        Whose it is.
    text : str
        All of it, with the sources that it names.
    names : frozenset of str
        The names in its cells.
    empties : bool
        Whether it may empty a field.
    day : date or None
        The day on which it may change something.
    always : bool
        Whether it may say something of the days before that one, too.
    """

    work: str
    text: str
    names: frozenset[str]
    empties: bool
    day: date | None
    always: bool


@dataclass(frozen=True, eq=False)
class Families:
    """The families of a city's works, of all its plans."""

    atlas: Atlas

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all tables, table by table, in their order."""
        pack = _whole(self.atlas)
        sources = {str(key): text for key, text in zip(pack.sources.index, _texts(pack.sources), strict=True)}
        found = []
        for table in OF_WORKS:
            frame = getattr(pack, table)
            columns = zip(frame["work_id"], _cells(frame), _texts(frame), _days(frame), strict=True)
            for work, cells, text, (day, always) in columns:
                names = frozenset(_NAME.findall(cells))
                cited = "".join(sources[name] for name in sorted(names & sources.keys()))
                empties = bool(_EMPTY.search(cells))
                found.append(Row(str(work), f"{table}:{text}:{cited}", names, empties, day, always))
        return tuple(found)

    @cached_property
    def family_of(self) -> dict[str, int]:
        """Work -> number of its family."""
        pack = _whole(self.atlas)
        works = [str(key) for key in pack.works.index]
        events = zip(pack.events.index, pack.events["work_id"], strict=True)
        owner = {str(event): str(work) for event, work in events} | {key: key for key in works}
        if not all(_NAME.fullmatch(name) for name in owner):
            return dict.fromkeys(works, 0)  # such names are not found in prose: one family is never wrong
        first = {key: key for key in works}

        def first_of(work: str) -> str:
            while first[work] != work:
                first[work] = work = first[first[work]]
            return work

        for row in self.rows:
            for name in row.names & owner.keys():
                if row.work in first and owner[name] in first:
                    first[first_of(owner[name])] = first_of(row.work)
        numbers: dict[str, int] = {}
        return {work: numbers.setdefault(first_of(work), len(numbers)) for work in works}

    @cached_property
    def works_of(self) -> dict[int, tuple[str, ...]]:
        """Family -> its works, in the order of the register."""
        found: dict[int, list[str]] = {}
        for work, family in self.family_of.items():
            found.setdefault(family, []).append(work)
        return {family: tuple(works) for family, works in found.items()}

    @cached_property
    def _rows_of(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {family: [] for family in self.works_of}
        for number, row in enumerate(self.rows):
            if row.work in self.family_of:
                found[self.family_of[row.work]].append(number)
        return found

    @cached_property
    def _naming(self) -> dict[str, frozenset[int]]:
        """Name -> the families of which a row names it."""
        found: dict[str, set[int]] = {}
        for row in self.rows:
            if row.work in self.family_of:
                for name in row.names:
                    found.setdefault(name, set()).add(self.family_of[row.work])
        return {name: frozenset(families) for name, families in found.items()}

    def naming(self, names: Collection[str]) -> frozenset[int]:
        """The families of which a row names one of ``names``."""
        return frozenset(family for name in names for family in self._naming.get(name, ()))

    def of_item(self, item_id: str) -> frozenset[int]:
        """The families that count for a promise on any day, by a row of theirs or because a plan promises them again."""
        promises = _whole(self.atlas).promises
        again = promises.loc[(promises["item_id"] == item_id).to_numpy(bool), "work_id"]
        return self.naming([item_id]) | {
            self.family_of[str(work)] for work in again if str(work) in self.family_of
        }

    def of_district(self, code: str) -> frozenset[int]:
        """The families that are in a district on any day, or in none for :data:`NOWHERE`."""
        if code != NOWHERE:
            return self.naming([code])
        works = _whole(self.atlas).works
        nowhere = {self.family_of[str(work)] for work in works.index[works["district_code"].isna()]}
        return frozenset(nowhere) | {
            self.family_of[row.work] for row in self.rows if row.empties and row.work in self.family_of
        }

    @cached_property
    def with_lines(self) -> frozenset[int]:
        """The families that are drawn as a line: a district lists the kilometres of all that cross it."""
        lines = [str(each["properties"].get("line_id")) for each in self.atlas.pack.line_features.features]
        return self.naming(lines) if all(map(_NAME.fullmatch, lines)) else frozenset(self.works_of)

    def works_in(self, families: Iterable[int]) -> list[str]:
        """The works of families."""
        return [work for family in families for work in self.works_of[family]]

    def digest(self, families: Iterable[int]) -> str:
        """Digest of all rows of families, and of everything beside the works."""
        total = hashlib.sha256(self.beside.encode())
        for number in self._numbers(families):
            total.update(self.rows[number].text.encode())
        return total.hexdigest()

    def days_of(self, families: Iterable[int]) -> set[date]:
        """The days on which a row of families may change something."""
        days = (self.rows[number].day for number in self._numbers(families))
        return {day for day in days if day is not None}

    def _numbers(self, families: Iterable[int]) -> list[int]:
        """Places of the rows of families, in order."""
        return sorted(number for family in set(families) for number in self._rows_of[family])

    def known_by(self, families: Iterable[int], days: Iterable[date]) -> dict[date, str]:
        """Digest of all that may be known of families on each of some days: all but later records, which say nothing of a day before.

        Parameters
        ----------
        families : iterable of int
        days : iterable of date

        Returns
        -------
        dict
        """
        mine = [(number, self.rows[number]) for number in self._numbers(families)]
        texts = [row.text for _number, row in mine if row.always or row.day is None]
        later = sorted((row.day, number) for number, row in mine if row.day is not None and not row.always)
        total, at = hashlib.sha256("".join([self.beside, *texts]).encode()), 0
        found: dict[date, str] = {}
        for day in sorted(days):
            while at < len(later) and later[at][0] <= day:
                total.update(self.rows[later[at][1]].text.encode())
                at += 1
            found[day] = total.hexdigest()
        return found

    @cached_property
    def beside(self) -> str:
        """Digest of what any part of the site may show besides rows of :data:`BY_ROWS`: all else in the pack, this program, the plan."""
        pack = _whole(self.atlas)
        total = hashlib.sha256(
            f"{program_digest()} {self.atlas.pack.plan} {self.atlas.plan_parameter} {outlines_version()}".encode()
        )
        names: set[str] = set()
        for path in sorted(each for each in pack.root.iterdir() if each.is_file()):
            if path.stem not in BY_ROWS:
                content = path.read_bytes()
                total.update(f"{path.name}:{hashlib.sha256(content).hexdigest()}".encode())
                if path.suffix == ".csv":
                    names.update(_NAME.findall(content.decode("utf-8", "replace")))
        for table in _BESIDE:
            frame = getattr(pack, table)
            total.update(f"{table}:{''.join(_texts(frame))}".encode())
            for column in (each for each in frame.columns if str(each).endswith("source_id")):
                names.update(map(str, frame[column].unique()))
            if table in EVENT_TABLES:
                names.update(name for cells in _cells(frame) for name in _NAME.findall(cells))
        total.update(json.dumps(pack.line_features.features, ensure_ascii=False).encode())
        cited = pack.sources[pack.sources.index.isin(names)]
        total.update("".join(_texts(cited)).encode())
        return total.hexdigest()


def part_of(atlas: Atlas, works: Collection[str]) -> Atlas:
    """The city with some of its works alone: of whole families, each is as it is among all."""
    pack = _narrowed(atlas.pack, works)
    whole = None if atlas.whole is None else _narrowed(atlas.whole, works)
    return replace(atlas, pack=pack, register=Register.from_pack(pack), whole=whole)


def _narrowed(pack: Pack, works: Collection[str]) -> Pack:
    works = set(works)
    tables = {name: getattr(pack, name) for name in OF_WORKS}
    return replace(pack, **{name: frame[frame["work_id"].isin(works)] for name, frame in tables.items()})


def _whole(atlas: Atlas) -> Pack:
    return atlas.pack if atlas.whole is None else atlas.whole


def _texts(frame: pd.DataFrame) -> Iterator[str]:
    """Each row as a text that is another where any cell is."""
    return map(repr, frame.itertuples(index=False, name=None))


def _days(frame: pd.DataFrame) -> Iterator[tuple[date | None, bool]]:
    """The day of each record, and whether it may count before that day: all but confirmed records of progress may (merges, plans)."""
    if "confirmed" not in frame:
        yield from [(None, True)] * len(frame)
        return
    for day, kind, confirmed in zip(frame["date"], frame["kind"], frame["confirmed"], strict=True):
        yield day, not confirmed or kind not in PROGRESS_EVENTS


def _cells(frame: pd.DataFrame) -> Iterator[str]:
    """Each row's texts, one a line."""
    texts = [name for name in frame.columns if frame[name].dtype == object]
    for cells in frame[texts].itertuples(index=False, name=None):
        yield "\n".join(str(cell) for cell in cells if isinstance(cell, str))
