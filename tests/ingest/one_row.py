"""One row of a list, and what a plan says of it."""

from __future__ import annotations

from typing import Any

from geo.ingest.plan.import_plan import ImportPlan
from tests.ingest.row_findings import findings_of


def one(**cells: Any) -> dict[str, list[Any]]:
    usual = {
        "小区名称": "试验甲村",
        "区县": "梁溪区",
        "经度": 120.301234,
        "纬度": 31.581234,
        "状态": "已完工",
        "竣工日期": "2021-12-20",
    }
    return {name: [value] for name, value in (usual | cells).items()}


def said(plan: ImportPlan, row: int = 2) -> list[tuple[str, str]]:
    return [(found.level, found.field) for found in findings_of(plan, row)]
