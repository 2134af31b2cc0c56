"""A workbook of 166 communities as an office keeps it: cover sheet, title, merged headers, subtotals, dates in every style. INVENTED.

Names, places and numbers are those of ``make_list``, made up by rule; few rows have coordinates. Never import it into a
real register:

    python -m tests.ingest.make_office_list OUT.xlsx
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from geo.atlas import load_atlas
from geo.register.city import Atlas
from tests.ingest.make_list import MARK, ROWS, communities

TITLE: Final = "无锡市2021年城镇老旧小区改造项目进展情况表"
HEADERS: Final = (
    ("", "序号"),
    ("", "小区名称"),
    ("", "所属区"),
    ("", "街道（镇）"),
    ("", "详细地址"),
    ("基本情况", "户数"),
    ("基本情况", "楼栋数"),
    ("基本情况", "建筑面积（万㎡）"),
    ("", "投资（万元）"),
    ("工期", "开工时间"),
    ("工期", "竣工时间"),
    ("", "进展情况"),
    ("位置（高德）", "经度"),
    ("位置（高德）", "纬度"),
    ("", "备注"),
)
SUMMED: Final = ("户数", "楼栋数", "建筑面积（万㎡）", "投资（万元）")
WITH_COORDINATES: Final = 8
"""One row in so many has coordinates."""
STARTS: Final = ("2021年{m}月", "2021.{m:02d}", "{m}月上旬", "2021/{m}/8", "2021年二季度")
ENDS: Final = ("9月中旬", "2021年三季度", "2021.10.30", "2021年11月", "11月底", "2021-12-20", "四季度", "Q4")
_THIN: Final = Border(*[Side(style="thin")] * 4)


def office_rows(atlas: Atlas) -> pd.DataFrame:
    """The entries by district, with the cells that the sheet shows."""
    frame = communities(atlas, corrected=True).sort_values("所属区", kind="stable", ignore_index=True)
    place = frame.index % WITH_COORDINATES == 0
    finished = frame["竣工日期"].notna()
    return frame.assign(
        序号=range(1, len(frame) + 1),
        楼栋数=frame["户数"] // 60 + 2,
        **{
            "投资（万元）": (frame["户数"] * 1.8).round(1),
            "建筑面积（万㎡）": frame["建筑面积（万平方米）"],
            "开工时间": [STARTS[at % len(STARTS)].format(m=3 + at % 4) for at in range(len(frame))],
            "竣工时间": [
                ENDS[at % len(ENDS)] if done else "预计2022年6月" for at, done in enumerate(finished)
            ],
            "进展情况": ["已完工" if done else "施工中" for done in finished],
            "经度": frame["经度"].where(place),
            "纬度": frame["纬度"].where(place),
        },
    )


def write_office_list(path: Path, atlas: Atlas) -> Path:
    """The workbook: a cover, the table, and how it was filled in."""
    book = Workbook()
    cover = book.active
    cover.title = "封面"
    for at, text in enumerate((TITLE, "无锡市住房和城乡建设局", "2021年12月31日", MARK), start=3):
        cover.cell(at, 2, text)
    _table(book.create_sheet("进展表"), office_rows(atlas))
    how = book.create_sheet("填表说明")
    for at, text in enumerate(("一、户数以房产登记为准。", "二、投资为概算。", f"三、{MARK}。"), start=1):
        how.cell(at, 1, text)
    book.active = 1
    book.save(path)
    return path


def _table(sheet: Any, frame: pd.DataFrame) -> None:
    width = len(HEADERS)
    for row, text in ((1, TITLE), (2, "填报单位：市住房和城乡建设局　　填报日期：2021年12月31日")):
        sheet.cell(row, 1, text).alignment = Alignment(horizontal="center")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    _header(sheet)
    row = 5
    for district, part in frame.groupby("所属区", sort=False):
        first = row
        for cells in part.to_dict("records"):
            row = _entry(sheet, row, cells)
        sheet.merge_cells(start_row=first, end_row=row - 1, start_column=3, end_column=3)
        row = _total(sheet, row, f"{district}小计", part)
    row = _total(sheet, row, "合计", frame)
    sheet.cell(row, 1, "注：投资为概算数；竣工时间以验收为准。")
    sheet.cell(row + 1, 1, "填表人：张某　　审核人：李某")
    sheet.freeze_panes = "A5"


def _header(sheet: Any) -> None:
    for at, (upper, lower) in enumerate(HEADERS, start=1):
        if not upper:
            sheet.cell(3, at, lower)
            sheet.merge_cells(start_row=3, end_row=4, start_column=at, end_column=at)
            continue
        sheet.cell(4, at, lower)
        if HEADERS[at - 2][0] != upper:
            last = at + sum(1 for one, _two in HEADERS[at:] if one == upper)
            sheet.cell(3, at, upper)
            sheet.merge_cells(start_row=3, end_row=3, start_column=at, end_column=last)
    for cells in sheet.iter_rows(min_row=3, max_row=4):
        for cell in cells:
            cell.font, cell.border = Font(bold=True), _THIN


def _entry(sheet: Any, row: int, cells: dict[str, Any]) -> int:
    for at, (_upper, name) in enumerate(HEADERS, start=1):
        value = cells[name]
        sheet.cell(row, at, None if pd.isna(value) else value).border = _THIN
    return row + 1


def _total(sheet: Any, row: int, word: str, part: pd.DataFrame) -> int:
    sheet.cell(row, 2, word)
    for at, (_upper, name) in enumerate(HEADERS, start=1):
        if name in SUMMED:
            sheet.cell(row, at, round(float(part[name].sum()), 2))
    return row + 1


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_office_list(target, load_atlas())
    print(f"{target}: {ROWS} rows, {MARK}")
