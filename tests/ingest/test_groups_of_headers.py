"""Headers of two rows: what stands above a group of columns holds for each of them (计划, a unit, a system, a year)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

ENTRY = {"小区名称": "试验甲村", "所属区": "梁溪区", "x": 120.3054, "y": 31.5701}


def written(folder: Path, groups: list[tuple[str, dict[str, Any]]]) -> Path:
    """A workbook of one row, each group of columns under its own name; columns without one stand over both rows."""
    book = Workbook()
    sheet = book.active
    at = 1
    for upper, cells in groups:
        for name, value in cells.items():
            sheet.cell(2 if upper else 1, at, name)
            sheet.cell(3, at, value)
            if not upper:
                sheet.merge_cells(start_row=1, end_row=2, start_column=at, end_column=at)
            at += 1
        if upper:
            sheet.cell(1, at - len(cells), upper)
            sheet.merge_cells(start_row=1, end_row=1, start_column=at - len(cells), end_column=at - 1)
    path = folder / "清单.xlsx"
    book.save(path)
    return path


def plan_of_groups(bring, folder: Path, *groups: tuple[str, dict[str, Any]], **words: Any) -> Any:
    name = {"小区名称": "试验甲村", "所属区": "梁溪区"}
    return bring(written(folder, [("", name), *groups]).name, **words)


@pytest.mark.parametrize("upper", ["计划", "2021年计划工期", "拟定工期"])
@pytest.mark.parametrize("lower", [("开工", "竣工"), ("开工日期", "完工时间")])
def test_a_group_of_plans_is_no_fact(upper: str, lower: tuple[str, str], bring, tmp_path: Path) -> None:
    dates = dict(zip(lower, ("2021年3月", "2021年11月"), strict=True))
    row = plan_of_groups(bring, tmp_path, (upper, dates)).rows.iloc[0]
    assert row["planned_end"] == date(2021, 11, 30)
    assert row["end_date"] is None


@pytest.mark.parametrize("upper", ["面积（万平方米）", "规模（单位：万平方米）", "面积 万㎡"])
def test_the_unit_of_a_group_holds_for_its_columns(upper: str, bring, tmp_path: Path) -> None:
    plan = plan_of_groups(bring, tmp_path, (upper, {"建筑面积": 3.2, "用地面积": 5.1}))
    row = plan.rows.iloc[0]
    assert (row["quantity"], row["unit"]) == (32000.0, "m2") or row["verdict"] == "question"


@pytest.mark.parametrize(
    ("upper", "system"),
    [("位置（高德）", "GCJ02"), ("百度坐标", "BD09"), ("坐标（WGS84）", "WGS84")],
)
def test_the_system_of_a_group_is_that_of_its_columns(upper: str, system: str, bring, tmp_path: Path) -> None:
    place = {"经度": 120.3054, "纬度": 31.5701}
    plan = plan_of_groups(bring, tmp_path, ("", {"建筑面积（平方米）": 3200}), (upper, place))
    assert plan.system.system == system


@pytest.mark.parametrize("upper", ["2020年", "2020年完成情况"])
def test_the_year_of_a_group_is_that_of_its_dates(upper: str, bring, tmp_path: Path) -> None:
    plan = plan_of_groups(
        bring, tmp_path, (upper, {"竣工时间": "9月中旬", "建筑面积（平方米）": 3200}), ("", {"备注": "无"})
    )
    row = plan.rows.iloc[0]
    assert row["end_date"] == date(2020, 9, 20) or row["verdict"] == "question"


def test_a_plain_group_leaves_short_names(bring, tmp_path: Path) -> None:
    plan = plan_of_groups(
        bring, tmp_path, ("基本情况", {"户数": 12, "楼栋数": 3, "建筑面积（平方米）": 3200})
    )
    assert {"户数", "楼栋数"} <= set(plan.layer.frame.columns)
