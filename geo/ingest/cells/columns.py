"""Which column is which field: a guess from headers and values, shown with samples, corrected by the person.

Header words are rows of ``fields.csv``. A guess is a proposal; nothing is read by it before a person, or a recipe
that a person saved, says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.display.fields import field_of
from geo.errors import ParameterError
from geo.ingest.cells.cell_reading import CellReading
from geo.ingest.cells.header_likeness import letters_unit, likeness
from geo.ingest.cells.header_terms import (
    field_terms,
    field_types,
    header_key,
    is_blank,
    tidy,
)
from geo.ingest.cells.header_units import header_unit
from geo.ingest.cells.own_columns import ROW
from geo.ingest.cells.values import read_angle, read_date, read_number, read_pair, read_status, read_unit
from geo.places.named_systems import canonical_system
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.reading.model import Layer
    from geo.register.city import Atlas

SAMPLES: Final = 5
_ID: Final = re.compile(r"^[A-Za-z]{1,3}\d{0,3}([-_][A-Za-z0-9_-]+)?$")
_CELLS_TRIED: Final = 200
_LEAST: Final = 0.4  # a weaker guess is not offered as chosen
_UNIT: Final = re.compile(r"[(（\[【/](?P<unit>[^)）\]】]+)[)）\]】]?$")
_AS_EXPORTED: Final = {
    "district_text": "district_code",
    "status_text": "status",
    "source_title": "source_text",
    "source_url": "source_url",
    "x": "lon",
    "y": "lat",
    "facility_kind_text": "facility_kind",
    "opened": "end_date",
    "capacity": "quantity",
    "capacity_unit": "unit",
}
_IGNORED: Final = frozenset(map(header_key, ("序号", "no", "id", "fid", "objectid", "备用")))

_OURS: Final = frozenset({header_key(ROW)})


@dataclass(frozen=True, slots=True)
class Guess:
    """One field and the column it was found in.

    Attributes
    ----------
    confidence : float
        0 to 1.
    why : str
        ``header``, ``like`` (a near word), ``values``, ``recipe`` or ``user``.
    unit : str
        Unit of a quantity from the header, else from the word table.
    assumed : bool
        The unit is the word table's: the header names none, so a unit column or a person may say otherwise.
    samples : tuple of str
        The first cells that are not empty.
    """

    field: str
    column: str
    confidence: float
    why: str
    unit: str = ""
    samples: tuple[str, ...] = ()
    assumed: bool = False


@dataclass(frozen=True)
class ColumnMap:
    """Field -> guess. Immutable: corrections give a new one."""

    guesses: Mapping[str, Guess] = field(default_factory=dict)
    headers: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Field -> column."""
        return {name: guess.column for name, guess in self.guesses.items()}

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that no field takes: their content is not imported."""
        taken = set(self.columns.values())
        return tuple(header for header in self.headers if header not in taken)

    def unit(self, name: str) -> str:
        """The unit of a field's column, empty if none is known."""
        return self.guesses[name].unit if name in self.guesses else ""

    def assumed(self, name: str) -> bool:
        """Whether the unit of a field's column is only the usual one of its kind."""
        return name in self.guesses and self.guesses[name].assumed

    def corrected(self, changes: Mapping[str, str | None], layer: Layer | None = None) -> ColumnMap:
        """With the person's word: field -> column, or None to leave the field out.

        Raises
        ------
        ParameterError
            An unknown field or column; the message lists what there is.
        """
        guesses = dict(self.guesses)
        for name, column in changes.items():
            if name not in field_types():
                raise ParameterError(
                    _("没有名为 {field} 的字段。"),
                    hint=_("可用：{known}。"),
                    field=name,
                    known="、".join(field_types()),
                )
            guesses.pop(name, None)
            if column is None:
                continue
            if column not in self.headers:
                raise ParameterError(
                    _("文件里没有“{column}”这一列。"),
                    hint=_("可用：{known}。"),
                    column=column,
                    known="、".join(self.headers),
                )
            guesses = {key: guess for key, guess in guesses.items() if guess.column != column}
            samples = _samples(layer.frame[column]) if layer is not None else ()
            unit, assumed = unit_of_column(name, column)
            guesses[name] = Guess(name, column, 1.0, "user", unit, samples, assumed)
        return replace(self, guesses=guesses)


