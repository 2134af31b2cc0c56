"""Workbooks (.xlsx, .xlsm, .xls): values as last computed; macros are never run, links never followed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from geo.errors import IngestError
from geo.reading.choices_sheet import SHEET, choices_in, is_choices_sheet
from geo.reading.header import HEADER_SEARCH_ROWS, find_header, is_empty
from geo.reading.limits import Limits
from geo.reading.model import Choice, Note, joined_names
from geo.reading.sheet_marks import SheetMarks, sheet_marks
from geo.reading.wire import RawLayer
from geo.text import mark as _

_WHOLE: Final = 2**53
_NO_RESULT: Final = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>|<f[^>]*/>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_STEP: Final = 1 << 20
_OVERLAP: Final = 64
Span = tuple[int, int, int, int]


def read_workbook(
    path: Path, name: str, wanted: str | None, limits: Limits
) -> tuple[list[RawLayer], list[Choice]]:
    """The sheet wanted, or the only one that is visible and holds anything; and the list of sheets.

    Parameters
    ----------
    path : Path
        Where the file lies.
    name : str
        What the person calls the file; for messages.
    wanted : str or None
        Sheet or layer to read; None where there is only one.
    limits : Limits
        Beyond which a file is refused.

    Returns
    -------
    (list of RawLayer, list of Choice)

    Raises
    ------
    IngestError
        A password, a broken workbook, a sheet that is not there or is beyond a limit.
    """
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        path = _as_it_is(path)
        book = CalamineWorkbook.from_path(path)
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        read = {sheet.name: book.get_sheet_by_name(sheet.name) for sheet in sheets}
        import_choices = _import_choices(read)
        choices = [
            Choice(sheet.name, read[sheet.name].height, hidden=sheet.visible != SheetVisibleEnum.Visible)
            for sheet in sheets
            if sheet.name in read
        ]
        chosen = _choose(choices, wanted, name)
        notes = [*_hidden(choices), *_macros(path), *_unsolved(path)]
        if not chosen:
            return [], choices
        layer = _read_sheet(read[chosen], notes, name, limits, sheet_marks(path, chosen))
        layer.import_choices = import_choices
        return [layer], choices
    except PasswordError as error:
        raise IngestError(
            _("{name} 有密码保护，读不了。"), hint=_("请在 Excel 里去掉打开密码后再导入。"), name=name
        ) from error
    except (CalamineError, ValueError, OSError) as error:
        raise IngestError(
            _("读不了工作簿 {name}：{detail}。"),
            hint=_("请用 Excel 或 WPS 打开后另存为 .xlsx。"),
            name=name,
            detail=str(error),
        ) from error


def _as_it_is(path: Path) -> Path:
    """The workbook under the ending of what it is: the reader goes by it, and people rename .xls to .xlsx."""
    data = path.read_bytes()
    old = data.startswith(_COMPOUND) and "EncryptedPackage".encode("utf-16-le") not in data
    return path.rename(path.with_suffix(".xls" if old else ".xlsx"))


def _import_choices(read: dict[str, Any]) -> dict[str, str]:
    """What the sheet beside rejected rows says of their list; it is taken out of ``read``, for it holds no rows."""
    if SHEET not in read or len(read) < 2 or not is_choices_sheet(islice(_rows(read[SHEET]), 1)):
        return {}
    return choices_in(_rows(read.pop(SHEET)))


def _choose(choices: list[Choice], wanted: str | None, name: str) -> str:
    """The name of the sheet to read, "" where a person must choose."""
    if wanted is not None:
        if wanted not in {choice.name for choice in choices}:
            raise IngestError(
                _("{name} 里没有工作表“{wanted}”。"),
                hint=_("有：{choices}。"),
                name=name,
                wanted=wanted,
                choices=joined_names(choice.name for choice in choices),
            )
        return wanted
    full = [choice.name for choice in choices if choice.rows and not choice.hidden]
    if not full and not any(choice.rows for choice in choices):
        raise IngestError(_("{name} 里没有数据。"), hint=_("请核对文件。"), name=name)
    return full[0] if len(full) == 1 else ""


def _hidden(choices: list[Choice]) -> list[Note]:
    names = [choice.name for choice in choices if choice.hidden]
    if not names:
        return []
    return [
        Note(_("有 {n} 张隐藏的工作表，没有读：{names}。"), {"n": len(names), "names": joined_names(names)})
    ]


def _macros(path: Path) -> list[Note]:
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    notes = []
    if "xl/vbaProject.bin" in names:
        notes.append(Note(_("文件里有宏，没有运行，也不会运行。")))
    if any(member.startswith("xl/externalLinks/") for member in names):
        notes.append(Note(_("文件里有到其他工作簿的链接，没有打开，用的是存下的结果。")))
    return notes


def _unsolved(path: Path) -> list[Note]:
    """Formulas that no program has computed: their cells come out empty, which the person must know."""
    if not zipfile.is_zipfile(path):
        return []
    count = 0
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                with archive.open(member) as handle:
                    tail = b""
                    while block := handle.read(_STEP):
                        text = tail + block
                        count += len(_NO_RESULT.findall(text))
                        last = max((match.end() for match in _NO_RESULT.finditer(text)), default=0)
                        tail = text[max(last, len(text) - _OVERLAP) :]
    if not count:
        return []
    return [Note(_("{n} 个公式没有存下结果，按空格读入；请在 Excel 里打开并保存一次。"), {"n": count})]


def _read_sheet(sheet: Any, notes: list[Note], name: str, limits: Limits, marks: SheetMarks) -> RawLayer:
    height, width = sheet.total_height, sheet.total_width
    if sheet.height * max(1, width) > limits.cells or width > limits.columns:
        raise IngestError(
            _("工作表“{sheet}”有 {n} 行 {width} 列，超过上限（{cells} 格、{columns} 列）。"),
            hint=_("请删去空白的行列，或拆成几张表。"),
            name=name,
            sheet=sheet.name,
            n=height,
            width=width,
            cells=limits.cells,
            columns=limits.columns,
        )
    first = sheet.start[0] if sheet.start else 0
    spans: list[Span] = [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    rows = _with_errors(_rows(sheet), marks.errors)
    top = [row for __, row in zip(range(first + HEADER_SEARCH_ROWS), rows, strict=False)][first:]
    header = find_header(
        top, spans=[(top_ - first, left, bottom - first, right) for top_, left, bottom, right in spans]
    )
    filler = _Filler(spans, first + header.first)
    columns: list[list[Any]] = [[] for __ in header.names]
    numbers = []
    for number, row in enumerate(_chain(top[header.first :], rows), start=first + header.first):
        filled = filler.fill(number, row)
        if all(is_empty(cell) for cell in filled):
            continue
        numbers.append(number + 1)
        for cells, cell in zip(columns, filled, strict=False):
            cells.append(None if is_empty(cell) else cell)
    frame = {
        title: cells for title, cells in zip(header.names, columns, strict=True) if _is_column(title, cells)
    }
    notes = [*notes, *header.notes, *filler.notes(), *_hidden_parts(marks, numbers, header.names)]
    return RawLayer(sheet.name, frame, numbers, notes=notes, titles=header.titles)


def _with_errors(rows: Iterator[list[Any]], errors: Mapping[tuple[int, int], str]) -> Iterator[list[Any]]:
    """Rows with the text of each error where a formula failed: the reader of workbooks leaves such cells empty."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (at, column), text in errors.items():
        by_row.setdefault(at, []).append((column, text))
    for number, row in enumerate(rows):
        for column, text in by_row.get(number, ()):
            if column < len(row):
                row[column] = text
        yield row


