"""Workbooks as offices write them, made up by hypothesis, each with what its rows mean."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st
from openpyxl import Workbook
from pyproj import Transformer

from geo.places.crs import convert

PLACES: Final = {"梁溪区": (120.30, 31.57), "滨湖区": (120.25, 31.53), "宜兴市": (119.82, 31.36)}
"""Districts, and a place well inside each (WGS84)."""
UNITS: Final = {"平方米": 1.0, "㎡": 1.0, "万平方米": 1e4, "万㎡": 1e4, "公顷": 1e4, "亩": 666.6666666666667}
UNIT_PLACES: Final = ("header", "ending", "title", "title_beside", "column", "cell")
_NUMERALS: Final = "一二三四五六七八九"


@dataclass(frozen=True)
class Entry:
    """What a row means: areas in square metres, days, a place in WGS84."""

    name: str
    district: str
    area_m2: float
    planned_end: date | None
    end: date | None
    lon: float
    lat: float


@dataclass(frozen=True)
class Layout:
    """How a table is laid out."""

    titles: tuple[str, ...]
    unit: str
    unit_place: str
    date_form: str
    dates: str
    totals: str
    merged: bool
    system: str
    order: tuple[int, ...]
    notes: tuple[str, ...]
    own: bool
    numbered: bool


@dataclass(frozen=True)
class Made:
    """A layout and the entries in it."""

    layout: Layout
    entries: tuple[Entry, ...]


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


@st.composite
def entries(draw: st.DrawFn) -> tuple[Entry, ...]:
    """One to seven entries, by district, as lists are sorted."""
    count = draw(st.integers(1, 7))
    rows = []
    for at in range(count):
        district = draw(st.sampled_from(sorted(PLACES)))
        lon, lat = PLACES[district]
        month = draw(st.integers(1, 12))
        done = draw(st.booleans())
        rows.append(
            Entry(
                f"试验{_NUMERALS[at]}村",
                district,
                float(draw(st.integers(4_000, 90_000))),
                _month_end(2021, draw(st.integers(1, 12))),
                _month_end(2021, month) if done else None,
                round(lon + 0.0013 * at + draw(st.integers(0, 9)) * 1e-5, 6),
                round(lat + 0.0011 * at, 6),
            )
        )
    return tuple(sorted(rows, key=lambda row: row.district))


@st.composite
def workbooks(draw: st.DrawFn) -> Made:
    """A layout and its entries."""
    unit_place = draw(st.sampled_from(UNIT_PLACES))
    title = draw(st.sampled_from([(), ("无锡市2021年老旧小区改造项目清单",), ("附件1", "2021年改造项目表")]))
    unit = draw(st.sampled_from(sorted(UNITS)))
    if unit_place.startswith("title"):
        title = (
            *(title or ("2021年改造项目表",)),
            draw(st.sampled_from(["单位：{}", "（单位：{}）", "计量单位:{}", "单位：{}、户"])).format(unit),
        )
    if draw(st.booleans()):
        title = (
            *title,
            draw(
                st.sampled_from(
                    ["填报单位：住建局", "填报日期：2021年12月31日", "填表人：张三　联系电话：0510"]
                )
            ),
        )
    if len(title) == 1 and unit_place == "title_beside":
        title = ("2021年改造项目表", *title)
    layout = Layout(
        titles=title,
        unit=unit,
        unit_place=unit_place,
        date_form=draw(st.sampled_from(["chinese", "dotted", "iso", "cell", "slash", "full"])),
        dates=draw(st.sampled_from(["end", "flat", "merged", "none"])),
        totals=draw(
            st.sampled_from(["none", "grand", "grand_number", "sub", "sub_wide", "sub_named", "count"])
        ),
        merged=draw(st.booleans()),
        system=draw(st.sampled_from(["none", "WGS84", "GCJ02", "EPSG:4528", "BD09"])),
        order=tuple(draw(st.permutations(range(5)))),
        notes=draw(
            st.sampled_from([(), ("注：以上数据截至2021年12月底。",), ("备注：面积为初步统计", "制表：李四")])
        ),
        own=draw(st.booleans()),
        numbered=draw(st.booleans()),
    )
    return Made(layout, draw(entries()))


def _area(entry: Entry, layout: Layout) -> Any:
    number = float(f"{entry.area_m2 / UNITS[layout.unit]:.6g}")
    return f"{number:g}{layout.unit}" if layout.unit_place == "cell" else number


def meant_area(entry: Entry, layout: Layout) -> float:
    """The area that the written number stands for, m2."""
    return float(f"{entry.area_m2 / UNITS[layout.unit]:.6g}") * UNITS[layout.unit]


def _day(day: date | None, form: str) -> Any:
    if day is None:
        return None
    return {
        "chinese": f"{day.year}年{day.month}月",
        "dotted": f"{day.year}.{day.month:02d}.{day.day:02d}",
        "iso": day.isoformat(),
        "cell": day,
        "slash": f"{day.year}/{day.month}/{day.day}",
        "full": f"{day.year}年{day.month}月{day.day}日",
    }[form]


def _coordinates(entry: Entry, system: str) -> tuple[float, float]:
    if system.startswith("EPSG"):
        x, y = Transformer.from_crs("EPSG:4490", system, always_xy=True).transform(entry.lon, entry.lat)
        return round(float(x), 3), round(float(y), 3)
    x, y = convert([entry.lon], [entry.lat], source="WGS84", target=system)
    return round(float(x[0]), 6), round(float(y[0]), 6)


def _columns(layout: Layout) -> list[tuple[str, str, str]]:
    """(upper header, header, key) in the order of the sheet; the name first where nothing stands before it."""
    area = {"header": f"建筑面积（{layout.unit}）", "ending": f"建筑面积{layout.unit}"}.get(
        layout.unit_place, "建筑面积"
    )
    groups: list[list[tuple[str, str, str]]] = [
        [("", "小区名称", "name")],
        [("", "所属区", "district")],
        [("", area, "area"), *([("", "计量单位", "unit")] if layout.unit_place == "column" else [])],
        {
            "none": [],
            "end": [("", "竣工时间", "end")],
            "flat": [("", "计划竣工", "planned_end"), ("", "实际竣工", "end")],
            "merged": [
                ("计划", "开工", "planned_start"),
                ("计划", "竣工", "planned_end"),
                ("实际", "开工", "start"),
                ("实际", "竣工", "end"),
            ],
        }[layout.dates],
        []
        if layout.system == "none"
        else [
            ("", "X坐标" if layout.system.startswith("EPSG") else "经度", "x"),
            ("", "Y坐标" if layout.system.startswith("EPSG") else "纬度", "y"),
        ],
    ]
    columns = [column for at in layout.order for column in groups[at]]
    columns = [*([("", "序号", "number")] if layout.numbered else []), *columns]
    return [*columns, *([("", "总投资（万元）", "own")] if layout.own else [])]


def _cells(entry: Entry, at: int, layout: Layout) -> dict[str, Any]:
    x, y = _coordinates(entry, layout.system) if layout.system != "none" else (None, None)
    return {
        "number": at,
        "name": entry.name,
        "district": entry.district,
        "area": _area(entry, layout),
        "unit": layout.unit,
        "planned_start": _day(date(2021, 1, 31) if entry.planned_end else None, layout.date_form),
        "planned_end": _day(entry.planned_end, layout.date_form),
        "start": _day(date(2021, 1, 31) if entry.end else None, layout.date_form),
        "end": _day(entry.end, layout.date_form),
        "x": x,
        "y": y,
        "own": 100 + at,
    }


def _total(rows: list[dict[str, Any]], layout: Layout, word: str, where: str) -> dict[str, Any]:
    numbers = [row["area"] for row in rows if isinstance(row["area"], float)]
    return {where: word, "area": round(sum(numbers), 6) if len(numbers) == len(rows) else None}


def _table(made: Made) -> list[dict[str, Any]]:
    """Rows of the table with its totals."""
    layout, out = made.layout, []
    body = [_cells(entry, at, layout) for at, entry in enumerate(made.entries, start=1)]
    for district in dict.fromkeys(entry.district for entry in made.entries):
        rows = [row for row in body if row["district"] == district]
        out += rows
        if layout.totals.startswith("sub"):
            word = {"sub": "小计", "sub_wide": "小  计", "sub_named": f"{district}小计"}[layout.totals]
            out.append(_total(rows, layout, word, "name"))
    if layout.totals in {"grand", "sub", "sub_wide"}:
        out.append(_total(body, layout, "合计", "name"))
    if layout.totals == "grand_number":
        out.append(_total(body, layout, "总计", "number" if layout.numbered else "name"))
    if layout.totals == "count":
        out.append(_total(body, layout, f"{len(body)}个小区", "name"))
    return out


def write_workbook(made: Made, path: Path) -> Path:
    """The workbook of a layout and its entries."""
    layout = made.layout
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    columns = _columns(layout)
    _write_titles(sheet, layout, len(columns))
    first = _write_header(sheet, columns, len(layout.titles) + 1)
    rows = _table(made)
    for at, row in enumerate(rows, start=first):
        for column, (_upper, _header, key) in enumerate(columns, start=1):
            sheet.cell(at, column, row.get(key))
    if layout.merged:
        _merge_districts(sheet, rows, columns, first)
    for at, note in enumerate(layout.notes, start=first + len(rows)):
        sheet.cell(at, 1, note)
    book.save(path)
    return path


def _write_titles(sheet: Any, layout: Layout, width: int) -> None:
    """The lines above the table, each over its whole width, or the unit in the last two cells."""
    for at, title in enumerate(layout.titles, start=1):
        before, colon, after = title.partition("：")
        if layout.unit_place == "title_beside" and colon and before == "单位":
            sheet.cell(at, max(1, width - 1), before + colon)
            sheet.cell(at, width, after)
        else:
            sheet.cell(at, 1, title)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=width)


def _write_header(sheet: Any, columns: list[tuple[str, str, str]], top: int) -> int:
    """The header, of two rows where columns stand under a common name; the first row below it."""
    two = any(upper for upper, _header, _key in columns)
    for at, (upper, header, _key) in enumerate(columns, start=1):
        first_of_group = not upper or columns[at - 2][0] != upper or at == 1
        sheet.cell(top, at, (upper or header) if first_of_group else None)
        if upper:
            sheet.cell(top + 1, at, header)
        elif two:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=at, end_column=at)
    for upper in dict.fromkeys(upper for upper, _header, _key in columns if upper):
        places = [at for at, (mine, _header, _key) in enumerate(columns, start=1) if mine == upper]
        sheet.merge_cells(start_row=top, end_row=top, start_column=places[0], end_column=places[-1])
    return top + (2 if two else 1)


def _merge_districts(
    sheet: Any, rows: list[dict[str, Any]], columns: list[tuple[str, str, str]], first: int
) -> None:
    """The cells of one district beneath each other as one."""
    column = next(at for at, (_upper, _header, key) in enumerate(columns, start=1) if key == "district")
    start = 0
    for at in range(1, len(rows) + 1):
        if at < len(rows) and rows[at].get("district") == rows[start].get("district"):
            continue
        if at - start > 1 and rows[start].get("district"):
            for row in range(start + 1, at):
                sheet.cell(first + row, column).value = None
            sheet.merge_cells(
                start_row=first + start, end_row=first + at - 1, start_column=column, end_column=column
            )
        start = at
