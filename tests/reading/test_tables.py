"""Text tables and workbooks: every encoding and delimiter, headers as people make them, and nothing silent."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from geo.errors import IngestError
from geo.reading.header import find_header
from geo.reading.limits import LIMITS
from geo.reading.model import Layer
from geo.reading.read_file import read_file
from tests.depth import examples

ROWS = "名称,经度,备注\n耕读社区,120.3,一期\n扬名新村,120.31,\n"


def write(folder: Path, name: str, content: bytes | str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def texts(layer: Layer) -> str:
    return "\n".join(note.text() for note in layer.notes)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "，"])
def test_any_encoding_and_delimiter(tmp_path: Path, encoding: str, mark: str) -> None:
    if mark == "，" and encoding == "latin-1":
        return
    layer = read_file(write(tmp_path, "a.csv", ROWS.replace(",", mark), encoding)).only()
    assert list(layer.frame.columns) == ["名称", "经度", "备注"]
    assert list(layer.frame["名称"]) == ["耕读社区", "扬名新村"]
    assert list(layer.frame.index) == [2, 3]
    assert pd.isna(layer.frame.at[3, "备注"])
    assert ("编码" in texts(layer)) == (encoding not in {"utf-8", "utf-8-sig"})


def test_mixed_encodings_name_the_line(tmp_path: Path) -> None:
    content = "名称\n耕读\n扬名\n".encode() + "清扬\n".encode("gbk") + "金匮\n".encode()
    with pytest.raises(IngestError) as caught:
        read_file(write(tmp_path, "a.csv", content))
    assert caught.value.params["row"] == 4
    assert "4" in caught.value.text("en")


def test_a_broken_byte_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(IngestError) as caught:
        read_file(write(tmp_path, "a.csv", b"name,x\na,1\nb" + b"\xff\xff,2\n"))
    assert caught.value.params["row"] == 3


def test_other_encodings_are_guessed_and_told(tmp_path: Path) -> None:
    text = "名稱,地址\n" + "臺北市中正區重慶南路,國語實驗國民小學與圖書館\n" * 20
    layer = read_file(write(tmp_path, "a.csv", text, "big5")).only()
    assert layer.frame.iloc[0]["名稱"] == "臺北市中正區重慶南路"
    assert "BIG5" in texts(layer)


@given(
    cells=st.lists(
        st.lists(
            st.text(st.characters(codec="gb18030", exclude_characters="\x00"), max_size=8),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=5,
    ),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_is_read(tmp_path: Path, cells: list[list[str]], encoding: str) -> None:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["名称", "地址", "备注"])
    writer.writerows([f"汉字{cell}" for cell in row] for row in cells)
    frame = read_file(write(tmp_path, "a.csv", text.getvalue(), encoding)).only().frame
    assert frame.to_numpy().tolist() == [[f"汉字{cell}" for cell in row] for row in cells]


def test_quotes_within_quotes_and_lines_within_cells(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", '名称,备注\n"甲 ""老"" 区","一\n二"\n乙,丙\n')
    frame = read_file(path).only().frame
    assert frame.at[2, "名称"] == '甲 "老" 区'
    assert frame.at[2, "备注"] == "一\n二"
    assert list(frame.index) == [2, 4], "rows are called by the line they begin on"


def test_an_open_quote_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(IngestError) as caught:
        read_file(write(tmp_path, "a.csv", '名称,备注\n甲,"一\n乙,二\n'))
    assert caught.value.params["row"] == 2


def test_ragged_rows_are_kept_and_named(tmp_path: Path) -> None:
    layer = read_file(
        write(tmp_path, "a.csv", "名称,区,面积\n甲,乙,1\n丙,丁,2,多,余\n戊\n己,庚,3,又\n")
    ).only()
    assert list(layer.frame.columns) == ["名称", "区", "面积", "列4", "列5"]
    assert layer.frame.loc[3].tolist() == ["丙", "丁", "2", "多", "余"]
    assert [note.row for note in layer.notes if note.row] == [3, 5]
    assert "第 4 行" in texts(layer)


def test_a_table_without_header(tmp_path: Path) -> None:
    layer = read_file(write(tmp_path, "a.csv", "甲,120.1,31.5\n乙,120.2,31.6\n")).only()
    assert list(layer.frame.columns) == ["列1", "列2", "列3"]
    assert list(layer.frame.index) == [1, 2]
    assert "没有表头" in texts(layer)


def test_titles_blank_lines_and_repeated_names() -> None:
    rows = [["2021 年老旧小区清单", "", ""], ["", "", ""], ["名称", "面积", "面积"], ["甲", "1", "2"]]
    header = find_header(rows)
    assert header.first == 3
    assert header.names == ["名称", "面积", "面积_2"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"\n\n \n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>",
        b"/vsicurl/http://10.0.0.1/a.csv",
        b"PG:dbname=atlas",
        b"WFS:http://10.0.0.1/",
        b"a\x00b,c\n1,2\n",
        b'{"type": "gdal_streamed_alg", "command_line": "gdal vector"}',
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    if content == b"x":
        assert list(read_file(write(tmp_path, "a.csv", content)).only().frame.columns) == ["x"]
        return
    with pytest.raises(IngestError):
        read_file(write(tmp_path, "a.csv", content))


@pytest.mark.parametrize(
    "name", ["无锡 清单.csv", "../../etc/passwd.csv", "a/b.csv", "长" * 200 + ".csv", "a\x00b.csv"]
)
def test_a_name_is_shown_and_never_a_path(tmp_path: Path, name: str) -> None:
    opened = read_file(write(tmp_path, "a.csv", ROWS), name)
    assert "/" not in opened.name
    assert len(opened.name) <= 120
    assert opened.name.endswith(".csv")


def test_a_missing_and_a_large_file(tmp_path: Path) -> None:
    with pytest.raises(IngestError):
        read_file(tmp_path / "没有.csv")
    with pytest.raises(IngestError):
        read_file(write(tmp_path, "a.csv", ROWS), limits=type(LIMITS)(file_bytes=10))
    with pytest.raises(IngestError):
        read_file(write(tmp_path, "a.csv", ROWS), limits=type(LIMITS)(rows=1))


def workbook(path: Path, rows: list[list[Any]], **sheets: list[list[Any]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    book.save(path)
    return book


def test_a_workbook_as_people_make_it(tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"
    rows = [
        ["无锡市老旧小区改造清单", None, None, None, None],
        ["区", "名称", "坐标", None, "开工日期"],
        [None, None, "经度", "纬度", None],
        ["甲区", "耕读社区", 120.3, 31.5, datetime(2021, 12, 1)],
        [None, "扬名新村", "约120.4", 31, "2021年12月"],
        [None, None, None, None, None],
        ["乙区", 2021, 120, 31.25, datetime(2021, 12, 1, 8, 30)],
    ]
    book = workbook(path, rows, 空表=[], 隐藏=[["x"]])
    sheet = book.active
    for span in ("A1:E1", "C2:D2", "A2:A3", "B2:B3", "E2:E3", "A4:A5"):
        sheet.merge_cells(span)
    book["隐藏"].sheet_state = "hidden"
    book.save(path)
    opened = read_file(path)
    layer = opened.only()
    assert list(layer.frame.columns) == ["区", "名称", "坐标/经度", "坐标/纬度", "开工日期"]
    assert list(layer.frame.index) == [4, 5, 7]
    assert list(layer.frame["区"]) == ["甲区", "甲区", "乙区"]
    assert list(layer.frame["名称"]) == ["耕读社区", "扬名新村", 2021]
    assert list(layer.frame["坐标/经度"]) == [120.3, "约120.4", 120]
    assert list(layer.frame["坐标/纬度"]) == [31.5, 31.0, 31.25]
    assert list(layer.frame["开工日期"]) == [date(2021, 12, 1), "2021年12月", datetime(2021, 12, 1, 8, 30)]
    assert [choice.hidden for choice in opened.choices] == [False, False, True]
    assert "隐藏" in texts(layer)
    assert read_file(path, layer="隐藏").only().frame.columns.tolist() == ["x"]


def test_several_sheets_are_a_choice(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, [["a"], ["b"]], 第二=[["c"], ["d"]])
    opened = read_file(path)
    assert opened.layers == ()
    with pytest.raises(IngestError, match="第二"):
        opened.only()
    with pytest.raises(IngestError, match="第二"):
        read_file(path, layer="第三")
    assert read_file(path, layer="第二").only().frame.columns.tolist() == ["c"]


def test_formulas_without_a_result_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, [["名称", "面积"], ["甲", "=1+1"], ["乙", "=B2*2"]])
    layer = read_file(path).only()
    assert layer.frame["面积"].isna().all()
    assert "2 个公式" in texts(layer)


@pytest.mark.parametrize(
    "above",
    [
        ["单位：", "万平方米"],
        ["填报单位：住建局", "日期：2021年12月"],
        ["", "单位：万平方米"],
        ["单位:万平方米", ""],
    ],
)
def test_what_is_stated_above_a_narrow_table_is_no_header(above: list[str]) -> None:
    header = find_header([[*above, ""], ["区县", "名称", "面积"], ["梁溪区", "甲村", "3.2"]])
    assert header.names == ["区县", "名称", "面积"]
    assert list(header.titles) == [text for text in above if text]


def test_headers_with_colons_are_headers() -> None:
    header = find_header([["gml:name", "gml:id"], ["甲村", "a"], ["乙村", "b"]])
    assert header.names == ["gml:name", "gml:id"]
