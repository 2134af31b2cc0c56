"""Recipes: a mapping that a person confirmed, kept for the next file with the same headers.

One JSON file each under ``var/recipes``; its name is a digest, so that no name of a person or a file becomes a path.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import DataError, ParameterError
from geo.ingest.cells.columns import ColumnMap, Guess, unit_of_column
from geo.ingest.cells.header_terms import field_types, header_key
from geo.ingest.cells.own_columns import DECISION, OWN, PROBLEMS
from geo.ingest.plan.list_year import OF_ONE_LIST
from geo.paths import var_dir
from geo.text import mark as _

if TYPE_CHECKING:
    from geo.ingest.plan.options import Options

_VERSION: Final = 1
_BACK: Final = {"decision": DECISION, "problems": PROBLEMS}
_OURS: Final = frozenset(map(header_key, OWN))
_MOST: Final = 200_000  # bytes: a recipe is a page of text


@dataclass(frozen=True)
class Recipe:
    """How files with these headers are read.

    Attributes
    ----------
    columns : mapping
        Field -> header.
    units : mapping
        Field -> unit of its column.
    crs, item_id, facility_kind : str
        Empty where nothing was chosen.
    into : str
        ``works`` or ``facilities``.
    rules : mapping
        Answers that hold for the whole file.
    """

    name: str
    headers: tuple[str, ...]
    columns: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    crs: str = ""
    item_id: str = ""
    into: str = "works"
    facility_kind: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Digest of the headers: equal for files with the same columns, in any order."""
        return headers_key(self.headers)

    def mapping(self, headers: Iterable[str]) -> ColumnMap:
        """The mapping of this recipe on a file's headers; columns that the file lacks are left out."""
        there = {header_key(header): header for header in headers}
        guesses = {
            name: self._guess(name, there[header_key(column)])
            for name, column in self.columns.items()
            if header_key(column) in there and name in field_types()
        }
        for name, column in _BACK.items():  # a rejected file has the headers of its list, and ours
            if header_key(column) in there:
                guesses.setdefault(name, Guess(name, there[header_key(column)], 1.0, "recipe"))
        return ColumnMap(guesses, tuple(there.values()))

    def _guess(self, name: str, column: str) -> Guess:
        unit, assumed = (self.units[name], False) if name in self.units else unit_of_column(name, column)
        return Guess(name, column, 1.0, "recipe", unit, assumed=assumed)

    def to_json(self) -> str:
        """The recipe as text."""
        return json.dumps(asdict(self) | {"version": _VERSION}, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """A recipe from its text; ``DataError`` for anything else."""
        try:
            told: dict[str, Any] = json.loads(text)
            if told.pop("version") != _VERSION:
                raise ValueError("version")
            texts = {key: _texts(told[key]) for key in ("columns", "units", "rules")}
            return cls(
                name=str(told["name"])[:200],
                headers=tuple(map(str, told["headers"])),
                crs=str(told["crs"])[:80],
                item_id=str(told["item_id"])[:80],
                into=str(told.get("into", "works"))[:80],
                facility_kind=str(told.get("facility_kind", ""))[:80],
                **texts,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                _("这不是导入配方：{detail}。"), hint=_("请重新保存配方。"), detail=str(error)
            ) from error


def _texts(mapping: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in mapping.items()}


def headers_key(headers: Iterable[str]) -> str:
    """Digest of headers, whatever their order, width and spaces; those that a rejected file adds do not count."""
    keys = sorted({header_key(header) for header in headers} - _OURS)
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()[:32]


def recipe_of(name: str, mapping: ColumnMap, options: Options) -> Recipe:
    """A recipe of what a person confirmed.

    Parameters
    ----------
    name : str
    mapping : ColumnMap
        Which column holds which field.
    options : Options
        Choices of the person for the whole list.

    Returns
    -------
    Recipe
    """
    units = {key: guess.unit for key, guess in mapping.guesses.items() if guess.unit and not guess.assumed}
    return Recipe(
        name[:200],
        mapping.headers,
        mapping.columns,
        units,
        crs=options.crs,
        item_id=options.item_id,
        into=options.into,
        facility_kind=options.facility_kind,
        rules={rule: word for rule, word in options.rules.items() if rule not in OF_ONE_LIST},
    )


def save_recipe(recipe: Recipe) -> Path:
    """Keep a recipe; one with the same headers is replaced."""
    folder = var_dir() / "recipes"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{recipe.key}.json"
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_text(recipe.to_json(), "utf-8")
    draft.replace(path)
    return path


def recipe_for(headers: Iterable[str]) -> Recipe | None:
    """The kept recipe of files with these headers."""
    path = var_dir() / "recipes" / f"{headers_key(headers)}.json"
    return read_recipe(path) if path.is_file() else None


def read_recipe(path: Path) -> Recipe:
    """A recipe from a file; ``ParameterError`` where there is none, ``DataError`` where it is none."""
    try:
        text = path.read_text("utf-8")[:_MOST]
    except (OSError, ValueError) as error:
        raise ParameterError(
            _("读不了配方 {name}：{detail}。"),
            hint=_("请核对文件。"),
            name=path.name,
            detail=str(error),
        ) from error
    return Recipe.from_json(text)
