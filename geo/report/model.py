"""What a report is made of: blocks of plain values. Templates lay them out and know nothing of works."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from geo.display.symbology import STATUS_STYLES


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: text, a status sign before it, numbers of sources behind it, a smaller second line."""

    text: str
    status: str = ""
    refs: tuple[int, ...] = ()
    small: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a column and its share of the width."""

    label: str
    share: float = 1.0
    align: Literal["left", "right", "center"] = "left"


@dataclass(frozen=True, slots=True)
class Heading:
    """Title of a section."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``quiet`` ones are notes."""

    text: str
    quiet: bool = False
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source, to the letter, and whose they are."""

    text: str
    by: str
    refs: tuple[int, ...] = ()
    kind: str = "quote"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Figures:
    """Key numbers in a row: ``(number, label)``."""

    items: tuple[tuple[str, str], ...]
    kind: str = "figures"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its head is repeated on every page. ``empty`` stands in its place where there are no rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    caption: str = ""
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Map:
    """The map, drawn elsewhere; ``alt`` says in words what it shows."""

    alt: str
    caption: str
    kind: str = "map"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing (SVG) that ``alt`` says in words, and the table of what it shows."""

    svg: str
    alt: str
    caption: str
    table: Table
    kind: str = "chart"


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo: id of its pictures, what is to be seen, author and licence, and the large picture's size in pixels."""

    id: str
    caption: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos side by side."""

    items: tuple[Photo, ...]
    kind: str = "photos"


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of the list of sources."""

    number: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The numbered list that the cells refer to."""

    items: tuple[Source, ...]
    kind: str = "sources"


Block = Heading | Text | Quote | Bullets | Figures | Table | Map | Chart | Photos | Sources
SIGNS: Final = {
    status.id: {"fill": status.fill, "ink": status.ink, "mark": status.mark} for status in STATUS_STYLES
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes
    ----------
    title, place, subtitle : str
        On the first page.
    lang : str
    as_of : str
        ISO day of the state.
    facts : tuple of (str, str)
        Label and text of what stands under the title.
    running : str
        What stands at the head of every page.
    footer : str
        What stands at its foot.
    blocks : tuple
    author : str
        Who compiled the pack it is made from.
    numbers : dict
        Work id -> number on the map and in the table.
    """

    title: str
    place: str
    subtitle: str
    lang: str
    as_of: str
    facts: tuple[tuple[str, str], ...]
    running: str
    footer: str
    blocks: tuple[Block, ...]
    author: str
    numbers: dict[str, int] = field(default_factory=dict)

    def photo_ids(self) -> list[str]:
        """Ids of the photos that it shows."""
        return [photo.id for block in self.blocks if isinstance(block, Photos) for photo in block.items]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it, with the signs of statuses."""
        return asdict(self) | {"signs": SIGNS}
