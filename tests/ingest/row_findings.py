"""What an import found in one row."""

from __future__ import annotations

from geo.ingest.cells.findings import Finding
from geo.ingest.plan.import_plan import ImportPlan


def findings_of(plan: ImportPlan, row: int) -> list[Finding]:
    return [found for found in plan.findings if found.row == row]
