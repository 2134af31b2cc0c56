"""The choices of an import that hold for its rejected rows too, and which of a file's choices this register knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from geo.ingest.cells.columns import ColumnMap
from geo.ingest.cells.header_terms import field_labels
from geo.ingest.cells.own_columns import DECISION
from geo.ingest.cells.quantity_units import UNIT_RULE
from geo.ingest.cells.title_units import quantity_units
from geo.ingest.cells.values import read_unit
from geo.ingest.plan.list_year import OF_ONE_LIST, YEAR_RULE
from geo.ingest.plan.options import INTO, Options
from geo.ingest.plan.row_findings import IMPORT_ROW, ROW_CHOICES
from geo.places.named_systems import canonical_system
from geo.reading.choices_sheet import ANSWER, COLUMN
from geo.register.city import Atlas
from geo.vocabulary import RELIABILITIES

if TYPE_CHECKING:
    import pandas as pd

    from geo.reading.model import Layer

_BESIDE: Final = frozenset({"crs", *OF_ONE_LIST, UNIT_RULE})
"""Answers with a check of their own."""
_IMPORT: Final = dict(ROW_CHOICES)[IMPORT_ROW]


def choices_of(
    options: Options, mapping: ColumnMap, *, system: str = "", settled: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The choices of an import that hold for its rejected rows too: name of a choice -> its value, none empty.

    A source that the register has already is given by its id alone.

    Parameters
    ----------
    options : Options
    mapping : ColumnMap
        Which column holds which field; columns by the words that people read.
    system : str
        The system that the coordinates were read in, whoever chose it.
    settled : mapping, optional
        What lines above the table settled (:func:`settled_above`).

    Returns
    -------
    dict of str
    """
    choices: dict[str, Any] = {
        "item": options.item_id,
        "category": options.category,
        "into": options.into,
        "kind": options.facility_kind,
        "crs": options.rules.get("crs", "") or options.crs or system,
        "source": options.source.get("source_id"),
    }
    if not choices["source"]:
        row = options.source_row()
        choices |= {
            f"src-{name}": row.get(name) for name in ("title", "publisher", "published", "reliability")
        }
    labels = field_labels("zh")
    choices |= {f"{COLUMN}{column}": labels[name] for name, column in mapping.columns.items()}
    answers = dict(settled or {}) | {rule: word for rule, word in options.rules.items() if rule != "crs"}
    choices |= {f"{ANSWER}{rule}": word for rule, word in answers.items()}
    return {name: str(value) for name, value in choices.items() if value}


def settled_above(layer: Layer, mapping: ColumnMap, year: str) -> dict[str, str]:
    """What lines above the table settle as an answer would: the year of the list, the unit of its quantities.

    Parameters
    ----------
    layer : Layer
    mapping : ColumnMap
        Which column holds which field.
    year : str
        Empty where a person must say it.

    Returns
    -------
    dict of str
        Rule -> answer.
    """
    own = mapping.unit("quantity") and not mapping.assumed("quantity")
    units = () if own else quantity_units(layer, mapping)
    settled = {YEAR_RULE: year, UNIT_RULE: units[0] if len(units) == 1 else ""}
    return {rule: answer for rule, answer in settled.items() if answer}


def with_answers(frame: pd.DataFrame, mapping: ColumnMap, decisions: Mapping[int, str]) -> pd.DataFrame:
    """Rows of a list with what the person decided on them in the column that the importer reads again.

    Parameters
    ----------
    frame : DataFrame
        Cells as found, by row of the file.
    mapping : ColumnMap
        Which column holds which field.
    decisions : mapping
        Row -> answer.

    Returns
    -------
    DataFrame
    """
    words = {
        int(row): _IMPORT if word == IMPORT_ROW else word
        for row, word in decisions.items()
        if row in frame.index
    }
    if not words:
        return frame
    column = mapping.columns.get("decision", DECISION)
    before = frame[column] if column in frame else frame.index.map(lambda _row: None)
    cells = [words.get(int(row), cell) for row, cell in zip(frame.index, before, strict=True)]
    return frame.assign(**{column: cells})


def accepted_choices(choices: Mapping[str, str], atlas: Atlas) -> dict[str, str]:
    """The choices that this register knows: a file is not believed, and may come from another city."""
    allowed: dict[str, Any] = {
        "item": atlas.pack.plan_items.index,
        "category": atlas.vocabulary("categories").index,
        "into": INTO,
        "kind": atlas.vocabulary("kinds").index,
        "source": atlas.pack.sources.index,
        "src-reliability": RELIABILITIES,
    }
    accepted = {
        name: value
        for name, value in choices.items()
        if (name not in allowed or value in allowed[name]) and not name.startswith((COLUMN, ANSWER))
    }
    if system := canonical_system(accepted.pop("crs", "")):
        accepted["crs"] = system
    return accepted


def accepted_answers(choices: Mapping[str, str]) -> dict[str, str]:
    """The answers of a rejected file: rule -> answer, without those that no list could have."""
    answers = {name.removeprefix(ANSWER): value for name, value in choices.items() if name.startswith(ANSWER)}
    checked = {rule: word for rule, word in answers.items() if rule not in _BESIDE}
    checked |= {rule: answers[rule] for rule in OF_ONE_LIST if answers.get(rule, "").isdecimal()}
    if read_unit(answers.get(UNIT_RULE, "")):
        checked[UNIT_RULE] = answers[UNIT_RULE]
    return checked


def accepted_columns(choices: Mapping[str, str], headers: tuple[str, ...]) -> dict[str, str]:
    """Field -> column of a rejected file, for the columns that it has; empty for other files."""
    fields = {label: name for name, label in field_labels("zh").items()}
    told = {
        fields.get(value, ""): name.removeprefix(COLUMN)
        for name, value in choices.items()
        if name.startswith(COLUMN)
    }
    return {name: column for name, column in told.items() if name and column in headers}