def unit_of_item(atlas: Atlas, item_id: str) -> str:
    """The unit that an item of the plan is measured in; empty for no item."""
    units = atlas.pack.plan_items["unit"]
    return str(units[item_id]) if item_id in units.index else ""


def guess_mapping(layer: Layer, atlas: Atlas, *, unit: str = "") -> ColumnMap:
    """The likeliest column of each field.

    Parameters
    ----------
    layer : Layer
    atlas : Atlas
        Its districts tell whether a column holds districts, its bounds whether one holds degrees of this city.
    unit : str
        Unit of the plan item the list belongs to: of several quantities the one in this unit is taken.

    Returns
    -------
    ColumnMap
    """
    cells_of = {str(column): _first_cells(layer.frame[column]) for column in layer.frame.columns}
    readers = _readers(atlas)
    guesses: list[tuple[float, int, Guess]] = []
    for column, cells in cells_of.items():
        if header_key(column) in _OURS:
            continue  # a number of a row, whatever its values look like
        for name, score, why, word_unit, assumed in _by_header(column, unit):
            share = _share(cells, readers.get(field_types()[name], _no_number if why == "pinyin" else None))
            # a header that says it outright stays, for its bad cells are to be named; a number is no id
            if share is not None and share < 0.2 and (why != "header" or field_types()[name] == "id"):
                continue
            confidence = score * (1.0 if share is None else 0.6 + 0.4 * share)
            guesses.append(
                (
                    confidence,
                    -len(guesses),
                    Guess(name, column, round(confidence, 2), why, word_unit, assumed=assumed),
                )
            )
        guesses += [(guess.confidence, -len(guesses), guess) for guess in _by_values(column, cells, atlas)]
    return ColumnMap(_with_quantity(_assigned(guesses, layer), unit), tuple(cells_of))


def _with_quantity(chosen: dict[str, Guess], unit: str) -> dict[str, Guess]:
    """``chosen`` with the area as the quantity, where the list belongs to an item that counts areas and has no other."""
    area = chosen.get("area_m2")
    if area is None or "quantity" in chosen or (read_unit(unit) or ("",))[0] != "m2":
        return chosen
    own = header_unit(area.column, unit) or area.unit or "m2"
    chosen = {name: guess for name, guess in chosen.items() if name != "area_m2"}
    return chosen | {"quantity": replace(area, field="quantity", unit=own, assumed=False)}


def _assigned(guesses: list[tuple[float, int, Guess]], layer: Layer) -> dict[str, Guess]:
    """Each field and each column once, the surest first."""
    chosen: dict[str, Guess] = {}
    taken: set[str] = set()
    for confidence, _order, guess in sorted(guesses, key=lambda entry: (-entry[0], -entry[1])):
        if confidence >= _LEAST and guess.field not in chosen and guess.column not in taken:
            chosen[guess.field] = replace(guess, samples=_samples(layer.frame[guess.column]))
            taken.add(guess.column)
    return {name: chosen[name] for name in field_types() if name in chosen}


def _first_cells(cells: pd.Series[Any]) -> list[Any]:
    return [cell for cell in cells.head(_CELLS_TRIED * 5) if not is_blank(cell)][:_CELLS_TRIED]


def _samples(cells: pd.Series[Any]) -> tuple[str, ...]:
    return tuple(str(cell)[:60] for cell in _first_cells(cells)[:SAMPLES])


def _by_header(column: str, unit: str) -> list[tuple[str, float, str, str, bool]]:
    """Fields a header may name: field, score, why, unit, whether the unit is assumed. An exact word is 1; else less."""
    keys = [header_key(column), header_key(_UNIT.sub("", tidy(column)))]
    exported = _exported(column)
    if exported is None or (not exported and keys[0] in _IGNORED):
        return []
    out = []
    for row in field_terms():
        score, why = (1.0, "header") if row.field == exported else likeness(keys, row)
        if not score:
            continue
        if row.field != "quantity":
            out.append((row.field, score, why, "", False))
            continue
        own = header_unit(column, row.unit) or letters_unit(keys[1])
        if unit and (own or row.unit) and (read_unit(own or row.unit) or ("",))[0] != unit:
            score *= 0.7  # another quantity than the one the item is measured in
        out.append((row.field, score, why, own or row.unit, not own))
    return out


