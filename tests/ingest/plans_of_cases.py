"""Plans of the files of ``tests/cases``, and what is read off them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest

from geo.ingest.cells.columns import ColumnMap
from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.places.gazetteer import Gazetteer
from geo.reading.model import Opened
from geo.register.city import Atlas
from tests.ingest.office_cases import Case, office_cases, read_once

METRE: Final = 1e-5
"""Degrees of about a metre."""
DAY: Final = date(2026, 11, 30)
PlanOfCase = Callable[..., ImportPlan]
TRUE_PLACES: Final = [(120.3 + 0.005 * at, 31.57 + at / 300) for at in range(5)]
"""What the files of old datums, lists in cells and deleted rows were made of."""


def case_of(name: str) -> Case:
    return next(case for case in office_cases() if case.name == name)


def plan_maker(atlas: Atlas, gazetteer: Gazetteer) -> PlanOfCase:
    """Makes plans of files of ``tests/cases``; ``columns`` are what a person says of its columns, other words are options."""

    def make(name: str, columns: dict[str, str] | None = None, **words: Any) -> ImportPlan:
        case = case_of(name)
        file: Opened = read_once(case.path, layer=case.layer or None)
        layer = file.only()
        given: dict[str, Any] = {
            "item_id": case.item,
            "into": "facilities" if case.kind else "works",
            "facility_kind": case.kind,
            "crs": case.crs,
            "source": {"publisher": "x", "published": "2021-12-31"},
            "today": DAY,
            "file_name": file.name,
            "sha256": file.sha256,
        } | words
        mapping: ColumnMap = proposed_mapping(layer, atlas, item_id=str(given["item_id"]))
        if columns:
            mapping = mapping.corrected(mapping.columns | columns, layer)
        return make_plan(layer, mapping, Options(**given), atlas, gazetteer)

    return make


def remarks(plan: ImportPlan) -> str:
    """All that a person is shown of a file beside its rows."""
    return "\n".join([note.text() for note in plan.layer.notes] + [one.line() for one in plan.findings])


def rules(plan: ImportPlan) -> set[str]:
    """Questions of the whole file, and groups of questions about rows."""
    return {one.rule for one, _count in plan.questions} | {one.group for one in plan.row_questions}


def counts(plan: ImportPlan) -> dict[str, int]:
    return {verdict: number for verdict, number in plan.counts.items() if number}


def holds(plan: ImportPlan, row: int, **cells: Any) -> None:
    """A row has these values; numbers to a metre where they are degrees."""
    for name, value in cells.items():
        cell = plan.rows.at[row, name]
        if isinstance(value, float):
            assert cell == pytest.approx(value, abs=METRE if name in {"lon", "lat"} else 1e-6), (row, name)
        else:
            assert cell == value, (row, name)