def _hidden_parts(marks: SheetMarks, numbers: list[int], names: list[str]) -> list[Note]:
    """Rows and columns that a filter or a person hid, and that were read all the same."""
    rows = [number for number in numbers if number - 1 in marks.rows]
    columns = [title for at, title in enumerate(names) if at in marks.columns]
    notes = []
    if rows:
        notes.append(
            Note(
                _("{n} 行在表里是隐藏的（如被筛选），也读入了：第 {rows} 行。"),
                {"n": len(rows), "rows": joined_names(rows, 20)},
            )
        )
    if columns:
        notes.append(
            Note(
                _("{n} 列在表里是隐藏的，也读入了：{names}。"),
                {"n": len(columns), "names": joined_names(columns)},
            )
        )
    return notes


def _chain(top: list[list[Any]], rest: Iterator[list[Any]]) -> Iterator[list[Any]]:
    yield from top
    yield from rest


def _is_column(title: str, cells: list[Any]) -> bool:
    """Whether a column is one: no name of its own and no value is only the grid's width."""
    return not re.fullmatch(r"列\d+", title) or any(cell is not None for cell in cells)


def _rows(sheet: Any) -> Iterator[list[Any]]:
    """Rows of the sheet from its very first, with plain values."""
    for row in sheet.iter_rows():
        yield [_python_value(cell) for cell in row]


def _python_value(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return int(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date()
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    return cell if isinstance(cell, (str, int, float, bool, date)) else str(cell)


class _Filler:
    """Writes the value of cells merged downwards into each row they cover."""

    def __init__(self, spans: list[Span], first: int) -> None:
        self.starts: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, __ in spans:
            if bottom > top >= first:
                self.starts.setdefault(top, []).append((left, bottom))
        self.open: dict[int, tuple[int, Any]] = {}
        self.count = 0

    def fill(self, number: int, row: list[Any]) -> list[Any]:
        """The row with the values that reach down to it."""
        for column, (bottom, value) in list(self.open.items()):
            if number > bottom:
                del self.open[column]
            elif column < len(row) and is_empty(row[column]) and not is_empty(value):
                row[column] = value
                self.count += 1
        for column, bottom in self.starts.get(number, ()):
            if column < len(row):
                self.open[column] = (bottom, row[column])
        return row

    def notes(self) -> list[Note]:
        """How many cells were written."""
        if not self.count:
            return []
        return [Note(_("竖向合并的单元格，其值已填入所盖的 {n} 格。"), {"n": self.count})]