def _exported(column: str) -> str | None:
    """The field of a header that our own exports write; ``""`` for other headers, None for one not to be read."""
    label = field_of(column)
    if label is None:
        return ""
    name = _AS_EXPORTED.get(label.name, label.name)
    return name if name in field_types() else None


def unit_of_column(name: str, column: str) -> tuple[str, bool]:
    """The unit of a column that a person chose for a quantity, and whether it is assumed."""
    if name != "quantity":
        return "", False
    guesses = [
        (unit, assumed) for field_, _score, _why, unit, assumed in _by_header(column, "") if field_ == name
    ]
    best = next((guess for guess in guesses if guess[0]), None)
    return best or (header_unit(column), False)


def _no_number(cell: Any) -> CellReading:
    """A text that is no number: what a column must hold to be a name or a remark by its initials alone."""
    return CellReading(None if read_number(cell).value is not None else str(cell))


def _readers(atlas: Atlas) -> dict[str, Callable[[Any], CellReading]]:
    """How the cells of a type are tried; types that any text satisfies have none."""
    return {
        "number": read_number,
        "date": read_date,
        "id": lambda cell: CellReading(_ID.match(str(cell)) and str(cell)),
        "system": lambda cell: CellReading(canonical_system(str(cell)) or None),
        "longitude": read_angle,
        "latitude": read_angle,
        "pair": lambda cell: read_pair(cell)[0],
        "status": lambda cell: read_status(cell, yes_means_done=True),
        "district": district_reader(atlas),
        "unit": lambda cell: CellReading(read_unit(str(cell))),
        "year": lambda cell: CellReading(read_date(cell).value),
    }


def atlas_district(atlas: Atlas, cell: Any) -> CellReading:
    """A district's code by the names and other names of the atlas."""
    return district_reader(atlas)(cell)


def district_reader(atlas: Atlas) -> Callable[[Any], CellReading]:
    """:func:`atlas_district` for who reads many cells."""
    from geo.ingest.cells.values import read_district

    names = {str(code): str(name) for code, name in atlas.districts["name_zh"].items()}
    aliases = district_aliases(atlas)
    return lambda cell: read_district(cell, names, aliases)


def district_aliases(atlas: Atlas) -> dict[str, str]:
    """Other name -> district code: functional areas and former names, if the pack has the table."""
    path = atlas.pack.root / "district_aliases.csv"
    if not path.exists():  # a city without such names needs no table
        return {}
    return dict(atlas.vocabulary("district_aliases", "alias", "district_code")["district_code"])


def _share(cells: list[Any], reader: Callable[[Any], CellReading] | None) -> float | None:
    """Share of cells that a type's reader understands or asks about; None where any text would do."""
    if reader is None or not cells:
        return None
    readings = [reader(cell) for cell in cells]
    return sum(one.value is not None or one.level == "question" for one in readings) / len(cells)


def _by_values(column: str, cells: list[Any], atlas: Atlas) -> list[Guess]:
    """What the values alone say, for a header that says nothing: never surer than 0.6."""
    if len(cells) < 2:
        return []
    out = []
    west, south, east, north = atlas.districts.total_bounds
    readings = [read_angle(cell) for cell in cells]
    numbers = [one.value for one in readings if one.value is not None]
    if len(numbers) == len(cells):
        for name, low, high in (("lon", west, east), ("lat", south, north)):
            if all(low - 0.05 <= number <= high + 0.05 for number in numbers):
                out.append(Guess(name, column, 0.6, "values"))
    else:
        if (share := _share(cells, district_reader(atlas)) or 0.0) >= 0.9:
            out.append(Guess("district_code", column, 0.6 * share, "values"))
        if (share := _share(cells, read_status) or 0.0) >= 0.9:
            out.append(Guess("status", column, 0.58 * share, "values"))
    return out
