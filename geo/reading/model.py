"""What a file that a person brought holds, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo.errors import IngestError
from geo.text import mark as _
from geo.text import translate

if TYPE_CHECKING:  # the reading process must start quickly, and needs neither
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Note:
    """Something done or found while reading that a person should know: a message id and the values of its fields.

    ``row`` is the row of the layer's index that it concerns, None where it concerns the whole.
    """

    message: str
    params: dict[str, Any] = field(default_factory=dict)
    row: int | None = None

    def text(self, lang: str = "zh") -> str:
        """The note in ``lang``; the values are data, shown and never interpreted."""
        return translate(self.message, lang).format(**self.params)


@dataclass(frozen=True, slots=True)
class Choice:
    """A sheet or layer that a file offers. ``rows`` is -1 where it is not known without reading."""

    name: str
    rows: int = -1
    geometry: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ShapesWanted:
    """Which shapes of a file are read, and which few columns beside them.

    Attributes
    ----------
    geometry : str
        ``Point``, ``LineString`` or ``Polygon``: the first layer with such shapes is read, else the first with any.
    needed : str
        A tag that a row of an OSM extract must have; empty for none.
    refused : mapping
        Tag -> values; a row of an OSM extract that has one of them is left out.
    tags : sequence of str
        Tags, or columns of another format, that are read as texts where the file has them.
    """

    geometry: str
    needed: str = ""
    refused: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TagRule:
    """What the tags of an object of OSM must be for a row of a table to hold; the first row that holds decides what the object is.

    Attributes
    ----------
    key, value : str
        A tag that it has, and its value; ``*`` for any value.
    also_key, also_value : str
        Another tag that it has; empty for none.
    name_has : str
        A part of its name; empty for none.
    wanted : bool
        False where an object that the row decides is left out.
    """

    key: str
    value: str
    also_key: str = ""
    also_value: str = ""
    name_has: str = ""
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class ObjectsWanted:
    """Which objects of an OSM extract are read, and which of their tags.

    Attributes
    ----------
    layer : str
        ``points``, ``lines`` or ``multipolygons``, as GDAL sorts the objects.
    rules : sequence of TagRule
        The first that holds decides; an object without one is not read.
    also : sequence of str
        Tags that are read where an object has them.
    box : sequence of float or None
        West, south, east, north in degrees: what lies elsewhere is not read. None for everything.
    counted : bool
        Whether what lies elsewhere is counted, which goes through the file once more.
    """

    layer: str
    rules: Sequence[TagRule]
    also: Sequence[str] = ()
    box: Sequence[float] | None = None
    counted: bool = False


@dataclass(frozen=True, eq=False)
class Layer:
    """One table or layer of a file, as found.

    Attributes
    ----------
    name : str
        Sheet or layer name, as the file has it.
    frame : DataFrame
        Columns in the file's order, all named and named once. Cells: text as ``str`` as given, numbers as ``int`` or
        ``float``, days as ``datetime.date``, moments as ``datetime.datetime``, ``bool``; nothing is None or NaN
        (``pd.isna`` tells). A text file holds text alone: what is a number is for its reader to say.
        The index is the row as a person counts it: the row of the sheet, the line of the text file (both with the
        header as row 1 where it stands first), or the number of the feature, from 1.
    geometry : ndarray of object or None
        Shapely geometries (2-D, linear) or None, one a row; None for a table without geometry.
    crs : str or None
        The declared system: ``EPSG:n``, or WKT where it has no code; None where the file says nothing.
    told : dict
        What a rejected file of ours says of the list it came from (:mod:`geo.reading.choices_sheet`); empty for other files.
    titles : tuple of str
        Lines above the header of a table.
    notes : tuple of Note
        The encoding chosen, a .cpg that lied, Z dropped, and so on.
    """

    name: str
    frame: pd.DataFrame
    geometry: NDArray[Any] | None = None
    crs: str | None = None
    notes: tuple[Note, ...] = ()
    import_choices: dict[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Opened:
    """A file that was read. ``layers`` is empty where a person must first choose among ``choices``.

    Attributes
    ----------
    name : str
        The file's name, for people only; never a path.
    sha256 : str
        Of the whole file, in hex: the same file brought again is known.
    format : str
        A key of :data:`geo.reading.kinds.FORMATS`.
    """

    name: str
    sha256: str
    format: str
    layers: tuple[Layer, ...]
    choices: tuple[Choice, ...]

    def only(self) -> Layer:
        """The one layer that was read; ``IngestError`` lists the choices where there are several."""
        if len(self.layers) == 1:
            return self.layers[0]
        raise IngestError(
            _("{name} 里有 {n} 个图层或工作表，请选一个：{choices}。"),
            hint=_("命令行用 --layer 名称。"),
            name=self.name,
            n=len(self.choices),
            choices=joined_names(choice.name for choice in self.choices),
        )


def joined_names(names: Iterable[object], limit: int = 12) -> str:
    """Names as one text for a message, cut after ``limit`` of them and after 60 characters each."""
    texts = [str(word) for word in names]
    cut = [text if len(text) <= 60 else text[:59] + "…" for text in texts[:limit]]
    return "、".join(cut) + ("…" if len(texts) > limit else "")
