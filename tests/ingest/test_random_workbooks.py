"""Any workbook of the kinds that offices write is imported to what was meant, or asked about; never silently wrong."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, target

from geo.ingest.plan.import_plan import ImportPlan, Options, make_plan
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.places.gazetteer import Gazetteer
from geo.reading.read_file import read_file
from geo.register.city import Atlas
from tests.depth import examples
from tests.ingest.brought_files import SOURCE
from tests.ingest.conftest import TODAY
from tests.ingest.workbooks import Entry, Layout, Made, meant_area, workbooks, write_workbook

METRE: float = 1e-5
"""Degrees of about a metre."""


def planned(path: Path, system: str, atlas: Atlas, gazetteer: Gazetteer) -> ImportPlan:
    """The plan of a workbook whose coordinates are, on the person's word, in ``system``."""
    opened = read_file(path)
    layer = opened.only()
    options = Options(
        item_id="U02",
        crs="" if system == "none" else system,
        source=SOURCE,
        today=TODAY,
        file_name=opened.name,
        sha256=opened.sha256,
    )
    return make_plan(layer, proposed_mapping(layer, atlas, item_id="U02"), options, atlas, gazetteer)


def wrongs(plan: ImportPlan, made: Made, atlas: Atlas) -> list[str]:
    """What is silently wrong in a plan: empty where every row is what was meant, or asked."""
    rows = plan.rows[plan.rows["verdict"] != "blank"]
    by_name = {str(row["name_zh"]): row for _, row in rows.iterrows()}
    out = [f"unmeant row {name}" for name in by_name if name not in {entry.name for entry in made.entries}]
    codes = {str(name): str(code) for code, name in atlas.districts["name_zh"].items()}
    for entry in made.entries:
        row = by_name.get(entry.name)
        if row is None:
            out.append(f"{entry.name} is lost")
        elif row["verdict"] != "question":
            out += [f"{entry.name}: {fault}" for fault in _faults(row, entry, made, codes)]
    return out


def _faults(row, entry: Entry, made: Made, codes: dict[str, str]) -> list[str]:
    layout = made.layout
    checks = {
        f"verdict {row['verdict']}": row["verdict"] == "new",
        f"district {row['district_code']}": row["district_code"] == codes[entry.district],
        f"unit {row['unit']}": row["unit"] == "m2",
        f"area {row['quantity']} for {meant_area(entry, layout)}": math.isclose(
            float(row["quantity"]), meant_area(entry, layout), rel_tol=1e-9
        ),
    }
    if layout.dates != "none":
        checks[f"end {row['end_date']} for {entry.end}"] = row["end_date"] == entry.end
    if layout.dates in {"flat", "merged"}:
        checks[f"planned {row['planned_end']}"] = row["planned_end"] == entry.planned_end
    if layout.system != "none":
        off = max(abs(float(row["lon"]) - entry.lon), abs(float(row["lat"]) - entry.lat))
        checks[f"place off by {off} degrees"] = off < METRE
    return [what for what, holds in checks.items() if not holds]


PLAIN = Made(
    Layout((), "平方米", "header", "iso", "end", "none", False, "WGS84", (0, 1, 2, 3, 4), (), False, False),
    (Entry("试验一村", "梁溪区", 9000.0, None, date(2021, 11, 30), 120.30, 31.57),),
)


@given(made=workbooks())
@examples(8, deep=500)
def test_a_workbook_is_what_was_meant_or_asked(made: Made, atlas: Atlas, gazetteer: Gazetteer) -> None:
    with TemporaryDirectory() as folder:
        path = write_workbook(made, Path(folder) / "清单.xlsx")
        plan = planned(path, made.layout.system, atlas, gazetteer)
    target(float(plan.counts["question"]))
    assert wrongs(plan, made, atlas) == []


@pytest.mark.parametrize("spoilt", ["area", "district"])
def test_the_check_sees_what_is_wrong(
    spoilt: str, tmp_path: Path, atlas: Atlas, gazetteer: Gazetteer
) -> None:
    """The oracle itself: a plan that says otherwise than was meant is found out."""
    made = PLAIN
    plan = planned(write_workbook(made, tmp_path / "清单.xlsx"), made.layout.system, atlas, gazetteer)
    changes = {"area": {"area_m2": 123.0}, "district": {"district": "江阴市"}}[spoilt]
    other = replace(made, entries=tuple(replace(entry, **changes) for entry in made.entries))
    plan.rows["verdict"] = "new"
    assert wrongs(plan, other, atlas)
